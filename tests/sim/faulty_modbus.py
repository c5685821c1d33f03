# SPDX-License-Identifier: Apache-2.0
"""A Modbus device whose replies are unique, behind a wire that does to the stream of reply bytes what it is told.

What no driver can detect is left out, because the protocol does not hold it. On TCP, which has no checksum of its own:
changed payload bytes, and the payload of one reply behind the header of another; so whole frames may turn up on a
later connection there (as from a gateway), parts of frames only on their own. On RTU, which has no transaction number:
a reply that was delivered once and comes again after more than three others, and a foreign frame of exactly the unit,
function and length that was asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import HANG_UP, RESET, Delivery

_APART_S = 0.002


class Kind(StrEnum):
    """What happens to one reply."""

    DELIVER = "deliver"
    LOSE = "lose"
    CUT = "cut"
    DROP_BYTES = "drop bytes"
    TEAR = "tear"
    DELAY = "delay"
    HOLD = "hold"
    REPEAT = "repeat"
    REPEAT_LATER = "repeat later"
    FOREIGN_BYTES = "foreign bytes"
    FOREIGN_FRAME = "foreign frame"
    SPLICE = "splice"
    RESET = "reset"
    HANG_UP = "hang up"
    FLIP = "flip"


@dataclass(frozen=True)
class Fault:
    """One fault: `at` and `width` place it inside the frame, `later` counts requests, `delay_s` is wall time."""

    kind: Kind = Kind.DELIVER
    at: float = 0.0
    width: int = 1
    later: int = 1
    delay_s: float = 0.0
    behind: bool = False


class FaultyDevice:
    """Answers for a scripted device.

    Attributes:
        faults: what happens to the replies to come, first one first; when used up, they are delivered.
        last_words: what was answered to the last read request.
        writes: how many write requests came.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.faults = list(faults)
        self.last_words: list[int] = []
        self.writes = 0
        self._number = 0
        self._held: list[tuple[int, bool, bytes]] = []
        self._before = b""

    def __call__(self, request: Request) -> list[Delivery]:
        self._number += 1
        frame = self._honest(request)
        fault = self.faults.pop(0) if self.faults else Fault()
        due = [(behind, data) for number, behind, data in self._held if number <= self._number]
        self._held = [entry for entry in self._held if entry[0] > self._number]
        first = [(0.0, data) for behind, data in due if not behind]
        lag_s = _APART_S if first else 0.0  # else the driver sees at once that there is too much
        own = [(lag_s + after_s, data) for after_s, data in self._faulty(fault, request, frame)]
        self._before = frame
        return [*first, *own, *((lag_s, data) for behind, data in due if behind)]

    def _honest(self, request: Request) -> bytes:
        if request.function == 16:
            self.writes += 1
            return request.confirmation()
        self.last_words = [(1009 * self._number + 7919 * place) % 65536 for place in range(request.count)]
        return request.reply(self.last_words)

    def _faulty(self, fault: Fault, request: Request, frame: bytes) -> list[Delivery]:
        if fault.kind in (Kind.RESET, Kind.HANG_UP):
            end = RESET if fault.kind is Kind.RESET else HANG_UP
            return [(0.0, frame[: int(fault.at * len(frame))]), (fault.delay_s / 10, end)]
        if fault.kind is Kind.TEAR and request.transaction is not None:
            cut = 1 + int(fault.at * (len(frame) - 1))
            return [(0.0, frame[:cut]), (fault.delay_s, frame[cut:])]
        if fault.kind in (Kind.HOLD, Kind.REPEAT_LATER, Kind.TEAR):
            return self._split(fault, frame)
        if fault.kind in (Kind.FOREIGN_FRAME, Kind.SPLICE):
            return [(0.0, self._mixed(fault, request, frame))]
        return [(fault.delay_s if fault.kind is Kind.DELAY else 0.0, _changed(fault, frame))]

    def _split(self, fault: Fault, frame: bytes) -> list[Delivery]:
        """Deliver one part now and one with a later reply."""
        cut = 1 + int(fault.at * (len(frame) - 1))
        now, later = {
            Kind.HOLD: (b"", frame),
            Kind.REPEAT_LATER: (frame, frame),
            Kind.TEAR: (frame[:cut], frame[cut:]),
        }[fault.kind]
        self._held.append((self._number + fault.later, fault.behind, later))
        return [(0.0, now)]

    def _mixed(self, fault: Fault, request: Request, frame: bytes) -> bytes:
        if fault.kind is Kind.SPLICE:
            cut = 1 + int(fault.at * (len(frame) - 1))
            # on TCP another length, because nothing else tells a spliced payload from a true one
            return frame[:cut] + self._before[cut + (fault.width if request.transaction is not None else 0) :]
        foreign = [
            request.frame(frame[-10:], unit=request.unit + 1),
            request.reply(self.last_words, function=4),
            request.reply([1] * (request.count + 1)),
            request.frame(b"\x2b\x08\x00\x01"),
        ][fault.width % 4]
        return frame + foreign if fault.behind else foreign + frame


def _changed(fault: Fault, frame: bytes) -> bytes:
    place = int(fault.at * len(frame))
    if fault.kind is Kind.LOSE:
        return b""
    if fault.kind is Kind.CUT:
        return frame[:place]
    if fault.kind is Kind.DROP_BYTES:
        return frame[:place] + frame[place + fault.width :]
    if fault.kind is Kind.REPEAT:
        return frame + frame
    if fault.kind is Kind.FOREIGN_BYTES:
        return frame[:place] + bytes(range(7, 7 + fault.width)) + frame[place:]
    if fault.kind is Kind.FLIP:
        return bytes(byte ^ (fault.width if number == place else 0) for number, byte in enumerate(frame))
    return frame
