# SPDX-License-Identifier: Apache-2.0
"""The figures of a balance, from a bench file into the words of gravimetry."""

from bench.bench_file import BalanceDevice
from metrology.gravimetry import BalanceSpecification


def specification(balance: BalanceDevice) -> BalanceSpecification:
    """Return what the bench file says of its balance."""
    return BalanceSpecification(
        readability_mg=balance.readability_mg,
        repeatability_mg=balance.repeatability_mg,
        linearity_mg=balance.linearity_mg,
        drift_mg_per_day=balance.drift_mg_per_day,
        calibration_expanded_uncertainty_mg=balance.calibration.expanded_uncertainty_mg,
        sensitivity_per_c=1e-6 * balance.sensitivity_ppm_per_c,
    )
