# SPDX-License-Identifier: Apache-2.0
"""Pictures and samples stand beside the report and are shown from there; budgets are text inside the judgement."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.bench_run import BenchRun, bench_run

SVG = b"<svg "


def steps_of(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for step in result.get("steps", []):
        yield step
        yield from steps_of(step)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return bench_run("simulated", tmp_path_factory.mktemp("pictures"), "--chapter", "delivery", select="high")


@pytest.fixture(scope="module")
def result(run: BenchRun) -> dict[str, Any]:
    (path,) = run.folder.glob("allure-results/*-result.json")
    read = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def test_the_pictures_of_an_infusion_are_shown_in_the_description_from_beside_the_report(
    run: BenchRun, result: dict[str, Any]
) -> None:
    shown = re.findall(r"!\[(.+?)(?<!\\)\]\(\.\./(pictures/[\w-]+\.svg)\)", result["description"])
    assert [path for _, path in shown] == [
        f"pictures/I-0001-{name}.svg" for name in ("delivery", "start-up", "trumpet")
    ]
    assert all((run.folder / path).read_bytes().startswith(SVG) for _, path in shown)


def test_all_samples_are_linked_as_csv(run: BenchRun, result: dict[str, Any]) -> None:
    (link,) = result["links"]
    rows = (run.folder / link["url"].removeprefix("../")).read_text("utf-8").splitlines()
    assert link["name"].endswith(": all samples")
    assert len(rows) == len(run.of_kind("sample")) + 1


def test_a_judgement_with_a_budget_holds_it_as_a_table_of_text_and_nothing_else_is_attached(
    run: BenchRun, result: dict[str, Any]
) -> None:
    steps = [step for step in steps_of(result) if step.get("attachments")]
    judged = [line.data for line in run.of_kind("judgement") if line.data.get("value") is not None]
    assert judged
    assert len(steps) == len(judged)
    assert not result.get("attachments")
    folder = run.folder / "allure-results"
    assert {path.suffix for path in folder.glob("*-attachment.*")} == {".md"}
    for data, step in zip(judged, steps, strict=True):
        (attached,) = step["attachments"]
        text = (folder / attached["source"]).read_text("utf-8")
        assert f"- Judgement: {data['id']}" in text
        assert ("Uncertainty budget: u = " in text) is bool(data.get("budget"))
        assert {"name": "judgement", "value": data["id"]} in step["parameters"]
