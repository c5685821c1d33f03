# SPDX-License-Identifier: Apache-2.0
"""All that one infusion knew, put down when it is over: what its examiners look at, and nothing else.

It is made of what the journal holds, so that an infusion that was interrupted and resumed gives the same record.
"""

from dataclasses import dataclass

from bench.account.counted_before import CountedBefore
from bench.account.given_command import GivenCommand
from bench.account.pump_logs import PumpLogs
from bench.account.sample_table import SampleTable
from bench.alarms import HeardSounds, LoggedAlarm
from bench.clock import ClockMode
from bench.injectors import Injection
from bench.profile import Profile
from bench.sampling import Gap, MassStep
from bench.therapy import RunningSchedule
from bench.weighing import TimedMark
from metrology.gravimetry import WeighingSetup


@dataclass(frozen=True, eq=False)
class InfusionRecord:
    """One infusion; two records are equal where they are one, so that what was made of one can be kept.

    Attributes:
        name: what the journal and the report call it.
        profile: what the pump promises.
        schedule: what the therapy asked for, with every start, stop and accepted bolus, on the pump's own clock.
        samples: from before the start to after the run-down.
        commands: every command given, in order.
        injections: every fault of the rig that was there at any time of it.
        alarms: what the pump logged meanwhile, each with its cause where it had one.
        marks: the marks taken, in order.
        weighing: balance, evaporation, liquid and vessel of its volumes.
        gaps: where planned samples are missing.
        interruptions: bench time and ± µL of each interruption of the run that stopped the pump.
        steps: steps of the display that no pump makes, as the balance watch found them.
        qualifiers: what spoils everything weighed in it, a phrase each.
        interval_s: planned time between two samples.
        clock_mode: how bench time passes.
        clocks_half_width_s: how far two clocks that are read one after the other may seem apart, bench time.
        complete: whether it ended as planned; False where the pump failed before.
        logs: the pump's logs, read when it was over; None where they could not be asked for.
        before: what the pump had counted before its program was loaded; None where an older journal does not tell.
        sounds: what the rig's microphone heard; None where it has none.
        unread: from when to when the plan had nobody read pump and balance, bench time.
        resumed_after_s: bench time of the last sample before each resume of the run, whatever the pump did.
    """

    name: str
    profile: Profile
    schedule: RunningSchedule
    samples: SampleTable
    commands: tuple[GivenCommand, ...]
    injections: tuple[Injection, ...]
    alarms: tuple[LoggedAlarm, ...]
    marks: tuple[TimedMark, ...]
    weighing: WeighingSetup
    gaps: tuple[Gap, ...]
    interruptions: tuple[tuple[float, float], ...]
    steps: tuple[MassStep, ...]
    qualifiers: tuple[str, ...]
    interval_s: float
    clock_mode: ClockMode
    clocks_half_width_s: float
    complete: bool
    logs: PumpLogs | None = None
    before: CountedBefore | None = None
    resumed_after_s: tuple[float, ...] = ()
    unread: tuple[tuple[float, float], ...] = ()
    sounds: HeardSounds | None = None
