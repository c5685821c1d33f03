# SPDX-License-Identifier: Apache-2.0
"""Whose was a jump of the display in one interval: the pump's, or does nothing answer for it?

It is the pump's where the pump counted it, where the catheter pressure rose with it, where it came with a command, and
where it came again: knocks do not return. A silent counter and a late look at the pressure excuse nothing. What is
left is open: a single jump, what comes while an injector moves, and drops, which weigh what lacked before they fell and
are alike.
What is open can make no PASS and no FAIL.
"""

from collections.abc import Sequence

import numpy as np

from bench.account.infusion_record import InfusionRecord
from metrology.any_window import Jump, Span

SAMPLES_AFTER_A_COMMAND = 2
COMPARED = 10
"""Intervals to either side of a jump whose pressure is held against that at it, once what it pressed in is out."""
PRESSURE_SCATTERS = 6.0
SEEN_AGAIN_S = 3.0
"""An odd sample is followed by one each second; so long after it a burst still stands in the pressure."""
DROPS = 2
ALIKE = 0.3
"""Drops of one outlet differ by less of their size."""


def open_jumps(record: InfusionRecord, jumps: Sequence[Jump]) -> tuple[Jump, ...]:
    """Return the jumps for which nothing answers."""
    unanswered = [jump for jump in jumps if not (_counted(record, jump) or _pressed(record, jump))]
    drops = _drops(unanswered)
    unanswered = [jump for jump in unanswered if jump in drops or not _with_a_command(record, jump)]
    excused = [
        jump for jump in unanswered if jump.makes_up or jump in drops or while_an_injector_moved(record, jump.span)
    ]
    again = [jump for jump in unanswered if jump not in excused]
    return tuple(excused) if len(again) > 1 else tuple(unanswered)


def _drops(jumps: Sequence[Jump]) -> tuple[Jump, ...]:
    """Return the jumps of one size, two or more of which made up what lacked: drops fall when they will, alike."""
    made_up_ul = [jump.size_ul for jump in jumps if jump.makes_up]
    if len(made_up_ul) < DROPS:
        return ()
    size_ul = float(np.median(made_up_ul))
    return tuple(jump for jump in jumps if abs(jump.size_ul - size_ul) <= ALIKE * size_ul)


def _counted(record: InfusionRecord, jump: Jump) -> bool:
    """Tell whether the pump's counter gained half of it beyond what it gains beside."""
    samples = record.samples
    about = samples.between(jump.span.from_s - record.interval_s, jump.span.to_s + record.interval_s)
    counter_ul, at_s = samples.counter_ul[about], samples.device_clock_s[about]
    if len(counter_ul) < 2 or not np.isfinite(counter_ul).all():
        return False
    scheduled_ul = record.schedule.volume_ul(float(at_s[0]), float(at_s[-1])) if at_s[0] <= at_s[-1] else 0.0
    return bool(counter_ul[-1] - counter_ul[0] - scheduled_ul > jump.size_ul / 2)


def _pressed(record: InfusionRecord, jump: Jump) -> bool:
    """Tell whether the catheter pressure at either end of it, or a second later, stands out of the time around."""
    samples, catheter = record.samples, record.profile.catheter
    at_s, pressure_kpa = samples.at_s, samples.pressure_kpa
    reach_s = COMPARED * record.interval_s
    settles_s = record.profile.settling.catheter_time_constants.value * catheter.time_constant_s
    near = (at_s > jump.span.from_s) & (at_s <= jump.span.to_s + SEEN_AGAIN_S)
    settled = (at_s <= jump.span.from_s) | (at_s > jump.span.to_s + settles_s)
    around = settled & (at_s >= jump.span.from_s - reach_s) & (at_s <= jump.span.to_s + settles_s + reach_s)
    beside_kpa, seen_kpa = pressure_kpa[around], pressure_kpa[near]
    beside_kpa, seen_kpa = beside_kpa[np.isfinite(beside_kpa)], seen_kpa[np.isfinite(seen_kpa)]
    if len(beside_kpa) < COMPARED or not len(seen_kpa):
        return False
    middle_kpa = float(np.median(beside_kpa))
    scatter_kpa = 1.4826 * float(np.median(np.abs(beside_kpa - middle_kpa)))
    least_kpa = max(float(beside_kpa.max()), middle_kpa + PRESSURE_SCATTERS * scatter_kpa)
    return bool(seen_kpa.max() > least_kpa + PRESSURE_SCATTERS * scatter_kpa)


def _with_a_command(record: InfusionRecord, jump: Jump) -> bool:
    reach_s = SAMPLES_AFTER_A_COMMAND * record.interval_s
    return any(one.sent_s <= jump.span.to_s and jump.span.from_s <= one.answered_s + reach_s for one in record.commands)


def while_an_injector_moved(record: InfusionRecord, span: Span) -> bool:
    """Tell whether an injector moved in a span or shortly before: a catheter that is put back on draws liquid in."""
    moved_s = [at_s for one in record.injections for at_s in (one.confirmed_s, one.released_s) if at_s is not None]
    reach_s = SAMPLES_AFTER_A_COMMAND * record.interval_s
    return any(span.from_s - reach_s <= at_s <= span.to_s + reach_s for at_s in moved_s)
