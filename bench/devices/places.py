# SPDX-License-Identifier: Apache-2.0
"""Where the devices of a bench file are, and whether a second user could open a line to them: asked before opening."""

from bench.bench_file import BenchFile
from instruments.drivers.named import driver_named
from instruments.drivers.table import PUMP_DRIVERS, RIG_DRIVERS


def rig_place(file: BenchFile) -> str:
    """Return where the rig is; two files with the same place lead to the same rig.

    Raises:
        PlanError: the rig's map is missing or wrong.
    """
    return driver_named(RIG_DRIVERS, file.rig.driver).place(file.rig.access)


def rig_opens_once(file: BenchFile) -> bool:
    """Tell whether the rig cannot be reached while somebody else has its line open."""
    return driver_named(RIG_DRIVERS, file.rig.driver).opens_once(file.rig.access)


def pump_opens_once(file: BenchFile) -> bool:
    """Tell the same of the pump."""
    return driver_named(PUMP_DRIVERS, file.pump.driver).opens_once(file.pump.access)
