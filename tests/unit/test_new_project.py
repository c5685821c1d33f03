# SPDX-License-Identifier: Apache-2.0
"""`pumpbench new` makes a folder of files that a run reads as they are, and never writes into one that is there."""

from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.profile import Profile
from bench.trace import Requirements
from cli.new import new
from cli.plan import Plan
from fixtures.plan_files import PlanFiles
from groundfloor.errors import PlanError
from groundfloor.project import PROJECT_VARIABLE, Project
from instruments.register_map.map import RegisterMap


@pytest.fixture(autouse=True)
def _no_project_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("ci", "made"), [("github", ".github/workflows/twin.yml"), ("gitlab", ".gitlab-ci.yml"), ("none", None)]
)
def test_every_file_of_a_new_project_is_read_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, made: str | None
) -> None:
    folder = tmp_path / "my-pump"
    new(folder, title='The "new" one', prefix="SRS_", shipped="quiet, kink", ci=ci, yes=True)
    project = Project.load(folder / "pumpbench.toml")
    assert project.plan.shipped_chapters == ("quiet", "kink")
    profile = Profile.load(folder / "profiles" / "my-pump.toml")
    assert (profile.name, profile.title) == ("my-pump", 'The "new" one')
    assert Requirements.load(folder / "requirements.toml").requirement[0].label == "SRS_1@1"
    assert Path(BenchFile.load(folder / "benches" / "lab.toml").pump.map).resolve() == folder / "maps" / "my-pump.toml"
    assert RegisterMap.load(folder / "maps" / "my-pump.toml").unit_id == RegisterMap.named("pump").unit_id
    monkeypatch.chdir(folder / "benches")
    plan = Plan.here()
    assert list(plan.chapters) == ["quiet", "kink", "example"]
    assert PlanFiles.of(folder).usual_profile == "my-pump"
    assert made is None or (folder / made).is_file()


def test_nothing_is_written_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(PlanError, match="it is there and holds something"):
        new(tmp_path / "lab", yes=True)
    assert [path.name for path in (tmp_path / "lab").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("folder", "shipped", "ci", "told"),
    [
        ("my pump", None, None, "'my pump' holds other signs"),
        ("lab", "delivry", None, "there is no 'delivry'"),
        ("lab", None, "jenkins", "there is none for 'jenkins'"),
    ],
)
def test_an_answer_that_cannot_be_makes_nothing(
    tmp_path: Path, folder: str, shipped: str | None, ci: str | None, told: str
) -> None:
    with pytest.raises(PlanError, match=told):
        new(tmp_path / folder, shipped=shipped, ci=ci, yes=True)
    assert not list(tmp_path.iterdir())
