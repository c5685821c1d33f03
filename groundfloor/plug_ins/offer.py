# SPDX-License-Identifier: Apache-2.0
"""A plug-in that somebody offers, before it is imported: by an entry point, or by a line of the project file."""

import importlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

from groundfloor.errors import BenchFault, PlanError
from groundfloor.plug_ins.kind import Kind
from groundfloor.plug_ins.loaded_in_time import loaded_in_time
from groundfloor.printable import one_line
from groundfloor.project import Project, present_project

INTERFACE = 1
"""Counts up when a protocol of a plug-in changes so that older ones do not fit any more."""
OF_BENCH_FILE = "the bench file"
"""The source of a driver that a bench file names by the place of its code."""
INTERFACE_NAME = "PUMPBENCH_INTERFACE"
"""What a plug-in's module may say it was written for."""


@dataclass(frozen=True)
class Offer:
    """A plug-in that is offered.

    Attributes:
        kind: what it is.
        name: how it is asked for.
        place: `module:attribute`, or `path/to/file.py:attribute`.
        source: who offers it: the project file, or a distribution.
        folder: what a path in `place` counts from.
    """

    kind: Kind
    name: str
    place: str
    source: str
    folder: Path

    @property
    def told(self) -> str:
        """Return what it is called in an error."""
        return f"{self.kind} plug-in {self.name!r} ({self.place}, from {self.source})"

    def load(self) -> object:
        """Import it.

        Raises:
            PlanError: it cannot be imported, whatever it raises; or it was written for another interface.
        """
        module_name, _, attribute = self.place.rpartition(":")
        if not module_name or not attribute.isidentifier():
            next_step = "write module:attribute, such as my_pump:Driver, or plugins/my_pump.py:Driver"
            raise PlanError(self.told, "find", "its place names no attribute", next_step)
        try:
            find = self._file_module if module_name.endswith(".py") else self._module
            module = loaded_in_time(self.told, "import", lambda: find(module_name))
        except (PlanError, BenchFault):
            raise
        except (Exception, SystemExit) as raised:
            seen = f"importing it raised {type(raised).__name__}: {one_line(str(raised))}"
            raise PlanError(self.told, "import", seen, "mend the plug-in, or take it out") from raised
        refuse_other_interface(self.told, module)
        if not hasattr(module, attribute):
            seen = f"the module has no {attribute!r}"
            raise PlanError(self.told, "find", seen, f"it has: {', '.join(_public(module)) or 'nothing'}")
        found: object = getattr(module, attribute)
        return self._made(found) if isinstance(found, type) and self.kind is not Kind.THERAPY else found

    def _made(self, kind: type) -> object:
        try:
            return loaded_in_time(self.told, "make", kind)
        except PlanError:
            raise
        except (Exception, SystemExit) as raised:
            seen = f"making a {kind.__name__} raised {type(raised).__name__}: {one_line(str(raised))}"
            raise PlanError(self.told, "make", seen, "let it be made without arguments") from raised

    def _module(self, name: str) -> object:
        if str(self.folder) not in sys.path:
            sys.path.append(str(self.folder))  # at the end: nothing of the lab's hides anything of ours
        return importlib.import_module(name)

    def _file_module(self, name: str) -> object:
        path = self.folder / name
        if not path.is_file():
            raise PlanError(self.told, "find", f"there is no file {path}", "mend the path; it counts from the project")
        module_name = re.sub(r"\W", "_", f"pumpbench_plug_in_{path.resolve().as_posix()}")
        if module_name in sys.modules:
            return sys.modules[module_name]
        spec = util.spec_from_file_location(module_name, path)
        if spec is None or spec.loader is None:
            raise PlanError(self.told, "import", f"{path} is no Python file", "name a .py file")
        module = util.module_from_spec(spec)
        sys.modules[module_name] = module  # dataclasses look their own module up
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[module_name]
            raise
        return module


def refuse_other_interface(told: str, module: object) -> None:
    """Refuse a module that says that it was written for another interface of plug-ins.

    Raises:
        PlanError: it was.
    """
    written_for = getattr(module, INTERFACE_NAME, INTERFACE)
    if written_for != INTERFACE:
        seen = f"it was written for plug-in interface {written_for!r}, and this pumpbench has {INTERFACE}"
        raise PlanError(told, "load", seen, "install the version of the plug-in that fits this pumpbench")


def offers_of(kind: Kind) -> Mapping[str, Offer]:
    """Return all plug-ins of a kind that are offered, by name.

    Raises:
        PlanError: two bear one name, or the project file is wrong.
    """
    offers: dict[str, Offer] = {}
    for offer in (*of_distributions(kind), *of_project(kind, present_project())):
        other = offers.get(offer.name)
        if other is not None and other.place != offer.place:
            seen = f"{other.place} from {other.source} and {offer.place} from {offer.source} both bear this name"
            raise PlanError(f"{kind} plug-in {offer.name!r}", "look up", seen, "rename or remove one of them")
        offers[offer.name] = offer
    return offers


@lru_cache(maxsize=len(Kind))
def of_distributions(kind: Kind) -> tuple[Offer, ...]:
    """Return what installed distributions offer of a kind."""
    return tuple(
        Offer(kind, point.name, point.value, point.dist.name if point.dist is not None else "a distribution", Path())
        for point in metadata.entry_points(group=kind.group)
    )


def of_project(kind: Kind, project: Project | None) -> list[Offer]:
    """Return what a project file offers of a kind."""
    if project is None:
        return []
    places: Mapping[str, str] = getattr(project.plugins, kind)
    return [Offer(kind, name, place, "the project file", project.folder) for name, place in places.items()]


def _public(module: object) -> list[str]:
    return sorted(name for name in vars(module) if not name.startswith("_"))[:10]
