# SPDX-License-Identifier: Apache-2.0
"""The project file `pumpbench.toml`: what a lab has of its own, found upward from where a command is called.

It says which pumps are tested, by which chapters, against which requirements, and where plug-ins are. Without one the
shipped plan runs.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr, StringConstraints

from groundfloor.errors import PlanError
from groundfloor.system.file_access import is_ours, is_systems
from groundfloor.toml_file import TomlModel, load_toml

PROJECT_FILE = "pumpbench.toml"
PROJECT_VARIABLE = "PUMPBENCH_PROJECT"
"""Names the project file to the processes that a command starts, whatever folder they work in."""
ALL = "all"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Places = Mapping[str, str]
"""By the name that a bench file, an option or a test uses: `module:attribute`, or `file.py:attribute`."""


class Named(TomlModel):
    """Whose project it is.

    Attributes:
        name: what the folder is about; no path is made of it.
    """

    name: Text


class PlanChoice(TomlModel):
    """What is tested, and against what.

    Attributes:
        profiles: names in `profiles/`, or of the shipped ones; `pumpbench run` tests them all, one after the other.
        requirements: the lab's own baseline, from the folder of the project file; empty for the shipped one alone.
        shipped_chapters: which chapters of pumpbench run as well; `all`, or names of `pumpbench run --list chapters`.
        own_chapters: files and folders of the lab's own chapters.
        packs: chapter packs that run as well, by name.
    """

    profiles: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] = ("implantable-20ml",)
    requirements: str = ""
    shipped_chapters: Texts = (ALL,)
    own_chapters: Texts = ()
    packs: Texts = ()


class PlugInPlaces(TomlModel):
    """Where plug-ins of each kind are, that no installed distribution offers by itself."""

    pump: Places = Field(default_factory=dict)
    rig: Places = Field(default_factory=dict)
    balance: Places = Field(default_factory=dict)
    injector: Places = Field(default_factory=dict)
    therapy: Places = Field(default_factory=dict)
    chapters: Places = Field(default_factory=dict)
    defect: Places = Field(default_factory=dict)
    correction: Places = Field(default_factory=dict)
    report: Places = Field(default_factory=dict)


class Project(TomlModel):
    """A project file.

    Attributes:
        project: whose it is.
        plan: what is tested.
        plugins: where plug-ins are.
    """

    project: Named
    plan: PlanChoice = Field(default_factory=PlanChoice)
    plugins: PlugInPlaces = Field(default_factory=PlugInPlaces)
    _folder: Path = PrivateAttr(default=Path())

    @property
    def folder(self) -> Path:
        """Return the folder that the file stands in; paths in it count from there."""
        return self._folder

    @property
    def profiles_folder(self) -> Path:
        """Return where the lab's own profiles are."""
        return self._folder / "profiles"

    @property
    def requirements(self) -> Path | None:
        """Return the lab's own baseline; None where it has none."""
        return self._folder / self.plan.requirements if self.plan.requirements else None

    @classmethod
    def load(cls, path: Path) -> "Project":
        """Read a project file.

        Raises:
            PlanError: it is missing or wrong; a misspelt key is told with the nearest there is.
        """
        project = load_toml(path, cls, "project file")
        project._folder = path.resolve().parent
        return project


def present_project() -> Project | None:
    """Return the project that this process works in; None where there is no project file.

    Raises:
        PlanError: the project file is wrong.
    """
    if named := os.environ.get(PROJECT_VARIABLE):
        return _read_once(Path(named).resolve())
    try:
        path = _upward(Path.cwd())
    except OSError:  # somebody has taken the folder away
        return None
    if path is None:
        return None
    _refuse_foreign(path)
    return _read_once(path.resolve())


def enter_project(folder: Path | None = None) -> Project | None:
    """Find the project, and let every process that is started from now on find it too.

    Args:
        folder: that of the project, if it is known; else it is found upward from the present one.

    Raises:
        PlanError: the project file is wrong.
    """
    if folder is not None and (folder / PROJECT_FILE).is_file():
        os.environ[PROJECT_VARIABLE] = str(folder / PROJECT_FILE)
    project = present_project()
    if project is not None:
        os.environ[PROJECT_VARIABLE] = str(project.folder / PROJECT_FILE)
    return project


def _upward(folder: Path) -> Path | None:
    return next((one / PROJECT_FILE for one in (folder, *folder.parents) if (one / PROJECT_FILE).is_file()), None)


def _refuse_foreign(path: Path) -> None:
    """Refuse a project file of somebody else that merely lies above the present folder: it names code that would run.

    Raises:
        PlanError: it belongs to another user.
    """
    found = path.stat()
    if not is_ours(path, found) and not is_systems(path, found):
        next_step = f"set {PROJECT_VARIABLE}={path} if you trust it, or work in another folder"
        raise PlanError(f"project file {path}", "use", "it belongs to another user, and names code", next_step)


@lru_cache(maxsize=8)
def _read_once(path: Path) -> Project:
    return Project.load(path)
