# SPDX-License-Identifier: Apache-2.0
"""Runs that are started before their tests ask for them, two at a time: a run mostly waits for its twin."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest

from tests.sim.bench_run import BenchRun

AT_A_TIME = 2

_Case = TypeVar("_Case")


@contextmanager
def runs_ahead(cases: Iterable[_Case], run: Callable[[_Case], BenchRun]) -> Iterator[Mapping[_Case, Future[BenchRun]]]:
    """Start `run` for every case; those that nobody waited for are dropped at the end."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield {case: pool.submit(run, case) for case in dict.fromkeys(cases)}  # once, however many tests look at it
        pool.shutdown(cancel_futures=True)


def selected(request: pytest.FixtureRequest, parameter: str) -> list[object]:
    """Return the values of a parameter in those tests of this module that pytest was asked to run."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    calls = [item.callspec for item in items if item.module is request.module and hasattr(item, "callspec")]
    return [call.params[parameter] for call in calls if parameter in call.params]
