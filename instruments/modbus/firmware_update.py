# SPDX-License-Identifier: Apache-2.0
"""A firmware update over Modbus: a block of the image is written into registers, then a command takes it.

Each command carries a number as all commands do, so none is carried out twice. A block that is written again changes
nothing, because it tells its number.
"""

import struct
from collections.abc import Callable, Sequence
from functools import partial

from groundfloor.errors import BenchFault
from instruments.firmware_update import UpdateMessage, UpdatePart
from instruments.pump import Command, CommandResult
from instruments.register_map.block import Block
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap

CRC, NUMBER, WORDS = "firmware_crc", "update_block_number", "update_words"
_BYTES_A_WORD = 2
Send = Callable[[Command, float], CommandResult]
Write = Callable[[Block, dict[str, Value]], None]


class FirmwareUpdatePoints:
    """The points of an update, of a map that has them.

    Attributes:
        crc: read for the image that runs.
    """

    def __init__(self, register_map: RegisterMap, asset: str) -> None:
        self._words = register_map.list_lengths.get(WORDS, 0)
        there = self._words and {CRC, NUMBER} <= set(register_map.points)
        if not there or Command.UPDATE_BEGIN not in register_map.point("command").values:
            seen = f"the register map has no {CRC}, {NUMBER}, {WORDS}, or no code for {Command.UPDATE_BEGIN}"
            raise BenchFault(asset, "update the firmware", seen, "add these points, see docs/register-maps.md")
        names = [NUMBER, *(f"{WORDS}[{place}].word" for place in range(self._words))]
        self._block = register_map.block(*names)
        self.crc: Sequence[Block] = register_map.blocks(CRC)

    def messages(self, image: bytes, write: Write, send: Send, *, authorised: bool) -> tuple[UpdateMessage, ...]:
        """Return the messages that carry an image over.

        Args:
            image: whole.
            write: writes a block of registers.
            send: gives a command once.
            authorised: whether an older image is asked for with authority.
        """
        size = self._words * _BYTES_A_WORD
        blocks = [image[at : at + size].ljust(size, b"\0") for at in range(0, len(image), size)]
        half = len(blocks) // 2
        begin = Command.UPDATE_BEGIN_AUTHORISED if authorised else Command.UPDATE_BEGIN
        return (
            UpdateMessage(UpdatePart.BEGIN, partial(send, begin, float(len(image)))),
            *(
                UpdateMessage(
                    UpdatePart.FIRST_HALF if number < half else UpdatePart.REST,
                    partial(self._send_block, number, block, write, send),
                )
                for number, block in enumerate(blocks)
            ),
            UpdateMessage(UpdatePart.FINISH, partial(send, Command.UPDATE_FINISH, 0.0)),
        )

    def _send_block(self, number: int, block: bytes, write: Write, send: Send) -> CommandResult:
        words = struct.unpack(f">{self._words}H", block)
        values: dict[str, Value] = {f"{WORDS}[{place}].word": word for place, word in enumerate(words)}
        write(self._block, {NUMBER: number, **values})
        return send(Command.UPDATE_BLOCK, float(number))
