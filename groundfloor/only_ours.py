# SPDX-License-Identifier: Apache-2.0
"""Whether a file can only have been put there by this user, in a place that others may write to or know of.

In the folder for temporary files anybody may make a name before we do. What is found there counts only with the owner
and the mode that we ourselves would have given it, its folders too, and through no link but our own. The folders above
those may be anybody's who keeps others from putting another folder in the place of ours: else what is looked at and
what is opened a moment later need not be the same.
"""

import os
import stat
from pathlib import Path

from groundfloor.system.file_access import (
    in_a_group_of_one,
    is_ours,
    is_systems,
    others_may_put_another,
    others_may_write,
)

_FOLDERS = 2
"""The folder of the run, and the one that holds all of ours."""


def only_ours(path: Path) -> Path:
    """Return the file that `path` names, through one link at most.

    Args:
        path: a file, or a link to one, in a folder of a folder that we made.

    Raises:
        OSError: it is not there, it is no regular file, or somebody else could have made or changed it.
    """
    if path.is_symlink():
        _refuse_others(path)
        _refuse_foreign_folders(path)
        path = path.parent / path.readlink()
    if not stat.S_ISREG(_refuse_others(path)):
        raise PermissionError(f"{path} is no regular file")
    _refuse_foreign_folders(path)
    return path


def refuse_foreign(*paths: Path) -> None:
    """Refuse files and folders that somebody else could have made or changed.

    Raises:
        OSError: one is not there, belongs to another user, or others may write to it.
    """
    for path in paths:
        _refuse_others(path)


def refuse_foreign_file(descriptor: int, name: Path) -> None:
    """Refuse an open file that somebody else could have made or changed, whatever stands under its name by now.

    Raises:
        OSError: it belongs to another user, or others may write to it.
    """
    _refuse(descriptor, os.fstat(descriptor), name)


def refuse_open_ways(path: Path) -> None:
    """Refuse a path in which somebody else could put another folder in the place of one.

    Raises:
        OSError: a folder above it belongs to another user, or others may write to it and its sticky bit is not set.
    """
    for way in {path.absolute().parent, Path(os.path.realpath(path)).parent}:
        for folder in (way, *way.parents):
            found = folder.lstat()
            if not is_ours(folder, found) and not is_systems(folder, found):
                raise PermissionError(f"{folder}, which leads to {path.name}, belongs to somebody else")
            if others_may_put_another(folder, found):
                raise PermissionError(f"others may write to {folder}, and so put something else in the place of {path}")


def others_write(file: Path, found: os.stat_result) -> bool:
    """Tell whether others may write to a file or folder; a group that bears its only member's name is no other."""
    alone = not found.st_mode & stat.S_IWOTH and in_a_group_of_one(found)
    return others_may_write(file, found) and not alone


def _refuse_foreign_folders(path: Path) -> None:
    for folder in list(path.parents)[:_FOLDERS]:
        if not stat.S_ISDIR(_refuse_others(folder)):
            raise PermissionError(f"{folder} is no folder of our own")
    refuse_open_ways(path.parent)


def _refuse_others(path: Path) -> int:
    found = path.lstat()
    _refuse(path, found, path)
    return found.st_mode


def _refuse(file: Path | int, found: os.stat_result, path: Path) -> None:
    if not is_ours(file, found) or others_may_write(file, found):
        raise PermissionError(f"{path} could have been put there by somebody else")
