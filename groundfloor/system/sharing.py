# SPDX-License-Identifier: Apache-2.0
"""A folder that a group of users shares, and the files in it: a thing of POSIX; on Windows each user has their own."""

import os
import sys
from pathlib import Path

OWNER, GROUP = 0o600, 0o660

if sys.platform == "win32":
    from groundfloor.system.file_access import others_may_put_another, others_may_write

    def everybody_writes(folder: Path, found: os.stat_result) -> bool:
        """Tell whether anybody but its user may write to a folder."""
        return others_may_write(folder, found)

    def everybody_puts_another(folder: Path, found: os.stat_result) -> bool:
        """Tell whether others may put something else in the place of what stands in a folder."""
        return others_may_put_another(folder, found)

    def group_of_ours(found: os.stat_result) -> int | None:
        """Return None: no folder is shared."""
        return None

    def group_name(found: os.stat_result) -> str:
        """Return the group's number."""
        return f"number {found.st_gid}"

    def in_group(found: os.stat_result) -> bool:
        """Tell that this user is in no group."""
        return False

    def keeps_to_own(found: os.stat_result) -> bool:
        """Tell that nothing keeps the members of a group to what is their own."""
        return False

    def set_access(descriptor: int, group: int | None) -> None:
        """Leave it as it is: a new file has the access list of its folder."""

else:
    import grp
    import stat

    def everybody_writes(folder: Path, found: os.stat_result) -> bool:
        """Tell whether all users of this computer may write to a folder."""
        return bool(found.st_mode & stat.S_IWOTH)

    def everybody_puts_another(folder: Path, found: os.stat_result) -> bool:
        """Tell whether all users of this computer may put something else in the place of what stands in a folder."""
        return bool(found.st_mode & stat.S_IWOTH) and not found.st_mode & stat.S_ISVTX

    def group_of_ours(found: os.stat_result) -> int | None:
        """Return the number of the group that may write to a folder; None if it may not."""
        return found.st_gid if found.st_mode & stat.S_IWGRP else None

    def group_name(found: os.stat_result) -> str:
        """Return the name of the group of a folder."""
        try:
            return grp.getgrgid(found.st_gid).gr_name
        except KeyError:
            return f"number {found.st_gid}"

    def in_group(found: os.stat_result) -> bool:
        """Tell whether this user is in the group of a folder, or may do anything."""
        return found.st_gid in {os.getegid(), *os.getgroups()} or os.geteuid() == 0

    def keeps_to_own(found: os.stat_result) -> bool:
        """Tell whether a sticky bit keeps the members of a group to what is their own."""
        return bool(found.st_mode & stat.S_ISVTX)

    def set_access(descriptor: int, group: int | None) -> None:
        """Give an open file of ours the mode that it has to have, and its group.

        Raises:
            OSError: it is not ours, or we are no member of that group.
        """
        if group is not None and os.fstat(descriptor).st_gid != group:
            os.fchown(descriptor, -1, group)
        os.fchmod(descriptor, OWNER if group is None else GROUP)
