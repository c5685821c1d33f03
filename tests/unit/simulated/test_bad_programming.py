# SPDX-License-Identifier: Apache-2.0
"""Every defect of programming and telemetry is really in the twin, and a good twin has none of it."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S = 3600.0
BASAL = continuous(50.0, ptm_volume_ul=20.0, ptm_duration_s=600, ptm_lockout_s=7200, ptm_max_per_day=4)


def loads(program: Program) -> Callable[[OperatedTwin], object]:
    return lambda bench: bench.load(program)


def a_wrong_checksum(bench: OperatedTwin) -> object:
    bench.twin.pump.write({**bench.staged(continuous(50.0)), "program_crc": 12345})
    return bench.command("load_program")


def written_three_times(bench: OperatedTwin) -> object:
    for rate in (10.0, 20.0):
        bench.twin.pump.write(bench.staged(continuous(rate)))
    return a_wrong_checksum(bench)


def read_back_of_the_second(bench: OperatedTwin) -> object:
    bench.load(continuous(50.0))
    bench.load(continuous(60.0))
    return bench.pump("active_steps[0].rate_ul_per_h")


def while_a_session_is_open(bench: OperatedTwin) -> object:
    bench.run(continuous(50.0))
    bench.twin.pump.write(bench.staged(continuous(60.0)))
    return bench.pump("state"), bench.pump("active_rate_ul_per_h"), bench.pump("alarm_log_count")


def after_an_interrogation(bench: OperatedTwin) -> object:
    bench.run(continuous(50.0))
    bench.to(HOUR_S)
    bench.command("interrogate")
    before_ul = bench.fluid.vessel_ul()
    bench.to(HOUR_S + 600.0)
    return bench.pump("alarm_bits"), bench.fluid.vessel_ul() - before_ul > 1.0


def an_hour_after_a_start(bench: OperatedTwin) -> object:
    bench.run(continuous(50.0))
    bench.to(HOUR_S)
    return bench.pump("state")


def a_start_that_comes_again(bench: OperatedTwin) -> object:
    bench.run(continuous(50.0))
    number = bench.pump("command_done_sequence")
    bench.command("stop")
    last = bench.pump("command_done_sequence")
    bench.twin.pump.write({"command": "start", "command_argument": 0.0, "command_sequence": last})
    again = bench.pump("state")
    bench.command("stop")
    bench.twin.pump.write({"command": "start", "command_argument": 0.0, "command_sequence": number})
    return again, bench.pump("state")


def twenty_requests(bench: OperatedTwin) -> object:
    bench.load(BASAL)
    for number in range(20):
        bench.to(10.0 * (number + 1))
        bench.command("patient_bolus")
    first_of_the_second_round = float(str(bench.pump("bolus_log[0].requested_s")))
    return bench.pump("bolus_log_count"), first_of_the_second_round > float(
        str(bench.pump("bolus_log[15].requested_s"))
    )


def after_a_broken_session(bench: OperatedTwin) -> object:
    bench.run(continuous(50.0))
    bench.twin.pump.write(bench.staged(continuous(60.0)))
    bench.go(40 * HOUR_S)
    return bench.pump("state"), bench.pump("active_rate_ul_per_h")


def after_a_change(bench: OperatedTwin) -> object:
    bench.run(continuous(50.0))
    bench.load(continuous(60.0))
    bench.go(40 * HOUR_S)
    return bench.pump("state"), bench.pump("active_rate_ul_per_h")


TOO_FAST = Program(Mode.SINGLE_BOLUS, bolus_volume_ul=500.0, bolus_duration_s=600)
LOW = frozenset({"low_reservoir"})
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("greatest_rate_gain", loads(continuous(10_000.0)), "rate_out_of_range", "accepted"),
    ("least_rate_gain", loads(continuous(2.0)), "accepted", "rate_out_of_range"),
    ("greatest_bolus_rate_gain", loads(TOO_FAST), "bad_bolus", "accepted"),
    ("read_back_of_first_program", read_back_of_the_second, 60.0, 50.0),
    ("checksum_ignored", a_wrong_checksum, "bad_checksum", "accepted"),
    ("two_sessions_mixed", a_wrong_checksum, "bad_checksum", "bad_checksum"),
    ("two_sessions_mixed", written_three_times, "bad_checksum", "accepted"),
    ("stops_silently_for_a_session", while_a_session_is_open, ("infusing", 50.0, 0), ("stopped", 0.0, 0)),
    ("takes_effect_when_written", while_a_session_is_open, ("infusing", 50.0, 0), ("infusing", 60.0, 0)),
    ("stops_alone_after_lost_link_h", after_a_broken_session, ("infusing", 50.0), ("stopped", 0.0)),
    ("reverts_after_lost_link_h", after_a_change, ("infusing", 60.0), ("infusing", 50.0)),
    ("interrogation_stops_min", after_an_interrogation, (frozenset(), True), (frozenset(), False)),
    ("interrogation_alarms", after_an_interrogation, (frozenset(), True), (LOW, True)),
    ("start_lapses_min", an_hour_after_a_start, "infusing", "stopped"),
    ("commands_repeated", a_start_that_comes_again, ("stopped", "stopped"), ("infusing", "stopped")),
    ("old_numbers_taken", a_start_that_comes_again, ("stopped", "stopped"), ("stopped", "infusing")),
    ("log_wraps_wrongly", twenty_requests, (20, True), (20, False)),
]


@pytest.mark.parametrize(
    ("name", "observe", "good", "bad"), CASES, ids=[f"{number} {case[0]}" for number, case in enumerate(CASES)]
)
def test_a_bad_programming_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
