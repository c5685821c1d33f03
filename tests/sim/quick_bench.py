# SPDX-License-Identifier: Apache-2.0
"""A simulated bench whose pre-flight takes no time, for tests of what comes after it."""

from bench.bench_file import BenchFile, CheckName, EvaporationBlank

LEFT_OUT = (CheckName.WARM_UP, CheckName.BALANCE_NOISE, CheckName.PUMP_CLOCK)


def quick(file: BenchFile) -> BenchFile:
    """Return `file` with every wait cut down; so short a blank says nothing, and is let pass whatever it says."""
    changes = {
        "off": LEFT_OUT,
        "settle_s": 1.0,
        "leak_hold_s": 10.0,
        "evaporation_mg_per_h": 1e3,
        "blank_change_mg_per_h": 1e3,
        "postflight_blank_s": 60.0,
    }
    preflight = file.preflight.model_copy(update=changes)
    return file.model_copy(update={"evaporation": EvaporationBlank(blank_s=60), "preflight": preflight})
