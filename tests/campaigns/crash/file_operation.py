# SPDX-License-Identifier: Apache-2.0
"""What a process does to files, as far as a disk can lose it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was done."""

    MAKE_FOLDER = "make folder"
    CREATE = "create"
    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    SYNC_FOLDER = "sync folder"
    RENAME = "rename"
    REMOVE = "remove"
    LINK = "link"
    SECOND_NAME = "second name"
    MODE = "mode"


NAMING = frozenset({Kind.MAKE_FOLDER, Kind.CREATE, Kind.RENAME, Kind.REMOVE, Kind.LINK, Kind.SECOND_NAME})
"""What changes a folder, and is safe only when that folder was synced."""


@dataclass(frozen=True)
class FileOperation:
    """One operation; paths are relative to the root that is watched.

    Attributes:
        kind: what.
        path: of the name that is made, taken away or synced.
        file: which file, by a number that it keeps when it is renamed; -1 for a folder or link.
        at_byte, data: of a write; `at_byte` is the new length of a truncation.
        target: where a rename leads, or what a link says.
        mode: of a new file or folder, or a changed one.
    """

    kind: Kind
    path: str
    file: int = -1
    at_byte: int = 0
    data: bytes = b""
    target: str = ""
    mode: int = 0
