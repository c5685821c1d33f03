# SPDX-License-Identifier: Apache-2.0
"""A pump that a programming session stopped stands until somebody comes; a bad one goes on by itself."""

from collections.abc import Callable

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous

STOPS = "implantable-20ml-no-catheter-sensor"
HOUR_S = 3600.0


def after_a_session_that_stopped_it(bench: OperatedTwin) -> object:
    """Its alarms, and whether anything comes in the two days after it."""
    bench.run(continuous(50.0))
    bench.twin.pump.write(bench.staged(continuous(60.0)))
    bench.go(HOUR_S)
    before_ul = bench.fluid.vessel_ul()
    bench.go(48 * HOUR_S)
    return bench.pump("alarm_bits"), bench.fluid.vessel_ul() - before_ul > 1.0


STANDS = frozenset({"memory"})
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("goes_on_alone_after_lost_link_h", after_a_session_that_stopped_it, (STANDS, False), (STANDS, True)),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_pump_that_a_session_has_stopped_goes_on_by_itself(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin(STOPS)) == good
    assert observe(OperatedTwin(STOPS, defects=[name])) == bad
