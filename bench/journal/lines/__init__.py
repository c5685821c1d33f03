# SPDX-License-Identifier: Apache-2.0
"""The lines of a journal: one frozen model for each kind, and the table that finds it.

Whoever reads a journal takes these, never the untyped data; whoever adds a line adds a model here and in the table. A
line that does not fit its model is an error of ours when it is written, and a broken journal when it is read. What a
newer minor version of the format added, fields and kinds, is left out on reading.
"""

from bench.journal.lines.activity import Activity, ActivityTold, Capability, Command, Injection, Mark, Release
from bench.journal.lines.event import (
    AlarmLogChanged,
    AlarmLogged,
    BlankMeasured,
    CheckMade,
    CheckRepeated,
    Continued,
    Deviation,
    Event,
    Excursion,
    Gap,
    ImpossibleMass,
    Interrupted,
    JudgedAgain,
    MassStepped,
    Paused,
    RepeatabilityFound,
    Restarted,
)
from bench.journal.lines.growth import Growth
from bench.journal.lines.line import Line, LineOfTest, UnknownLine
from bench.journal.lines.opening import (
    Balance,
    BenchOpened,
    ClockSetting,
    Device,
    InfusionEnded,
    InfusionStarted,
    JournalContinued,
    JournalOpened,
    Resumed,
    RunEnded,
    RunRecovered,
    RunStarted,
    Software,
    Step,
)
from bench.journal.lines.program_read_back import ProgramReadBack
from bench.journal.lines.sample import Sample, growths
from bench.journal.lines.table import ACTIVITIES, EVENTS, KINDS, model_of, models, read_line
from bench.journal.lines.testing import (
    BudgetRecord,
    Judgement,
    JudgementDeclared,
    RequirementReference,
    TestEnded,
    TestStarted,
)
from bench.journal.lines.volume import Volume

__all__ = [
    "ACTIVITIES",
    "EVENTS",
    "KINDS",
    "Activity",
    "ActivityTold",
    "AlarmLogChanged",
    "AlarmLogged",
    "Balance",
    "BenchOpened",
    "BlankMeasured",
    "BudgetRecord",
    "Capability",
    "CheckMade",
    "CheckRepeated",
    "ClockSetting",
    "Command",
    "Continued",
    "Deviation",
    "Device",
    "Event",
    "Excursion",
    "Gap",
    "Growth",
    "ImpossibleMass",
    "InfusionEnded",
    "InfusionStarted",
    "Injection",
    "Interrupted",
    "JournalContinued",
    "JournalOpened",
    "JudgedAgain",
    "Judgement",
    "JudgementDeclared",
    "Line",
    "LineOfTest",
    "Mark",
    "MassStepped",
    "Paused",
    "ProgramReadBack",
    "Release",
    "RepeatabilityFound",
    "RequirementReference",
    "Restarted",
    "Resumed",
    "RunEnded",
    "RunRecovered",
    "RunStarted",
    "Sample",
    "Software",
    "Step",
    "TestEnded",
    "TestStarted",
    "UnknownLine",
    "Volume",
    "growths",
    "model_of",
    "models",
    "read_line",
]
