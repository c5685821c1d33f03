# SPDX-License-Identifier: Apache-2.0
"""The check of one register: what did not agree, when first, in how many samples, and what was expected.

A mismatch that was seen twice is the pump's. One that was seen once, and never again, may have been made by a wire that
no checksum guards; it is no FAIL, and no PASS.
"""

from collections.abc import Callable

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.sample_table import Truths
from metrology.verdict import required, undecided

SEEN_ENOUGH = 2


class RegisterCheck:
    """Gathers what is wrong with one register, and makes one finding of it."""

    def __init__(self, record: InfusionRecord, standing: Standing) -> None:
        self._record = record
        self._standing = standing
        self._failures: list[str] = []
        self._doubts: list[str] = []

    def samples(self, wrong: Truths, told: Callable[[int], str]) -> None:
        """Take the samples in which it did not agree.

        Args:
            wrong: of each sample, whether it did not.
            told: says of a sample, by its place, what was seen and what was expected.
        """
        places = np.flatnonzero(wrong)
        if len(places):
            first = int(places[0])
            seen = f"{told(first)}, first at {self._record.samples.at_s[first]:.0f} s"
            if len(places) >= SEEN_ENOUGH:
                self._failures.append(f"{seen}, in {len(places)} samples")
            else:
                self._doubts.append(f"{seen}, in this sample alone")

    def fail(self, seen: str) -> None:
        """Take something that is wrong beyond doubt."""
        self._failures.append(seen)

    def doubt(self, seen: str) -> None:
        """Take something that cannot be decided."""
        self._doubts.append(seen)

    def finding(self, agrees: str) -> Finding:
        """Return what came of it; `agrees` is what is said where nothing was wrong."""
        name = f"{self._record.name}: {self._standing.words}"
        if self._doubts and not self._failures:
            return Finding(self._standing, undecided(name, "; ".join(self._doubts), self._standing.words))
        reason = "; ".join((*self._failures, *self._doubts)) or agrees
        return Finding(self._standing, required(name, not self._failures, reason, self._standing.words))
