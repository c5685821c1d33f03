# SPDX-License-Identifier: Apache-2.0
"""Every defect of session codes and of a full alarm log is really in the twin, and a good twin has none of it."""

from collections.abc import Callable, Sequence

import pytest

from instruments.simulated.pump.alarm_log import RING_LENGTH
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

ASKS = "implantable-20ml-no-catheter-sensor"
CODE, ANOTHER = 270841, 270840
KINK_S, BETWEEN_S = 300.0, 60.0


def state_after_starts(defects: Sequence[str]) -> list[object]:
    """Answer and state after a start without a code, with another pump's, and with the pump's own."""
    bench = OperatedTwin(ASKS, defects=defects)
    bench.load(continuous(50.0))
    found: list[object] = []
    for code in (None, ANOTHER, CODE):
        number = int(str(bench.pump("command_done_sequence"))) + 1
        if code is not None:
            bench.twin.pump.write({"session_code": code})
        bench.twin.pump.write({"command": "start", "command_argument": 0.0, "command_sequence": number})
        found.append((bench.pump("command_result"), bench.pump("state")))
    return found


def onsets_of_many_alarms(defects: Sequence[str]) -> tuple[int, list[int]]:
    """Count of the log, and which alarm stands in each place of its ring, after two more than it has places."""
    bench = OperatedTwin(defects=defects)
    bench.run(continuous(1000.0))
    began_s = []
    for _ in range(RING_LENGTH + 2):
        began_s.append(bench.now_s)
        bench.set_rig(kink_clamp_percent=100.0)
        bench.go(KINK_S)
        bench.set_rig(kink_clamp_percent=0.0)
        bench.go(BETWEEN_S)
        bench.command("acknowledge")
        bench.command("start")
    onsets_s = [bench.true_s(bench.alarm(place)[1]) for place in range(RING_LENGTH)]
    alarms = [sum(one_s <= onset_s for one_s in began_s) for onset_s in onsets_s]
    return int(str(bench.pump("alarm_log_count"))), alarms


def kinds_of_three_alarms(defects: Sequence[str]) -> list[object]:
    bench = OperatedTwin(defects=defects)
    bench.run(continuous(1000.0))
    for supply_mv, kink in ((0, 100.0), (1500, 0.0), (0, 100.0)):
        bench.set_rig(supply_voltage_mv=supply_mv, kink_clamp_percent=kink)
        bench.go(KINK_S)
        bench.set_rig(supply_voltage_mv=0, kink_clamp_percent=0.0)
        bench.go(BETWEEN_S)
        bench.command("acknowledge")
        bench.command("start")
    return [bench.alarm(place)[0] for place in range(3)]


REFUSED, TAKEN, BUSY = ("not_authenticated", "stopped"), ("accepted", "infusing"), ("wrong_state", "infusing")
GOOD_RING = (18, [17, 18, *range(3, 17)])
CASES: list[tuple[str, Callable[[Sequence[str]], object], object, object]] = [
    ("no_session_code_asked_for", state_after_starts, [REFUSED, REFUSED, TAKEN], [TAKEN, BUSY, BUSY]),
    ("any_session_code_does", state_after_starts, [REFUSED, REFUSED, TAKEN], [REFUSED, TAKEN, BUSY]),
    (
        "alarm_log_wraps_early",
        onsets_of_many_alarms,
        GOOD_RING,
        (18, [13, 14, 15, 16, 17, 18, *range(7, 13), *4 * [0]]),
    ),
    (
        "alarm_log_mixes_kinds_after=1",
        kinds_of_three_alarms,
        ["occlusion", "memory", "occlusion"],
        ["occlusion", "occlusion", "memory"],
    ),
    ("full_alarm_log_stands", onsets_of_many_alarms, GOOD_RING, (18, [*range(1, 17)])),
    ("full_alarm_log_repeats", onsets_of_many_alarms, GOOD_RING, (20, [17, 17, 18, 18, *range(5, 17)])),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_telemetry_is_what_it_says(
    name: str, observe: Callable[[Sequence[str]], object], good: object, bad: object
) -> None:
    assert observe([]) == good
    assert observe([name]) == bad


def test_a_stop_is_taken_from_whoever_gives_it() -> None:
    bench = OperatedTwin(ASKS)
    bench.run(continuous(50.0))
    number = int(str(bench.pump("command_done_sequence"))) + 1
    bench.twin.pump.write({"command": "stop", "command_argument": 0.0, "command_sequence": number})
    assert (bench.pump("command_result"), bench.pump("state")) == ("accepted", "stopped")


def test_a_code_counts_for_one_command_and_is_not_read_back() -> None:
    bench = OperatedTwin(ASKS)
    bench.twin.pump.write({"session_code": CODE})
    assert bench.pump("session_code") == 0
    assert bench.load(continuous(50.0)) == "accepted"
    number = int(str(bench.pump("command_done_sequence"))) + 1
    bench.twin.pump.write({"command": "start", "command_argument": 0.0, "command_sequence": number})
    assert bench.pump("command_result") == "not_authenticated"
