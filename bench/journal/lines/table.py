# SPDX-License-Identifier: Apache-2.0
"""Which model a line has: the table of all kinds, of all events and of all activities."""

from collections.abc import Mapping

import msgspec

from bench.journal.lines import (
    activity,
    clock_activity,
    event,
    failure,
    firmware_activity,
    opening,
    priming_activity,
    refill_date_activity,
    testing,
)
from bench.journal.lines.line import Line, UnknownLine
from bench.journal.lines.program_read_back import ProgramReadBack
from bench.journal.lines.sample import Sample
from bench.journal.lines.second_sample import SecondSample
from bench.journal.lines.volume import Volume

KINDS: Mapping[str, type[Line]] = {
    model.kind: model
    for model in (
        opening.JournalOpened,
        opening.RunStarted,
        opening.BenchOpened,
        testing.TestStarted,
        opening.InfusionStarted,
        opening.Step,
        Sample,
        SecondSample,
        Volume,
        ProgramReadBack,
        failure.ActivityFailed,
        testing.JudgementDeclared,
        testing.Judgement,
        opening.InfusionEnded,
        testing.TestEnded,
        opening.JournalContinued,
        opening.Resumed,
        opening.RunRecovered,
        opening.RunEnded,
    )
}
"""By kind: every line that is neither an event nor an activity."""


def _by_tag(models: tuple[type[Line], ...]) -> dict[str, type[Line]]:
    return {str(model.__struct_config__.tag): model for model in models}


EVENTS: Mapping[str, type[Line]] = _by_tag(
    (
        event.Paused,
        event.Continued,
        event.TestStopped,
        event.RunStopped,
        event.OperatorAsked,
        event.OperatorAnswered,
        event.OperatorSilent,
        event.Deviation,
        event.ComputerSlept,
        event.CheckMade,
        event.CheckRepeated,
        event.BlankMeasured,
        event.BlankRepeated,
        event.RepeatabilityFound,
        event.JudgedAgain,
        event.BalanceDistrusted,
        event.AlarmLogged,
        event.AlarmLogChanged,
        event.Listening,
        event.SoundHeard,
        event.SoundDoubted,
        event.Gap,
        event.Excursion,
        event.SensorHeld,
        event.ImpossibleMass,
        event.MassStepped,
        event.ReservoirMargin,
        event.ScaleSuspected,
        event.VolumesCompared,
        event.AnswersLate,
        event.DisplayHeld,
        event.SentUnasked,
        event.Interrupted,
        event.Restarted,
        activity.Capability,
        activity.Command,
        activity.ProgramChanged,
        activity.ProgrammingSession,
        activity.Interrogation,
        clock_activity.ClockSet,
        activity.Frames,
        activity.Requests,
        activity.Mark,
        activity.Injection,
        activity.Release,
        activity.Bolus,
        activity.ChamberOrdered,
        firmware_activity.FirmwareUpdate,
        priming_activity.Filled,
        activity.Refill,
    )
)
"""By what happened."""

ACTIVITIES: Mapping[str, type[Line]] = _by_tag(
    (
        activity.ClocksCompared,
        activity.ReservoirRunDown,
        activity.ReservoirRunDry,
        activity.ReservoirLookedAt,
        activity.ProgramReadAgain,
        activity.PumpLookedAt,
        activity.Programmed,
        activity.ProgramChangeBegun,
        activity.ProgrammingBegun,
        activity.FramesBegun,
        activity.Tared,
        activity.SamplingPrepared,
        activity.SamplingStarted,
        activity.WaitBegun,
        activity.Waited,
        activity.AlarmAwaited,
        activity.AlarmLineRead,
        activity.Listened,
        activity.AlarmLogRead,
        activity.BolusesBefore,
        activity.LogsRead,
        activity.DurationChosen,
        firmware_activity.FirmwareLookedAt,
        firmware_activity.FirmwareUpdateBegun,
        priming_activity.TubingAsked,
        refill_date_activity.RefillDateLookedAt,
        priming_activity.DrugWatched,
    )
)
"""By what was done."""


def models() -> tuple[type[Line], ...]:
    """Return every model of a line."""
    return (*KINDS.values(), *EVENTS.values(), *ACTIVITIES.values())


def model_of(kind: str, what: object = None) -> type[Line] | None:
    """Return the model of a line; None where this version knows none.

    Args:
        kind: as the line has it.
        what: what its data give as "what".
    """
    if kind == event.Event.kind:
        return EVENTS.get(what) if isinstance(what, str) else None
    if kind == activity.Activity.kind:
        return ACTIVITIES.get(what) if isinstance(what, str) else None
    return KINDS.get(kind)


def read_line(kind: str, data: Mapping[str, object]) -> Line:
    """Return the line that `data` say; what they say beyond its model is left out.

    Raises:
        msgspec.ValidationError: they do not fit the model of their kind.
    """
    model = model_of(kind, data.get("what"))
    if model is None:
        return UnknownLine(named=kind, data=dict(data))
    return msgspec.convert(data, model)
