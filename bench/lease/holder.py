# SPDX-License-Identifier: Apache-2.0
"""Who holds a bench: a process of a user on a host."""

import getpass
import os
import re
import socket
from dataclasses import dataclass
from typing import Self

from groundfloor.system.user import user_number


@dataclass(frozen=True)
class Holder:
    """A process of a user on a host; written `user@host:pid`."""

    user: str
    host: str
    pid: int

    @classmethod
    def here(cls) -> Self:
        """Return this process."""
        return cls(_plain(_user()), _plain(socket.gethostname()), os.getpid())

    @property
    def person(self) -> str:
        """Return `user@host`."""
        return f"{self.user}@{self.host}"

    def __str__(self) -> str:
        return f"{self.person}:{self.pid}"

    def shortened(self, characters: int) -> str:
        """Return `user@host:pid` in at most so many characters; the process id stays whole."""
        end = f":{self.pid}"
        return self.person[: characters - len(end)] + end


def is_called(text: str, name: str) -> bool:
    """Tell whether `name`, as `user@host` or `user@host:pid`, means the holder that `text` tells."""
    return bool(name) and (text == name or text.rpartition(":")[0] == name)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a process in a container may run under a number that has no name
        return f"uid{user_number()}"


def _plain(text: str) -> str:
    """Return `text` as the rig's registers and a terminal can show it: printable ASCII without `@`, `:` and blanks."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)[:64] or "unnamed"
