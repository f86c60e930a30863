"""Work spread over the machine's cores: one thread per core, each with a single-threaded BLAS."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Job = TypeVar("Job")
Result = TypeVar("Result")


def in_parallel(
    run: Callable[[Job], Result], jobs: Sequence[Job], tick: Callable[[float], None] | None = None
) -> list[Result]:
    """The results in the order of the jobs. The jobs release the interpreter lock or gain nothing."""
    if len(jobs) == 1:
        return [run(jobs[0])]
    done: list[Result] = []
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(count_cores()) as pool:
        for result in pool.map(run, jobs):
            done.append(result)
            if tick is not None:
                tick(len(done) / len(jobs))
    return done


def count_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
