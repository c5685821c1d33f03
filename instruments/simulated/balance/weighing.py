# SPDX-License-Identifier: Apache-2.0
"""The balance without its line protocol: lag, linearity, drift, noise, resolution, stability, range, zero and tare."""

import math

from instruments.simulated.balance.disturbances import Disturbances
from instruments.simulated.balance.load import Load
from instruments.simulated.served.devices import LoadStatus, Weighing
from instruments.simulated.specimen.noise import Noise
from instruments.simulated.specimen.recurrence import since_last_s
from instruments.simulated.specimen.specimen import IDEAL, Specimen
from instruments.simulated.specimen.weighing_faults import WeighingFaults
from instruments.simulated.time.device_clock import DAY_S
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

LAG_S = 1.0
STABILITY_WINDOW_S = 2.0
STABILITY_DIGITS = 10
WARM_UP_S = 2.0
UNDERLOAD_G = -0.5
AUTO_ZERO_DIGITS = 50
ADJUSTMENT_EVERY_S = 4 * 3600.0
ADJUSTMENT_STEP_MG = 0.5
WORN = 100.0
NONSENSE_G = 9999.99999
NONSENSE_S = 60.0
INTERNAL_WEIGHT_G = 100.0
CARATS_PER_G = 5.0
SELF_WARMING_C = 0.5
VIBRATION_S = 600.0


class BalanceCell:
    """A `WeighingCell`; see the protocol for what its attributes mean.

    It calls a reading stable while the filtered load moves by less than ten digits in two seconds. The load follows
    with a first-order lag, so that speed is the lag itself over the time constant, and no history is kept.

    Attributes:
        weight_on_pan_g: what a person has put onto the pan beside the vessel.
    """

    model = "XSR205DU-twin"
    serial_number = "SIMBAL-0001"
    firmware_version = "1.0-twin"
    capacity_g = 220.0

    def __init__(
        self, timeline: Timeline, vessel: Load, seed: int, faults: WeighingFaults, specimen: Specimen = IDEAL
    ) -> None:
        self.readability_g = faults.digit_mg / 1000.0
        self.host_unit = faults.host_unit
        self.auto_zero = faults.auto_zero
        self.auto_adjustment = faults.auto_adjustment
        self.restarts = 0
        self._timeline = timeline
        self._vessel = vessel
        self._faults = faults
        self._specimen = specimen
        self._noise = Noise(seed, "balance")
        self._disturbances = Disturbances(seed, faults)
        self._drifted_mg = specimen.drift_mg_per_day.over(lambda then_s: then_s / DAY_S)
        self._zero_mg = 0.0
        self._tare_mg = 0.0
        self._ready_s = 0.0
        self._digit_mg = self.readability_g * 1000.0
        self._most_lag_mg = STABILITY_DIGITS * self._digit_mg * LAG_S / STABILITY_WINDOW_S
        if faults.restarts_at_s is not None:
            timeline.at(faults.restarts_at_s, self.restart)
        self._held_mg: float | None = None
        self._stuck_mg: float | None = None
        self._untold: Weighing | None = None
        self._internal_mg = 0.0
        self.weight_on_pan_g = 0.0
        self.internal_weight_g = INTERNAL_WEIGHT_G if faults.internal_weight else None
        Timer(timeline, self._freeze).set_at(faults.freezes_at_s)
        Timer(timeline, self._stick).set_at(faults.sticks_at_s)

    def weigh(self) -> Weighing:
        """Return what is shown now."""
        if 0.0 <= self._timeline.now_s - self._faults.nonsense_at_s < NONSENSE_S:
            return Weighing(NONSENSE_G, True, LoadStatus.IN_RANGE)
        gross_mg = self._gross_mg()
        net_mg = gross_mg - self._tare_mg
        if self.auto_zero and abs(net_mg) < AUTO_ZERO_DIGITS * self._digit_mg:
            net_mg = 0.0
        return Weighing(self._rounded_g(net_mg * self._shown_per_g), self._is_stable(), self._status(gross_mg))

    def answer(self) -> Weighing:
        """Return what a host is told that asks for the mass now."""
        shown = self.weigh()
        if not self._faults.one_behind:
            return shown
        told, self._untold = self._untold or shown, shown
        return told

    def put_on_internal_weight(self) -> None:
        """Put the internal weight on, beside what lies on the pan."""
        self._internal_mg = (self.internal_weight_g or 0.0) * 1000.0

    def lift_internal_weight(self) -> None:
        """Lift the internal weight."""
        self._internal_mg = 0.0

    def temperature_c(self) -> float:
        """Return what the sensor inside measures: the room, and the warmth of the electronics."""
        return self._vessel.air_temperature_c() + SELF_WARMING_C

    def stable_at_s(self) -> float:
        """Return the first instant from now on with a stable load if nothing changes; infinite if there is none."""
        now_s = self._timeline.now_s
        if self._faults.stable_flag is False:
            return math.inf
        if self._is_stable():
            return now_s
        return self._vessel.settled_at_s(max(now_s, self._ready_s), self._most_lag_mg)

    def tare(self) -> float:
        """Make the present gross mass the tare and return it in g."""
        tare_g = self._rounded_g(self._gross_mg())
        self._tare_mg = tare_g * 1000.0
        return tare_g * self._shown_per_g

    def zero(self) -> None:
        """Make the present gross mass the zero and clear the tare."""
        self._zero_mg += self._gross_mg()
        self._tare_mg = 0.0

    def restart(self) -> None:
        """Power up anew: zero and tare are gone, the host unit is g, and the first seconds are not stable."""
        self._zero_mg = self._tare_mg = self._internal_mg = 0.0
        self.host_unit = "g"
        self.restarts += 1
        self._ready_s = self._timeline.now_s + WARM_UP_S

    def _freeze(self) -> None:
        self._held_mg = self._gross_mg()

    def _stick(self) -> None:
        self._stuck_mg = self._load_mg()

    @property
    def _shown_per_g(self) -> float:
        return CARATS_PER_G if self._timeline.now_s >= self._faults.carats_from_s else 1.0

    def _gross_mg(self) -> float:
        if self._held_mg is not None:
            return self._held_mg
        load_mg = self._load_mg() if self._stuck_mg is None else self._stuck_mg
        return load_mg + self._noise_sd_mg() * self._noise.normal(self._timeline.now_s) - self._zero_mg

    def _load_mg(self) -> float:
        """Return what the cell makes of all that lies on it, without its noise."""
        now_s, faults, specimen = self._timeline.now_s, self._faults, self._specimen
        load_mg = self._vessel.followed_mg(now_s - specimen.delay.at(now_s)) + self._internal_mg
        load_mg += (faults.foreign_load_g + self.weight_on_pan_g) * 1000.0
        load_mg += specimen.linearity.at(load_mg) + specimen.sensitivity_error * load_mg
        if now_s >= faults.scale_from_s:
            load_mg *= faults.scale_gain
        drift_mg = faults.drift_mg_per_day * now_s / DAY_S
        drift_mg += self._drifted_mg(now_s)
        if self.auto_adjustment:
            drift_mg += ADJUSTMENT_STEP_MG * (now_s // ADJUSTMENT_EVERY_S)
        drift_mg += self._disturbances.at(now_s, load_mg)
        return load_mg + drift_mg

    def _noise_sd_mg(self) -> float:
        faults = self._faults
        now_s = self._timeline.now_s
        if faults.vibration_mg and since_last_s(now_s) < VIBRATION_S:
            return faults.vibration_mg
        return faults.noise_sd_mg * (WORN if now_s >= faults.wears_at_s else 1.0)

    def _is_stable(self) -> bool:
        if self._faults.stable_flag is not None:
            return self._faults.stable_flag
        now_s = self._timeline.now_s
        return now_s >= self._ready_s and abs(self._vessel.lag_mg(now_s)) < self._most_lag_mg

    def _status(self, gross_mg: float) -> LoadStatus:
        if gross_mg > self.capacity_g * 1000.0:
            return LoadStatus.OVERLOAD
        return LoadStatus.UNDERLOAD if gross_mg < UNDERLOAD_G * 1000.0 else LoadStatus.IN_RANGE

    def _rounded_g(self, mass_mg: float) -> float:
        return round(math.floor(mass_mg / self._digit_mg + 0.5) * self.readability_g, 5)
