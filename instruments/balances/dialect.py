# SPDX-License-Identifier: Apache-2.0
"""What makes one dialect differ from another: the words to send, and how a line is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from instruments.balances.weight_line import Read, Trouble, WeightLine
from instruments.visa.port import SerialSettings


class Fact(StrEnum):
    """What a balance can be asked about itself; the answers are fixed, so they serve as fences."""

    MODEL = "model"
    SERIAL_NUMBER = "serial number"
    FIRMWARE_VERSION = "firmware version"
    CAPACITY = "capacity"


class Step(StrEnum):
    """How far a tare or a zero has come, by an acknowledgement."""

    UNDER_WAY = "under way"
    DONE = "done"


@dataclass(frozen=True)
class Inquiry:
    """A command whose answer never changes."""

    command: bytes
    read: Read


def _acknowledges_nothing(_line: bytes) -> Step | Trouble | None:
    return None


@dataclass(frozen=True)
class Dialect:
    """One way to speak with a balance.

    Attributes:
        word: what a bench file calls it.
        name: what a person calls it.
        weigh: asks for the weight of this moment, stable or not.
        read_weight: reads a whole line, CR LF included, as the answer to that; raises `NotALine`.
        tare, zero: take the tare, set zero.
        recognises: tells whether a line is one that, of all dialects, most likely this one sends.
        inquiries: what the balance tells about itself, as far as the dialect knows commands for it.
        read_step: reads a line as an acknowledgement of tare or zero; None for a line that is none.
        confirms: the last acknowledgement is waited for; without, the effect alone tells that it was done.
        hush: ends a stream that somebody has asked for; sent at open, and whenever the line is out of step.
        tare_memory: asks for the tare that is in force; empty where the dialect has no such command.
        read_tare_memory: reads the answer to that.
        serial: how a serial line is usually set.
        settings: what a person must look at, because the balance cannot be asked.
    """

    word: str
    name: str
    weigh: bytes
    read_weight: Callable[[bytes], WeightLine]
    tare: bytes
    zero: bytes
    recognises: Callable[[bytes], bool]
    inquiries: Mapping[Fact, Inquiry] = field(default_factory=dict)
    read_step: Callable[[bytes], Step | Trouble | None] = _acknowledges_nothing
    confirms: bool = False
    hush: bytes = b""
    tare_memory: bytes = b""
    read_tare_memory: Callable[[bytes], WeightLine] | None = None
    serial: SerialSettings = field(default_factory=SerialSettings)
    settings: str = "auto zero and automatic adjustment"
