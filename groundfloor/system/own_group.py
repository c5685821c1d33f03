# SPDX-License-Identifier: Apache-2.0
"""How a child process is started that nothing reaches which is meant for its parent."""

import sys
from typing import TypedDict

if sys.platform == "win32":
    import subprocess

    class GroupOptions(TypedDict):
        """What `subprocess.Popen` is told."""

        creationflags: int

    def detached() -> GroupOptions:
        """Return what keeps Ctrl-C and the end of the console from a child, and lets it outlive its parent."""
        return GroupOptions(creationflags=subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP)

    def own_group() -> GroupOptions:
        """Return what keeps Ctrl-C from a child that has the console of its parent."""
        return GroupOptions(creationflags=subprocess.CREATE_NEW_PROCESS_GROUP)

else:

    class GroupOptions(TypedDict, total=False):
        """What `subprocess.Popen` is told."""

        start_new_session: bool
        process_group: int | None

    def detached() -> GroupOptions:
        """Return what keeps Ctrl-C and the end of the terminal from a child, and lets it outlive its parent."""
        return GroupOptions(start_new_session=True)

    def own_group() -> GroupOptions:
        """Return what keeps signals to the group of its parent from a child."""
        return GroupOptions(process_group=0)
