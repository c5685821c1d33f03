# SPDX-License-Identifier: Apache-2.0
"""What a test did, and what came of it; `what` says which activity it is. Some are told to people: those are events.

A line of either sort has a `result`, which a resumed test is given instead of doing the activity again.
"""

from typing import Any, ClassVar

import msgspec

from bench.journal.lines.event import Event
from bench.journal.lines.line import LineOfTest, Number
from metrology.gravimetry import BalanceMark, Conditions


class Activity(LineOfTest, frozen=True, kw_only=True, tag_field="what"):
    """An activity that people are not told of."""

    kind: ClassVar[str] = "activity"
    done: ClassVar[bool] = True

    @property
    def what(self) -> str:
        """Return which activity it is."""
        return str(type(self).__struct_config__.tag)


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """A result that consists in having been done."""


class PumpFound(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the pump, and what it has counted in its life, which older journals do not tell."""

    state: str
    rate_ul_per_h: Number
    device_clock_s: Number
    alarms: tuple[str, ...]
    counter_ul: Number | None = None
    reservoir_ul: Number | None = None
    alarm_log_count: int | None = None
    bolus_log_count: int | None = None
    battery_percent: Number | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the pump answered."""

    answer: str


class ProgramAnswer(Answer, frozen=True, kw_only=True):
    """What the pump answered to its program, and what of the program in force is not as it was loaded."""

    differences: tuple[str, ...] = ()


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """What of the program in force is not as it was loaded."""

    differences: tuple[str, ...]


class AnswerAndState(PumpFound, frozen=True, kw_only=True):
    """What the pump answered, and its state then; bench time before and after it, which older journals do not tell."""

    answer: str
    sent_s: Number | None = None
    answered_s: Number | None = None


class SamplingBegun(msgspec.Struct, frozen=True, kw_only=True):
    """What the infusion began with."""

    mass_g: Number
    alarm_log_count: int


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """A bench time from which on."""

    since_s: Number


class Until(msgspec.Struct, frozen=True, kw_only=True):
    """A bench time until which."""

    until_s: Number


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """The bench time then."""

    now_s: Number


class AlarmNumber(msgspec.Struct, frozen=True, kw_only=True):
    """The line of the pump's log that an alarm stands in; None when none came."""

    number: int | None


class AlarmCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many alarms the pump's log holds."""

    count: int


class AlarmLineEnd(msgspec.Struct, frozen=True, kw_only=True):
    """When an alarm ended by its line of the log, None while it stands, and the pump's clock when that was read."""

    cleared_s: Number | None
    device_clock_s: Number


class Shortest(msgspec.Struct, frozen=True, kw_only=True):
    """The shortest window that resolves the pump's accuracy."""

    shortest_s: Number


class ClockGain(msgspec.Struct, frozen=True, kw_only=True):
    """How much the pump's clock gained on the bench's over an infusion, and how much it may."""

    gained_s: Number
    allowed_s: Number
    within_promise_at_the_blank: bool = True


class ClocksCompared(Activity, frozen=True, kw_only=True, tag="clocks compared"):
    """The pump's clock was held against the bench's."""

    result: ClockGain


class PumpLookedAt(Activity, frozen=True, kw_only=True, tag="pump looked at"):
    """The pump was read."""

    result: PumpFound


class Programmed(Activity, frozen=True, kw_only=True, tag="programmed"):
    """The pump was given its program, and read it back."""

    result: ProgramAnswer


class TherapyComing(msgspec.Struct, frozen=True, kw_only=True):
    """The therapy that is going to be in force, as `Therapy.describe` tells it."""

    therapy: dict[str, Any]


class ProgramChangeBegun(Activity, frozen=True, kw_only=True, tag="program change begun"):
    """Another program is going to be loaded; from here on it may be in force."""

    result: TherapyComing


class ProgrammingBegun(Activity, frozen=True, kw_only=True, tag="programming begun"):
    """A programming session is going to be sent; from here on another program may be in force."""

    result: Nothing


class FramesBegun(Activity, frozen=True, kw_only=True, tag="frames begun"):
    """Frames as a bad link makes them, or many requests, are going to be sent; from here on some may have been."""

    result: Nothing


class ProgramReadAgain(Activity, frozen=True, kw_only=True, tag="program read again"):
    """The program in force was read when the infusion was over."""

    result: Differences


class Tared(Activity, frozen=True, kw_only=True, tag="tared"):
    """The balance was tared."""

    result: Nothing


class SamplingPrepared(Activity, frozen=True, kw_only=True, tag="sampling begun"):
    """The first sample was taken, with the pump still stopped."""

    result: SamplingBegun


class SamplingStarted(Activity, frozen=True, kw_only=True, tag="sampling"):
    """Samples are taken regularly from here on."""

    result: Since


class WaitBegun(Activity, frozen=True, kw_only=True, tag="wait begun"):
    """A wait begins."""

    result: Until


class Waited(Activity, frozen=True, kw_only=True, tag="waited"):
    """A wait is over."""

    result: Now


class AlarmAwaited(Activity, frozen=True, kw_only=True, tag="alarm awaited"):
    """An alarm was waited for."""

    result: AlarmNumber


class AlarmLineRead(Activity, frozen=True, kw_only=True, tag="alarm line read"):
    """One line of the pump's alarm log was read again."""

    result: AlarmLineEnd


class Listened(Activity, frozen=True, kw_only=True, tag="listened"):
    """The rig's microphone was asked; the result counts what it has heard in this infusion."""

    result: AlarmCount


class AlarmLogRead(Activity, frozen=True, kw_only=True, tag="alarm log looked at"):
    """The log was read once more when the pump had stopped."""

    result: AlarmCount


class GivenBefore(msgspec.Struct, frozen=True, kw_only=True):
    """The patient boluses of the day before, by the pump's log, and its clock."""

    device_clock_s: Number
    accepted_s: tuple[Number, ...]


class BolusesBefore(Activity, frozen=True, kw_only=True, tag="boluses before"):
    """The pump's log was read before an infusion that lets the patient ask for boluses."""

    result: GivenBefore


class BolusLogged(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the pump's bolus log."""

    number: int
    requested_s: Number
    outcome: str
    volume_ul: Number


class AlarmLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the pump's alarm log, in seconds of the pump's clock; `cleared_s` is None while it stands."""

    number: int
    alarm: str
    onset_s: Number
    cleared_s: Number | None


class LogsFound(msgspec.Struct, frozen=True, kw_only=True):
    """Both logs of the pump; `bench.account.PumpLogs` says what the fields mean."""

    device_clock_s: Number
    alarm_log_count: int
    bolus_log_count: int
    alarms: tuple[AlarmLine, ...]
    boluses: tuple[BolusLogged, ...]
    trouble: str = ""


class LogsRead(Activity, frozen=True, kw_only=True, tag="logs read"):
    """Both logs were read as far back as they reach, when the infusion was over."""

    result: LogsFound


class DurationChosen(Activity, frozen=True, kw_only=True, tag="duration"):
    """The capability gate was asked for the shortest window."""

    result: Shortest


class ActivityTold(Event, frozen=True, kw_only=True):
    """An activity that people are told of."""

    done: ClassVar[bool] = True


class CapabilityFound(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate found; `bench.capability` says what its fields mean."""

    rate_ul_per_h: Number
    judged_as: str
    duration_s: Number
    tolerance_ul: Number | None
    expanded_uncertainty_ul: Number | None
    uncertainty_ratio: Number | None
    demanded_ratio: Number | None
    samples: Number | None
    least_samples: int
    mostly: str
    excess_max_ul: Number | None = None
    shortfall_max_ul: Number | None = None
    holdable_ul: Number | None = None
    excess_found_ul: Number | None = None
    interruption_found_s: Number | None = None


class Capability(ActivityTold, frozen=True, kw_only=True, tag="capability"):
    """The capability gate let an infusion through."""

    result: CapabilityFound


class Command(ActivityTold, frozen=True, kw_only=True, tag="command"):
    """The pump was given a command."""

    result: AnswerAndState


class MarkMade(msgspec.Struct, frozen=True, kw_only=True):
    """Balance, pump and air around one instant; `bench.weighing.TimedMark` says what its fields mean.

    Older journals do not tell `times_s` and `masses_g`.
    """

    mass: BalanceMark
    device_clock_s: Number
    counter_ul: Number | None
    conditions: Conditions
    second: BalanceMark | None = None
    times_s: tuple[Number, ...] = ()
    masses_g: tuple[Number, ...] = ()


class ProgramChangeFound(PumpFound, frozen=True, kw_only=True):
    """What the pump answered to another program, what of it is not in force as loaded, and when that was."""

    answer: str
    differences: tuple[str, ...] = ()
    sent_s: Number
    answered_s: Number
    begun_device_s: Number


class ProgramChanged(ActivityTold, frozen=True, kw_only=True, tag="program changed"):
    """Another program was loaded."""

    result: ProgramChangeFound


class SessionFound(ProgramChangeFound, frozen=True, kw_only=True):
    """What came of a session: beside the program from before, what differs from each that was in question."""

    of_each: tuple[tuple[str, ...], ...] = ()


class ProgrammingSession(ActivityTold, frozen=True, kw_only=True, tag="programming session"):
    """Messages of a programming session were sent, with an error or not to their end."""

    result: SessionFound


class Interrogated(msgspec.Struct, frozen=True, kw_only=True):
    """What the pump answered to an interrogation, and what it told of itself just before and just after."""

    answer: str
    before: PumpFound
    after: PumpFound
    sent_s: Number
    answered_s: Number


class Interrogation(ActivityTold, frozen=True, kw_only=True, tag="interrogation"):
    """The pump was interrogated."""

    result: Interrogated


class FramesFound(msgspec.Struct, frozen=True, kw_only=True):
    """What the pump told of itself just before and just after frames were sent."""

    before: PumpFound
    after: PumpFound
    sent_s: Number
    answered_s: Number


class Frames(ActivityTold, frozen=True, kw_only=True, tag="frames"):
    """Frames as a bad link makes them were sent."""

    result: FramesFound


class RequestAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """One of many requests for a bolus."""

    answer: str
    sent_s: Number
    answered_s: Number
    device_clock_s: Number


class RequestsFound(msgspec.Struct, frozen=True, kw_only=True):
    """What came of many requests: the answers, and the lines that the log holds of them."""

    requests: tuple[RequestAnswered, ...]
    logged_more: int
    logged: tuple[BolusLogged, ...]
    trouble: str = ""


class Requests(ActivityTold, frozen=True, kw_only=True, tag="requests"):
    """A pump that stands was asked for many boluses."""

    result: RequestsFound


class Mark(ActivityTold, frozen=True, kw_only=True, tag="mark"):
    """A mark was weighed; `id` is its id in this run."""

    id: str = ""
    result: MarkMade


class InjectionTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Bench times at which a fault was asked for and shown by its own sensor."""

    sent_s: Number
    confirmed_s: Number


class ReleaseTime(msgspec.Struct, frozen=True, kw_only=True):
    """Bench time at which the sensor showed that the fault was gone."""

    released_s: Number


class Injection(ActivityTold, frozen=True, kw_only=True, tag="injection"):
    """A fault was injected; `percent` says how far."""

    percent: Number
    result: InjectionTimes


class Release(ActivityTold, frozen=True, kw_only=True, tag="release"):
    """A fault was undone."""

    percent: Number
    result: ReleaseTime


class VolumeMoved(msgspec.Struct, frozen=True, kw_only=True):
    """What went into the reservoir, in µL; under zero what came out of it."""

    moved_ul: Number


class Refill(ActivityTold, frozen=True, kw_only=True, tag="refill"):
    """The reservoir was filled or emptied."""

    result: VolumeMoved


class ClimateShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the sensors of the chamber show."""

    temperature_c: Number
    air_pressure_hpa: Number


class ChamberOrdered(ActivityTold, frozen=True, kw_only=True, tag="chamber"):
    """The chamber around the pump was given an order, or looked at."""

    result: ClimateShown


class Between(msgspec.Struct, frozen=True, kw_only=True):
    """Between which bench times something began; None where it did not."""

    after_s: Number | None
    before_s: Number | None


class ReservoirRunDown(Activity, frozen=True, kw_only=True, tag="reservoir run down"):
    """The computed volume was waited for at which the low-reservoir alarm is due."""

    result: Between


class ReservoirRunDry(Activity, frozen=True, kw_only=True, tag="reservoir run dry"):
    """The end of the flow was waited for, by the balance alone."""

    result: Between


class FlowLookedFor(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a flow goes on that seemed to have ended; None where the readings do not tell, with their scatter."""

    flows: bool | None
    scatter_mg: Number


class ReservoirLookedAt(Activity, frozen=True, kw_only=True, tag="reservoir looked at"):
    """A flow that seemed to have ended was looked for once more, as no alarm told of it."""

    result: FlowLookedFor


class BolusAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a press of the patient's button."""

    device_clock_s: Number
    outcome: str
    logged: tuple[BolusLogged, ...]
    sent_s: Number | None = None
    answered_s: Number | None = None


class Bolus(ActivityTold, frozen=True, kw_only=True, tag="bolus"):
    """The patient's button was pressed."""

    result: BolusAnswered
