# SPDX-License-Identifier: Apache-2.0
"""The folder in which this computer keeps who holds which bench: one user's own, or one that a group shares.

What stands there decides who is let onto a bench, so nobody but its users may write there. A folder that its group may
write to is shared: each member of the group is a colleague, who is believed when a lock says that he has the bench,
and who may take it away as anybody at the bench may. For nothing else is a colleague believed: not for journals, for
what continues them, nor for what a run folder says about code and processes (`groundfloor.only_ours`).
"""

import os
from pathlib import Path

from groundfloor.errors import BenchFault
from groundfloor.system import sharing
from groundfloor.system.file_access import is_ours
from groundfloor.system.file_access import owner_of as owner
from groundfloor.system.forced_to_disk import force_names
from groundfloor.system.user import user_name

VARIABLE = "PUMPBENCH_STATE"
"""Environment variable that names another folder for the leases: one that the users of a computer share."""
_SHARE = "share it as docs/how-to/share-a-bench.md says, or name another folder with " + VARIABLE


class StateFolder:
    """A folder of leases.

    Attributes:
        path: where it is, with all links followed.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))

    def make_ready(self) -> int | None:
        """Make it if it is not there, see that nobody writes into it who must not, and return the group that shares it.

        Returns:
            The number of the group; None for a folder of this user alone.

        Raises:
            BenchFault: others could write there, or it is another user's and not shared with us.
            OSError: it cannot be made.
        """
        if not self.path.is_dir():
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            force_names(self.path.parent)
        self._refuse_open_ways()
        found = self.path.stat()
        if sharing.everybody_writes(self.path, found):
            raise self._refused("everybody may write to it", _SHARE)
        if (group := sharing.group_of_ours(found)) is not None:
            return self._checked(group, found)
        if not is_ours(self.path, found):
            raise self._refused(f"it belongs to {owner(self.path, found)} alone", _SHARE)
        return None

    def _checked(self, group: int, found: os.stat_result) -> int:
        name = sharing.group_name(found)
        if not sharing.in_group(found):
            seen = f"it is shared by the group {name}, which {user_name()} is not in"
            raise self._refused(seen, f"be added to the group {name}, log in anew, then try again")
        if sharing.keeps_to_own(found):
            seen = f"its sticky bit keeps the members of the group {name} from taking over from each other"
            raise self._refused(seen, f"chmod -t {self.path}")
        return group

    def _refuse_open_ways(self) -> None:
        """Refuse a folder that somebody else could put another one in the place of."""
        for folder in self.path.parents:
            if sharing.everybody_puts_another(folder, folder.stat()):
                raise self._refused(f"everybody may put another one in its place: they may write to {folder}", _SHARE)

    def _refused(self, seen: str, next_step: str) -> BenchFault:
        return BenchFault(f"lease folder {self.path}", "use", seen, next_step)


def owner_of(path: Path) -> str:
    """Return the name of the user to whom a file belongs; empty where nobody can tell."""
    try:
        return owner(path, path.lstat())
    except OSError:
        return ""
