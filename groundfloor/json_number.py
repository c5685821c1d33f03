# SPDX-License-Identifier: Apache-2.0
"""JSON knows neither NaN nor infinity; a record writes null for both."""

import math


def json_number(value: float | None) -> float | None:
    """Return `value`, or None where JSON has no number for it (NaN, infinity)."""
    return value if value is not None and math.isfinite(value) else None
