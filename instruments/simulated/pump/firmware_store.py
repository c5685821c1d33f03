# SPDX-License-Identifier: Apache-2.0
"""Where a pump keeps its firmware: one place for the image that runs, one for the image that is being received.

The running one changes in a single step, when the other is whole and was checked. So whatever is cut when, one of the
two runs, and all of it.
"""

import math
import struct
import zlib
from collections.abc import Callable, Mapping

from instruments.pump import CommandResult
from instruments.register_map.codec import Value
from instruments.simulated.specimen.firmware_image import FirmwareImage
from instruments.simulated.specimen.update_faults import UpdateFaults
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

WORDS_A_BLOCK = 32
BYTES_A_BLOCK = 2 * WORDS_A_BLOCK
LARGEST_IMAGE = 1 << 20
CHECK_TAKES_S = 5.0
NUMBER = "update_block_number"
POINTS = (NUMBER, *(f"update_words[{place}].word" for place in range(WORDS_A_BLOCK)))


class FirmwareStore:
    """Takes an image block by block.

    Args:
        timeline: the twin's time.
        running: the image that runs.
        faults: what is wrong with it.
        activated: called when another image has begun to run.

    Attributes:
        values: what the registers of a block hold.
    """

    def __init__(
        self, timeline: Timeline, running: FirmwareImage, faults: UpdateFaults, activated: Callable[[], None]
    ) -> None:
        self._timeline = timeline
        self._running = running
        self._shown = running.version
        self._faults = faults
        self._activated = activated
        self._size = 0
        self._authorised = False
        self._blocks: dict[int, bytes] = {}
        self._checking = Timer(timeline, self._run)
        self.values: dict[str, Value] = dict.fromkeys(POINTS, 0)

    @property
    def version(self) -> str:
        """Return the version that is shown."""
        return self._shown

    @property
    def crc(self) -> int:
        """Return the CRC-32 of the image that runs."""
        return zlib.crc32(self._running.content)

    def write(self, values: Mapping[str, Value]) -> None:
        """Take what is written into the registers of a block."""
        self.values.update(values)

    def begin(self, size: float, *, authorised: bool) -> CommandResult:
        """Make room for an image of so many bytes; what was received before is forgotten."""
        self.forget()
        if not 0 < size <= LARGEST_IMAGE:
            return CommandResult.BAD_CHECKSUM
        self._size, self._authorised = int(size), authorised
        return CommandResult.ACCEPTED

    def take_block(self, number: float) -> CommandResult:
        """Take the block that stands in the registers."""
        if not self._size:
            return CommandResult.WRONG_STATE
        if number != self.values[NUMBER] or number * BYTES_A_BLOCK >= self._size:
            return CommandResult.BAD_CHECKSUM
        words = [self.values[name] for name in POINTS[1:]]
        self._blocks[int(number)] = struct.pack(f">{WORDS_A_BLOCK}H", *words)
        return CommandResult.ACCEPTED

    def finish(self) -> CommandResult:
        """Check what was received, and run it a moment later; an image that is refused is forgotten."""
        if not self._size:
            return CommandResult.WRONG_STATE
        image = FirmwareImage.read(self._received)
        if image is None or not self._may_run(image):
            self.forget()
            return CommandResult.BAD_CHECKSUM
        self._checking.set_at(self._timeline.now_s + CHECK_TAKES_S)
        return CommandResult.ACCEPTED

    def power_lost(self) -> None:
        """Forget what was received; a bad pump runs the part that had come."""
        if self._blocks and self._faults.half_image_runs:
            rest = self._running.content[len(self._received) :]
            self._running = FirmwareImage(self._running.model, self._running.version, self._received + rest)
            self._shown = f"{self._running.version.partition('-')[0]}x-twin"
        self.forget()

    def forget(self) -> None:
        """Drop what was received; the image that runs stays."""
        self._size, self._authorised = 0, False
        self._blocks.clear()
        self._checking.set_at(math.inf)

    @property
    def _received(self) -> bytes:
        return b"".join(self._blocks[number] for number in sorted(self._blocks))[: self._size]

    def _may_run(self, image: FirmwareImage) -> bool:
        fits = image.is_sound and image.model == self._running.model
        newer = image.rank >= self._running.rank or self._authorised or self._faults.takes_older
        return (fits or self._faults.takes_any) and newer

    def _run(self) -> None:
        image = FirmwareImage.read(self._received)
        if image is not None:  # it was checked
            self._shown = image.version
            self._running = self._running if self._faults.says_new_runs_old else image
            self.forget()
            self._activated()
