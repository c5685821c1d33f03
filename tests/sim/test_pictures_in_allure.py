# SPDX-License-Identifier: Apache-2.0
"""The report holds the pictures where they belong: curves with the infusion, budgets with the judgement."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.sim.bench_run import bench_run

PNG = b"\x89PNG\r\n\x1a\n"


def steps_of(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for step in result.get("steps", []):
        yield step
        yield from steps_of(step)


def test_curves_belong_to_the_infusion_and_budgets_to_the_judgement(tmp_path: Path) -> None:
    run = bench_run("simulated", tmp_path, "--chapter", "delivery", select="high")
    folder = run.folder / "allure-results"
    (result,) = (json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-result.json"))
    steps = list(steps_of(result))
    everywhere = [one for place in (result, *steps) for one in place.get("attachments", [])]
    curves = [one for one in everywhere if one["name"].endswith((": delivery", ": start-up", ": trumpet"))]
    assert len(curves) == 3
    assert all((folder / one["source"]).read_bytes().startswith(PNG) for one in curves)
    judged = [line.data for line in run.of_kind("judgement") if line.data["budget"]]
    with_budget = [
        step for step in steps if any(one["name"] == "uncertainty budget" for one in step.get("attachments", []))
    ]
    assert judged
    assert len(with_budget) == len(judged)
    assert all(str(data["name"]) in step["name"] for data, step in zip(judged, with_budget, strict=True))
