# SPDX-License-Identifier: Apache-2.0
"""How long something took, when its beginning and its end are known only within brackets."""

from metrology.latency.bracket import Bracket
from metrology.latency.latency import latency

__all__ = ["Bracket", "latency"]
