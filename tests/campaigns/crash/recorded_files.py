# SPDX-License-Identifier: Apache-2.0
"""Writes down every change that this process makes to the files under one folder.

It stands in place of the calls of `os` that change files, and of `open`. That what it writes down is whole shows when
`disk_image` makes the folder again of it and finds no difference.
"""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from tests.campaigns.crash.file_operation import FileOperation, Kind

T = TypeVar("T")
Watcher = Callable[[FileOperation, str], None]
"""Is called with an operation, and where it is: `before` the disk has it, or `after`."""

_FOLDER = -1
_FLAGS = {"w": os.O_TRUNC | os.O_CREAT, "x": os.O_EXCL | os.O_CREAT, "a": os.O_APPEND | os.O_CREAT, "r": 0}


class RecordedFiles:
    """The changes under `root` since it was put in place.

    Attributes:
        root: an existing folder, empty at first.
        log: the operations, in their order.
        watch: called before and after each of them.
    """

    def __init__(self, root: Path) -> None:
        self.root = os.path.realpath(root)
        self.log: list[FileOperation] = []
        self.watch: Watcher = lambda _operation, _where: None
        self._numbers: dict[tuple[int, int], int] = {}
        self._made = 0
        self._open: dict[int, tuple[int, str]] = {}
        self._calls: dict[str, Callable[..., Any]] = {
            "mkdir": self.mkdir,
            "unlink": self.unlink,
            "remove": self.unlink,
            "rename": self.rename,
            "replace": self.rename,
            "link": self.link,
            "symlink": self.symlink,
            "chmod": self.chmod,
            "fchmod": self.fchmod,
            "open": self.open,
            "close": self.close,
            "write": self.write,
            "pwrite": self.pwrite,
            "ftruncate": self.ftruncate,
            "fsync": self.fsync,
            "fdatasync": self.fsync,
        }
        self._os: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in self._calls}
        self._io_open = io.open

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Record while the block runs."""
        with ExitStack() as stack:
            for name, call in self._calls.items():
                stack.enter_context(patch.object(os, name, call))
            for name in ("builtins.open", "io.open"):
                stack.enter_context(patch(name, self.open_file))
            stack.enter_context(patch.object(shutil, "_USE_CP_SENDFILE", new=False))  # the copy is made by `write`
            yield

    def _inside(self, path: Any, dir_fd: int | None = None) -> str | None:
        """Return `path` relative to the root; None where it is elsewhere, or no path."""
        if dir_fd is not None or isinstance(path, int):
            return None
        name = os.path.normpath(Path.cwd() / os.fsdecode(path))
        return os.path.relpath(name, self.root) if name == self.root or name.startswith(self.root + os.sep) else None

    def _is_open(self, fd: int) -> bool:
        """Tell whether a descriptor is that of a file that was opened here; a file object closes without telling us."""
        if fd not in self._open:
            return False
        if self._number(os.fstat(fd)) == self._open[fd][0]:
            return True
        del self._open[fd]
        return False

    def _do(self, operation: FileOperation, act: Callable[[], T]) -> T:
        self.watch(operation, "before")
        done = act()
        self.log.append(operation)
        self.watch(operation, "after")
        return done

    # --- names ------------------------------------------------------------------------------------------------------

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        """As `os.mkdir`."""
        inside = self._inside(path, dir_fd)
        if inside is None or os.path.lexists(path):
            self._os["mkdir"](path, mode, dir_fd=dir_fd)
            return
        self._do(FileOperation(Kind.MAKE_FOLDER, inside, mode=mode), lambda: self._os["mkdir"](path, mode))

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        """As `os.unlink`."""
        inside = self._inside(path, dir_fd)
        if inside is None or not os.path.lexists(path):
            self._os["unlink"](path, dir_fd=dir_fd)
            return
        found = os.lstat(path)
        self._do(FileOperation(Kind.REMOVE, inside), lambda: self._os["unlink"](path))
        if found.st_nlink == 1:
            self._numbers.pop((found.st_dev, found.st_ino), None)  # the system may give that number again

    def rename(self, src: Any, dst: Any, **folders: Any) -> None:
        """As `os.rename`."""
        source, target = self._inside(src), self._inside(dst)
        if source is None or target is None:
            self._os["rename"](src, dst, **folders)
            return
        with_name = os.lstat(dst) if os.path.lexists(dst) else None
        self._do(FileOperation(Kind.RENAME, source, target=target), lambda: self._os["rename"](src, dst))
        if with_name is not None:
            self._numbers.pop((with_name.st_dev, with_name.st_ino), None)

    def link(self, src: Any, dst: Any, **folders: Any) -> None:
        """As `os.link`."""
        inside = self._inside(dst)
        if inside is None or os.path.lexists(dst):
            self._os["link"](src, dst, **folders)
            return
        operation = FileOperation(Kind.SECOND_NAME, inside, self._number(os.lstat(src)))
        self._do(operation, lambda: self._os["link"](src, dst, **folders))

    def symlink(self, src: Any, dst: Any, *rest: Any, **more: Any) -> None:
        """As `os.symlink`."""
        inside = self._inside(dst)
        if inside is None or os.path.lexists(dst):
            self._os["symlink"](src, dst, *rest, **more)
            return
        self._do(FileOperation(Kind.LINK, inside, target=os.fsdecode(src)), lambda: self._os["symlink"](src, dst))

    def chmod(self, path: Any, mode: int, **more: Any) -> None:
        """As `os.chmod`."""
        inside = self._inside(path)
        if inside is None:
            self._os["chmod"](path, mode, **more)
            return
        operation = FileOperation(Kind.MODE, inside, self._number(Path(path).stat()), mode=mode)
        self._do(operation, lambda: self._os["chmod"](path, mode, **more))

    def fchmod(self, fd: int, mode: int) -> None:
        """As `os.fchmod`."""
        if not self._is_open(fd):
            self._os["fchmod"](fd, mode)
            return
        number, path = self._open[fd]
        self._do(FileOperation(Kind.MODE, path, number, mode=mode), lambda: self._os["fchmod"](fd, mode))

    # --- contents ---------------------------------------------------------------------------------------------------

    def _number(self, found: os.stat_result) -> int:
        return self._numbers.get((found.st_dev, found.st_ino), _FOLDER)

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        """As `os.open`."""
        inside = self._inside(path, dir_fd)
        if inside is None:
            return int(self._os["open"](path, flags, mode, dir_fd=dir_fd))
        if not os.path.lexists(path) and flags & os.O_CREAT:
            return self._create(path, inside, flags, mode)
        descriptor = int(self._os["open"](path, flags, mode))
        found = os.fstat(descriptor)
        self._open[descriptor] = (self._number(found), inside)
        if flags & os.O_TRUNC:
            self._do(FileOperation(Kind.TRUNCATE, inside, self._number(found)), lambda: None)
        return descriptor

    def _create(self, path: Any, inside: str, flags: int, mode: int) -> int:
        number, self._made = self._made, self._made + 1

        def create() -> int:
            descriptor = int(self._os["open"](path, flags, mode))
            found = os.fstat(descriptor)
            self._numbers[found.st_dev, found.st_ino] = number
            return descriptor

        descriptor = self._do(FileOperation(Kind.CREATE, inside, number, mode=mode & 0o777), create)
        self._open[descriptor] = (number, inside)
        return descriptor

    def close(self, fd: int) -> None:
        """As `os.close`."""
        self._open.pop(fd, None)
        self._os["close"](fd)

    def write(self, fd: int, data: Any) -> int:
        """As `os.write`."""
        if not self._is_open(fd):
            return int(self._os["write"](fd, data))
        at_byte = os.lseek(fd, 0, os.SEEK_CUR)
        return self._put(fd, bytes(data), at_byte, lambda: self._os["write"](fd, data))

    def pwrite(self, fd: int, data: Any, offset: int) -> int:
        """As `os.pwrite`."""
        if not self._is_open(fd):
            return int(self._os["pwrite"](fd, data, offset))
        return self._put(fd, bytes(data), offset, lambda: self._os["pwrite"](fd, data, offset))

    def _put(self, fd: int, data: bytes, at_byte: int, act: Callable[[], int]) -> int:
        number, path = self._open[fd]
        return int(self._do(FileOperation(Kind.WRITE, path, number, at_byte, data), act))

    def ftruncate(self, fd: int, length: int) -> None:
        """As `os.ftruncate`."""
        if not self._is_open(fd):
            self._os["ftruncate"](fd, length)
            return
        number, path = self._open[fd]
        self._do(FileOperation(Kind.TRUNCATE, path, number, length), lambda: self._os["ftruncate"](fd, length))

    def fsync(self, fd: int) -> None:
        """As `os.fsync`, of a disk that is quick: what is tried is what the bench asks for, and when.

        So is the disk on which a crash is gone on with: it is a copy in a temporary folder.
        """
        if not self._is_open(fd):
            return
        number, path = self._open[fd]
        kind = Kind.SYNC_FOLDER if number == _FOLDER else Kind.SYNC
        self._do(FileOperation(kind, path, number), lambda: None)

    def open_file(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        *rest: Any,
        **more: Any,
    ) -> Any:
        """As `open`; what is written goes through `write`."""
        own = self._is_open(file) if isinstance(file, int) else self._inside(file) is not None
        if not own or not set(mode) & set("wxa+"):
            return self._io_open(file, mode, buffering, encoding, errors, newline, *rest, **more)
        plain = mode.translate({ord("b"): None, ord("t"): None})
        raw = _RecordedFile(self, self._descriptor(file, mode), plain, closefd=more.get("closefd", True))
        if "b" in mode and buffering == 0:
            return raw
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding or "utf-8", errors, newline)

    def _descriptor(self, file: Any, mode: str) -> int:
        if isinstance(file, int):
            return file
        way = next(one for one in mode if one in _FLAGS)
        return self.open(file, _FLAGS[way] | (os.O_RDWR if "+" in mode else os.O_WRONLY) | os.O_CLOEXEC, 0o666)


class _RecordedFile(io.FileIO):
    """A file of Python's whose bytes go through the recorder."""

    def __init__(self, files: RecordedFiles, descriptor: int, mode: str, *, closefd: bool) -> None:
        super().__init__(descriptor, mode, closefd=closefd)
        self._files = files

    def write(self, data: Any) -> int:
        return self._files.write(self.fileno(), data)

    def truncate(self, size: int | None = None) -> int:
        length = self.tell() if size is None else size
        self._files.ftruncate(self.fileno(), length)
        return length

    def close(self) -> None:
        if not self.closed and self.closefd:
            self._files._open.pop(self.fileno(), None)
        super().close()
