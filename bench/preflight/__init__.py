# SPDX-License-Identifier: Apache-2.0
"""Before the first infusion and after the last: is this bench fit to judge a pump?"""

from bench.preflight.check import Check
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.preflight.postflight import Postflight
from bench.preflight.preflight import Preflight

__all__ = ["Check", "CheckFinding", "CheckState", "Postflight", "Preflight"]
