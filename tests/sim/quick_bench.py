# SPDX-License-Identifier: Apache-2.0
"""A simulated bench whose pre-flight takes no time, for tests of what comes after it."""

from bench.bench_file import BenchFile, CheckName, EvaporationBlank

LEFT_OUT = (CheckName.WARM_UP, CheckName.BALANCE_NOISE, CheckName.PUMP_CLOCK, CheckName.BLANK_CHANGE)
BLANK_S = 300.0
"""Long enough for the capability gate at the rates that these tests use, also on a scaled clock."""
SHORT_BLANK_S = 60.0
"""For runs that judge no volume."""
RUN_DOWN_S = 60.0
"""Longer than a good pump's run-down takes."""


def quick(file: BenchFile, blank_s: float = BLANK_S) -> BenchFile:
    """Return `file` with every wait cut down; so short a blank says little, and is let pass whatever it says."""
    changes = {
        "off": LEFT_OUT,
        "settle_s": 1.0,
        "leak_hold_s": 10.0,
        "evaporation_mg_per_h": 1e3,
        "postflight_blank_s": blank_s,
    }
    preflight = file.preflight.model_copy(update=changes)
    limits = file.limits.model_copy(update={"lead_in_s": 0.0, "run_down_s": RUN_DOWN_S})
    evaporation = EvaporationBlank(blank_s=blank_s)
    return file.model_copy(update={"evaporation": evaporation, "preflight": preflight, "limits": limits})
