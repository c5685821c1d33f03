# SPDX-License-Identifier: Apache-2.0
"""Recordings of a delivery that is known, as benches leave them: quirks of the file, noise, and what disturbs.

The truth is the pump's mean rate. Everything else is drawn: how the file is written, how the readings scatter and
wander, what the display rounds, what a person did to the balance meanwhile.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from metrology.gravimetry import BalanceSpecification, Conditions, Evaporation
from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.liquid import WATER
from metrology.recording import AnalysisRequest, WeighedLiquid, Windows
from metrology.recording.date_order import DateOrder
from metrology.recording.reading_options import ReadingOptions

Values = NDArray[np.float64]
LIQUID = WeighedLiquid(Conditions(20.0, 1013.25, 50.0), WATER, buoyant=True, evaporation=Evaporation(0.0, 0.0))
_DENSITY = float(WATER.density_kg_m3(20.0))
MG_PER_UL = _DENSITY / 1000 / buoyancy_factor(float(air_density_kg_m3(20.0, 1013.25, 50.0)), _DENSITY)
QUIET = ("none",) * 6
DISTURBED = ("step", "step", "dip", "tare", "vessel", "gap", "dropout", "dry", "slows", "clock", "shakes")
DISTURBANCES = (*QUIET, *DISTURBED)
LAYOUTS = (
    *("plain", "semicolon", "tab", "spaces", "stamps", "dmy"),
    *("am/pm", "clock", "unit in cells", "preamble", "newest"),
)


@dataclass
class RecordedTruth:
    """One recording.

    Attributes:
        seed: draws all of it again.
        set_ul_per_h: what the pump was set to.
        true_ul_per_h: what it gave.
        text: the file.
        options: what a person says of it.
        request: what is asked.
        disturbance: what happened.
    """

    seed: int
    set_ul_per_h: float = 0.0
    true_ul_per_h: float = 0.0
    text: bytes = b""
    options: ReadingOptions = field(default_factory=ReadingOptions)
    request: AnalysisRequest = field(default_factory=lambda: AnalysisRequest(LIQUID))
    disturbance: str = "none"
    layout: str = "plain"

    @classmethod
    def drawn(cls, seed: int) -> "RecordedTruth":
        """Draw a recording."""
        return _Drawing(seed).made()

    @property
    def true_error_percent(self) -> float:
        return 100 * (self.true_ul_per_h / self.set_ul_per_h - 1)

    def written(self, folder: Path) -> Path:
        path = folder / "drawn.csv"
        path.write_bytes(self.text)
        return path


class _Drawing:
    def __init__(self, seed: int) -> None:
        self._random = random = np.random.default_rng(seed)
        self._made = RecordedTruth(seed)
        self._interval_s = float(random.choice([10.0, 30.0, 60.0, 300.0]))
        self._count = int(random.integers(40, 700))
        self._made.set_ul_per_h = float(10 ** random.uniform(1.0, 3.3))
        self._made.true_ul_per_h = self._made.set_ul_per_h * (1 + random.normal(0.0, 0.05))
        self._noise_mg = float(10 ** random.uniform(-2.3, 0.3))
        self._digit_mg = float(random.choice([0.01, 0.1, 1.0]))
        self._made.disturbance = str(random.choice(DISTURBANCES))
        self._made.layout = str(random.choice(LAYOUTS))

    def made(self) -> RecordedTruth:
        random, made = self._random, self._made
        times_s: Values = np.asarray(self._interval_s * np.arange(self._count), dtype=np.float64)
        volumes_ul = made.true_ul_per_h * times_s / 3600
        stroke_ul = float(random.choice([0.0, 0.0, 0.5, 2.5]))
        if stroke_ul:
            volumes_ul = stroke_ul * np.floor(volumes_ul / stroke_ul + random.uniform())
        masses_mg: Values = np.asarray(12_000 + MG_PER_UL * volumes_ul + self._scatter(), dtype=np.float64)
        times_s, masses_mg, stamps_s = self._disturbed(times_s, masses_mg)
        masses_mg = self._digit_mg * np.round(masses_mg / self._digit_mg)
        self._write(stamps_s, masses_mg)
        said = random.uniform(0.2, 1.0) * self._noise_mg  # people know their balances better than their rooms
        made.request = AnalysisRequest(
            LIQUID,
            balance=BalanceSpecification(0.01, said, 0.02, 0.0, 0.01),
            set_rate_ul_per_h=made.set_ul_per_h,
            windows=Windows(durations_s=(20 * self._interval_s,)),
            sample_interval_s=self._interval_s,
            start_up_s=3600.0,
            analyse_from_s=0.0,
            stroke_volume_ul=stroke_ul,
        )
        return made

    def _scatter(self) -> Values:
        random = self._random
        white = random.normal(0.0, self._noise_mg, self._count)
        if random.uniform() < 0.6:
            return white
        lasts = random.uniform(2.0, 8.0)
        kept = np.exp(-1 / lasts)
        wander, level = np.empty(self._count), 0.0
        for place in range(self._count):
            level = kept * level + np.sqrt(1 - kept**2) * white[place]
            wander[place] = level
        return wander

    def _disturbed(self, times_s: Values, masses_mg: Values) -> tuple[Values, Values, Values]:
        """Return times, masses and stamps; stamps differ from the times where the clock was set."""
        random, count, stamps_s = self._random, self._count, times_s.copy()
        at = int(random.integers(2, count - 2))
        came_mg = float(masses_mg[-1] - masses_mg[0])
        match self._made.disturbance:
            case "step":
                size = random.choice([-1, 1]) * random.uniform(0.03, 0.5) * abs(came_mg)
                masses_mg = masses_mg + size * (np.arange(count) >= at)
            case "dip":
                masses_mg = masses_mg - random.uniform(5, 500) * (
                    np.abs(np.arange(count) - at) <= random.integers(0, 3)
                )
            case "tare":
                masses_mg = masses_mg - (masses_mg[at] - 3.0) * (np.arange(count) >= at)
            case "vessel":
                masses_mg = np.where(np.arange(count) < at // 8 + 1, 0.0, masses_mg)
            case "gap" | "dropout":
                lost = 1 if self._made.disturbance == "dropout" else int(random.integers(3, 12))
                kept = np.delete(np.arange(count), slice(at, min(at + lost, count - 2)))
                times_s, masses_mg, stamps_s = times_s[kept], masses_mg[kept], stamps_s[kept]
            case "dry":
                stop = int(count * random.uniform(0.5, 0.85))
                masses_mg = masses_mg - MG_PER_UL * self._made.true_ul_per_h / 3600 * np.maximum(
                    times_s - times_s[stop], 0
                )
            case "slows":
                begin = count * random.uniform(0.6, 0.8)
                share = np.clip((np.arange(count) - begin) / (count - begin), 0, 1)
                lost_mg = np.cumsum(share) * self._interval_s * MG_PER_UL * self._made.true_ul_per_h / 3600
                masses_mg = masses_mg - random.uniform(0.6, 1.0) * lost_mg
            case "clock":
                stamps_s = stamps_s + 3600.0 * (np.arange(count) >= at)
                self._made.layout = "stamps"
            case "shakes":
                shaken = (np.arange(count) >= at) & (np.arange(count) < at + 30)
                masses_mg = masses_mg + random.normal(0.0, 20 * self._noise_mg, count) * shaken
        return times_s, masses_mg, stamps_s

    def _write(self, stamps_s: Values, masses_mg: Values) -> None:
        made, layout = self._made, self._made.layout
        grams = [f"{mass / 1000:.5f}" for mass in masses_mg]
        epoch = np.datetime64("2026-03-03T21:30:00")
        instants = [str(epoch + np.timedelta64(round(stamp), "s")) for stamp in stamps_s]
        counted = [f"{stamp:g}" for stamp in stamps_s]
        said: dict[str, object] = {}
        heading, columns, mark = "time_s,mass [g]", (counted, grams), ","
        if layout in ("semicolon", "tab"):
            mark = ";" if layout == "semicolon" else "\t"
            heading = f"Zeit [s]{mark}Masse [g]"
            columns = (counted, [mass.replace(".", ",") for mass in grams])
        elif layout == "spaces":
            heading, mark = "time_s   mass_g", "   "
        elif layout == "stamps":
            heading, columns = "timestamp,mass [g]", (instants, grams)
        elif layout == "dmy":
            days = [f"{one[8:10]}.{one[5:7]}.{one[:4]} {one[11:]}" for one in instants]
            heading, columns = "Datum,mass [g]", (days, grams)
        elif layout == "am/pm":
            heading, columns = "when,mass [g]", ([_half_day(one) for one in instants], grams)
            said["date_order"] = DateOrder.MDY
        elif layout == "clock":
            heading, columns = "Time,Weight (g)", ([one[11:] for one in instants], grams)
        elif layout == "unit in cells":
            heading, columns = "time_s,mass", (counted, [f"{mass} g" for mass in grams])
        elif layout == "preamble":
            heading = "Balance,XYZ225\nStart,2026-03-03 23:30\n\nTime,Weight\n(s),(g)"
        rows = [mark.join(cells) for cells in zip(*columns, strict=True)]
        if layout == "newest":
            rows.reverse()
        end = str(self._random.choice(["\n", "\r\n"]))
        encoding = str(self._random.choice(["utf-8", "utf-8-sig", "utf-16"]))
        made.text = (end.join([*heading.split("\n"), *rows]) + end).encode(encoding)
        made.options = ReadingOptions(set_rate_ul_per_h=made.set_ul_per_h, **said)  # type: ignore[arg-type]


def _half_day(instant: str) -> str:
    hour = int(instant[11:13])
    half = "AM" if hour < 12 else "PM"
    return f"{instant[5:7]}/{instant[8:10]}/{instant[:4]} {(hour - 1) % 12 + 1}:{instant[14:]} {half}"
