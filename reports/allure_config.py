# SPDX-License-Identifier: Apache-2.0
"""The configuration of the Allure 3 generator for one run."""

import json
from pathlib import Path

from reports.run_info import RunInfo

ENVIRONMENT_NAME_LIMIT = 64
"""Allure 3.18 refuses a longer name, and one with a slash, a backslash or a control character."""


def allure_config(run: RunInfo, output: Path, history: Path | None = None) -> str:
    """Return the text of an `allurerc.json`: one single-file report, sorted by requirement, judged by verdict.

    Args:
        run: what it is of.
        output: where it is made.
        history: what earlier reports said, a line each, to which this one adds its own; None keeps nothing from run to
            run.
    """
    config = {
        "name": report_name(run),
        "output": str(output),
        "appendHistory": history is not None,
        **({"historyPath": str(history)} if history is not None else {}),
        "environments": {"dut": {"name": _environment_name(run)}},
        "environment": "dut",
        "categories": {"rules": _categories()},
        "plugins": {
            "awesome": {
                "options": {
                    "reportName": report_name(run),
                    "singleFile": True,
                    "reportLanguage": "en",
                    "groupBy": ["epic", "feature", "story"],
                    "stepTreeExpansion": "expanded",
                }
            }
        },
    }
    return json.dumps(config, indent=2, ensure_ascii=False) + "\n"


def report_name(run: RunInfo) -> str:
    """Return the report's title; it says SIMULATED when any evidence comes from a twin."""
    stamp = "SIMULATED – " if run.simulated else ""
    return f"{stamp}{run.profile_title} – {run.run_id}"


def _environment_name(run: RunInfo) -> str:
    pump = run.pump
    wanted = f"{pump.model}, serial number {pump.serial_number}" if pump is not None else run.profile_title
    allowed = "".join(" " if character in "/\\" or not character.isprintable() else character for character in wanted)
    return allowed[:ENVIRONMENT_NAME_LIMIT].strip() or "pump"


def _categories() -> list[dict[str, object]]:
    """Return the rules, first match counts: by the verdict that the bench gave, then whatever ended without one."""
    named = {
        "fail": "FAIL: the pump did not keep its promise",
        "inconclusive": "INCONCLUSIVE: the evidence does not decide",
        "blocked": "BLOCKED: the bench could not test",
    }
    rules: list[dict[str, object]] = [
        {"name": name, "matchers": [{"labels": {"verdict": f"^{verdict}$"}}], "expand": True}
        for verdict, name in named.items()
    ]
    without = {"statuses": ["failed", "broken", "unknown"]}
    return [*rules, {"name": "No verdict: the test did not come to one", "matchers": [without], "expand": True}]
