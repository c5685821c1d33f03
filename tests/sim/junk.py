# SPDX-License-Identifier: Apache-2.0
"""Junk in the place of a file: whatever a broken disk, another program or a hostile hand leaves there."""

import json
import os
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

DEEP = 100_000
DIGITS = 1_000_000
SPARSE_BYTES = 1 << 40
"""As long as this a file takes no room on the disk, and more than anybody has of memory."""

Junk = Callable[[Path, bytes], None]
"""Puts junk at a path where nothing stands; it is told what the file held before."""


def _bytes(content: bytes | Callable[[bytes], bytes]) -> Junk:
    def put(path: Path, before: bytes) -> None:
        path.write_bytes(content(before) if callable(content) else content)

    return put


def _pipe(path: Path, _before: bytes) -> None:
    os.mkfifo(path)


def _socket(path: Path, _before: bytes) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's name may have a hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def _endless(path: Path, _before: bytes) -> None:
    with path.open("wb") as file:
        file.truncate(SPARSE_BYTES)


def _link(target: str) -> Junk:
    return lambda path, _before: path.symlink_to(target)


def _full_folder(path: Path, before: bytes) -> None:
    path.mkdir()
    (path / path.name).write_bytes(before)


def _other_values(value: object) -> Callable[[bytes], bytes]:
    """Every value at the top replaced by `value`; what is no JSON becomes an object that holds it."""

    def spoil(before: bytes) -> bytes:
        lines = before.splitlines() or [b""]
        spoilt = []
        for line in lines if len(lines) > 1 and before.startswith(b'{"') else [before]:
            try:
                content: Any = json.loads(line)
            except ValueError:
                content = {"seq": 0}
            names = content if isinstance(content, dict) else ["seq"]
            spoilt.append(json.dumps(dict.fromkeys(names, value)).encode())
        return b"\n".join(spoilt) + b"\n"

    return spoil


JUNK: Mapping[str, Junk] = {
    "nothing": _bytes(b""),
    "gone": lambda _path, _before: None,
    "zeros": _bytes(b"\0" * 10_000),
    "noise": _bytes(bytes(range(256)) * 40),
    "utf-16": _bytes(lambda before: before.decode("utf-8", "replace").encode("utf-16")),
    "latin-1": _bytes(lambda before: b'"\xe4\xf6\xfc" = "\xdf"\n' + before),
    "cut": _bytes(lambda before: before[: len(before) // 2]),
    "twice": _bytes(lambda before: before + before),
    "null": _bytes(b"null\n"),
    "a number": _bytes(b"17\n"),
    "a text": _bytes(b'"text"\n'),
    "a list": _bytes(b"[1, 2]\n"),
    "an empty object": _bytes(b"{}\n"),
    "lists in lists": _bytes(b"[" * DEEP),
    "objects in objects": _bytes(b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"\n"),
    "tables in tables": _bytes(b"a = " + b"{b = " * DEEP + b"\n"),
    "a long number": _bytes(b'{"seq": ' + b"9" * DIGITS + b', "pid": ' + b"9" * DIGITS + b"}\n"),
    "a great exponent": _bytes(b'{"seq": 1e999999999, "pid": -1e400, "x": NaN}\n'),
    "all null": _bytes(_other_values(None)),
    "all lists": _bytes(_other_values([[]])),
    "all texts": _bytes(_other_values("\ud800\x1b[2J")),
    "all great": _bytes(_other_values(2**70)),
    "folder": _full_folder,
    "pipe": _pipe,
    "socket": _socket,
    "endless": _endless,
    "device": _link("/dev/zero"),
    "link to nowhere": _link("nowhere"),
    "link to itself": lambda path, _before: path.symlink_to(path.name),
    "link out": _link("/etc/passwd"),
}


def put_junk(path: Path, kind: str) -> None:
    """Take away what stands at `path` and put junk there."""
    before = path.read_bytes() if path.is_file() else b""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    JUNK[kind](path, before)
