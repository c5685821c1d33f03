# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about its catheter.

A kinked catheter behaves as a spring: the pump fills its compliance C until the pressure has risen by the threshold
ΔP, so an alarm takes C·ΔP/Q at the rate Q, and what was stored comes out at once when the kink opens. Published times
to the occlusion alarm of ten pumps bear this out: the volume missed is nearly the same at every rate (the D-TRONplus,
Crono Five and JMS figures; doi 10.1177/1932296817750404 states that no standard sets a maximum).
"""

from typing import Self

from pydantic import model_validator

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel

SECONDS_PER_HOUR = 3600.0
LEAST_COMPLIANCE = 0.2
"""Of the greatest, where a profile gives no least one (assumed)."""
PRESSURE_ERROR_OF_A_GOOD_PUMP = Sourced(
    value=0.5, source="assumed: half of what tells a catheter that is on from one off"
)


class CatheterSpecification(TomlModel):
    """The catheter's worst case.

    Attributes:
        has_sensor: whether the pump measures the pressure in the catheter.
        compliance_max_ul_per_kpa: C_max, greatest volume stored per rise of pressure.
        compliance_min_ul_per_kpa: C_min, least volume stored per rise of pressure: one stroke raises it by v/C_min at
            most; not given, a fifth of C_max.
        pressure_error_max_kpa: how far the pressure that the pump tells may be off.
        resistance_max_kpa_h_per_ul: R_max, greatest rise of pressure per rate, catheter open.
        occlusion_threshold_max_kpa: ΔP_max, pressure at which an occlusion is recognised at the latest; only with a
            sensor.
        partial_kink_percent: a kink that raises no alarm and leaves the delivery within its limits.
        unintended_bolus_margin_percent: added to the computed bolus on release.
    """

    has_sensor: bool
    compliance_max_ul_per_kpa: Sourced
    compliance_min_ul_per_kpa: Sourced | None = None
    pressure_error_max_kpa: Sourced = PRESSURE_ERROR_OF_A_GOOD_PUMP
    resistance_max_kpa_h_per_ul: Sourced
    occlusion_threshold_max_kpa: Sourced | None = None
    partial_kink_percent: Sourced
    unintended_bolus_margin_percent: Sourced

    @model_validator(mode="after")
    def _threshold_needs_a_sensor(self) -> Self:
        if self.has_sensor is (self.occlusion_threshold_max_kpa is None):
            raise ValueError("occlusion_threshold_max_kpa stands there with a sensor, and only with one")
        if not 0 < self.least_compliance_ul_per_kpa <= self.compliance_max_ul_per_kpa.value:
            raise ValueError("compliance_min_ul_per_kpa is not over zero and up to compliance_max_ul_per_kpa")
        return self

    @property
    def least_compliance_ul_per_kpa(self) -> float:
        """Return C_min, or what is assumed for it."""
        if self.compliance_min_ul_per_kpa is not None:
            return self.compliance_min_ul_per_kpa.value
        return LEAST_COMPLIANCE * self.compliance_max_ul_per_kpa.value

    @property
    def time_constant_s(self) -> float:
        """Return R_max·C_max, the time in which 63 % of a change of rate arrive at the outlet."""
        return self.resistance_max_kpa_h_per_ul.value * self.compliance_max_ul_per_kpa.value * SECONDS_PER_HOUR
