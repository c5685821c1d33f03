# SPDX-License-Identifier: Apache-2.0
"""What tests share that try an alarm at several rates of the grid, one after the other in one infusion."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from bench.acceptance import Criterion
from bench.infusion import Infusion
from bench.profile import GRID_PLACES, Profile
from bench.therapy import Continuous
from test_plans.criteria import at_a_grid_rate
from test_plans.markers import judges

Test = TypeVar("Test", bound=Callable[..., None])
BETWEEN = range(3, GRID_PLACES)
"""Of the grid of rates those that no other test of an alarm runs at: from over the least to under the greatest."""


def at_grid_rate(place: int) -> str:
    """Return what the alarm at a rate of the grid is declared as."""
    return f"alarm at rate {place} of the grid"


def judges_each_grid_rate(requirement: str, latency: Criterion) -> Callable[[Test], Test]:
    """Declare an alarm at each of these rates, by the limit that holds there."""

    def declared(test: Test) -> Test:
        for place in reversed(BETWEEN):
            test = judges(requirement, at_grid_rate(place), at_a_grid_rate(place, latency))(test)
        return test

    return declared


def slowest_between(profile: Profile) -> Continuous:
    """Return the therapy that such a test begins with."""
    return Continuous(profile.rates.grid_ul_per_h(BETWEEN[0]))


def faster_and_faster(run: Infusion, profile: Profile) -> Iterator[int]:
    """Yield the place of each rate while the pump runs at it and its flow is steady; whoever asks on has it run."""
    for place in BETWEEN:
        if place != BETWEEN[0]:
            run.stop()
            run.change_program(Continuous(profile.rates.grid_ul_per_h(place)))
            run.start()
        run.settle()
        yield place
