# SPDX-License-Identifier: Apache-2.0
"""The files that the code of a plug-in stands in, found without running any of it.

A driver decides what a reading is. So its code is an input of a run, as the bench file that names it.
"""

import re
from collections.abc import Iterable, Mapping
from importlib import util
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from groundfloor.plug_ins.kind import Kind
from groundfloor.plug_ins.offer import Offer, of_distributions, of_project
from groundfloor.project import PROJECT_FILE, present_project

SUFFIXES = frozenset({".py", ".toml"})


def code_files(offer: Offer) -> Mapping[str, Path]:
    """Return the files of one plug-in, by what a record calls them: one file, or a whole package with its maps.

    A distribution that is installed but cannot be found any more has none; opening its plug-in tells so.
    """
    called = f"{offer.kind}-{re.sub(r'[^A-Za-z0-9_-]', '_', offer.name)}"
    module_name = offer.place.rpartition(":")[0]
    if module_name.endswith(".py"):
        return _there({f"{called}.py": offer.folder / module_name})
    package, origin = _top(module_name.partition(".")[0], offer.folder)
    if package is None:
        return {} if origin is None else _there({f"{called}.py": origin})
    files = (path for path in sorted(package.rglob("*")) if path.suffix in SUFFIXES)
    return _there({f"{called}/{path.relative_to(package).as_posix()}": path for path in files})


def files_of_project() -> Mapping[str, Path]:
    """Return the project file and the files of the plug-ins that it names, by what a record calls them.

    Raises:
        PlanError: the project file is wrong.
    """
    project = present_project()
    if project is None:
        return {}
    offers = (offer for kind in Kind for offer in of_project(kind, project))
    return {PROJECT_FILE: project.folder / PROJECT_FILE, **together(offers)}


def code_of_distributions() -> Mapping[str, Path]:
    """Return the files of all plug-ins that installed distributions offer."""
    return together(offer for kind in Kind for offer in of_distributions(kind))


def together(offers: Iterable[Offer]) -> Mapping[str, Path]:
    """Return the files of several plug-ins."""
    return {name: path for offer in offers for name, path in code_files(offer).items()}


def _top(name: str, folder: Path) -> tuple[Path | None, Path | None]:
    """Return the folder of a package, or the file of a module, as `Offer.load` would find it."""
    spec = _spec(name) or PathFinder.find_spec(name, [str(folder)])
    if spec is None:
        return None, None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))), None
    return None, None if spec.origin in (None, "built-in", "frozen") else Path(str(spec.origin))


def _spec(name: str) -> ModuleSpec | None:
    """Return where Python finds a module; a name without a dot is looked up without importing anything."""
    try:
        return util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None


def _there(files: Mapping[str, Path]) -> Mapping[str, Path]:
    return {name: path for name, path in files.items() if path.is_file()}
