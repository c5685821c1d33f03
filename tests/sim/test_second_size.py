# SPDX-License-Identifier: Apache-2.0
"""The second size of a pump is tested in what depends on its size, and its record claims nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sim.bench_run import PUMPBENCH, ran

TESTS = "schedule[high] or second_kink"
PROFILES = ("--profile", "implantable-20ml", "--profile", "implantable-40ml")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Of the first size, and of the second."""
    out = tmp_path_factory.mktemp("sizes")
    words = ["run", "simulated", f"--out={out}", "--no-html", *PROFILES, "--only-what-differs", "--", "-k", TESTS]
    made = ran([PUMPBENCH, *words])
    assert made.returncode == 0, made.stdout + made.stderr
    return sorted(out.iterdir(), key=lambda folder: "SIM40" in folder.name)


def summary_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return content


def test_the_first_size_is_tested_whole_and_the_second_in_what_depends_on_size(folders: list[Path]) -> None:
    ran = [[test["node"].partition("::")[2] for test in summary_of(folder)["tests"]] for folder in folders]
    assert [len(nodes) for nodes in ran] == [2, 1]
    assert ran[1] == ["test_the_delivered_volume_follows_the_schedule[high]"]


def test_the_matrix_of_the_second_size_claims_nothing_of_what_was_not_repeated(folders: list[Path]) -> None:
    first, second = (
        {one["id"]: one["state"] for one in summary_of(folder)["trace"]["requirements"]} for folder in folders
    )
    assert (first["CAT-005"], second["CAT-005"]) == ("PASS", "NOT RUN")
    # Other chapters judge it as well, and were left out; what the second size did repeat is its own evidence.
    assert (first["DEL-003"], second["DEL-003"]) == ("NOT RUN", "NOT RUN")
    for folder in folders:
        (test,) = [one for one in summary_of(folder)["tests"] if "[high]" in one["node"]]
        assert ("DEL-003@1" in test["requirements"], test["verdict"]) == (True, "PASS")


def test_the_page_says_which_tests_were_not_repeated_and_why(folders: list[Path]) -> None:
    first, second = ((folder / "report.html").read_text(encoding="utf-8") for folder in folders)
    why = "not repeated: the pump differs from profile implantable-20ml in reservoir_ul only"
    assert why in second
    assert "test_a_second_kink_raises_the_alarm_again" in second
    assert "not repeated" not in first
