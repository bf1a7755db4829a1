"""CPU seconds, wall seconds and peak memory of a command and of all processes it starts.

A small process stands between, so that nothing of the benchmark itself is counted.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

BETWEEN = """
import json, resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024]))
"""
PYTHON = [sys.executable, "-c"]


class Measured(NamedTuple):
    """`cpu`: user and system seconds. `wall`: seconds. `peak`: MiB of the largest of the processes."""

    cpu: float
    wall: float
    peak: float


def measured(command: list[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command, its output thrown away; raises `RuntimeError` when it fails."""
    line = [*PYTHON, BETWEEN, *command]
    said = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True, env=environment).stdout
    code, *figures = json.loads(said)
    if code:
        raise RuntimeError(f"{' '.join(command[:4])} ended with code {code}")
    return Measured(*figures)


def ingested(case: str, sources: list[str], workers: int = 1) -> Measured:
    """Read evidence into a fresh case."""
    script = "import sys, forensics; forensics.ingest(sys.argv[1], sys.argv[3:], workers=int(sys.argv[2]))"
    return measured([*PYTHON, script, case, str(workers), *sources])
