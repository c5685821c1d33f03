# SPDX-License-Identifier: Apache-2.0
"""What stands on a disk: folders, links, and files with their bytes."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Self

from tests.campaigns.crash.file_operation import FileOperation, Kind

_UMASK = 0o022


@dataclass
class DiskFile:
    """One file: its bytes, and its mode where that is known already: bytes may be safe before the name is."""

    content: bytearray = field(default_factory=bytearray)
    mode: int | None = None

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

    def do(self, operation: FileOperation) -> None:
        """Do one operation; of one that needs a name that was lost, nothing is done."""
        match operation.kind:
            case Kind.MAKE_FOLDER:
                self.folders[operation.path] = operation.mode & ~_UMASK
            case Kind.CREATE:
                self.names[operation.path] = operation.file
                made = self.files.setdefault(operation.file, DiskFile())
                made.mode = operation.mode & ~_UMASK if made.mode is None else made.mode
            case Kind.WRITE | Kind.TRUNCATE:
                self.files.setdefault(operation.file, DiskFile()).put(operation)
            case Kind.RENAME:
                self._rename(operation.path, operation.target)
            case Kind.REMOVE:
                self.names.pop(operation.path, None)
                self.links.pop(operation.path, None)
            case Kind.SECOND_NAME:
                self.names[operation.path] = operation.file
                self.files.setdefault(operation.file, DiskFile())
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
        found |= {
            name: (self.files[file].mode or 0, bytes(self.files[file].content)) for name, file in self.names.items()
        }
        return {name: one for name, one in found.items() if _parents(name) <= reachable}

    def copy(self) -> Self:
        """Return an image that goes its own way."""
        files = {number: DiskFile(bytearray(one.content), one.mode) for number, one in self.files.items()}
        return replace(self, folders=dict(self.folders), links=dict(self.links), names=dict(self.names), files=files)

    def after(self, operations: Iterable[FileOperation]) -> Self:
        """Return what is there when `operations` are done as well."""
        image = self.copy()
        for operation in operations:
            image.do(operation)
        return image

    def digest(self) -> str:
        """Return a hash of what a reader finds."""
        told = hashlib.sha256()
        for name, (mode, data) in sorted(self.content().items()):
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
