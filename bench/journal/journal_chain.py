# SPDX-License-Identifier: Apache-2.0
"""The chain that a journal's lines form: each carries its number and the SHA-256 of the line before."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from bench.journal.lines import Sample

CHAIN_START = "0" * 64
_encoded = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode  # made once, used for every line
_sample_encoded = msgspec.json.Encoder().encode


class Chain:
    """Where a chain has come to.

    Attributes:
        sequence: the number of the next line.
        previous_sha256: what the next line says of the line before it.
        length: bytes of all lines so far, with their line feeds.
    """

    def __init__(self, sequence: int = 0, previous_sha256: str = CHAIN_START, length: int = 0) -> None:
        self.sequence = sequence
        self.previous_sha256 = previous_sha256
        self.length = length

    def line(self, t_s: float, kind: str, data: Mapping[str, Any] | Sample) -> bytes:
        """Return the next line, line feed included; the chain goes on only when it is told to `follow` it.

        Raises:
            ValueError: the data hold a number that JSON has no word for.
            TypeError: they hold something that is no JSON.
        """
        entry = {
            "seq": self.sequence,
            "t": round(t_s, 6),
            "kind": kind,
            "data": data,
            "prev": self.previous_sha256,
        }
        if isinstance(
            data, Sample
        ):  # its model has let finite numbers through only, which this encoder does not look at
            line = _sample_encoded(entry)
            if line.isascii():
                return line + b"\n"
            entry["data"] = msgspec.to_builtins(data)
        return _encoded(entry).encode("ascii") + b"\n"

    def follow(self, line: bytes) -> None:
        """Take `line` as the one before the next."""
        self.previous_sha256 = hashlib.sha256(line[:-1]).hexdigest()
        self.sequence += 1
        self.length += len(line)

    def copy(self) -> "Chain":
        """Return where it is now, which stays when the chain goes on."""
        return Chain(self.sequence, self.previous_sha256, self.length)
