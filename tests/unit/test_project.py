# SPDX-License-Identifier: Apache-2.0
"""The project file is found upward, says what it says, and tells what is wrong with it by the nearest name."""

from pathlib import Path

import pytest

from cli.plan import Plan
from fixtures.plan_files import PlanFiles
from groundfloor.errors import PlanError
from groundfloor.project import PROJECT_VARIABLE, Project, present_project

MINIMAL = '[project]\nname = "lab"\n'


@pytest.fixture(autouse=True)
def _no_project_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)


def written(folder: Path, text: str = MINIMAL) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pumpbench.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_project_file_the_shipped_plan_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert present_project() is None
    plan = Plan.here()
    assert "delivery" in plan.chapters
    assert plan.profiles == ("implantable-20ml",)


def test_the_nearest_project_file_above_the_present_folder_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, '[project]\nname = "outer"\n')
    inner = written(tmp_path / "a" / "b", '[project]\nname = "inner"\n')
    (inner / "c" / "d").mkdir(parents=True)
    monkeypatch.chdir(inner / "c" / "d")
    project = present_project()
    assert project is not None
    assert (project.project.name, project.folder) == ("inner", inner.resolve())


def test_a_process_that_is_told_of_the_project_finds_it_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = written(tmp_path / "lab")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PROJECT_VARIABLE, str(lab / "pumpbench.toml"))
    project = present_project()
    assert project is not None
    assert project.folder == lab.resolve()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MINIMAL + '[plan]\nprofile = ["a"]\n', "plan.profile: unknown key (did you mean 'profiles'?)"),
        (MINIMAL + '[plugins.ballance]\nx = "a:b"\n', "plugins.ballance: unknown key (did you mean 'balance'?)"),
        (MINIMAL + "[plan]\nprofiles = []\n", "plan.profiles"),
        ("[project]\n", "project.name: missing"),
        ("[project\n", "not TOML"),
    ],
)
def test_a_slip_in_the_project_file_is_told_with_the_nearest_name(tmp_path: Path, text: str, told: str) -> None:
    folder = written(tmp_path, text)
    with pytest.raises(PlanError) as wrong:
        Project.load(folder / "pumpbench.toml")
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ('shipped_chapters = ["delivry"]', "no chapter 'delivry' comes with pumpbench. Next: did you mean 'delivery'?"),
        ('own_chapters = ["nowhere"]', "nowhere is no file, and no folder with files test_*.py"),
        ('own_chapters = ["own"]', "are both chapter 'kink'"),
        ("shipped_chapters = []", "it chooses no chapter"),
        ('packs = ["quarter"]', "find chapter pack 'quarter'"),
    ],
)
def test_a_chapter_that_is_not_there_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: str, told: str
) -> None:
    folder = written(tmp_path, f"{MINIMAL}[plan]\n{plan}\n")
    (folder / "own").mkdir()
    (folder / "own" / "test_kink.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(PlanError) as wrong:
        Plan.here()
    assert told in str(wrong.value)


def test_own_profiles_go_before_shipped_ones_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path)
    (folder / "profiles").mkdir()
    own = folder / "profiles" / "implantable-20ml.toml"
    own.write_text("", encoding="utf-8")
    monkeypatch.chdir(folder)
    files = {path.stem: path for path in Plan.here().profile_files()}
    assert files["implantable-20ml"] == own.resolve()
    assert files["implantable-40ml"].parent != own.parent
    assert PlanFiles.of(folder).profiles[0] == own.parent.resolve()
