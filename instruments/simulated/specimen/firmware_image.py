# SPDX-License-Identifier: Apache-2.0
"""Firmware images of simulated pumps: model and version in front, then a body, then a signature over both."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Self

_KEY = b"a key that only twins know"
_HEAD, _BODY, _SIGNATURE = 48, 160, 32
_SEPARATOR = "\n"


@dataclass(frozen=True)
class FirmwareImage:
    """What an image says of itself.

    Attributes:
        model: of the pump that it is for.
        version: as the pump shows it.
        content: all of it.
    """

    model: str
    version: str
    content: bytes

    @classmethod
    def made(cls, model: str, version: str) -> Self:
        """Return the image of a version for a model."""
        head = _SEPARATOR.join((model, version)).encode("utf-8").ljust(_HEAD, b"\0")
        body = hashlib.shake_256(head).digest(_BODY)
        return cls(model, version, head + body + hmac.digest(_KEY, head + body, "sha256"))

    @classmethod
    def read(cls, content: bytes) -> Self | None:
        """Return what an image says of itself; None where it says nothing. Its signature is not looked at."""
        try:
            model, _, version = content[:_HEAD].rstrip(b"\0").decode("utf-8").partition(_SEPARATOR)
        except UnicodeDecodeError:
            return None
        return cls(model, version, content) if model and version.isprintable() and version else None

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing of it is missing or altered."""
        signed, signature = self.content[:-_SIGNATURE], self.content[-_SIGNATURE:]
        whole = len(self.content) == _HEAD + _BODY + _SIGNATURE
        return whole and hmac.compare_digest(signature, hmac.digest(_KEY, signed, "sha256"))

    @property
    def rank(self) -> tuple[int, ...]:
        """Return what orders versions: 3.10.0 comes after 3.9.1."""
        numbers = self.version.partition("-")[0].split(".")
        return tuple(int(number) if number.isdecimal() else 0 for number in numbers)
