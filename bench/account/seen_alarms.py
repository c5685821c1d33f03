# SPDX-License-Identifier: Apache-2.0
"""The alarms of a pump that keeps no log, as the bits in the samples tell them: each end between two samples.

They take the place of the lines of a log, so that what can be judged of alarms without one is judged as ever.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bench.account.given_command import GivenCommand
from bench.account.sample_table import SampleTable
from bench.alarms import LoggedAlarm
from instruments.pump import AlarmEntry, Command

ENDS = (Command.ACKNOWLEDGE, Command.REFILL_DONE)


def seen_alarms(
    alarms: Sequence[LoggedAlarm], samples: SampleTable, commands: Sequence[GivenCommand]
) -> tuple[AlarmEntry, ...]:
    """Return a line for each alarm of an infusion, by the pump's clock.

    Args:
        alarms: as they were seen to come.
        samples: all of the infusion.
        commands: all of the infusion; an alarm that ends between two samples ends with the one given there, if any.
    """
    told_s = [one.device_clock_s for one in commands if one.command in ENDS and one.accepted]
    return tuple(replace(one.entry, cleared_s=_cleared_s(one, samples, told_s)) for one in alarms)


def _cleared_s(alarm: LoggedAlarm, samples: SampleTable, told_s: Sequence[float]) -> float | None:
    after = np.flatnonzero((samples.at_s >= alarm.by_s) & ~samples.with_alarm(alarm.entry.alarm))
    if not len(after):
        return None
    last = int(after[0])
    to_s = float(samples.device_clock_s[last])
    from_s = max(float(samples.device_clock_s[last - 1]), alarm.entry.onset_s) if last else alarm.entry.onset_s
    nearest_s = min(told_s, key=lambda at_s: max(from_s - at_s, at_s - to_s, 0.0), default=(from_s + to_s) / 2)
    return min(max(nearest_s, from_s), to_s)
