# SPDX-License-Identifier: Apache-2.0
"""A programmed change of rate, and how early or late it may show at the outlet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RateChange:
    """From `at_s` on the programmed rate is `rate_ul_per_h`.

    Attributes:
        at_s: programmed instant.
        rate_ul_per_h: from then on; zero for a stop.
        early_s: so much earlier it may come: the pump's clock, a reading's instant.
        late_s: so much later it may come, and be smoothed meanwhile: the same, the catheter's time constant, the
            tolerance of a scheduled step or of a bolus' start.
    """

    at_s: float
    rate_ul_per_h: float
    early_s: float = 0.0
    late_s: float = 0.0
