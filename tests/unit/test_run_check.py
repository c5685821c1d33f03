# SPDX-License-Identifier: Apache-2.0
"""A journal held against itself by several processes says the same as by one, in the order of its lines."""

from collections.abc import Collection
from pathlib import Path

import pytest

from bench.recorded import RecordedRun, contradictions, run_check
from groundfloor.system import forked_work
from metrology.uncertainty import Influence, quantity_from
from metrology.verdict import Limits, Measurement, judge
from tests.unit.test_run_evidence import FolderOfARun

LIMITS = Limits(90.0, 110.0, "µL", "labelling")


def run_with(folder: Path, *values_ul: float, wrong: Collection[float] = ()) -> Path:
    """Return a run that judged these volumes; of those that are `wrong` it tells half of their U."""
    run = FolderOfARun(folder / "20270101T120000Z-run", tests=["a"], judges={}, left_out=[])
    run.begin("a")
    for value in values_ul:
        volume = Influence.type_a("weighed", value, "µL", 0.5, 20.0)
        quantity = quantity_from(volume.number, "µL", (volume,))
        told = judge(Measurement("volume", quantity, LIMITS)).as_dict()
        if value in wrong:
            told["expanded_uncertainty"] = quantity.expanded_uncertainty() / 2
        run.journal.write("judgement", **told)
    run.journal.write("run-ended", reason="ok")
    run.journal.close()
    return run.path


def found_in(folder: Path, monkeypatch: pytest.MonkeyPatch, *, many: int) -> list[str]:
    monkeypatch.setattr(run_check, "MANY_JUDGEMENTS", many)
    monkeypatch.setattr(forked_work, "processors_to_fork_on", lambda: 2)
    return [f"{line} {one}" for line, one in contradictions(folder, RecordedRun.read(folder / "journal.jsonl"))]


def test_figures_that_do_not_follow_are_found_the_same_by_one_process_and_by_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = run_with(tmp_path, 100.0, 101.0, 102.0, 103.0, 104.0, wrong={101.0, 103.0})
    alone = found_in(folder, monkeypatch, many=1_000_000)
    assert found_in(folder, monkeypatch, many=1) == alone
    assert [one.split(":")[0].split()[1] for one in alone if "U = " in one or "expanded" in one] == ["J-0002", "J-0004"]
    numbers = [int(one.partition(" ")[0]) for one in alone if not one.startswith("0 ")]
    assert numbers == sorted(numbers)


def test_figures_are_looked_at_once_by_two_processes_and_by_each_of_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = run_with(tmp_path, 100.0, 101.0)
    recorded = RecordedRun.read(folder / "journal.jsonl")
    looked_at = []
    monkeypatch.setattr(run_check, "check_judgement", lambda one: looked_at.append(one.id) or iter(()))
    handed = {recorded.judgements[0].id: recorded.judgements[0]}
    list(run_check._in_lines(folder / "journal.jsonl", handed))
    assert looked_at == ["J-0002"]  # the first is the other process's
    handed = {recorded.judgements[0].id: recorded.judgements[1]}
    list(run_check._in_lines(folder / "journal.jsonl", handed))
    assert looked_at == ["J-0002", "J-0001", "J-0002"]  # what another process has is not what the line says
