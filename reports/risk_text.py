# SPDX-License-Identifier: Apache-2.0
"""How sure a verdict is, in words: the TUR, what the rule risks at worst, and what this value risks."""

import math

from metrology.verdict import Verdict
from reports.entry import MeasuredValue

LEAST_TOLD = 1e-6
"""A probability below it is told as below it: no model of a measurement is believed further."""


def risk_text(value: MeasuredValue) -> str:
    """Return how sure the verdict on a measured value is; empty for a yes or no, and for what old journals say.

    A PASS is wrong with the probability that the true value lies outside the limits, a FAIL with that of inside.
    """
    inside = value.conformance_probability
    if value.value is None or inside is None:
        return ""
    told = [f"TUR {ratio}"] if (ratio := ratio_text(value)) else []
    return "; ".join([*told, _risk(value.verdict, inside, value.worst_false_accept)])


def ratio_text(value: MeasuredValue) -> str:
    """Return the TUR; empty where it is not defined: one limit only, or no uncertainty."""
    ratio = value.uncertainty_ratio
    return f"{ratio:.3g}" if ratio is not None and math.isfinite(ratio) else ""


def _risk(verdict: Verdict, inside: float, by_rule: float | None) -> str:
    if verdict is Verdict.FAIL:
        return f"risk of false reject {_percent(inside)} for this value"
    if verdict is not Verdict.PASS:
        return f"inside the limits with probability {_percent(inside)}"
    at_most = f"at most {100 * by_rule:g} % by the rule, " if by_rule is not None else ""
    return f"risk of false accept {at_most}{_percent(1 - inside)} for this value"


def _percent(probability: float) -> str:
    if probability < LEAST_TOLD:
        return f"under {100 * LEAST_TOLD:g} %"
    if probability > 1 - LEAST_TOLD:
        return f"over {100 * (1 - LEAST_TOLD):g} %"
    return f"{100 * probability:.3g} %"
