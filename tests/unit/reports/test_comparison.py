# SPDX-License-Identifier: Apache-2.0
"""Two runs side by side: what is the same error in both does not count in their difference."""

import math

import pytest

from groundfloor.errors import PlanError
from metrology.verdict import Verdict
from reports.library.comparison import compared
from tests.unit.reports.kept_runs import SOURCES, judged, kept_run, run_info

OWN = SOURCES["mass at the end"]
ALL = math.hypot(*SOURCES.values())


def pair(tmp_path, first=100.0, second=101.0, margin=None, **second_run):
    a = kept_run(tmp_path / "a", (judged("volume", first),))
    b = kept_run(tmp_path / "b", (judged("volume", second),), run_info(**second_run))
    (found,) = compared(a, b, margin).pairs
    return found


def test_a_difference_is_in_percent_of_the_middle_of_the_limits_and_the_same_certificate_goes_out(tmp_path):
    found = pair(tmp_path, firmware="3.2.0")
    assert (found.first, found.second, found.difference, found.unit) == pytest.approx((0.0, 1.0, 1.0, "%"), nan_ok=True)
    assert found.expanded_uncertainty == pytest.approx(2 * math.sqrt(2) * OWN)
    assert found.common == ("calibration at the begin", "calibration at the end")


@pytest.mark.parametrize("other", [{"balance": "B9"}, {"certificate": "C-8"}])
def test_another_balance_or_certificate_counts_in_full(tmp_path, other):
    found = pair(tmp_path, **other)
    assert found.expanded_uncertainty == pytest.approx(2 * math.sqrt(2) * ALL)
    assert found.common == ()


@pytest.mark.parametrize(("margin", "equivalent"), [(3.7, False), (3.9, True)])
def test_equivalence_takes_the_difference_and_1_645_u_within_the_margin(tmp_path, margin, equivalent):
    # 1 % + 1.6449 · √2 · 1.2 % = 3.79 %
    assert pair(tmp_path, margin=margin).equivalent is equivalent


# p of statsmodels 0.15.0, `weightstats.ztost`, for a sample of 50 with mean 1 and standard error √2 · 1.2.
@pytest.mark.parametrize(
    ("margin", "p"),
    [
        (2.0, 0.2778448951413973), (3.0, 0.11929641465821778), (3.5, 0.07035676242634625), (3.75, 0.0525674970358701),
        (3.79, 0.05008569828291355), (3.8, 0.04948007700970287), (3.85, 0.04653914010915677),
        (4.0, 0.03854993587177085), (6.0, 0.0016081146550637215),
    ],
)  # fmt: skip
def test_equivalence_is_what_an_independent_two_one_sided_test_says(tmp_path, margin, p):
    found = pair(tmp_path, margin=margin)
    u = found.expanded_uncertainty / 2
    assert (found.difference, u) == pytest.approx((1.0, math.sqrt(2) * 1.2))  # as the sample of that test
    assert found.equivalent is (p < 0.05)
    beyond = (math.erfc((margin - 1.0) / u / math.sqrt(2)) / 2, math.erfc((margin + 1.0) / u / math.sqrt(2)) / 2)
    assert max(beyond) == pytest.approx(p, rel=1e-9)  # the figures are those of this very question


def test_a_verdict_that_turned_differs_though_the_values_do_not(tmp_path):
    a = kept_run(tmp_path / "a", (judged("log", None),))
    b = kept_run(tmp_path / "b", (judged("log", None, Verdict.FAIL),))
    (found,) = compared(a, b).pairs
    assert found.differs
    assert found.difference is None


def test_a_difference_within_its_u_does_not_differ_and_a_larger_one_does(tmp_path):
    assert not pair(tmp_path / "near", second=103.3).differs  # U = 3.39 %
    assert pair(tmp_path / "far", second=103.5).differs


@pytest.mark.parametrize("margin", [0.0, -1.0, math.nan, math.inf])
def test_a_margin_that_is_none_is_refused(tmp_path, margin):
    with pytest.raises(PlanError, match="--margin"):
        compared(tmp_path, tmp_path, margin)
