# SPDX-License-Identifier: Apache-2.0
"""The first line of a journal, and the lines that say how a run began, went on and ended."""

from typing import Any, ClassVar

import msgspec

from bench.journal.lines.line import Line, LineOfTest, Number


class JournalOpened(Line, frozen=True, kw_only=True):
    """The first line: what the lines that follow mean, and what the run was made with.

    Attributes:
        format: major and minor version of the journal's format, such as "1.0".
        inputs: SHA-256 of each file that the run uses and keeps, by its path in the run folder.
        code_sha256: of all files of the bench's own packages.
        methods: version of each correction, search and rule, by the names of `bench.methods`; older journals have none.
    """

    kind: ClassVar[str] = "journal-opened"

    format: str
    inputs: dict[str, str] = msgspec.field(default_factory=dict)
    code_sha256: str = ""
    methods: dict[str, str] = msgspec.field(default_factory=dict)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument as it named itself."""

    model: str
    serial_number: str
    firmware_version: str


class Balance(Device, frozen=True, kw_only=True):
    """The balance, with what its calibration certificate says."""

    capacity_g: Number | None = None
    certificate: str
    calibration_due: str


class ClockSetting(msgspec.Struct, frozen=True, kw_only=True):
    """How bench time passed: `real`, `scaled` (by `speed`) or `stepped`."""

    mode: str
    speed: Number | None = None


class Software(msgspec.Struct, frozen=True, kw_only=True):
    """Which pumpbench it was."""

    version: str
    commit: str | None = None


class CorrectionInUse(msgspec.Struct, frozen=True, kw_only=True):
    """A correction of the lab's own that volumes hold.

    Attributes:
        name, version: as it says.
        sha256: of the files that its code stands in, which the run keeps.
        replaces: the step that it stands in place of; empty for one that comes on top.
    """

    name: str
    version: str
    sha256: str
    replaces: str = ""


class RunStarted(Line, frozen=True, kw_only=True):
    """What the run found when it opened the bench; where each chapter has a twin of its own, one line for each.

    Attributes:
        run_id: what identifies the run.
        bench, profile, profile_title: names from the bench file and the profile.
        liquid: what is weighed.
        pump, rig, balance: None where the device could not be identified.
        simulated: whether any evidence comes from a twin.
        seed, defects: of the run's own twin.
        epoch_utc: when bench time was zero.
        own_twin: the run's twin ends with it.
        operator: who watches over it; empty for nobody.
        occasion: of that twin, as `TwinOptions` tells it; empty where the seed says all.
        corrections: the lab's own that volumes hold.
        trouble: why the bench could not be opened, if it could not.
    """

    kind: ClassVar[str] = "run-started"

    run_id: str
    bench: str
    profile: str
    profile_title: str
    liquid: str = "water"
    pump: Device | None
    rig: Device | None
    balance: Balance | None
    simulated: bool
    clock: ClockSetting
    seed: int | None
    defects: tuple[str, ...] = ()
    decision_rule: str
    software: Software
    epoch_utc: str | None
    own_twin: bool = False
    operator: str = ""
    occasion: str = ""
    corrections: tuple[CorrectionInUse, ...] = ()
    trouble: str | None = None


class BenchOpened(Line, frozen=True, kw_only=True):
    """The bench is open and has passed its pre-flight.

    Attributes:
        abilities: what its rig can do beyond what every rig must, fields of `RigAbilities`; None in older journals.
    """

    kind: ClassVar[str] = "bench-opened"

    abilities: tuple[str, ...] | None = None


class RunEnded(Line, frozen=True, kw_only=True):
    """The run came to its end.

    Attributes:
        reason: why.
        troubles: what is wrong with the run as a whole, a sentence each.
    """

    kind: ClassVar[str] = "run-ended"

    reason: str
    troubles: tuple[str, ...] = ()


class Resumed(Line, frozen=True, kw_only=True):
    """A run that was cut short goes on here.

    Attributes:
        torn: what was left of a last line that was not written to its end.
        code_sha256: of the bench's own packages as they are now.
    """

    kind: ClassVar[str] = "resumed"

    torn: str
    code_sha256: str = ""


class RunRecovered(Line, frozen=True, kw_only=True):
    """A later start found the run without an end, and its process gone.

    Attributes:
        torn: as for `Resumed`.
        reason: why it was closed.
        found_utc: when.
    """

    kind: ClassVar[str] = "run-recovered"

    torn: str
    reason: str
    found_utc: str


class JournalContinued(Line, frozen=True, kw_only=True):
    """The journal goes on in a second folder.

    Attributes:
        reason: why its own took no more.
        kept_lines: how many lines memory held then.
    """

    kind: ClassVar[str] = "journal-continued"

    reason: str
    kept_lines: int


class InfusionStarted(LineOfTest, frozen=True, kw_only=True):
    """An infusion begins.

    Attributes:
        infusion: its id.
        name: what a person calls it.
        therapy: what it was to infuse, as the therapy describes itself.
        interval_s: time between two samples.
    """

    kind: ClassVar[str] = "infusion-started"
    done: ClassVar[bool] = True

    name: str
    therapy: dict[str, Any] = msgspec.field(default_factory=dict)
    interval_s: Number = 0.0


class InfusionEnded(LineOfTest, frozen=True, kw_only=True):
    """The infusion that is named is over; `reason` is "done" or the error that ended it."""

    kind: ClassVar[str] = "infusion-ended"
    done: ClassVar[bool] = True

    reason: str


class Step(LineOfTest, frozen=True, kw_only=True):
    """A phase begins that people see as a step of the protocol."""

    kind: ClassVar[str] = "step"
    done: ClassVar[bool] = True

    title: str
