# SPDX-License-Identifier: Apache-2.0
"""The ambient watch: air outside the bench file's window spoils the evidence of the infusion that it falls in.

So does air that nobody knows: a sensor that gives no number.
"""

import math

from bench.bench_file import AmbientWindow
from bench.journal import Journal, JournalLine
from bench.journal.lines import Excursion
from bench.sampling.sample import Sample
from instruments.rig import RigReading


class AmbientWatch:
    """Looks at the air with each sample; subscribe its `on_sample` to those of a sampling.

    Attributes:
        qualifiers: a phrase for each quantity that left its window, for the measurements.
    """

    def __init__(self, window: AmbientWindow, infusion: str, journal: Journal) -> None:
        self.qualifiers: tuple[str, ...] = ()
        self._window = window
        self._infusion = infusion
        self._journal = journal
        self._outside: set[str] = set()

    def on_sample(self, sample: Sample) -> None:
        """Note every quantity that is outside its window for the first time."""
        for name, value, (least, most) in _quantities(sample.rig, self._window):
            if not least <= value <= most and name not in self._outside:
                missing = not math.isfinite(value)
                phrase = f"{name} is missing" if missing else f"{name} was {value:.4g}, outside {least:g} to {most:g}"
                self._keep(name, phrase)
                self._journal.write(
                    "event",
                    what="excursion",
                    title=f"Excursion: {phrase}",
                    infusion=self._infusion,
                    quantity=name,
                    qualifier=phrase,
                )

    def recall(self, line: JournalLine) -> None:
        """Take an excursion from the journal, as if it had just come up."""
        if isinstance(line.body, Excursion):
            self._keep(line.body.quantity, line.body.qualifier)

    def _keep(self, name: str, phrase: str) -> None:
        self._outside.add(name)
        self.qualifiers += (phrase,)


def _quantities(rig: RigReading, window: AmbientWindow) -> tuple[tuple[str, float, tuple[float, float]], ...]:
    return (
        ("temperature in °C", rig.temperature_c, window.temperature_c),
        ("humidity in %", rig.humidity_percent, window.humidity_percent),
        ("air pressure in hPa", rig.air_pressure_hpa, window.air_pressure_hpa),
    )
