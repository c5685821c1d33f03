# SPDX-License-Identifier: Apache-2.0
"""Whether a file can only have been put there by this user, in a place that others may write to or know of.

In the folder for temporary files anybody may make a name before we do. What is found there counts only with the owner
and the mode that we ourselves would have given it, its folders too, and through no link but our own.
"""

import os
import stat
from pathlib import Path

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
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


def _refuse_foreign_folders(path: Path) -> None:
    for folder in list(path.parents)[:_FOLDERS]:
        if not stat.S_ISDIR(_refuse_others(folder)):
            raise PermissionError(f"{folder} is no folder of our own")


def _refuse_others(path: Path) -> int:
    found = path.lstat()
    mode = 0 if stat.S_ISLNK(found.st_mode) else stat.S_IMODE(found.st_mode)  # a link's own mode says nothing
    if found.st_uid != os.geteuid() or mode & _OTHERS_WRITE:
        raise PermissionError(f"{path} could have been put there by somebody else")
    return found.st_mode
