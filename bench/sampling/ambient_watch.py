# SPDX-License-Identifier: Apache-2.0
"""The ambient watch: air outside the bench file's window spoils the evidence of the infusion that it falls in.

So does air that nobody knows: a sensor that gives no number. One that shows the same figure for hours is told: a room
that is that steady is rare, and a sensor with a coarse last digit is not, so nothing is judged by it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bench.bench_file import AmbientWindow
from bench.journal import Journal, JournalLine
from bench.journal.lines import Excursion, SensorHeld
from bench.sampling.sample import Sample
from instruments.rig import RigReading

HELD_S = 2 * 3600.0
HELD_SAMPLES = 100


_Quantities = tuple[tuple[str, float, tuple[float, float]], ...]
"""Name, value and window of each."""


@dataclass
class _Figure:
    """What a sensor shows, since when, and in how many samples."""

    value: float
    since_s: float
    samples: int = 1


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
        self._figures: dict[str, _Figure] = {}
        self._held: set[str] = set()

    def on_sample(self, sample: Sample) -> None:
        """Note every quantity that is outside its window, or held, for the first time."""
        quantities = _quantities(sample.rig, self._window)
        for name, value in self._held_now(sample.actual_s, quantities):
            self._held.add(name)
            hours = (sample.actual_s - self._figures[name].since_s) / 3600
            title = f"The sensor of {name} has shown {value:g} to the last digit for {hours:.1f} h"
            self._journal.write("event", what="held-sensor", title=title, infusion=self._infusion, quantity=name)
        for name, value, (least, most) in quantities:
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
        """Take an excursion, or a sensor that was held, from the journal, as if it had just come up."""
        match line.body:
            case Excursion(quantity=quantity, qualifier=qualifier):
                self._keep(quantity, qualifier)
            case SensorHeld(quantity=quantity):
                self._held.add(quantity)

    def _held_now(self, at_s: float, quantities: _Quantities) -> Iterator[tuple[str, float]]:
        """Yield each quantity that has shown one figure for so long and was not told yet."""
        for name, value, _ in quantities:
            figure = self._figures.get(name)
            if figure is None or figure.value != value:
                self._figures[name] = _Figure(value, at_s)
                continue
            figure.samples += 1
            long_enough = at_s - figure.since_s >= HELD_S and figure.samples >= HELD_SAMPLES
            if long_enough and name not in self._held:
                yield name, value

    def _keep(self, name: str, phrase: str) -> None:
        self._outside.add(name)
        self.qualifiers += (phrase,)


def _quantities(rig: RigReading, window: AmbientWindow) -> _Quantities:
    return (
        ("temperature in °C", rig.temperature_c, window.temperature_c),
        ("humidity in %", rig.humidity_percent, window.humidity_percent),
        ("air pressure in hPa", rig.air_pressure_hpa, window.air_pressure_hpa),
    )
