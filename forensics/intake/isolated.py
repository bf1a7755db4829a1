"""Runs a job in a process of its own, and outlives whatever happens to it.

A file over which that process hangs or eats the memory, or dies twice (the first time may have been somebody else's doing),
costs itself alone: the job is done again without it, and it becomes a problem. Any executor can run `run_job`: threads on this
machine, or the workers of a Dask cluster.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from forensics.case.store import CaseError
from forensics.intake.job import Job
from forensics.intake.worker import WRITING, seconds

LOOK = 0.25  # seconds between two looks at where a process is
START = 120.0  # seconds that a process may take to start, and to write the rows of a job at its end
DYING = 10.0  # seconds between the end of what a process says and its own end
DEATHS = 2  # how often a process may die over a file before that is the file's fault

_local = threading.local()
_all: set[Process] = set()
_endings = 0  # how often all were ended: a job that was begun before is not begun again


class Ended(Exception):
    """The processes were ended from this side, in the middle of a job."""


class Process:
    """A worker process and the lines it writes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "forensics.intake.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        _all.add(self)

    def send(self, order: dict[str, Any]) -> None:
        """Give it a job."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has died; `next` says so

    def next(self, timeout: float) -> dict[str, Any] | None:
        """The outcome of its job; None when it has died. Raises `queue.Empty` after `timeout` seconds."""
        line = self._lines.get(timeout=timeout)
        return json.loads(line) if line.endswith("\n") else None

    def end(self, grace: float = 0.0) -> str:
        """Kill it, unless it ends by itself within `grace` seconds; gives how it had ended, in words."""
        try:
            code = self._process.wait(grace)
        except subprocess.TimeoutExpired:
            code = None
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        _all.discard(self)
        if code is None:
            return "was stopped"
        if code < 0:
            try:
                return f"was ended by {signal.Signals(-code).name}"
            except ValueError:
                return f"was ended by signal {-code}"
        return f"ended with code {code}"

    @property
    def alive(self) -> bool:
        """Whether it can take another job."""
        return self._process.poll() is None

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")


def run_job(order: dict[str, Any]) -> dict[str, Any]:
    """Do a job in this thread's worker process; gives its outcome as JSON.

    Raises `CaseError` when no process comes to the end of it, `Ended` after `end_all`.
    """
    job = Job.from_dict(order["job"])
    faults: dict[str, dict[str, str]] = dict(order.get("faults", {}))
    deaths: Counter[int | None] = Counter()
    begun = _endings
    while True:
        process = _process()
        if begun != _endings:
            process.end()
            raise Ended
        mark = Path(order["work"]) / f"mark-{uuid.uuid4().hex}"
        mark.touch()
        process.send({**order, "faults": faults, "mark": str(mark)})
        outcome, at, fault = _follow(process, job, order["job"]["source"]["seconds"], mark)
        mark.unlink(missing_ok=True)
        if outcome is not None:
            return outcome
        deaths[at] += 1
        if fault["kind"] == "not_read" and deaths[at] < DEATHS:
            continue
        if at is None or str(at) in faults:
            raise CaseError(
                f"job {job.id} was {fault['message']}, outside any file. Free memory, then run the same command again"
            )
        faults[str(at)] = fault


def _follow(
    process: Process, job: Job, base: float, mark: Path
) -> tuple[dict[str, Any] | None, int | None, dict[str, str]]:
    """Wait until the job is done, or the process is; then: outcome, or the item it was at and what happened."""
    at, since = None, time.monotonic()
    while True:
        try:
            outcome = process.next(LOOK)
        except queue.Empty:
            now = _marked(mark)
            if now != at:
                at, since = now, time.monotonic()
            allowed = START if at is None else seconds(getattr(job.items[at], "size", 0), base)
            if time.monotonic() - since > allowed:
                process.end()
                message = f"not read: it took longer than {allowed:.0f} s and was stopped"
                return None, at, {"kind": "limit", "message": message}
            continue
        if outcome is None:
            message = f"not read: the process that read it {process.end(DYING)}"
            return None, _marked(mark), {"kind": "not_read", "message": message}
        return outcome, None, {}


def _marked(mark: Path) -> int | None:
    """The number of the item that the worker is at; None where it is at none."""
    raw = mark.read_bytes()
    number = int.from_bytes(raw, "little", signed=True) if len(raw) == 4 else WRITING
    return None if number == WRITING else number


def _process() -> Process:
    process: Process | None = getattr(_local, "process", None)
    if process is None or not process.alive:
        process = _local.process = Process()
    return process


def end_all() -> None:
    """Kill the worker processes of this process; jobs that are under way raise `Ended`."""
    global _endings
    _endings += 1
    for process in list(_all):
        process.end()


atexit.register(end_all)
