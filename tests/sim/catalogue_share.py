# SPDX-License-Identifier: Apache-2.0
"""Which rows of the catalogue one run of the suite tries: all of them cost minutes of a core.

The hash of the bench's own code draws the share: each change of the code draws anew, all workers of pytest draw the
same, and whoever has the code tries the same rows again. Rows that take a month of the twin are in no share.
"""

from collections.abc import Sequence

from instruments.simulated.specimen.defects import CATALOGUE

SHARES = 6
ALL = "all"
IN_A_MONTH = tuple(one.name for one in CATALOGUE.values() if one.shows.chapter == "endurance")
"""Rows that only a month shows."""


def share_asked_for(asked: str, code_sha256: str) -> int | None:
    """Return which share to try, counted from 1; None for all rows.

    Args:
        asked: a share, `all`, or nothing, in which case the code draws it.
        code_sha256: hash of the bench's own code.

    Raises:
        ValueError: there is no such share.
    """
    if asked == ALL:
        return None
    share = int(asked) if asked.isdecimal() else int(code_sha256, 16) % SHARES + 1
    if (asked and not asked.isdecimal()) or not 1 <= share <= SHARES:
        raise ValueError(f"PUMPBENCH_DEFECTS is {asked!r}: write 1 to {SHARES} for a share of the catalogue, or {ALL}")
    return share


def rows_of(share: int | None, rows: Sequence[str]) -> Sequence[str]:
    """Return the rows of one share; all of them for None."""
    return rows if share is None else rows[share - 1 :: SHARES]
