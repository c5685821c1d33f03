# SPDX-License-Identifier: Apache-2.0
"""A stopwatch that is put around an object's methods, to see what share of a whole each of them has."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from benchmarks.interleaved import undisturbed_s

P = ParamSpec("P")
R = TypeVar("R")


class Stopwatch:
    """The seconds of every call of the methods that it watches."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, list[float]] = defaultdict(list)

    def watch(self, name: str, owner: object, method: str) -> None:
        """Time `method` of `owner` from now on, under `name`."""
        setattr(owner, method, self._timed(self._seconds[name], getattr(owner, method)))

    def _timed(self, seconds: list[float], call: Callable[P, R]) -> Callable[P, R]:
        def timed(*args: P.args, **kwargs: P.kwargs) -> R:
            start = time.perf_counter()
            result = call(*args, **kwargs)
            seconds.append(time.perf_counter() - start)
            return result

        return timed

    def calls_s(self) -> dict[str, float]:
        """Return the seconds of an undisturbed call of each method, by the name it is watched under."""
        return {name: undisturbed_s(seconds) for name, seconds in self._seconds.items()}
