# SPDX-License-Identifier: Apache-2.0
"""A wire that loses, cuts, repeats, splices, delays, reorders and adds: one fault per reply, from a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.sim.scripted_balance import Action

SHORT_S, LONG_S = 0.01, 0.09


class Kind(StrEnum):
    """What happens to one reply."""

    PASS = "pass"
    LOSE = "lose"
    CUT_HEAD = "cut head"
    CUT_TAIL = "cut tail"
    CUT_MIDDLE = "cut middle"
    REPEAT = "repeat"
    REPEAT_LATE = "repeat after the next reply"
    HOLD = "send after the next reply"
    SPLICE = "glue the beginning to the next reply"
    DELAY = "delay"
    HALVES = "pause within the line"
    FOREIGN_LINE_BEFORE = "foreign line before"
    FOREIGN_LINE_AFTER = "foreign line after"
    FOREIGN_BYTE = "foreign byte within"
    CHANGED_BYTE = "changed byte"


@dataclass(frozen=True)
class Fault:
    """One fault: its kind, where in the line, how long, and with which bytes."""

    kind: Kind
    place: int = 0
    length: int = 1
    late_s: float = SHORT_S
    foreign: bytes = b""


class BadWire:
    """Applies the faults to the replies in turn; after the last one it is a good wire."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = list(faults)
        self._before = self._after = b""

    def __call__(self, command: bytes, reply: bytes) -> list[Action]:
        """Return what goes out in place of `reply`."""
        before, after = self._before, self._after
        self._before = self._after = b""
        fault = self._faults.pop(0) if self._faults else Fault(Kind.PASS)
        if fault.kind in (Kind.DELAY, Kind.HALVES):
            place = fault.place % len(reply) if fault.kind is Kind.HALVES else 0
            return [before + reply[:place], fault.late_s, reply[place:] + after]
        return [before + self._damaged(fault, reply) + after]

    def _damaged(self, fault: Fault, reply: bytes) -> bytes:
        place = fault.place % len(reply)
        end = place + fault.length
        if fault.kind in (Kind.REPEAT_LATE, Kind.HOLD):
            self._after = reply
        if fault.kind is Kind.SPLICE:
            self._before = reply[:place]
        return {
            Kind.PASS: reply,
            Kind.LOSE: b"",
            Kind.CUT_HEAD: reply[place:],
            Kind.CUT_TAIL: reply[:place],
            Kind.CUT_MIDDLE: reply[:place] + reply[end:],
            Kind.REPEAT: reply + reply,
            Kind.REPEAT_LATE: reply,
            Kind.HOLD: b"",
            Kind.SPLICE: b"",
            Kind.FOREIGN_LINE_BEFORE: fault.foreign + reply,
            Kind.FOREIGN_LINE_AFTER: reply + fault.foreign,
            Kind.FOREIGN_BYTE: reply[:place] + fault.foreign[:1] + reply[place:],
            Kind.CHANGED_BYTE: reply[:place] + fault.foreign[:1] + reply[place + 1 :],
        }[fault.kind]
