# SPDX-License-Identifier: Apache-2.0
"""A copy of a folder that is made whole again after each change: a copy anew costs more than what is tried on it."""

import os
import shutil
import stat
import time
from pathlib import Path
from typing import NamedTuple

from groundfloor.wall_clock import Deadline

LIMIT_S = 60.0
"""For the clock of the file system to go on."""


class _Stamp(NamedTuple):
    """What of a file is another once anybody has changed it; of a folder only `mode` counts."""

    mode: int
    inode: int
    size: int
    changed_ns: int


class RestoredCopy:
    """Holds `place` to be what `original` is.

    Args:
        original: is never changed.
        place: of the copy; nothing is there.
    """

    def __init__(self, original: Path, place: Path) -> None:
        self._original = original
        self.place = place
        self._copy_all()

    def restored(self) -> Path:
        """Take away what came, put back what went or was changed, and return the folder."""
        if not self._is_folder(self.place) or any(not self._is_folder(self.place / one) for one in self._folders):
            _remove(self.place)
            self._copy_all()
            return self.place
        put_back = False
        for folder in self._folders:
            for entry in list(os.scandir(self.place / folder)):
                name = folder + entry.name
                if f"{name}/" not in self._folders and self._files.get(name) != _stamp(Path(entry.path)):
                    _remove(Path(entry.path))
        for name in self._files:
            if not os.path.lexists(self.place / name):
                shutil.copy2(self._original / name, self.place / name)
                self._files[name] = _stamp(self.place / name)
                put_back = True
        if put_back:
            self._let_the_clock_go_on()
        return self.place

    def _copy_all(self) -> None:
        shutil.copytree(self._original, self.place)
        self._folders, self._files = {""}, dict[str, _Stamp]()
        for path in self.place.rglob("*"):
            name = path.relative_to(self.place).as_posix()
            if path.is_dir():
                self._folders.add(f"{name}/")
            else:
                self._files[name] = _stamp(path)
        self._let_the_clock_go_on()

    def _is_folder(self, path: Path) -> bool:
        return os.path.lexists(path) and stat.S_ISDIR(path.lstat().st_mode)

    def _let_the_clock_go_on(self) -> None:
        """Wait until a change would have another stamp than the last copy: a file system's clock ticks coarsely."""
        newest_ns, limit = max(one.changed_ns for one in self._files.values()), Deadline(LIMIT_S)
        probe = self.place.with_name(f"{self.place.name}-clock")
        probe.touch()
        while probe.stat().st_ctime_ns <= newest_ns:
            assert not limit.passed()
            time.sleep(0.001)
            probe.touch()
        probe.unlink()


def _stamp(path: Path) -> _Stamp:
    found = path.lstat()
    return _Stamp(found.st_mode, found.st_ino, found.st_size, found.st_ctime_ns)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
