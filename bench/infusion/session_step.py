# SPDX-License-Identifier: Apache-2.0
"""One message of a programming session, for a therapy: what a test sends to see what a pump makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bench.therapy import Therapy
from instruments.programming_session import SessionPart

_OTHER_END, _STILL_ANOTHER_END = "7", "8"
STAGED = (SessionPart.STAGE_FIRST, SessionPart.STAGE_REST)


class MeantPump(Enum):
    """Which pump a session was opened for."""

    ANY = "none that it names"
    THIS = "this pump"
    ANOTHER = "another pump"

    def serial_number(self, own: str) -> str:
        """Return the serial number that the session names, of a pump whose own is `own`."""
        if self is not MeantPump.ANOTHER:
            return own
        return own[:-1] + (_OTHER_END if not own.endswith(_OTHER_END) else _STILL_ANOTHER_END)


@dataclass(frozen=True)
class SessionStep:
    """One message.

    Attributes:
        therapy: what its session is going to program.
        part: what the message does.
        checksum_error: whether the session's checksum is a wrong one.
    """

    therapy: Therapy
    part: SessionPart
    checksum_error: bool = False


def whole_session(therapy: Therapy, *, checksum_error: bool = False) -> tuple[SessionStep, ...]:
    """Return every message of a session."""
    return tuple(SessionStep(therapy, part, checksum_error) for part in SessionPart)


def session_until(therapy: Therapy, last: SessionPart) -> tuple[SessionStep, ...]:
    """Return the messages of a session that breaks off after one of them."""
    parts = list(SessionPart)
    return tuple(SessionStep(therapy, part) for part in parts[: parts.index(last) + 1])


def session_of_parts(therapy: Therapy, *parts: SessionPart) -> tuple[SessionStep, ...]:
    """Return some messages of a session."""
    return tuple(SessionStep(therapy, part) for part in parts)


def writes(steps: Sequence[SessionStep]) -> bool:
    """Tell whether any of the messages writes a part of a program."""
    return any(one.part in STAGED for one in steps)
