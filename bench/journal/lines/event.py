# SPDX-License-Identifier: Apache-2.0
"""What happened by itself, or was done and people are told of it; `what` says which event it is."""

from typing import ClassVar

import msgspec

from bench.journal.lines.line import LineOfTest, Number
from bench.journal.lines.volume import EvaporationRecord
from metrology.gravimetry import Conditions, Evaporation


class Event(LineOfTest, frozen=True, kw_only=True, tag_field="what"):
    """An event; `title` is what people read."""

    kind: ClassVar[str] = "event"

    title: str

    @property
    def what(self) -> str:
        """Return which event it is."""
        return str(type(self).__struct_config__.tag)


class Paused(Event, frozen=True, kw_only=True, tag="paused"):
    """Somebody asked the run to wait."""


class Continued(Event, frozen=True, kw_only=True, tag="continued"):
    """A pause is over."""


class TestStopped(Event, frozen=True, kw_only=True, tag="stop-test"):
    """Somebody stopped the test."""

    __test__: ClassVar[bool] = False  # pytest takes classes of such names for tests


class RunStopped(Event, frozen=True, kw_only=True, tag="stop-run"):
    """Somebody stopped the run."""


class OperatorAsked(Event, frozen=True, kw_only=True, tag="operator-asked"):
    """A person was asked to do something by hand."""


class OperatorAnswered(Event, frozen=True, kw_only=True, tag="operator-answered"):
    """A person said that it is done.

    Attributes:
        by: who.
        way: by which way: the terminal of the run, or `pumpbench answer`.
        answered_utc: when, by the clock of the computer that it was said on.
    """

    by: str
    way: str
    answered_utc: str


class OperatorSilent(Event, frozen=True, kw_only=True, tag="operator-silent"):
    """Nobody answered in the time there was for it."""


class Deviation(Event, frozen=True, kw_only=True, tag="deviation"):
    """The bench leaves something out because its file says so."""


class ComputerSlept(Event, frozen=True, kw_only=True, tag="computer-slept"):
    """The computer of the bench slept: nobody looked meanwhile, which is a gap.

    Attributes:
        slept_s: for how long, in the machine's time.
        from_utc, to_utc: when.
    """

    slept_s: Number
    from_utc: str
    to_utc: str


class CheckMade(Event, frozen=True, kw_only=True, tag="preflight"):
    """A check of the pre-flight; `bench.preflight.CheckFinding` says what its fields mean."""

    check: str
    state: str
    value: Number | None = None
    standard_uncertainty: Number | None = 0.0
    unit: str
    lower: Number | None
    upper: Number | None
    asset: str = ""
    operation: str = ""
    seen: str
    next_step: str = ""


class CheckRepeated(CheckMade, frozen=True, kw_only=True, tag="postflight"):
    """A check of the post-flight.

    Attributes:
        before: what the pre-flight had found; None where it found no figure.
        difference: from that.
    """

    before: Number | None = None
    difference: Number | None = None


class ClockPair(msgspec.Struct, frozen=True, kw_only=True):
    """The bench's and the pump's clock at one instant, known to ± `half_width_s`."""

    bench_s: Number
    device_s: Number
    half_width_s: Number


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """The two clocks at the beginning and at the end of a blank."""

    start: ClockPair
    end: ClockPair


class BlankMeasured(Event, frozen=True, kw_only=True, tag="blank"):
    """The blank before the first infusion; `bench.weighing.Blank` says what its fields mean."""

    times_s: tuple[Number, ...]
    masses_g: tuple[Number, ...]
    clocks: Clocks
    lost_to_air_mg: Number = 0.0
    lost_to_air_uncertainty_mg: Number = 0.0
    rate_mg_per_h: Number
    standard_uncertainty_mg_per_h: Number
    dof: Number | None = None
    blank_h: Number | None = None
    measured_at_s: Number | None = None
    change_half_width_mg_per_h: Number = 0.0
    drift_mg_per_h: Number = 0.0
    temperature_c: Number | None = None
    humidity_percent: Number | None = None
    warming_c_per_h: Number = 0.0
    denser_kg_m3_per_h: Number = 0.0
    warming_after_c_per_h: Number = 0.0
    denser_after_kg_m3_per_h: Number = 0.0
    scatter_mg: Number | None = None
    air: Conditions | None = None

    def evaporation(self) -> Evaporation:
        """Return its slope to calculate with."""
        names = EvaporationRecord.__struct_fields__
        return EvaporationRecord(**{name: getattr(self, name) for name in names}).evaporation()


class BlankRepeated(BlankMeasured, frozen=True, kw_only=True, tag="blank-after"):
    """The blank after the last infusion."""


class RepeatabilityFound(Event, frozen=True, kw_only=True, tag="repeatability"):
    """How well the balance repeats on this day."""

    standard_deviation_mg: Number
    dof: int


class Rejudged(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement that came out otherwise the second time.

    Attributes:
        id: of the judgement.
        first, second: its verdicts.
    """

    id: str = ""
    name: str
    value: Number | None
    unit: str
    expanded_uncertainty: Number | None
    first: str
    second: str


class JudgedAgain(Event, frozen=True, kw_only=True, tag="judged-again"):
    """The run was judged again with both blanks; `moved` are the judgements that came out otherwise."""

    moved: tuple[Rejudged, ...] = ()


class BalanceDistrusted(Event, frozen=True, kw_only=True, tag="balance-distrusted"):
    """The balance turned out to be wrong, or not shown to be right: the second verdict takes the place of the first.

    Attributes:
        reason: why.
        moved: what rests on it, with both verdicts.
    """

    reason: str
    moved: tuple[Rejudged, ...] = ()


class AlarmLogged(Event, frozen=True, kw_only=True, tag="alarm"):
    """The pump logged an alarm.

    Attributes:
        alarm: which.
        number: of the line in the pump's log.
        device_onset_s: the onset by the pump's clock, as it logged it.
        onset_s: the same in bench time.
        seen_after_s, seen_by_s: the samples between which it came up.
    """

    alarm: str
    number: int
    device_onset_s: Number
    onset_s: Number
    seen_after_s: Number
    seen_by_s: Number


class AlarmLogChanged(Event, frozen=True, kw_only=True, tag="alarm-log-changed"):
    """A line of the pump's alarm log said something else when it was read again; `title` says what.

    Attributes:
        number: of the line.
    """

    number: int


class Listening(Event, frozen=True, kw_only=True, tag="listening"):
    """The rig's microphone is asked from now on.

    Attributes:
        count: bursts that it had heard before.
    """

    count: int


class SoundHeard(Event, frozen=True, kw_only=True, tag="sound"):
    """The rig's microphone heard a burst of tone at the pump.

    Attributes:
        number: of all that it has heard.
        onset_s: bench time at which it began.
        duration_s: how long it lasted.
        low_hz, high_hz: the lowest and the highest of its tones.
        level_db: at the microphone.
    """

    number: int
    onset_s: Number
    duration_s: Number
    low_hz: Number
    high_hz: Number
    level_db: Number


class SoundDoubted(Event, frozen=True, kw_only=True, tag="sound-doubted"):
    """The rig's microphone may have missed a sound; `title` says why."""


class Gap(Event, frozen=True, kw_only=True, tag="gap"):
    """Planned samples could not be taken.

    Attributes:
        from_s: bench time of the last sample before.
        planned_s: when the one was due that is missing; None in the line that closes the gap.
        to_s: bench time of the first sample after; None while the gap lasts.
        missed: how many are missing so far.
    """

    from_s: Number
    planned_s: Number | None = None
    to_s: Number | None = None
    missed: int


class Excursion(Event, frozen=True, kw_only=True, tag="excursion"):
    """Air outside the bench file's window: which quantity, and what is to be said of it."""

    quantity: str
    qualifier: str


class SensorHeld(Event, frozen=True, kw_only=True, tag="held-sensor"):
    """A sensor of the room showed the same figure to the last digit for hours; told, and nothing is judged by it."""

    quantity: str


class ImpossibleMass(Event, frozen=True, kw_only=True, tag="impossible-mass"):
    """The balance showed what cannot be."""

    qualifier: str


class MassStepped(Event, frozen=True, kw_only=True, tag="mass-step"):
    """The mass changed at once by more than a pump can give."""

    from_s: Number
    to_s: Number
    step_mg: Number


class ReservoirMargin(Event, frozen=True, kw_only=True, tag="reservoir-margin"):
    """How near to empty the reservoir was when its low-reservoir alarm came, or should have come.

    Attributes:
        left_ul: what was left by weight.
        given_percent: how much more than programmed the pump gave since it was filled.
        dry_percent: from how much more on it is dry before that alarm.
    """

    done: ClassVar[bool] = True  # it follows from marks, and a resumed test comes to it again

    left_ul: Number
    given_percent: Number
    dry_percent: Number


class ScaleSuspected(Event, frozen=True, kw_only=True, tag="scale-suspected"):
    """Program and counter agree, and the balance shows another multiple of both in each window.

    Attributes:
        factor: what it shows per what they say.
        unit: that a gram seems to be shown in.
    """

    done: ClassVar[bool] = True  # it follows from marks and windows, and a resumed test comes to it again

    factor: Number
    unit: str


class VolumesCompared(Event, frozen=True, kw_only=True, tag="volumes-compared"):
    """One window by the balance and by the second measure of the flow, with expanded uncertainties.

    Attributes:
        name: of the window.
        e_n: their difference over its expanded uncertainty; None for what is no number.
        agrees: whether that lies between -1 and 1.
    """

    done: ClassVar[bool] = True  # it follows from marks, and a resumed test comes to it again

    name: str
    weighed_ul: Number | None
    weighed_expanded_ul: Number | None
    second_ul: Number | None
    second_expanded_ul: Number | None
    difference_ul: Number | None
    difference_expanded_ul: Number | None
    e_n: Number | None
    agrees: bool


class AnswersLate(Event, frozen=True, kw_only=True, tag="answers-late"):
    """The balance answered each question of a mark with what the one before it should have got."""

    qualifier: str


class SentUnasked(Event, frozen=True, kw_only=True, tag="sent-unasked"):
    """The balance sent lines in the run that answered nothing; none of them was taken for a weight.

    Attributes:
        lines: how many, halves of lines included.
    """

    lines: int


class DisplayHeld(Event, frozen=True, kw_only=True, tag="held-display"):
    """The display of the balance does not move any more."""


class Interrupted(Event, frozen=True, kw_only=True, tag="interruption"):
    """A resumed run found the pump after nobody had looked; `Restarted` follows.

    Attributes:
        last_sample_s: bench time of the last sample before.
        stopped_device_s: when the pump stopped, by its clock.
        half_width_ul: how much volume is uncertain because of that.
        counter_ul: the pump's own counter.
    """

    last_sample_s: Number
    stopped_device_s: Number
    half_width_ul: Number
    counter_ul: Number | None


class Restarted(Event, frozen=True, kw_only=True, tag="restart"):
    """A resumed run started the pump again, by the pump's clock at `started_device_s`."""

    started_device_s: Number
