"""Where jobs run: in worker processes of this machine, or on a Dask cluster. Both are executors of `concurrent.futures`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from forensics.intake.isolated import end_all


@contextmanager
def executor(scheduler: str | None, workers: int) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many jobs it does at a time. `workers`: 0 for one a core. Raises `ValueError` (no scheduler)."""
    with _cluster(scheduler) if scheduler else _local(workers or cores()) as found:
        yield found


@contextmanager
def _local(workers: int) -> Iterator[tuple[Executor, int]]:
    threads = ThreadPoolExecutor(workers, thread_name_prefix="forensics")
    try:
        yield threads, workers
    finally:
        end_all()  # lets threads that wait for a worker process go
        threads.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise ValueError("--scheduler needs Dask: install it with `pip install forensics-toolkit[cluster]`") from None
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ValueError(f"no Dask scheduler answers at {address}: {error}") from error
    try:
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False, retries=2), max(threads, 1)
    finally:
        client.close()


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
