# SPDX-License-Identifier: Apache-2.0
"""While a test runs nothing of it is written for Allure: steps are kept, and what they hold in full comes after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allure_commons
import pytest
from allure_commons import model2
from allure_commons.logger import AllureFileLogger
from allure_commons.reporter import AllureReporter as Logger

from bench.journal import Journal
from fixtures.allure_attachment import AllureAttachment
from fixtures.allure_reporter import AllureReporter

JUDGEMENT: dict[str, Any] = {
    "name": "basal: delivered volume",
    "declared": "day",
    "verdict": "PASS",
    "reason": "inside",
    "rule": "guard band",
    "value": 1000.0,
    "unit": "µL",
    "expanded_uncertainty": 2.0,
    "coverage_factor": 2.0,
    "dof": None,
    "lower": 855.0,
    "upper": 1145.0,
    "limits_source": "profile",
}


@pytest.fixture
def results(tmp_path: Path) -> Iterator[Path]:
    """A folder that Allure's own file logger writes into."""
    folder = tmp_path / "results"
    logger = AllureFileLogger(str(folder))
    allure_commons.plugin_manager.register(logger)
    yield folder
    allure_commons.plugin_manager.unregister(logger)


def test_a_judgement_is_a_step_at_once_and_its_budget_a_file_when_the_test_is_over(
    tmp_path: Path, results: Path
) -> None:
    logger, attachments = Logger(), list[AllureAttachment]()
    result = model2.TestResult(name="test", uuid="one")
    logger.schedule_test("one", result)
    journal = Journal(tmp_path / "journal.jsonl", lambda: 0.0)
    reporter = AllureReporter(journal, logger, attachments)
    journal.write("judgement", **JUDGEMENT)
    journal.write("judgement", **{**JUDGEMENT, "value": None, "name": "program", "expanded_uncertainty": None})
    reporter.finish()
    journal.write("judgement", **JUDGEMENT)
    measured, told = result.steps
    (shown,) = measured.attachments
    assert not told.attachments
    assert [one.file for one in attachments] == [shown.source]
    assert not list(results.iterdir())
    for one in attachments:
        one.write()
    (written,) = results.iterdir()
    assert written.name == shown.source
    assert "delivered volume" in written.read_text(encoding="utf-8")
