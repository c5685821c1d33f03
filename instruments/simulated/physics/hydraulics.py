# SPDX-License-Identifier: Apache-2.0
"""From the reservoir to the vessel: strokes, the catheter's compliance and resistance, and where the fluid ends up.

The rotor moves when the commanded volume reaches the next multiple of the nominal stroke; the phase is kept over rate
changes and stops. What a stroke truly delivers differs by a bias that is held between refreshes on a fixed hourly grid,
so that nothing depends on how often anybody asks. Every change of conditions ends one `Regime` and begins the next.
"""

import math
from dataclasses import dataclass, replace

from groundfloor.notifier import Notifier
from instruments.simulated.physics.regime import Regime
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.time.timeline import Timeline

HOUR_S = 3600.0
VALVE_CLOSES_AT = 1.02
"""Of what a reservoir is said to hold (assumed)."""
HALF_WAY = 0.5
"""Of the catheter's resistance, up to where it is torn."""


@dataclass(frozen=True)
class Conditions:
    """Everything from outside that shapes the flow; constant within a regime.

    Attributes:
        rate_ul_per_h: what the motor is driven at, in nominal volume and true time.
        kink_fraction: how far the clamp is closed, 0 to 1.
        disconnected: the catheter is off at the pump: its fluid and all flow go to the ambient.
        leak_fraction: share of the outflow that does not reach the vessel.
        outlet_kpa: pressure at the catheter's end.
        stroke_bias: fraction by which a true stroke exceeds the nominal one.
        stalled: the rotor turns and delivers nothing.
        rig_leak_share: share of the flow through an open catheter that leaks out before the clamp, whatever that does.
        stroke_gain: volume of a stroke over that of a good one.
        outlet_lift_kpa: by how much the outlet is raised over its rest.
        torn: the catheter is open in its middle: what comes there goes to the ambient.
    """

    rate_ul_per_h: float = 0.0
    kink_fraction: float = 0.0
    disconnected: bool = False
    leak_fraction: float = 0.0
    outlet_kpa: float = 1.2
    stroke_bias: float = 0.0
    stalled: bool = False
    rig_leak_share: float = 0.0
    stroke_gain: float = 1.0
    outlet_lift_kpa: float = 0.0
    torn: bool = False

    @property
    def end_kpa(self) -> float:
        """Return the pressure at the end that the pump pushes against."""
        return 0.0 if self.disconnected or self.torn else self.outlet_kpa + self.outlet_lift_kpa


@dataclass(frozen=True)
class Volumes:
    """Where the fluid is at one instant, in uL; filled = reservoir + vessel + leak + ambient + gain of the catheter."""

    reservoir_ul: float
    vessel_ul: float = 0.0
    leak_ul: float = 0.0
    ambient_ul: float = 0.0
    catheter_ul: float = 0.0


class Hydraulics:
    """The fluid path.

    Attributes:
        changed: tells the instant of every change of conditions.
        overfilled: tells the instant at which somebody tried to put more in than the reservoir holds.
        holds_ul: at so much the valve of the reservoir closes; infinite where it has none.
    """

    def __init__(
        self,
        timeline: Timeline,
        model: PumpModel,
        outlet_kpa: float,
        balance_lag_s: float,
        stroke_phase: float = 0.0,
    ) -> None:
        self.changed: Notifier[float] = Notifier()
        self.overfilled: Notifier[float] = Notifier()
        self.holds_ul = model.reservoir_ul * VALVE_CLOSES_AT
        self.last_stroke_s = 0.0
        self._timeline = timeline
        self._stroke_ul = model.stroke_ul
        self._catheter = model.catheter
        self._balance_lag_s = balance_lag_s
        self._conditions = Conditions(outlet_kpa=outlet_kpa)
        self._volumes = Volumes(model.reservoir_ul, catheter_ul=model.catheter.compliance_ul_per_kpa * outlet_kpa)
        self._strokes = 0
        self._phase_ul = stroke_phase * model.stroke_ul
        self._lag_ul = 0.0
        self.regime = self._begin()
        self._before = self.regime, self._volumes

    @property
    def conditions(self) -> Conditions:
        """Return what holds now."""
        return self._conditions

    def change(self, conditions: Conditions) -> None:
        """Let `conditions` hold from now on."""
        if conditions == self._conditions:
            return
        self._fold()
        self._conditions = conditions
        self.regime = self._begin()
        self.changed.notify(self._timeline.now_s)

    def drive(self, rate_ul_per_h: float, stroke_gain: float = 1.0) -> None:
        """Let the motor run at `rate_ul_per_h` (nominal volume, true time), with strokes of so much of their volume."""
        self.change(replace(self._conditions, rate_ul_per_h=rate_ul_per_h, stroke_gain=stroke_gain))

    def drop_begun_stroke(self) -> None:
        """Forget the part of a stroke that the drive was told to move and has not moved."""
        self._fold()
        self._phase_ul = 0.0
        self.regime = self._begin()
        self.changed.notify(self._timeline.now_s)

    def fill(self, volume_ul: float) -> None:
        """Make the reservoir hold `volume_ul`."""
        self._fold()
        self._volumes = replace(self._volumes, reservoir_ul=volume_ul)
        self.regime = self._begin()
        self.changed.notify(self._timeline.now_s)

    def pressure_kpa(self) -> float:
        """Return the pressure in the catheter over ambient."""
        if self._conditions.disconnected:
            return 0.0
        excess_ul = self.regime.excess_at(self._timeline.now_s)
        return self._conditions.end_kpa + excess_ul / self._catheter.compliance_ul_per_kpa

    def strokes(self) -> int:
        """Return the strokes since the pump was assembled."""
        return self._strokes + self.regime.strokes(self._timeline.now_s)

    def when_strokes_s(self, total: int) -> float:
        """Return when the pump will have made `total` strokes, infinite when not under present conditions."""
        number = total - self._strokes
        if number <= self.regime.strokes(self._timeline.now_s):
            return self._timeline.now_s
        return self.regime.stroke_s(number) if number <= self.regime.most_strokes else math.inf

    def when_empty_s(self) -> float:
        """Return when the first stroke falls that the reservoir cannot fill, infinite when the pump stands."""
        return self.regime.stroke_s(self.regime.most_strokes + 1)

    def when_down_to_s(self, volume_ul: float) -> float:
        """Return when no more than `volume_ul` will be in the reservoir, infinite when the pump stands."""
        regime = self.regime
        if not regime.stroke_ul:
            return math.inf
        strokes = math.ceil((self._volumes.reservoir_ul - volume_ul) / regime.stroke_ul)
        return max(self._timeline.now_s, regime.stroke_s(strokes)) if strokes > 0 else self._timeline.now_s

    def excess_of(self, pressure_kpa: float) -> float:
        """Return the catheter's excess that stands for `pressure_kpa` under present conditions."""
        return self._catheter.compliance_ul_per_kpa * (pressure_kpa - self._conditions.end_kpa)

    def commanded_ul(self) -> float:
        """Return the nominal volume that the drive was told to move since assembly, between strokes too."""
        running_s = self._timeline.now_s - self.regime.start_s
        return self._strokes * self._stroke_ul + self._phase_ul + self._commanded(running_s)

    def vessel_ul(self) -> float:
        """Return the volume that has reached the vessel."""
        return self._volumes.vessel_ul + self.regime.vessel_share * self.regime.outflow_at(self._timeline.now_s)

    def shown_ul(self, when_s: float) -> float:
        """Return the volume in the vessel that the balance had followed at `when_s`, now or a moment ago."""
        regime, start = (self.regime, self._volumes) if when_s >= self.regime.start_s else self._before
        then_s = max(when_s, regime.start_s)
        out_ul, lag_ul = regime.outflow_and_lag_at(then_s)
        return start.vessel_ul + regime.vessel_share * out_ul - lag_ul

    def volumes(self) -> Volumes:
        """Return where all the fluid is now."""
        now_s, regime, start = self._timeline.now_s, self.regime, self._volumes
        out_ul = regime.outflow_at(now_s)
        gone = self._conditions.disconnected or self._conditions.torn
        return Volumes(
            reservoir_ul=start.reservoir_ul - regime.stroke_ul * regime.strokes(now_s),
            vessel_ul=start.vessel_ul + regime.vessel_share * out_ul,
            leak_ul=start.leak_ul + (0.0 if gone else (1.0 - regime.vessel_share) * out_ul),
            ambient_ul=start.ambient_ul + (out_ul if gone else 0.0),
            catheter_ul=start.catheter_ul + regime.stroke_ul * regime.strokes(now_s) - out_ul,
        )

    def _commanded(self, duration_s: float) -> float:
        return self._conditions.rate_ul_per_h / HOUR_S * duration_s

    def _fold(self) -> None:
        now_s, regime = self._timeline.now_s, self.regime
        count = regime.strokes(now_s)
        self._before = regime, self._volumes
        self._volumes, self._lag_ul = self.volumes(), regime.lag_at(now_s)
        self._phase_ul += self._commanded(now_s - regime.start_s) - count * self._stroke_ul
        self._strokes += count
        if count:
            self.last_stroke_s = regime.stroke_s(count)

    def _begin(self) -> Regime:
        now_s, conditions = self._timeline.now_s, self._conditions
        rate_ul_per_s = conditions.rate_ul_per_h / HOUR_S
        gain = 0.0 if conditions.stalled else conditions.stroke_gain
        stroke_ul = self._stroke_ul * gain * max(0.0, 1.0 + conditions.stroke_bias)
        to_go_ul = max(0.0, self._stroke_ul - self._phase_ul)
        rest_ul = self._catheter.compliance_ul_per_kpa * conditions.end_kpa
        return Regime(
            start_s=now_s,
            first_stroke_s=now_s + to_go_ul / rate_ul_per_s if rate_ul_per_s else math.inf,
            interval_s=self._stroke_ul / rate_ul_per_s if rate_ul_per_s else math.inf,
            stroke_ul=stroke_ul,
            most_strokes=int(self._volumes.reservoir_ul / stroke_ul) if stroke_ul else 2**62,
            excess_ul=self._volumes.catheter_ul - rest_ul,
            decay_s=self._decay_s(),
            lag_ul=self._lag_ul,
            lag_decay_s=self._balance_lag_s,
            vessel_share=self._vessel_share(),
        )

    def _decay_s(self) -> float:
        if self._conditions.disconnected:
            return 0.0  # what the catheter held leaves at once, as every stroke does
        conductance = sum(self._conductances()) / (HALF_WAY if self._conditions.torn else 1.0)
        if conductance <= 0.0:
            return math.inf
        catheter = self._catheter
        return catheter.resistance_kpa_h_per_ul * catheter.compliance_ul_per_kpa * HOUR_S / conductance

    def _vessel_share(self) -> float:
        if self._conditions.disconnected or self._conditions.torn:
            return 0.0
        through, beside = self._conductances()
        passing = through / (through + beside) if beside else 1.0
        return passing * (1.0 - self._conditions.leak_fraction)

    def _conductances(self) -> tuple[float, float]:
        """Return how well fluid passes the clamp, and the leak before it; 1 is an open catheter.

        The leak ends at the height of the outlet, so that nothing runs while the pump stands.
        """
        share = self._conditions.rig_leak_share
        return max(0.0, 1.0 - self._conditions.kink_fraction) ** 4, share / (1.0 - share)
