# SPDX-License-Identifier: Apache-2.0
"""The devices of a bench file: opened here and nowhere else, by the drivers that the file names.

`OpenDevices` opens each one when it is first asked for, which is what a keeper needs that must not touch more than it
has to. `Connection` opens them all, asks each who it is, and tells all that is wrong at once.
"""

from bench.devices.connection import Connection, check_promises, check_register_maps, lacking_features
from bench.devices.finding import SECOND, Finding, Identity
from bench.devices.open_devices import OpenDevices
from bench.devices.places import pump_opens_once, rig_opens_once, rig_place

__all__ = [
    "SECOND",
    "Connection",
    "Finding",
    "Identity",
    "OpenDevices",
    "check_promises",
    "check_register_maps",
    "lacking_features",
    "pump_opens_once",
    "rig_opens_once",
    "rig_place",
]
