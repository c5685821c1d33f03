# SPDX-License-Identifier: Apache-2.0
"""From a measured quantity and its limits to PASS, FAIL or INCONCLUSIVE, by a rule that is printed with it."""

from metrology.verdict.conformance import uncertainty_ratio
from metrology.verdict.decision_rule import DecisionRule, decide, judge
from metrology.verdict.judgement import YES_OR_NO, Judgement, forbidden, required, undecided
from metrology.verdict.limits import Limits
from metrology.verdict.measurement import Measurement
from metrology.verdict.rate_error import relative_error
from metrology.verdict.verdict import Verdict, worst
from metrology.verdict.worst_of_many import Bound, WorstOfMany

__all__ = [
    "YES_OR_NO",
    "Bound",
    "DecisionRule",
    "Judgement",
    "Limits",
    "Measurement",
    "Verdict",
    "WorstOfMany",
    "decide",
    "forbidden",
    "judge",
    "relative_error",
    "required",
    "uncertainty_ratio",
    "undecided",
    "worst",
]
