# SPDX-License-Identifier: Apache-2.0
"""What a file system may leave of what was done to it when the process dies, or the power goes: SQLite's way.

Operations reach the disk when somebody syncs; before that they may be lost, done in part, or done in another order.
Names are a folder's contents, and are safe when the folder was synced; a file's own sync keeps its bytes only. That is
what POSIX promises; most file systems keep more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from tests.campaigns.crash.disk_image import DiskImage
from tests.campaigns.crash.file_operation import NAMING, FileOperation, Kind

SECTOR_BYTES = 512


@dataclass(frozen=True)
class Damage:
    """One thing that a crash can leave on the disk.

    Attributes:
        name: of the way.
        image: what is on the disk.
        loses_power: what was written and not synced may be gone; else only the process died.
    """

    name: str
    image: DiskImage
    loses_power: bool = False

    @cached_property
    def digest(self) -> str:
        """Return the image's own."""
        return self.image.digest()


class RecordedDisk:
    """A disk that operations are done to, one after another.

    Attributes:
        safe: what is on it for sure.
        pending: what was done since and may be lost.
    """

    def __init__(self) -> None:
        self.safe = DiskImage()
        self.pending: list[FileOperation] = []

    @property
    def written(self) -> DiskImage:
        """Return what a process reads there."""
        return self.safe.after(self.pending)

    def do(self, operation: FileOperation) -> None:
        """Do one operation."""
        if operation.kind not in (Kind.SYNC, Kind.SYNC_FOLDER):
            self.pending.append(operation)
            return
        for one in self.pending:
            if _is_kept(one, operation):
                self.safe.do(one)
        self.pending = [one for one in self.pending if not _is_kept(one, operation)]

    def torn(self, under_way: FileOperation) -> Iterator[Damage]:
        """Return what is there when a process dies in the middle of a write."""
        if under_way.kind is not Kind.WRITE or len(under_way.data) < 3:
            return
        half, most = len(under_way.data) // 2, len(under_way.data) - 1
        for name, there in (("in the middle", half), ("behind its first byte", 1), ("before its last byte", most)):
            part = replace(under_way, data=under_way.data[:there])
            yield Damage(f"torn {name}", self.safe.after([*self.pending, part]))

    def damages(self) -> Iterator[Damage]:
        """Return what may be there now; the second of two equal images is left out."""
        seen: set[str] = set()
        for damage in self._all_damages():
            if damage.digest not in seen:
                seen.add(damage.digest)
                yield damage

    def _all_damages(self) -> Iterator[Damage]:
        yield Damage("all of it written", self.written)
        named = self.safe.after(one for one in self.pending if one.kind in NAMING)
        yield Damage("bytes that nobody synced lost", named, loses_power=True)
        yield Damage("bytes and names that nobody synced lost", self.safe, loses_power=True)
        yield from self._reordered()

    def _reordered(self) -> Iterator[Damage]:
        """Return images in which a later sector of what nobody synced is there and an earlier one is not."""
        writes = [one for one in self.pending if one.kind is Kind.WRITE]
        if not writes:
            return
        file = writes[-1].file
        begin, end = min(one.at_byte for one in writes if one.file == file), len(self.written.files[file].content)
        sectors = range(begin - begin % SECTOR_BYTES, end, SECTOR_BYTES)
        if len(sectors) < 2:
            return
        for name, stop in (("first sector lost", sectors[1]), ("all sectors lost but the last", sectors[-1])):
            image = self.written
            image.files[file].content[begin:stop] = bytes(stop - begin)
            yield Damage(name, image, loses_power=True)


def _is_kept(operation: FileOperation, sync: FileOperation) -> bool:
    if operation.kind not in NAMING:
        return sync.kind is Kind.SYNC and operation.file == sync.file
    name = operation.target if operation.kind is Kind.RENAME else operation.path
    return sync.kind is Kind.SYNC_FOLDER and str(PurePosixPath(name).parent) == sync.path


def common_lines(content: bytes, true: bytes) -> bytes:
    """Return the whole lines with which `content` and `true` both begin."""
    same, other = 0, min(len(content), len(true)) + 1
    while other - same > 1:
        middle = (same + other) // 2
        same, other = (middle, other) if content[:middle] == true[:middle] else (same, middle)
    return content[: content.rfind(b"\n", 0, same) + 1]
