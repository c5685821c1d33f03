# SPDX-License-Identifier: Apache-2.0
"""Repeats of a measurement, each in a process of its own.

Where a process lies in memory is drawn by lot at its start, and decides how well two processes on one core get along:
the same measurement gives the same figure all through one process and another in the next. So a repeat is a process.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")


def afresh(measure: Callable[[], T], repeats: int) -> list[T]:
    """Call `measure`, a function of a module, in `repeats` new processes one after the other."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        return [processes.submit(measure).result() for _ in range(repeats)]
