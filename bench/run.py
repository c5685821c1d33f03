# SPDX-License-Identifier: Apache-2.0
"""A run: one execution of a selection of tests on one bench with one pump, kept in one folder."""

from dataclasses import dataclass

from bench.assessment import Assessment
from bench.bench import Bench
from bench.blank import measure_blank
from bench.gravimetry import Evaporation
from bench.journal import Journal
from bench.profile import Profile


@dataclass
class Run:
    """What the tests of one run share.

    Attributes:
        bench: the open bench.
        profile: what the pump promises.
        journal: where everything is written.
        assessment: the judgements of the test that runs now.
    """

    bench: Bench
    profile: Profile
    journal: Journal
    assessment: Assessment
    _evaporation: Evaporation | None = None

    def evaporation(self) -> Evaporation:
        """Return how fast the vessel loses mass with the pump stopped; measured once, before the first infusion."""
        if self._evaporation is None:
            self._evaporation = measure_blank(self.bench, self.journal)
        return self._evaporation
