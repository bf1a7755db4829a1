"""Runs a job in a process of its own, and outlives whatever happens to it.

A file over which that process dies, hangs or eats the memory costs itself alone: the job is done again without it, and it
becomes a problem. Any executor can run `run_job`: threads on this machine, or the workers of a Dask cluster.
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
from collections.abc import Callable
from typing import Any

from forensics.intake.job import Job
from forensics.intake.worker import seconds

START = 120.0  # seconds that a process may take to start, and to write its files at the end of a job

_local = threading.local()
_all: set[Process] = set()


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
        """Its next event; None when it has died. Raises `queue.Empty` after `timeout` seconds."""
        line = self._lines.get(timeout=timeout)
        return json.loads(line) if line else None

    def end(self) -> str:
        """Kill it; gives how it had ended, in words."""
        code = self._process.poll()
        self._process.kill()
        self._process.wait()
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


def run_job(order: dict[str, Any], told: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
    """Do a job in this thread's worker process; gives its outcome as JSON. `told` hears of each file as it is begun."""
    job = Job.from_dict(order["job"])
    faults: dict[str, dict[str, str]] = dict(order.get("faults", {}))
    while True:
        process = _process()
        process.send({**order, "faults": faults})
        outcome, at, fault = _follow(process, job, order["job"]["source"]["seconds"], told)
        if outcome is not None:
            return outcome
        if at is None or str(at) in faults:
            raise RuntimeError(f"the worker process {fault['message']} outside any file")
        faults[str(at)] = fault


def _follow(
    process: Process, job: Job, base: float, told: Callable[[dict[str, Any]], None] | None
) -> tuple[dict[str, Any] | None, int | None, dict[str, str]]:
    """Listen until the job is done, or the process is; then: outcome, or the item it was at and what happened."""
    at: int | None = None
    allowed = START
    while True:
        began = time.monotonic()
        try:
            event = process.next(allowed)
        except queue.Empty:
            process.end()
            message = f"not read: it took longer than {time.monotonic() - began:.0f} s and was stopped"
            return None, at, {"kind": "limit", "message": message}
        if event is None:
            message = f"not read: the process that read it {process.end()}"
            return None, at, {"kind": "not_read", "message": message}
        if "done" in event:
            return event["done"], at, {}
        at = event["at"]
        allowed = seconds(getattr(job.items[at], "size", 0), base) + (START if at == len(job.items) - 1 else 0)
        if told:
            told(event)


def _process() -> Process:
    process: Process | None = getattr(_local, "process", None)
    if process is None or not process.alive:
        process = _local.process = Process()
    return process


def end_all() -> None:
    """Kill the worker processes of this process."""
    for process in list(_all):
        process.end()


atexit.register(end_all)
