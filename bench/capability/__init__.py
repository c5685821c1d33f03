# SPDX-License-Identifier: Apache-2.0
"""Before hours are spent: can these means resolve this tolerance, and which would?"""

from bench.capability.any_window_capability import AnyWindowCapability
from bench.capability.capability_gate import CapabilityGate, slowest_rate_ul_per_h

__all__ = ["AnyWindowCapability", "CapabilityGate", "slowest_rate_ul_per_h"]
