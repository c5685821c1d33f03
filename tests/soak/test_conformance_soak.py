# SPDX-License-Identifier: Apache-2.0
"""The rules of *Build a rig* on a twin in real time, alarms included: six minutes."""

import pytest

from bench.conformance import try_rules
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.conformance_trial import EMPTY, SCALED, STEPPED_ONLY, not_ok, twin

pytestmark = pytest.mark.soak


def test_a_twin_in_real_time_keeps_every_rule() -> None:
    with twin(TwinOptions(clock=ClockMode.REAL)) as file:
        findings = try_rules(file, move=True)
    assert set(not_ok(findings)) == {"R-34", SCALED, *STEPPED_ONLY, EMPTY}, not_ok(findings)
