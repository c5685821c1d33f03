# SPDX-License-Identifier: Apache-2.0
"""What `pumpbench run` runs from here: the shipped plan, or what the project file above the present folder chooses."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cli.chapters import CHAPTERS_FOLDER, PROFILES_FOLDER, ROOT, known_chapters
from fixtures.plan_files import USUAL_PROFILE, packs_of
from groundfloor.errors import PlanError
from groundfloor.project import ALL, PROJECT_FILE, Project, enter_project


@dataclass(frozen=True)
class Plan:
    """The chapters and profiles of a run.

    Attributes:
        root: the folder that ids of tests are told from.
        chapters: their files, by name.
        places: what pytest is told to collect.
        profiles: those that are tested when nobody names one.
        profile_folders: where profiles are looked for.
    """

    root: Path
    chapters: Mapping[str, Path]
    places: tuple[Path, ...]
    profiles: tuple[str, ...]
    profile_folders: tuple[Path, ...]

    @classmethod
    def here(cls) -> Self:
        """Return the plan of the present folder.

        Raises:
            PlanError: the project file is wrong, or names what is not there.
        """
        project = enter_project()
        shipped = known_chapters()
        if project is None:
            return cls(ROOT, shipped, (CHAPTERS_FOLDER,), (USUAL_PROFILE,), (PROFILES_FOLDER,))
        chosen = _chosen(project, shipped)
        own = {_name(path): path for place in project.plan.own_chapters for path in _own(project, place)}
        packed = {_name(path): path for pack in packs_of(project) for path in pack.chapters}
        _refuse_one_name(project, chosen, own, packed)
        chapters = {**chosen, **own, **packed}
        if not chapters:
            raise _misfit(project, "plan", "it chooses no chapter", "name some in shipped_chapters or own_chapters")
        folders = (project.profiles_folder, PROFILES_FOLDER)
        return cls(project.folder, chapters, tuple(chapters.values()), project.plan.profiles, folders)

    def refuse_unknown(self, names: Sequence[str]) -> Sequence[str]:
        """Return the names of chapters as they are.

        Raises:
            PlanError: there is no such chapter; those there are are named.
        """
        for name in names:
            if name not in self.chapters:
                next_step = f"chapters: {', '.join(self.chapters)}"
                raise PlanError("test plans", f"find chapter {name!r}", "there is none", next_step)
        return names

    def profile_files(self) -> list[Path]:
        """Return the files of all profiles, of those with one name the one that counts."""
        files = [path for folder in reversed(self.profile_folders) for path in folder.glob("*.toml")]
        return sorted({path.stem: path for path in files}.values(), key=lambda path: path.stem)


def _chosen(project: Project, shipped: Mapping[str, Path]) -> dict[str, Path]:
    names = project.plan.shipped_chapters
    if ALL in names:
        return dict(shipped)
    for name in names:
        if name not in shipped:
            close = difflib.get_close_matches(name, [*shipped, ALL], n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there is: {', '.join(shipped)}"
            raise _misfit(project, "plan.shipped_chapters", f"no chapter {name!r} comes with pumpbench", hint)
    return {name: shipped[name] for name in names}


def _own(project: Project, place: str) -> list[Path]:
    path = (project.folder / place).resolve()
    found = sorted(path.glob("test_*.py")) if path.is_dir() else [path]
    if not found or not found[0].is_file():
        seen = f"{place} is no file, and no folder with files test_*.py"
        raise _misfit(project, "plan.own_chapters", seen, "it counts from the folder of the project file")
    return found


def _refuse_one_name(project: Project, *groups: Mapping[str, Path]) -> None:
    seen: dict[str, Path] = {}
    for group in groups:
        for name, path in group.items():
            if name in seen:
                told = f"{seen[name]} and {path} are both chapter {name!r}"
                raise _misfit(project, "plan", told, "rename yours, or leave the other one out")
            seen[name] = path


def _name(path: Path) -> str:
    return path.stem.removeprefix("test_")


def _misfit(project: Project, where: str, seen: str, next_step: str) -> PlanError:
    return PlanError(f"project file {project.folder / PROJECT_FILE}", f"read {where}", seen, next_step)
