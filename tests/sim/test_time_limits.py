# SPDX-License-Identifier: Apache-2.0
"""Every verb of every driver ends within the limit that `docs/explanation/how-long-a-verb-can-take.md` gives for it."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from groundfloor.errors import BenchFault
from instruments.pump import Command
from instruments.rig import RigOutputs
from instruments.simulated.twin.twin_options import Wire
from instruments.simulated.wires.fault_schedule import FaultSchedule
from instruments.simulated.wires.wire_fault import Direction, FaultKind
from tests.sim.disturbed_twin import (
    QUIET_S,
    STABLE_TIMEOUT_S,
    TIMEOUT_S,
    DisturbedTwin,
    Instruments,
    disturbed_twin,
    insisted,
)
from tests.sim.fault_campaign import THERAPY
from tests.sim.stopwatch import Stopwatch

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "how-long-a-verb-can-take.md"
ROW = re.compile(r"\| `(\S+)` \| (.+) \| (.+) \|")
TERM = re.compile(r"(\d+) ([τqs])")
UNITS_S = {"τ": TIMEOUT_S, "q": QUIET_S, "s": STABLE_TIMEOUT_S}
SLACK_S = 0.4
"""For a machine with other things to do, and the bytes themselves."""
SLOW = (FaultKind.DRIP, FaultKind.DELAY)

VERBS: dict[str, Callable[[Instruments], object]] = {
    "pump.read": lambda on: on.pump.read(),
    "pump.identify": lambda on: on.pump.identify(),
    "pump.command": lambda on: on.pump.command(Command.START),
    "pump.command(STOP)": lambda on: on.pump.command(Command.STOP),
    "pump.load": lambda on: on.pump.load(THERAPY),
    "pump.differences": lambda on: on.pump.differences(THERAPY),
    "pump.alarm_log": lambda on: on.pump.alarm_log(),
    "pump.bolus_log": lambda on: on.pump.bolus_log(),
    "rig.read": lambda on: on.rig.read(),
    "rig.identify": lambda on: on.rig.identify(),
    "rig.outputs": lambda on: on.rig.outputs(),
    "rig.write": lambda on: on.rig.write(RigOutputs()),
    "rig.send_heartbeat": lambda on: on.rig.send_heartbeat(),
    "rig.arm_watchdog": lambda on: on.rig.arm_watchdog(0),
    "rig.go_safe": lambda on: on.rig.go_safe(),
    "rig.leave_safe_state": lambda on: on.rig.leave_safe_state(),
    "balance.read_mass_g": lambda on: on.balance.read_mass_g(),
    "balance.read_stable_mass_g": lambda on: on.balance.read_stable_mass_g(),
    "balance.tare": lambda on: on.balance.tare(),
    "balance.zero": lambda on: on.balance.zero(),
}


def limits_s() -> dict[str, tuple[float, float]]:
    """Return the limits over TCP and over a serial line that the page gives."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {verb: (_seconds(tcp), _seconds(serial)) for verb, tcp, serial in rows}


def _seconds(told: str) -> float:
    return sum(int(count) * UNITS_S[unit] for count, unit in TERM.findall(told))


@pytest.fixture(scope="module", params=list(Wire))
def twin(request: pytest.FixtureRequest) -> Iterator[DisturbedTwin]:
    with disturbed_twin(41, 0.0, request.param) as started:
        yield started


@pytest.fixture(autouse=True)
def in_order(request: pytest.FixtureRequest) -> None:
    """Begin with a balance that knows its tare: one that does not refuses at once."""
    if "verb" in request.fixturenames and str(request.getfixturevalue("verb")).startswith("balance"):
        twin: DisturbedTwin = request.getfixturevalue("twin")
        with twin.wires.calm():
            insisted(twin.seen.balance.tare)


def took_s(twin: DisturbedTwin, verb: str) -> float:
    watch = Stopwatch()
    with suppress(BenchFault):
        VERBS[verb](twin.seen)
    return watch.own_s


def limit_s(twin: DisturbedTwin, verb: str) -> float:
    return limits_s()[verb][0 if twin.wires.addresses.pump.startswith("tcp") else 1] + SLACK_S


def test_the_page_tells_of_every_verb() -> None:
    assert set(limits_s()) == set(VERBS)


@pytest.mark.parametrize("verb", list(VERBS))
def test_it_ends_in_time_when_nothing_answers(twin: DisturbedTwin, verb: str) -> None:
    for proxy in twin.wires.proxies:
        proxy.silent = True
    try:
        assert took_s(twin, verb) <= limit_s(twin, verb)
    finally:
        for proxy in twin.wires.proxies:
            proxy.silent = False


@pytest.mark.parametrize("verb", list(VERBS))
def test_it_ends_in_time_when_every_byte_drips(twin: DisturbedTwin, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for proxy in twin.wires.proxies:
        slow = {way: FaultSchedule("slow", way, SLOW, 1, 1.0, 3 * TIMEOUT_S) for way in Direction}
        for way, schedule in proxy._schedules.items():
            monkeypatch.setattr(schedule, "next", slow[way].next)
    assert took_s(twin, verb) <= limit_s(twin, verb)
