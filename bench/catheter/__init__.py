# SPDX-License-Identifier: Apache-2.0
"""The catheter and what is done to it: kinked, disconnected, leaking."""

from bench.catheter.catheter import Catheter, position_percent
from bench.catheter.injection import Fault, Injection

__all__ = ["Catheter", "Fault", "Injection", "position_percent"]
