# SPDX-License-Identifier: Apache-2.0
"""The smallest effect of a kind that is found at a rate, as the campaign of the windows kept it."""

import msgspec


class SmallestEffect(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the table.

    Attributes:
        effect: what a pump does, with its unit.
        rate_ul_per_h: programmed rate.
        smallest: the smallest one of which as many were found as the two shares say; None where none was.
        share_fail: share that ended FAIL.
        share_not_pass: share that did not end PASS.
        n: how many were tried.
    """

    effect: str
    rate_ul_per_h: float
    smallest: float | str | None
    share_fail: float | None = None
    share_not_pass: float | None = None
    n: int = 0

    @property
    def percents(self) -> tuple[str, str]:
        """Return both shares in percent."""
        fail, not_pass = (
            "–" if share is None else f"{100.0 * share:.1f}" for share in (self.share_fail, self.share_not_pass)
        )
        return fail, not_pass
