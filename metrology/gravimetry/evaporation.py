# SPDX-License-Identifier: Apache-2.0
"""What leaves the vessel by itself, measured as a blank: the balance is watched while the pump stands still.

At 2 µL/h a few hundredths of a milligram per hour decide. Water leaves a covered vessel as fast as the air lacks
vapour, so a blank is worth its rate *at its deficit* of vapour pressure, and is scaled to that of a window. The slope
of a blank also holds the drift that the balance had meanwhile; the two cannot be told apart, and both must be taken
off. One blank says what the rate was then. That it stayed so is an assumption, so it goes into the uncertainty; a
second blank, afterwards, is weighed against the first (docs/decisions/0010-two-blanks.md).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from GTC import type_b

from groundfloor.errors import PlanError
from groundfloor.json_number import json_number
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.straight_line import StraightLine
from metrology.gravimetry.vapour_pressure import vapour_deficit_hpa
from metrology.gravimetry.vessel import air_change_kg_m3
from metrology.gravimetry.wandering_noise import WanderingNoise
from metrology.uncertainty import Influence

RATE = "evaporation rate"
CHANGE = "evaporation since the blank"
DEFICIT = "vapour-pressure deficit"
"""Names of the influences."""
_BEYOND_NOISE = 2.0
"""Standard uncertainties by which two blanks may differ by chance."""
SENSED_CHANGE_C = 0.1
SENSED_CHANGE_PERCENT = 1.0
"""How well sensors tell a change of the air, whatever their offsets (assumed)."""


@dataclass(frozen=True)
class Evaporation:
    """A rate of loss, positive when the vessel gets lighter.

    Attributes:
        rate_mg_per_h: mean loss of the display, its drift included.
        standard_uncertainty_mg_per_h: of the rate, from the scatter of the blank, or assumed.
        dof: degrees of freedom of the uncertainty; infinite for an assumed rate.
        blank_h: how long the blank lasted; infinite for an assumed rate.
        measured_at_s: bench time of the middle of the blank; None for an assumed rate.
        change_half_width_mg_per_h: how far the rate may since have moved, at the deficit of the blank.
        drift_mg_per_h: gain that is known to be the balance's own, so that the vessel loses more than the display.
        temperature_c, humidity_percent: the air of the blank; None where nobody read it, and then nothing is scaled.
        warming_c_per_h: by how much the air grew warmer meanwhile, and with it the balance more sensitive.
        denser_kg_m3_per_h: by how much the air grew denser meanwhile, and lifted more of what stood on the pan.
        warming_after_c_per_h, denser_after_kg_m3_per_h: how much of both comes from a blank after, when the vessel was
            fuller by all that had been delivered.
        scatter_mg: standard deviation of one reading of the blank; None for an assumed rate, or an old record.
    """

    rate_mg_per_h: float
    standard_uncertainty_mg_per_h: float
    dof: float = math.inf
    blank_h: float = math.inf
    measured_at_s: float | None = None
    change_half_width_mg_per_h: float = 0.0
    drift_mg_per_h: float = 0.0
    temperature_c: float | None = None
    humidity_percent: float | None = None
    warming_c_per_h: float = 0.0
    denser_kg_m3_per_h: float = 0.0
    warming_after_c_per_h: float = 0.0
    denser_after_kg_m3_per_h: float = 0.0
    scatter_mg: float | None = None

    @classmethod
    def from_blank(
        cls,
        times_s: Sequence[float],
        masses_g: Sequence[float],
        lost_to_air: Influence | None = None,
        air: Conditions | None = None,
    ) -> Self:
        """Return the slope of a blank, the pump being stopped.

        Args:
            times_s: bench time of each reading.
            masses_g: the readings.
            lost_to_air: what the display lost in mg from first to last because the air became denser.
            air: the mean air from first to last, and what changed.

        Raises:
            Inconclusive: there are fewer than three readings, they all are of one instant, or one is no number.
        """
        line = StraightLine.fit(times_s, masses_g)
        span_h = line.span_s / 3600
        noise = WanderingNoise.about(line, times_s, masses_g)
        rate, uncertainty = -line.slope_mg_per_h, noise.slope_uncertainty_mg_per_h
        if lost_to_air is not None:
            rate -= lost_to_air.number.x / span_h
            uncertainty = math.hypot(uncertainty, lost_to_air.number.u / span_h)
        found = cls(rate, uncertainty, noise.slope_dof, span_h, line.time_s, scatter_mg=line.scatter_mg)
        return found if air is None else found._in(air)

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Self:
        """Return the rate that `as_dict` wrote."""
        infinite = {name: payload[name] if payload[name] is not None else math.inf for name in ("dof", "blank_h")}
        names = cls.__dataclass_fields__.keys() & payload.keys()
        return cls(**{name: payload[name] for name in names} | infinite)

    def that_may_change(self, half_width_mg_per_h: float) -> Self:
        """Return the same rate, to be used at another time than that of its blank."""
        return replace(self, change_half_width_mg_per_h=half_width_mg_per_h)

    def with_drift(self, drift_mg_per_h: float) -> Self:
        """Return the same rate, so much of it being the balance's own doing."""
        return replace(self, drift_mg_per_h=drift_mg_per_h)

    def together_with(self, after: Self, warmth_mg_per_c: float = 0.0, load_half_width_ml: float = 0.0) -> Self:
        """Return the rate that this blank and one after the volume tell together, at the deficit of this one.

        Of either, nobody knows how far the rate then was from that of the volume. So the second counts for as much as
        makes the whole least uncertain: half where the blanks' own noise is most of it, little where a change is. What
        the second may have moved by is allowed for beside what the volume's own rate may have; and where both blanks
        differ by more than was thought, beyond their noise, that is how far either may have moved.

        Args:
            after: the later blank.
            warmth_mg_per_c: how far the display may have grown per °C, ±: an error that both blanks have in common.
            load_half_width_ml: how far the excess volume of what stood on the pan may be off, ±: another one.

        Raises:
            PlanError: one of the two is assumed, so that nobody knows of when it is.
        """
        if self.measured_at_s is None or after.measured_at_s is None:
            seen = "a rate that was assumed belongs to no instant"
            raise PlanError("evaporation", "take two together", seen, "measure a blank before and one after")
        after = after.at_the_deficit_of(self)
        own, other = self.standard_uncertainty_mg_per_h, after.standard_uncertainty_mg_per_h
        moved = after.rate_mg_per_h - self.rate_mg_per_h
        may_move = max(self.change_half_width_mg_per_h, abs(moved) - _BEYOND_NOISE * math.hypot(own, other))
        warmth, warmer = warmth_mg_per_c**2 / 3, after.warming_c_per_h - self.warming_c_per_h
        load, denser = load_half_width_ml**2 / 3, after.denser_kg_m3_per_h - self.denser_kg_m3_per_h
        # the least of (1 − w)²·own² + w²·other² + w²·may_move²/3 + warmth·(warming + w·warmer)² + load·(as warmth)
        gained = own**2 - warmth * self.warming_c_per_h * warmer - load * self.denser_kg_m3_per_h * denser
        lost = own**2 + other**2 + may_move**2 / 3 + warmth * warmer**2 + load * denser**2
        share = min(1.0, max(0.0, gained / lost))
        parts = ((1 - share) * own, share * other)
        return replace(
            self,
            rate_mg_per_h=self.rate_mg_per_h + share * moved,
            standard_uncertainty_mg_per_h=math.hypot(*parts),
            dof=_dof(parts, (self.dof, after.dof)),
            change_half_width_mg_per_h=may_move * math.hypot(1.0, share),
            warming_c_per_h=self.warming_c_per_h + share * warmer,
            denser_kg_m3_per_h=self.denser_kg_m3_per_h + share * denser,
            warming_after_c_per_h=share * after.warming_c_per_h,
            denser_after_kg_m3_per_h=share * after.denser_kg_m3_per_h,
        )

    def at_the_deficit_of(self, other: Self) -> Self:
        """Return the rate as it would have been in the air of another blank; the same where one has no air."""
        here, there = self.deficit_hpa, other.deficit_hpa
        if here is None or there is None or here <= 0:
            return self
        ratio = there / here
        return replace(
            self,
            rate_mg_per_h=ratio * (self.rate_mg_per_h + other.drift_mg_per_h) - other.drift_mg_per_h,
            standard_uncertainty_mg_per_h=ratio * self.standard_uncertainty_mg_per_h,
            warming_c_per_h=ratio * self.warming_c_per_h,
            denser_kg_m3_per_h=ratio * self.denser_kg_m3_per_h,
            temperature_c=other.temperature_c,
            humidity_percent=other.humidity_percent,
        )

    @property
    def deficit_hpa(self) -> float | None:
        """Return the deficit of vapour pressure in the air of the blank; None where nobody read it."""
        if self.temperature_c is None or self.humidity_percent is None:
            return None
        return float(vapour_deficit_hpa(self.temperature_c, self.humidity_percent))

    def scale_to(self, air: Conditions) -> float:
        """Return how many times as fast the vessel loses in `air` as it did in the blank; 1 where nobody knows."""
        here = self.deficit_hpa
        return 1.0 if here is None or here <= 0 else max(0.0, air.vapour_deficit_hpa) / here

    def deficit_influence(self, air: Conditions) -> Influence | None:
        """Return `scale_to` as an input of the measurement model; None where nothing is scaled.

        Offsets of the sensors move both deficits, and most of it goes out. They tell a change only so well; and
        where nobody looked between the ends, the mean may lie anywhere between them.
        """
        here = self.deficit_hpa
        if here is None or here <= 0:
            return None
        scale = self.scale_to(air)
        offsets_c, offsets_percent = air.temperature_half_width_c, air.humidity_half_width_percent
        by_offset = (self._scale_moves_by(air, *one) for one in ((offsets_c, 0.0), (0.0, offsets_percent)))
        by_change = (_grown_hpa(air, *one) / here for one in ((SENSED_CHANGE_C, 0.0), (0.0, SENSED_CHANGE_PERCENT)))
        half_width = math.hypot(*by_offset, *by_change, air.unseen_vapour_deficit_hpa / here)
        return Influence.rectangular(DEFICIT, scale, "", half_width)

    def influence(self, readability_mg: float) -> Influence:
        """Return the rate as an input of the measurement model.

        The display steps by `readability_mg`, so either end of the blank can be off by half a step where the readings
        do not scatter. Where they do, the rounding is one more noise of theirs, and the scatter holds it already.
        """
        steps_mg_per_h = type_b.triangular(2 * unseen_step_mg(readability_mg, self.scatter_mg)) / self.blank_h
        uncertainty = math.hypot(self.standard_uncertainty_mg_per_h, steps_mg_per_h)
        if math.isinf(self.dof):
            return Influence.type_b(RATE, self.rate_mg_per_h, "mg/h", uncertainty)
        return Influence.type_a(RATE, self.rate_mg_per_h, "mg/h", uncertainty, self.dof)

    def change_influence(self) -> Influence:
        """Return what the rate may have changed by since its blank, as an input of the measurement model."""
        return Influence.rectangular(CHANGE, 0.0, "mg/h", self.change_half_width_mg_per_h)

    def _in(self, air: Conditions) -> Self:
        """Return the rate with the air that it was found in; the sensors may have missed some of the warming."""
        return replace(
            self,
            temperature_c=air.temperature_c,
            humidity_percent=air.humidity_percent,
            warming_c_per_h=warming_c(air) / self.blank_h,
            denser_kg_m3_per_h=air_change_kg_m3(air) / self.blank_h,
        )

    def _scale_moves_by(self, air: Conditions, celsius: float, percent: float) -> float:
        """Return how far an offset of the sensors moves `scale_to`, either way."""
        too_low, too_high = (self._scale_if_off_by(air, side * celsius, side * percent) for side in (-1.0, 1.0))
        return (too_high - too_low) / 2

    def _scale_if_off_by(self, air: Conditions, celsius: float, percent: float) -> float:
        """Return what `scale_to` would be if both airs were warmer and moister than the sensors say."""
        assert self.temperature_c is not None
        assert self.humidity_percent is not None
        here_hpa = float(vapour_deficit_hpa(self.temperature_c + celsius, min(self.humidity_percent + percent, 99.0)))
        return max(0.0, air.vapour_deficit_hpa + _grown_hpa(air, celsius, percent)) / here_hpa

    def as_dict(self) -> dict[str, object]:
        """Return the rate for JSON; infinity becomes null."""
        return {key: json_number(value) for key, value in asdict(self).items()}


def unseen_step_mg(readability_mg: float, scatter_mg: float | None) -> float:
    """Return how far rounding can move the mean of many readings, ±, beside what their scatter shows.

    Noise of standard deviation σ takes them over the steps of the display: what is left of half a step is less than
    exp(−2π²σ²/q²) of it, a thousandth at σ = 0.6·q (Widrow & Kollár 2008, Quantization Noise, 4 and 5: the
    characteristic function of a normal noise at the frequency of the steps). The scatter holds the rounding's own
    q²/12, which dithers nothing.
    """
    dithers_mg2 = max(0.0, (scatter_mg or 0.0) ** 2 - readability_mg**2 / 12)
    return readability_mg / 2 * math.exp(-2 * math.pi**2 * dithers_mg2 / readability_mg**2)


def _dof(parts: tuple[float, float], dofs: tuple[float, float]) -> float:
    """Return the effective degrees of freedom of a sum (Welch-Satterthwaite, GUM G.4.1)."""
    whole = math.hypot(*parts) ** 4
    shares = sum(part**4 / dof for part, dof in zip(parts, dofs, strict=True))
    return max(1.0, whole / shares) if shares > 0 else math.inf


def warming_c(air: Conditions) -> float:
    """Return by how much the air grew warmer; what sensors miss of a change is added to its size, in quadrature."""
    unseen_c = SENSED_CHANGE_C / math.sqrt(6)  # of two readings
    return math.copysign(math.hypot(air.temperature_rise_c, unseen_c), air.temperature_rise_c)


def _grown_hpa(air: Conditions, celsius: float, percent: float) -> float:
    """Return by how much the deficit would grow if the air were so much warmer and moister."""
    there = vapour_deficit_hpa(air.temperature_c + celsius, air.humidity_percent + percent)
    return float(there - vapour_deficit_hpa(air.temperature_c, air.humidity_percent))
