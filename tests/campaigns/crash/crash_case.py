# SPDX-License-Identifier: Apache-2.0
"""One crash: where the bench was ended, what the disk kept, and what became of rig, journal and verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec


class Ending(StrEnum):
    """How a run went on after its crash."""

    RESUMED = "resumed to its end"
    ENDED = "had ended: told again from its journal"
    NOT_BEGUN = "had not begun: refused, and started anew"
    UNEXPECTED = "refused"


class Depth(StrEnum):
    """What is done after a crash: all of it, or what differs from another crash that was resumed."""

    READ = "journal read and gone on with"
    LOOK = "rig and journal looked at"
    RESUME = "resumed"


@dataclass(frozen=True)
class CrashPoint:
    """Where the bench was ended.

    Attributes:
        number: of the case, in the order of the reference run.
        what: the request or the file operation, and on which side of it.
        disk: what the file system kept.
        depth: what is done after it.
    """

    number: int
    what: str
    disk: str
    depth: Depth = Depth.RESUME


class CrashOutcome(msgspec.Struct, frozen=True):
    """What became of one crash.

    Attributes:
        ending: how the run went on.
        verdicts: by test, in the end.
        reasons: of the verdicts, by test.
        wrong: what should not have been so, a sentence each.
        told: what the resume printed last.
        waited: whether the rig's own lease had to run out first.
    """

    ending: Ending
    verdicts: dict[str, str] = msgspec.field(default_factory=dict)
    reasons: dict[str, str] = msgspec.field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    told: str = ""
    waited: bool = False


Verdicts = Mapping[str, str]
