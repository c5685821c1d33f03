# SPDX-License-Identifier: Apache-2.0
"""A duration so that a plan can take it over to the second, and a person can read it."""

_TOO_MANY_HOURS = 48.0


def time_text(duration_s: float) -> str:
    """Return a duration in s, and behind it in hours or days: `17280 s (4.8 h)`."""
    hours = duration_s / 3600
    rounded = f"{hours:.3g} h" if hours < _TOO_MANY_HOURS else f"{hours / 24:.3g} d"
    return f"{duration_s:.10g} s ({rounded})"
