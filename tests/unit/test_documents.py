# SPDX-License-Identifier: Apache-2.0
"""What the documents say can be checked: files that they lead to, commands, defects, exit codes, tox environments."""

import configparser
import re
from pathlib import Path

import pytest
import typer

from cli.main import app_of
from groundfloor.exit_code import ExitCode
from instruments.simulated.specimen.defects import DEFECTS
from instruments.simulated.twin.twin import Twin

ROOT = Path(__file__).parents[2]
FRONT = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS = [*FRONT, *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_document_shows_is_there_with_its_options(document: Path) -> None:
    group = typer.main.get_command(app_of())
    commands = getattr(group, "commands")  # noqa: B009  # click's group, which typer builds, types it loosely
    for line in re.findall(r"^ +pumpbench (.+?)(?:\s+#.*)?$", document.read_text(encoding="utf-8"), re.MULTILINE):
        name, *words = line.split()
        assert name in commands, line
        known = commands[name].params
        options = {option for one in known for option in (*one.opts, *one.secondary_opts)}
        used = words[: words.index("--")] if "--" in words else words
        assert {word for word in used if word.startswith("--")} <= options, line


def test_the_defects_that_the_readme_shows_can_be_made() -> None:
    shown = re.findall(r"--defect (\S+)", README)
    assert shown
    for defect in shown:
        assert defect.split("=")[0] in DEFECTS
        Twin.assemble(defects=[defect])


def test_the_exit_codes_are_the_ones_that_the_readme_tells() -> None:
    ends = "0 all pass; 1 a FAIL; 2 wrong use or a bad file; 3 no FAIL"
    assert [*ExitCode] == [0, 1, 2, 3, 6]
    assert "Exit code 6, unless a FAIL was judged" in (ROOT / "docs/how-to/invalid-runs.md").read_text(encoding="utf-8")
    told = f"Exit codes: {ends}"
    assert told in README


def test_the_readmes_tox_commands_name_environments_that_exist() -> None:
    tox = configparser.ConfigParser()
    tox.read(ROOT / "tox.ini")
    for name in re.findall(r"tox -e (\w+)", README):
        assert f"testenv:{name}" in tox


def test_every_folder_of_the_table_is_there() -> None:
    table = README[README.index("| folder |") :]
    for name in re.findall(r"`([a-z_/]+)/`", table):
        assert (ROOT / name).is_dir()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_ours_that_a_document_names_is_there(document: Path) -> None:
    tops = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
    named = re.findall(rf"`((?:{tops})/[\w./-]*)`", document.read_text(encoding="utf-8"))
    assert not [name for name in named if not (ROOT / name).exists()]
