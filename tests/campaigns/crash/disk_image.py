# SPDX-License-Identifier: Apache-2.0
"""What a file system may leave of a list of operations when the power goes: SQLite's way of trying a crash.

Operations reach the disk when somebody syncs; before that they may be lost, done in part, or done in another order.
Names are a folder's contents, and are safe when the folder was synced; a file's own sync keeps its bytes only. That is
what POSIX promises; most file systems keep more.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Self

from tests.campaigns.crash.file_operation import NAMING, FileOperation, Kind

SECTOR_BYTES = 512
_UMASK = 0o022


@dataclass
class DiskFile:
    """One file: its bytes, its mode."""

    content: bytearray = field(default_factory=bytearray)
    mode: int = 0o644

    def put(self, operation: FileOperation) -> None:
        """Do a write or a truncation."""
        end = operation.at_byte + len(operation.data)
        if operation.kind is Kind.TRUNCATE:
            self.content = self.content[: operation.at_byte].ljust(operation.at_byte, b"\0")
            return
        self.content = self.content.ljust(end, b"\0")
        self.content[operation.at_byte : end] = operation.data


@dataclass
class DiskImage:
    """Folders, links and files by their names."""

    folders: dict[str, int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    files: dict[int, DiskFile] = field(default_factory=dict)

    @classmethod
    def of(cls, operations: Iterable[FileOperation]) -> Self:
        """Return what is there when all of it was done."""
        image = cls()
        for operation in operations:
            image.do(operation)
        return image

    def do(self, operation: FileOperation) -> None:
        """Do one operation; of one that needs a name that was lost, nothing is done."""
        match operation.kind:
            case Kind.MAKE_FOLDER:
                self.folders[operation.path] = operation.mode & ~_UMASK
            case Kind.CREATE:
                self.names[operation.path] = operation.file
                self.files.setdefault(operation.file, DiskFile()).mode = operation.mode & ~_UMASK
            case Kind.WRITE | Kind.TRUNCATE:
                self.files.setdefault(operation.file, DiskFile()).put(operation)
            case Kind.RENAME:
                self._rename(operation.path, operation.target)
            case Kind.REMOVE:
                self.names.pop(operation.path, None)
                self.links.pop(operation.path, None)
            case Kind.LINK:
                self.links[operation.path] = operation.target
            case Kind.MODE:
                self.files.setdefault(operation.file, DiskFile()).mode = operation.mode
            case Kind.SYNC | Kind.SYNC_FOLDER:
                pass

    def _rename(self, source: str, target: str) -> None:
        if source in self.names:
            self.names[target] = self.names.pop(source)
        elif source in self.folders:
            raise NotImplementedError("no folder is renamed in a run")

    def content(self) -> dict[str, tuple[int, bytes]]:
        """Return what a reader finds: by name the mode, and the bytes or where the link leads."""
        reachable = {".", *self.folders}
        found = {name: (mode, b"a folder") for name, mode in self.folders.items()}
        found |= {name: (0, target.encode()) for name, target in self.links.items()}
        found |= {name: (self.files[file].mode, bytes(self.files[file].content)) for name, file in self.names.items()}
        return {name: one for name, one in found.items() if _parents(name) <= reachable}

    def digest(self, without: Sequence[str] = ()) -> str:
        """Return a hash of what a reader finds; names with one of the parts `without` do not count."""
        told = hashlib.sha256()
        for name, (mode, data) in sorted(self.content().items()):
            if not set(PurePosixPath(name).parts) & set(without):
                told.update(f"{name}\0{mode}\0{len(data)}\0".encode() + data)
        return told.hexdigest()

    def make(self, root: Path) -> None:
        """Make it under `root`, an empty folder."""
        found = self.content()
        for name in sorted(found):
            path, (mode, data) = root / name, found[name]
            if name in self.folders:
                path.mkdir()
                path.chmod(mode)
            elif name in self.links:
                path.symlink_to(data.decode())
            else:
                path.write_bytes(data)
                path.chmod(mode)


def _parents(name: str) -> set[str]:
    return {str(parent) for parent in PurePosixPath(name).parents}


def contents_of(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return what really is under `root`, as `DiskImage.content` tells it."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder, name)
            mode = path.lstat().st_mode & 0o777
            if path.is_symlink():
                one = (0, os.fsencode(path.readlink()))
            else:
                one = (mode, b"a folder" if path.is_dir() else path.read_bytes())
            found[str(path.relative_to(root))] = one
    return found


@dataclass(frozen=True)
class Damage:
    """One thing that a crash can leave on the disk.

    Attributes:
        name: of the way.
        image: what is on the disk.
        loses_power: what was written and not synced may be gone; else only the process died.
        as_another: it differs from another one in nothing but the length of a torn line.
    """

    name: str
    image: DiskImage
    loses_power: bool = False
    as_another: bool = False

    @cached_property
    def digest(self) -> str:
        """Return the image's own."""
        return self.image.digest()


def kept(operations: Sequence[FileOperation]) -> list[bool]:
    """Tell of each operation whether it is safe: a sync of its file, or of the folder of its name, came after it."""
    safe = [False] * len(operations)
    synced_files: set[int] = set()
    synced_folders: set[str] = set()
    for index in range(len(operations) - 1, -1, -1):
        operation = operations[index]
        if operation.kind is Kind.SYNC:
            synced_files.add(operation.file)
        elif operation.kind is Kind.SYNC_FOLDER:
            synced_folders.add(operation.path)
        safe[index] = (
            str(PurePosixPath(operation.target or operation.path).parent) in synced_folders
            if operation.kind in NAMING and operation.kind is not Kind.LINK
            else str(PurePosixPath(operation.path).parent) in synced_folders
            if operation.kind is Kind.LINK
            else operation.file in synced_files
        )
    return safe


def torn(operations: Sequence[FileOperation], last: FileOperation) -> Iterator[Damage]:
    """Return what is on the disk when `last` was under way after `operations`: of a write, a part."""
    if last.kind is not Kind.WRITE or len(last.data) < 3:
        return
    half = len(last.data) // 2
    for bytes_there in (half, 1, len(last.data) - 1):
        part = replace(last, data=last.data[:bytes_there])
        yield Damage(_TORN[bytes_there > 1, bytes_there > half], DiskImage.of([*operations, part]),
                     as_another=bytes_there != half)


_TORN = {(True, False): "torn in the middle", (False, False): "torn behind its first byte", (True, True): "torn before its last byte"}


def damages(operations: Sequence[FileOperation]) -> Iterator[Damage]:
    """Return what may be on the disk after `operations`.

    Nothing is told twice: the second of two equal images is left out.
    """
    seen: set[str] = set()
    for damage in _all_damages(operations):
        if damage.digest not in seen:
            seen.add(damage.digest)
            yield damage


def _all_damages(operations: Sequence[FileOperation]) -> Iterator[Damage]:
    yield Damage("all of it written", DiskImage.of(operations))
    safe = kept(operations)
    told = [one for one, is_safe in zip(operations, safe, strict=True) if is_safe]
    named = [one for one, is_safe in zip(operations, safe, strict=True) if is_safe or one.kind in NAMING]
    yield Damage("bytes that nobody synced lost", DiskImage.of(named), loses_power=True)
    yield Damage("bytes and names that nobody synced lost", DiskImage.of(told), loses_power=True)
    yield from _reordered(operations, safe)


def _reordered(operations: Sequence[FileOperation], safe: Sequence[bool]) -> Iterator[Damage]:
    """Return images in which a later sector of unsynced bytes is there and an earlier one is not."""
    written = [op for op, ok in zip(operations, safe, strict=True) if op.kind is Kind.WRITE and not ok]
    if not written:
        return
    base = DiskImage.of(operations)
    file, content = written[-1].file, base.files[written[-1].file].content
    begin = min(op.at_byte for op in written if op.file == file)
    end = len(content)
    sectors = sorted({*range(begin - begin % SECTOR_BYTES, end, SECTOR_BYTES)})
    if len(sectors) < 2:
        return
    first, last = (begin, sectors[1]), (begin, sectors[-1])
    for name, (start, stop) in (("first sector lost", first), ("all sectors lost but the last", last)):
        image = DiskImage.of(operations)
        image.files[file].content[start:stop] = bytes(stop - start)
        yield Damage(name, image, loses_power=True)
