# SPDX-License-Identifier: Apache-2.0
"""Blocks of a long row that fit into the processor's cache.

A pass over ten million samples costs what its trips to memory cost. Arithmetic done block by block keeps what lies
between its steps in the cache, and needs no second row beside the first.
"""

from collections.abc import Iterator

BLOCK = 1 << 15
"""Numbers per block: 256 KiB of float64."""


def blocks(count: int) -> Iterator[slice]:
    """Cut a row of `count` numbers into slices of at most `BLOCK`, in order."""
    return (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))
