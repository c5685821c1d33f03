# SPDX-License-Identifier: Apache-2.0
"""Every judgement of a run as data, for the file that is attached to the record's PDF."""

from typing import Any

from reports.page.page_view import PageView

FIELDS = (
    "id", "name", "verdict", "reason", "value", "expanded_uncertainty", "unit", "coverage_factor", "dof", "lower",
    "upper", "limits_source", "risk",
)  # fmt: skip


def judgement_list(view: PageView) -> dict[str, Any]:
    """Return all judgements, those of each test in the order of the journal.

    Figures are in the unit of their judgement; `expanded_uncertainty` is U = k · u with k as `coverage_factor`, and
    `dof` is null where there are none, or infinitely many.
    """
    tests = [
        {
            "test": test.node,
            "title": test.title,
            "verdict": test.verdict,
            "judgements": [
                {**{name: getattr(one, name) for name in FIELDS}, "requirements": list(one.requirements)}
                for one in test.judgements
            ],
        }
        for test in view.tests
    ]
    return {"run": view.run_id, "simulated": view.simulated, "verdict": view.verdict, "tests": tests}
