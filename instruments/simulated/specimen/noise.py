# SPDX-License-Identifier: Apache-2.0
"""Noise that belongs to the instant, not to the question: asking twice, or never, changes nothing."""

import math
import struct
from hashlib import blake2b

QUANTUM_S = 0.02
"""Instants closer than this share one value, as the readings of a device with a finite sampling rate do."""

_WHOLE, _PAIR = struct.Struct("<q"), struct.Struct("<QQ")


class Noise:
    """Normally distributed noise of one channel, a function of seed, channel and instant only.

    A keyed hash of the quantised instant gives two uniform numbers, which the Box-Muller transform turns into one
    normal deviate.
    """

    def __init__(self, seed: int, channel: str) -> None:
        self._key = blake2b(f"{seed}/{channel}".encode(), digest_size=32).digest()
        self._keyed = blake2b(digest_size=16, key=self._key)
        self._shares: dict[int, float] = {}

    def normal(self, now_s: float) -> float:
        """Return the standard normal deviate of the instant `now_s`."""
        keyed = self._keyed.copy()
        keyed.update(_WHOLE.pack(math.floor(now_s / QUANTUM_S + 0.5)))
        first, second = _PAIR.unpack(keyed.digest())
        radius = math.sqrt(-2.0 * math.log((first + 0.5) / 2**64))
        return radius * math.cos(2.0 * math.pi * second / 2**64)

    def share(self, number: int) -> float:
        """Return the draw `number` of the channel, anything from 0 to 1 with equal chances."""
        share = self._shares.get(number)
        if share is None:
            drawn = blake2b(_WHOLE.pack(number), digest_size=8, key=self._key, person=b"share").digest()
            share = self._shares[number] = int.from_bytes(drawn, "little") / 2**64
        return share

    def phase(self) -> float:
        """Return an angle in radians, the same for the whole life of the channel."""
        return 2.0 * math.pi * int.from_bytes(self._key[:8], "little") / 2**64
