# SPDX-License-Identifier: Apache-2.0
"""A standing alarm: what it refuses, what acknowledge does while its cause stands, and that it comes again."""

import math

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import RATE_UL_PER_H, TrialBench, continuous
from bench.conformance.trials.commands import answers, load_answers
from bench.lease import LeaseLost
from groundfloor.errors import BenchFault
from instruments.pump import Alarm, AlarmEntry, Command, CommandResult, PumpReading, PumpState

_ACCEPTED, _ALARM_STANDING = CommandResult.ACCEPTED, CommandResult.ALARM_STANDING


def an_occlusion_stops_and_is_logged(bench: TrialBench) -> str:
    """Infuse against a shut clamp."""
    reading = _occluded(bench)
    entry = _newest(bench)
    if reading.state is not PumpState.ALARM_STOPPED or reading.active_rate_ul_per_h:
        raise Differs(f"the alarm stands, the pump is {reading.state} at {reading.active_rate_ul_per_h:g} µL/h")
    if entry.alarm is not Alarm.OCCLUSION or entry.cleared_s is not None or entry.onset_s > reading.device_clock_s:
        raise Differs(f"logged is {entry}, the device clock is at {reading.device_clock_s:.2f} s")
    return f"alarm_stopped; entry {entry.number}, onset {entry.onset_s:.2f} s"


def a_standing_alarm_refuses(bench: TrialBench) -> str:
    """Ask an alarmed pump for what moves fluid, each wrong in another way as well."""
    _occluded(bench)
    seen = [
        answers(bench, Command.START, _ALARM_STANDING),
        load_answers(bench, continuous(RATE_UL_PER_H), _ALARM_STANDING, "well staged"),
        load_answers(bench, continuous(RATE_UL_PER_H), _ALARM_STANDING, "checksum wrong", crc_off=1),
        answers(bench, Command.PRIME, _ALARM_STANDING, bench.prime_ul),
        answers(bench, Command.PRIME, _ALARM_STANDING, 0.0, "volume wrong"),
        answers(bench, Command.SINGLE_BOLUS, _ALARM_STANDING, note="volume wrong"),
    ]
    return "; ".join(seen)


def stop_leaves_the_alarm(bench: TrialBench) -> str:
    """Stop an alarmed pump."""
    _occluded(bench)
    seen = answers(bench, Command.STOP, _ACCEPTED, note="while alarm_stopped")
    reading = bench.pump.read()
    if reading.state is not PumpState.ALARM_STOPPED or Alarm.OCCLUSION not in reading.alarms:
        raise Differs(f"after stop it is {reading.state}, alarms {sorted(reading.alarms)}")
    return f"{seen}; it stays alarm_stopped"


def acknowledge_clears_while_the_cause_stands(bench: TrialBench) -> str:
    """Acknowledge with the clamp still shut."""
    count = _occluded(bench).alarm_log_count
    seen = answers(bench, Command.ACKNOWLEDGE, _ACCEPTED, note="with the clamp shut")
    reading = bench.pump.read()
    cleared_s = _newest(bench).cleared_s
    if Alarm.OCCLUSION in reading.alarms or reading.state is not PumpState.STOPPED or cleared_s is None:
        alarms = sorted(reading.alarms)
        raise Differs(f"acknowledged, it is {reading.state}, alarms {alarms}, cleared_s {cleared_s}")
    bench.pass_for(60.0)
    if (later := bench.pump.read()).alarm_log_count != count or later.state is not PumpState.STOPPED:
        raise Differs(f"standing still it is {later.state}, with {later.alarm_log_count - count} new alarms")
    return f"{seen}; stopped, cleared at {cleared_s:.2f} s, and quiet until it is started"


def the_alarm_comes_again(bench: TrialBench) -> str:
    """Acknowledge with the clamp shut and start again."""
    count = _occluded(bench).alarm_log_count
    if (answer := bench.pump.command(Command.ACKNOWLEDGE)) is not _ACCEPTED:
        raise NotTried(f"acknowledge: {answer}")
    if (answer := bench.pump.command(Command.START)) is not _ACCEPTED:
        raise Differs(f"start after acknowledge: {answer}")
    try:
        reading = bench.wait_for_occlusion()
    except NotTried as never:
        raise Differs(f"started again behind the shut clamp: {never}") from never
    if reading.alarm_log_count != count + 1:
        raise Differs(f"{reading.alarm_log_count - count} new entries, wanted is one")
    return "one new entry"


def released_it_runs_again(bench: TrialBench) -> str:
    """Release the clamp, acknowledge, start."""
    _occluded(bench)
    bench.at_rest()
    try:
        state = bench.infusing().state
    except NotTried as refused:
        raise Differs(str(refused)) from refused
    bench.at_rest()
    return f"{state} again"


def an_empty_reservoir_is_not_tried(bench: TrialBench) -> str:
    """Say why this is left to the tests of the twin."""
    raise NotTried(f"it would take {bench.pump.read().reservoir_volume_ul:.0f} µL; the tests of the twin hold it")


def _occluded(bench: TrialBench) -> PumpReading:
    if math.isnan(bench.pump.read().catheter_pressure_kpa):
        raise NotTried("the pump has no pressure sensor in the catheter")
    try:
        return bench.occluded()
    except LeaseLost:
        raise
    except BenchFault as fault:
        raise NotTried(f"no occlusion was made: {fault.finding}") from fault


def _newest(bench: TrialBench) -> AlarmEntry:
    entries = bench.pump.alarm_log()
    if not entries:
        raise Differs("an alarm stands, and the log is empty")
    return entries[-1]


RULES = (
    Rule(
        "R-77",
        "an occlusion stops the pump, sets its bit and is logged",
        an_occlusion_stops_and_is_logged,
        moves=True,
        needs=("R-31",),
    ),
    Rule("R-78", "a standing alarm is refused before anything else", a_standing_alarm_refuses, moves=True),
    Rule("R-79", "stop is taken in an alarm, and leaves it", stop_leaves_the_alarm, moves=True),
    Rule(
        "R-80",
        "acknowledge clears an alarm although its cause stands",
        acknowledge_clears_while_the_cause_stands,
        moves=True,
    ),
    Rule("R-81", "started again, the alarm comes again while its cause stands", the_alarm_comes_again, moves=True),
    Rule("R-82", "released and acknowledged, the pump starts", released_it_runs_again, moves=True),
    Rule(
        "R-83",
        "an empty reservoir is reservoir_empty, acknowledge included",
        an_empty_reservoir_is_not_tried,
        moves=True,
    ),
)
