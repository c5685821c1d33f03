# SPDX-License-Identifier: Apache-2.0
"""Tells where a rate is off by what parts two units: a heading, or what the pump was set to, names a wrong one."""

from metrology.recording.recording import Recording

_FACTORS = {1e3: "1000", 1e6: "a million", 60.0: "60", 3600.0: "3600"}
_SLACK = 1.15
"""A pump that is told apart from a wrong unit may be so far off beside it."""


def unit_doubt(recording: Recording, mean_rate_ul_per_h: float, set_rate_ul_per_h: float) -> str:
    """Return a sentence where the rate of a recording is about a thousand or sixty times what was set, or as much less.

    Empty where it is not.
    """
    ratio = mean_rate_ul_per_h / set_rate_ul_per_h
    for factor, told in _FACTORS.items():
        for off, words in (
            (ratio / factor, f"{told} times the set rate"),
            (ratio * factor, f"the set rate divided by {told}"),
        ):
            if 1 / _SLACK < off < _SLACK:
                time, amount = recording.columns
                kind = recording.measured
                return (
                    f"in doubt: the mean rate of {mean_rate_ul_per_h:.4g} µL/h is about {words}: is --rate right, and "
                    f"are the units of {time!r} and {amount!r}? Where a heading is wrong, say the unit: --{kind}-unit "
                    "or --time-unit, with --override-unit"
                )
    return ""
