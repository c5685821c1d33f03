# SPDX-License-Identifier: Apache-2.0
"""From a measured quantity and its limits to PASS, FAIL or INCONCLUSIVE, by a rule that is printed with it."""

from bench.verdict.conformance import uncertainty_ratio
from bench.verdict.decision_rule import DecisionRule, judge
from bench.verdict.judgement import Judgement, forbidden, required, undecided
from bench.verdict.limits import Limits
from bench.verdict.measurement import Measurement
from bench.verdict.rate_error import relative_error
from bench.verdict.rejudging import Rejudging
from bench.verdict.verdict import Verdict, worst

__all__ = [
    "DecisionRule",
    "Judgement",
    "Limits",
    "Measurement",
    "Rejudging",
    "Verdict",
    "forbidden",
    "judge",
    "relative_error",
    "required",
    "uncertainty_ratio",
    "undecided",
    "worst",
]
