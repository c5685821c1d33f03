# SPDX-License-Identifier: Apache-2.0
"""`pumpbench new`: make the folder in which a lab has its own pump, requirements and chapters."""

import datetime
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated

import jinja2
import typer

from cli.chapters import PROFILES_FOLDER, known_chapters
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.project import PROJECT_FILE
from groundfloor.wall_clock import utc_now
from reports.terminal_text import terminal_text

MODEL = "implantable-20ml"
"""The shipped profile and twin that a new project begins from."""
QUICK = "quiet"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
FILES = {
    PROJECT_FILE: "pumpbench.toml.j2",
    "requirements.toml": "requirements.toml.j2",
    "test_plans/test_example.py": "test_plans/test_example.py.j2",
    "conftest.py": "conftest.py.j2",
    "tox.ini": "tox.ini.j2",
    "README.md": "README.md.j2",
    "benches/lab.toml": "lab.toml.j2",
    ".gitignore": "gitignore.j2",
}
CI = {"github": ".github/workflows/twin.yml", "gitlab": ".gitlab-ci.yml", "none": ""}


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name is that of the pump.")],
    title: Annotated[str | None, typer.Option(help="What a person calls the pump.")] = None,
    prefix: Annotated[str | None, typer.Option(help="What your requirement ids begin with.")] = None,
    shipped: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Shipped chapters that run as well: names, `all`, or `none`.")
    ] = None,
    ci: Annotated[str | None, typer.Option(help="For which CI an example is written: github, gitlab or none.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take what is usual.")] = False,
) -> None:
    """Make a project: a folder with your pump's profile, requirements, benches and chapters, green on the twin at once.

    Example:
    `pumpbench new my-pump --yes`, then `cd my-pump` and `pumpbench run simulated`.

    Exit code: 0; 2 the folder holds something already, or an answer cannot be.
    """
    name = folder.name
    if NAME.fullmatch(name) is None:
        raise PlanError(
            f"folder {folder}", "name a project", f"{name!r} holds other signs", "take letters, digits, -, _"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PlanError(f"folder {folder}", "make a project", "it is there and holds something", "name a new one")
    ask = _Questions(silent=yes)
    title = ask(title, "What is the pump called?", name)
    prefix = ask(prefix, "What do the ids of your requirements begin with?", f"{name.upper()}-")
    chapters = _chapters(ask(shipped, "Which shipped chapters shall run as well? (names, all, none)", QUICK))
    ci = ask(ci, "For which CI do you want an example? (github, gitlab, none)", "github")
    if ci not in CI:
        raise PlanError("--ci", "choose an example", f"there is none for {ci!r}", f"choose {', '.join(CI)}")
    today = utc_now().date()
    answers = {
        "name": name,
        "baseline": f"{name.upper()}-REQ",
        "requirement": f"{prefix}1",
        "risk_control": f"{prefix}RC-1",
        "shipped": ", ".join(f'"{one}"' for one in chapters),
        "today": today.isoformat(),
        "due": (today + datetime.timedelta(days=365)).isoformat(),
    }
    files = {**FILES, **({CI[ci]: f"ci/{ci}.yml.j2"} if CI[ci] else {})}
    _write(folder, _rendered(files, answers) | _copied(name, title))
    console = wide_console()
    console.print(f"made     {terminal_text(str(folder))}", soft_wrap=True)
    console.print(f"next     cd {terminal_text(str(folder))}; pumpbench run simulated", soft_wrap=True)


class _Questions:
    """Asks what no option has answered."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent

    def __call__(self, given: str | None, question: str, usual: str) -> str:
        if given is not None:
            return given
        return usual if self._silent else str(typer.prompt(question, default=usual))


def _chapters(answer: str) -> list[str]:
    names = [one for one in re.split(r"[,\s]+", answer.strip()) if one]
    if names in ([], ["none"]):
        return []
    known = [*known_chapters(), "all"]
    for name in names:
        if name not in known:
            raise PlanError("--shipped", "choose chapters", f"there is no {name!r}", f"choose of {', '.join(known)}")
    return names


def _rendered(files: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
    folder = resources.files("cli") / "project_template"
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701  # no HTML
    texts = {target: (folder / source).read_text(encoding="utf-8") for target, source in files.items()}
    return {target: environment.from_string(text).render(answers) for target, text in texts.items()}


def _copied(name: str, title: str) -> dict[str, str]:
    """Return what a project begins with of ours: profile and map, under its own name."""
    profile = (PROFILES_FOLDER / f"{MODEL}.toml").read_text(encoding="utf-8")
    profile = re.sub(r'(?m)^name = ".*"$', f'name = "{name}"', profile, count=1)
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    profile = re.sub(r'(?m)^title = ".*"$', lambda _: f'title = "{quoted}"', profile, count=1)
    pump_map = (resources.files("instruments") / "maps" / "pump.toml").read_text(encoding="utf-8")
    return {f"profiles/{name}.toml": profile, f"maps/{name}.toml": pump_map}


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    try:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as refused:
        raise PlanError(f"folder {folder}", "make a project", str(refused), "name another folder") from refused
