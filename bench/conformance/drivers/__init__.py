# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of a driver: does it keep to its protocol, on a good wire and on bad ones?

The rules of *Build a rig* ask what a device does; this asks what a driver makes of it. It needs a device that answers,
the driver's own twin for one, and stands between both.
"""

from bench.conformance.drivers.driver_trial import DriverFinding, DriverTrial
from bench.conformance.drivers.try_driver import Asked, refuse_unreachable, try_driver

__all__ = ["Asked", "DriverFinding", "DriverTrial", "refuse_unreachable", "try_driver"]
