# SPDX-License-Identifier: Apache-2.0
"""Samples the second measure of the flow beside each regular sample, into a line of its own."""

from bench.bench import Bench
from bench.journal import Journal
from bench.sampling.sample import Sample
from groundfloor.errors import NoAnswer
from groundfloor.json_number import json_number


class SecondWatch:
    """Reads the second measure after each sample; what it does not answer is not there, and a mark tells of it."""

    def __init__(self, bench: Bench, journal: Journal, infusion: str) -> None:
        self._bench = bench
        self._journal = journal
        self._infusion = infusion

    def on_sample(self, _: Sample) -> None:
        """Take one reading."""
        if (second := self._bench.second) is None:
            return
        try:
            shown = second.read_mass_g()
        except NoAnswer:
            return
        data = {"mass_g": json_number(shown.mass_g), "stable": shown.stable}
        self._journal.write("second-sample", infusion=self._infusion, **data)
