# SPDX-License-Identifier: Apache-2.0
"""To whom a file belongs, and who may write to it: by owner and mode on POSIX, by owner and access list on Windows.

Each verb gets the file, as a path or as the number of an open one, and what `stat` found of it.
"""

import os
import stat
import sys
from pathlib import Path

if sys.platform == "win32":
    from groundfloor.system.access_list import SYSTEMS, AccessList
    from groundfloor.system.security_text import own_identifier, security_text

    def is_ours(file: Path | int, found: os.stat_result) -> bool:
        """Tell whether it belongs to the user of this process; what administrators make belongs to all of them."""
        owner = _list_of(file).owner
        return owner == own_identifier() or owner in SYSTEMS

    def is_systems(file: Path | int, found: os.stat_result) -> bool:
        """Tell whether it belongs to the system or its administrators."""
        return _list_of(file).owner in SYSTEMS

    def others_may_write(file: Path | int, found: os.stat_result) -> bool:
        """Tell whether anybody but its user may write to it."""
        return _list_of(file).others_write(own_identifier())

    def others_may_put_another(folder: Path, found: os.stat_result) -> bool:
        """Tell whether others may put something else in the place of what stands in a folder."""
        return _list_of(folder).others_put_another(own_identifier())

    def in_a_group_of_one(found: os.stat_result) -> bool:
        """Tell that no group of one is known here."""
        return False

    def owner_of(file: Path, found: os.stat_result) -> str:
        """Return to whom it belongs, as people may look it up; for comparing as well."""
        return _list_of(file).owner or "nobody who is named"

    def _list_of(file: Path | int) -> AccessList:
        return AccessList.of(security_text(file))

else:
    import grp
    import pwd

    _OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
    _ROOT = 0

    def is_ours(file: Path | int, found: os.stat_result) -> bool:
        """Tell whether it belongs to the user of this process."""
        return found.st_uid == os.geteuid()

    def is_systems(file: Path | int, found: os.stat_result) -> bool:
        """Tell whether it belongs to root."""
        return found.st_uid == _ROOT

    def others_may_write(file: Path | int, found: os.stat_result) -> bool:
        """Tell whether group or others may write to it; a link's own mode says nothing."""
        return not stat.S_ISLNK(found.st_mode) and bool(stat.S_IMODE(found.st_mode) & _OTHERS_WRITE)

    def others_may_put_another(folder: Path, found: os.stat_result) -> bool:
        """Tell whether others may put something else in the place of what stands in a folder.

        A group that bears its only member's name is no other; a sticky bit keeps everybody to what is their own.
        """
        group_of_one = not found.st_mode & stat.S_IWOTH and in_a_group_of_one(found)
        return others_may_write(folder, found) and not group_of_one and not found.st_mode & stat.S_ISVTX

    def in_a_group_of_one(found: os.stat_result) -> bool:
        """Tell whether its group bears the name of its owner, and has no other member."""
        try:
            user, group = pwd.getpwuid(found.st_uid), grp.getgrgid(found.st_gid)
        except KeyError:
            return False
        return user.pw_gid == group.gr_gid and user.pw_name == group.gr_name and set(group.gr_mem) <= {user.pw_name}

    def owner_of(file: Path, found: os.stat_result) -> str:
        """Return to whom it belongs, as people know it."""
        try:
            return pwd.getpwuid(found.st_uid).pw_name
        except KeyError:
            return f"user {found.st_uid}"
