# SPDX-License-Identifier: Apache-2.0
"""From the words of `pumpbench analyse` to what the analysis computes with; what nobody said is taken and told."""

import math
from dataclasses import dataclass

from cli import written_quantity as written
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.gravimetry import BalanceSpecification, Conditions, Evaporation
from metrology.gravimetry.liquid import WATER
from metrology.recording.analysis_request import NAMED_WINDOWS_S, Windows
from metrology.recording.recording import Recording
from metrology.recording.unit import Dimension
from metrology.recording.weighed_liquid import WeighedLiquid, liquid_of_density
from metrology.verdict import Limits

ROOM_C, ROOM_HALF_WIDTH_C = 20.0, 3.0
AIR_HPA, AIR_HALF_WIDTH_HPA = 1013.25, 40.0
AIR_PERCENT, AIR_HALF_WIDTH_PERCENT = 50.0, 25.0
"""An indoor room near sea level, and how far the truth may be from it (assumed)."""
EVAPORATION_SHARE = 0.5
"""Standard uncertainty of an evaporation rate of which only the value is given, as a share of it (assumed)."""
BLANK_READINGS = 1000
"""More of them tell a slope no better, and take long."""
BALANCE_OPTIONS = ("--readability", "--repeatability", "--linearity", "--drift", "--calibration-u")


@dataclass(frozen=True)
class LiquidWords:
    """What a person said about liquid and air; None where nothing was said."""

    density: str | None = None
    temperature_c: float | None = None
    air_pressure_hpa: float | None = None
    humidity_percent: float | None = None
    buoyancy: bool = True
    evaporation: str | None = None
    evaporation_u: str | None = None
    blank: Recording | None = None

    def liquid(self) -> tuple[WeighedLiquid, tuple[str, ...], tuple[str, ...]]:
        """Return the liquid, what was assumed of it, and which of that spoils a verdict.

        Raises:
            PlanError: a figure is none, or no laboratory looks like that.
        """
        density = written.density_g_per_ml("--density", self.density) if self.density is not None else None
        if density is not None and not 0.5 <= density <= 2:
            raise PlanError(
                "--density", "check", f"{density:g} g/mL", "write the density of a liquid that pumps deliver"
            )
        qualifiers = self._qualifiers()
        water = f"the liquid is water at {self._temperature_c:g} °C" if self.density is None else ""
        air = f"air of {self._temperature_c:g} °C, {self._pressure_hpa:g} hPa, {self._humidity_percent:g} % around it"
        bare = "the masses need no correction for buoyancy" if not self.buoyancy else f"buoyancy corrected for {air}"
        evaporation = self._evaporation()
        told = tuple(filter(None, (water, bare, _blank_told(self.blank, evaporation), *qualifiers)))
        kind = WATER if density is None else liquid_of_density(density)
        liquid = WeighedLiquid(self._conditions(), kind, self.buoyancy, evaporation)
        return liquid, tuple(dict.fromkeys(told)), qualifiers

    def _qualifiers(self) -> tuple[str, ...]:
        unsaid = self.density is None and self.temperature_c is None
        liquid = "the liquid was not named: --density, or --temperature for water" if unsaid else ""
        told = self.evaporation is not None or self.blank is not None
        loss = "" if told else "evaporation counts as zero: --evaporation"
        return tuple(filter(None, (liquid, loss)))

    @property
    def _temperature_c(self) -> float:
        return ROOM_C if self.temperature_c is None else self.temperature_c

    @property
    def _pressure_hpa(self) -> float:
        return AIR_HPA if self.air_pressure_hpa is None else self.air_pressure_hpa

    @property
    def _humidity_percent(self) -> float:
        return AIR_PERCENT if self.humidity_percent is None else self.humidity_percent

    def _conditions(self) -> Conditions:
        usual = Conditions(ROOM_C, AIR_HPA, AIR_PERCENT)
        try:
            return Conditions(
                self._temperature_c,
                self._pressure_hpa,
                self._humidity_percent,
                ROOM_HALF_WIDTH_C if self.temperature_c is None else usual.temperature_half_width_c,
                AIR_HALF_WIDTH_HPA if self.air_pressure_hpa is None else usual.air_pressure_half_width_hpa,
                AIR_HALF_WIDTH_PERCENT if self.humidity_percent is None else usual.humidity_half_width_percent,
            )
        except Inconclusive as odd:
            raise PlanError("liquid and air", "check", odd.seen, "mend the options") from odd

    def _evaporation(self) -> Evaporation:
        if self.blank is not None:
            return _from_blank(self.blank)
        if self.evaporation is None:
            if self.evaporation_u is not None:
                raise PlanError("--evaporation-u", "use", "no evaporation is given", "give --evaporation as well")
            return Evaporation(0.0, 0.0)
        rate = written.loss_mg_per_h("--evaporation", self.evaporation)
        if self.evaporation_u is None:
            return Evaporation(rate, EVAPORATION_SHARE * rate)
        return Evaporation(rate, written.loss_mg_per_h("--evaporation-u", self.evaporation_u))


def _blank_told(blank: Recording | None, evaporation: Evaporation) -> str:
    """Return what a blank says, and how it was read; empty without one."""
    if blank is None:
        return ""
    hours = float(blank.times_s[-1]) / 3600
    loss = f"{evaporation.rate_mg_per_h:.3g} mg/h (u = {evaporation.standard_uncertainty_mg_per_h:.2g} mg/h)"
    return f"evaporation of {loss} from the blank of {hours:.3g} h, {len(blank.times_s)} readings: {blank.read_as}"


def _from_blank(blank: Recording) -> Evaporation:
    """Return what a vessel lost by itself while the pump stood still.

    Raises:
        PlanError: a volume was recorded, or the readings make no line.
    """
    if blank.measured is not Dimension.MASS:
        raise PlanError(f"blank {blank.source}", "use", "it is a volume", "name a recording of a mass")
    every = -(-len(blank.times_s) // BLANK_READINGS)
    times_s, masses_g = blank.times_s[::every].tolist(), (blank.amounts[::every] / 1000).tolist()
    try:
        return Evaporation.from_blank(times_s, masses_g)
    except Inconclusive as wrong:
        raise PlanError(f"blank {blank.source}", "use", wrong.seen, wrong.next_step) from wrong


def balance_of(
    readability: str | None,
    repeatability: str | None,
    linearity: str | None,
    drift: str | None,
    calibration: str | None,
) -> BalanceSpecification | None:
    """Return the balance's figures; None where none is given.

    Raises:
        PlanError: some are given and others not: a budget with a hole in it is too small.
    """
    texts = dict(zip(BALANCE_OPTIONS, (readability, repeatability, linearity, drift, calibration), strict=True))
    missing = [option for option, text in texts.items() if text is None]
    if len(missing) == len(texts):
        return None
    if missing:
        raise PlanError("balance's figures", "read", f"{', '.join(missing)} missing", "give all of them, 0 where so")
    read = {option: text for option, text in texts.items() if text is not None}
    drift_mg_per_day = 24 * written.loss_mg_per_h("--drift", read.pop("--drift"))
    mg = {option: written.mass_mg(option, text) for option, text in read.items()}
    return BalanceSpecification(
        readability_mg=mg["--readability"],
        repeatability_mg=mg["--repeatability"],
        linearity_mg=mg["--linearity"],
        drift_mg_per_day=drift_mg_per_day,
        calibration_expanded_uncertainty_mg=mg["--calibration-u"],
    )


def limits_of(text: str | None) -> Limits | None:
    """Return the limits in % that `5` (± 5 %) or `-5,10` mean.

    Raises:
        PlanError: it is neither.
    """
    if text is None:
        return None
    next_step = "write one number for ±, such as 5, or two, such as -5,10, in %"
    try:
        numbers = [float(part.removesuffix("%")) for part in text.replace(" ", "").split(",")]
    except ValueError as wrong:
        raise PlanError("--limits", "read", f"'{text}'", next_step) from wrong
    if len(numbers) == 1 and numbers[0] > 0:
        numbers = [-numbers[0], numbers[0]]
    if len(numbers) != 2 or not all(map(math.isfinite, numbers)) or not numbers[0] < numbers[1]:
        raise PlanError("--limits", "read", f"'{text}'", next_step)
    return Limits(numbers[0], numbers[1], "%", "--limits")


def windows_of(text: str | None) -> Windows | None:
    """Return the windows that `iec-general`, `iec-ambulatory`, `strokes:1,2,5` or `2,5,11` (minutes) mean.

    Raises:
        PlanError: it is none of these.
    """
    if text is None:
        return None
    if text in NAMED_WINDOWS_S:
        return Windows(name=text)
    kind, colon, listed = text.partition(":")
    try:
        if colon and kind == "strokes":
            return Windows(strokes=tuple(sorted({int(part) for part in listed.split(",")})))
        minutes = sorted({float(part) for part in text.removesuffix("min").split(",")})
        if all(0 < one < math.inf for one in minutes):
            return Windows(durations_s=tuple(60 * one for one in minutes))
    except ValueError:
        pass
    known = ", ".join(NAMED_WINDOWS_S)
    next_step = f"write one of {known}, strokes:1,2,5,10, or minutes such as 2,5,11,19,31"
    raise PlanError("--windows", "read", f"'{text}'", next_step)
