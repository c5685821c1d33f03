# SPDX-License-Identifier: Apache-2.0
"""The table of examiners: each asks one question of an infusion that is over.

An examiner is a function in a file of its own. It answers for every infusion, however short: where there is nothing to
be said it says so, because a question that nobody answered is UNSET, and keeps the test from passing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from bench.acceptance import Standing, unjudged
from bench.account.any_window import examine_excess, examine_shortfall
from bench.account.bolus_examiner import examine_boluses
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.phases_examiner import examine_phases
from bench.account.registers.active_rate import examine_active_rate
from bench.account.registers.alarm_bits import examine_alarm_bits
from bench.account.registers.alarm_log import examine_alarm_log
from bench.account.registers.battery import examine_battery
from bench.account.registers.bolus_log import examine_bolus_log
from bench.account.registers.counter import examine_counter
from bench.account.registers.pressure import examine_pressure
from bench.account.registers.reservoir import examine_reservoir
from bench.account.registers.state import examine_state
from bench.account.run_down import examine_run_down
from bench.account.sounds import examine_sounds, examine_tones
from bench.account.start_up import examine_start_up

Examiner = Callable[[InfusionRecord], Iterable[Finding]]

EXAMINERS: Mapping[Standing, Examiner] = {
    Standing.EXCESS: examine_excess,
    Standing.SHORTFALL: examine_shortfall,
    Standing.START_UP: examine_start_up,
    Standing.RUN_DOWN: examine_run_down,
    Standing.PHASES: examine_phases,
    Standing.BOLUS_COURSE: examine_boluses,
    Standing.STATE: examine_state,
    Standing.ACTIVE_RATE: examine_active_rate,
    Standing.COUNTER: examine_counter,
    Standing.RESERVOIR: examine_reservoir,
    Standing.BATTERY: examine_battery,
    Standing.PRESSURE: examine_pressure,
    Standing.ALARM_BITS: examine_alarm_bits,
    Standing.ALARM_LOG: examine_alarm_log,
    Standing.BOLUS_LOG: examine_bolus_log,
    Standing.SOUNDS: examine_sounds,
    Standing.TONES: examine_tones,
}
"""By what each is evidence for, in the order in which people read them; `EXAMINED` and `OCCASIONAL` list the same."""


def examine(record: InfusionRecord) -> Iterator[Finding]:
    """Yield what every examiner finds, but those whose registers the pump does not promise."""
    off = unjudged(record.profile.without)
    for standing, examiner in EXAMINERS.items():
        if standing not in off:
            yield from examiner(record)
