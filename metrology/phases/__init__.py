# SPDX-License-Identifier: Apache-2.0
"""Parts that tile a time: what may come in each of them, and in which span of them most, or least, came."""

from metrology.phases.part import Part, Slack
from metrology.phases.tolerance import Tolerance
from metrology.phases.worst_span import Band, SpanOfParts, worst_spans

__all__ = ["Band", "Part", "Slack", "SpanOfParts", "Tolerance", "worst_spans"]
