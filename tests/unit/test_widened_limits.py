# SPDX-License-Identifier: Apache-2.0
"""A bench whose limits are wider than the shipped ones says so in every record of its runs."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from bench.bench_file import BenchFile, widened_limits
from bench.bench_file.widened_limits import LONGEST_GAP_S, WIDER, Wider, table_of
from bench.infusion import DEFAULT_INTERVAL_S
from bench.journal import FORMAT, Journal
from bench.recorded import RecordedRun, refuse_contradictions
from bench.sampling.gaps import DEFAULT_INTERVALS
from groundfloor.errors import BenchFault
from tests.unit.reports.conftest import RUN_STARTED

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "how-to" / "bench-file.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]


def bench_file(tmp_path: Path, table: str = "", **keys: Any) -> BenchFile:
    content = tomllib.loads(GUIDE)
    place: dict[str, Any] = content
    for part in filter(None, table.split(".")):
        place = place.setdefault(part, {})
    place.update(keys)
    path = tmp_path / "bench.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return BenchFile.load(path)


def test_the_bench_file_of_the_guide_widens_nothing(tmp_path: Path) -> None:
    assert widened_limits(bench_file(tmp_path)) == ()


@pytest.mark.parametrize(
    ("table", "key", "wider", "narrower"),
    [
        ("preflight", "clock_ppm", 5000.0, 50.0),
        ("preflight", "noise_factor", 20.0, 1.5),
        ("preflight", "leak_hold_s", 1.0, 60.0),
        ("preflight", "calibration_warning_days", 0, 60),
        ("limits", "longest_gap_s", 3600.0, 60.0),
        ("limits", "run_down_s", 0.0, 3600.0),
        ("ambient", "temperature_c", [10.0, 24.0], [19.0, 21.0]),
        ("ambient", "humidity_percent", [20.0, 90.0], [30.0, 60.0]),
        ("evaporation", "blank_s", 60.0, 7200.0),
        ("balance.sensitivity", "tolerance_percent", 5.0, 0.05),
    ],
)
def test_a_wider_limit_is_told_and_a_narrower_one_is_not(
    tmp_path: Path, table: str, key: str, wider: Any, narrower: Any
) -> None:
    (told,) = widened_limits(bench_file(tmp_path, table, **{key: wider}))
    assert told.startswith(f"bench file, [{table}] {key} is ")
    assert widened_limits(bench_file(tmp_path, table, **{key: narrower})) == ()


def test_the_sentence_says_what_it_is_and_what_it_was(tmp_path: Path) -> None:
    assert widened_limits(bench_file(tmp_path, "ambient", temperature_c=[10.0, 24.0])) == (
        "bench file, [ambient] temperature_c is 10 to 24; pumpbench ships with 18 to 24",
    )


def test_of_every_key_of_these_tables_it_is_said_which_way_it_is_wider(tmp_path: Path) -> None:
    file = bench_file(tmp_path)
    for name, keys in WIDER.items():
        assert list(keys) == list(type(table_of(file, name)).model_fields), name
    assert all(isinstance(one, Wider) for keys in WIDER.values() for one in keys.values())


def test_the_longest_gap_that_is_shipped_is_the_one_that_is_taken_where_none_is_said() -> None:
    assert LONGEST_GAP_S == DEFAULT_INTERVALS * DEFAULT_INTERVAL_S


def run_on(file: BenchFile, folder: Path, *deviations: str, format_of: str = str(FORMAT)) -> Path:
    folder.mkdir()
    file.write(folder / "bench.toml")
    with Journal(folder / "journal.jsonl") as journal:
        journal.write("journal-opened", format=format_of, inputs={}, code_sha256="")
        journal.write("run-started", **{**RUN_STARTED, "bench": "lab-2", "simulated": False})
        for title in deviations:
            journal.write("event", what="deviation", title=title)
        journal.write("run-ended", reason="interrupted")
    return folder


def test_a_run_whose_journal_hides_a_widened_limit_contradicts_its_bench_file(tmp_path: Path) -> None:
    file = bench_file(tmp_path, "preflight", clock_ppm=5000.0)
    (told,) = widened_limits(file)
    honest = run_on(file, tmp_path / "honest", told)
    refuse_contradictions(honest, RecordedRun.read(honest / "journal.jsonl"))
    hidden = run_on(file, tmp_path / "hidden")
    with pytest.raises(BenchFault, match=r"recorded is no deviation.*clock_ppm is 5000"):
        refuse_contradictions(hidden, RecordedRun.read(hidden / "journal.jsonl"))


def test_a_journal_from_before_this_was_told_contradicts_nothing(tmp_path: Path) -> None:
    older = run_on(bench_file(tmp_path, "preflight", clock_ppm=5000.0), tmp_path / "older", format_of="1.1")
    refuse_contradictions(older, RecordedRun.read(older / "journal.jsonl"))


def test_settings_that_were_accepted_unseen_are_told(tmp_path: Path) -> None:
    (told,) = widened_limits(bench_file(tmp_path, "balance", accept_unverified_settings=True))
    assert "accept_unverified_settings" in told
