# SPDX-License-Identifier: Apache-2.0
"""What `pumpbench conformance chapter` tries: a file of tests, a folder of them, or a chapter pack by name or place."""

import os
from collections.abc import Sequence
from pathlib import Path

import tomli_w

from bench.profile import Profile
from cli.chapter_trials import Chapters
from cli.chapters import PROFILES_FOLDER
from fixtures.chapter_pack import accepted_pack
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer
from groundfloor.project import Project

NAME = "tried"


def chapters_in(place: Path, bad_pumps: Sequence[str], profile: str, limit_s: float) -> Chapters:
    """Return the chapters of a file, or of a folder, as the project of the present folder would run them.

    Raises:
        PlanError: there are none.
    """
    files = tuple(sorted(place.glob("test_*.py"))) if place.is_dir() else (place,)
    if not files:
        raise PlanError(f"folder {place}", "find chapters", "it holds no test_*.py", "name a file or another folder")
    return Chapters(tuple(one.resolve() for one in files), tuple(bad_pumps), profile, limit_s=limit_s)


def chapters_of_pack(
    offer: Offer, project: Project | None, bad_pumps: Sequence[str], profile: str, limit_s: float
) -> Chapters:
    """Return the chapters of a pack, in a project that holds nothing else but the lab's plug-ins.

    Raises:
        PlanError: it is no pack, or the profile is not known.
    """
    pack = accepted_pack(offer, offer.load())
    folders = (*([project.profiles_folder] if project is not None else []), PROFILES_FOLDER)
    usual = project.plan.profiles[0] if project is not None else ""
    chosen = profile or usual
    own = project.requirements if project is not None and pack.requirements is None else None
    plan = {"shipped_chapters": [], "packs": [NAME], **({"requirements": str(own)} if own is not None else {})}
    text = tomli_w.dumps({"project": {"name": "conformance"}, "plan": plan, "plugins": _plug_ins(offer, project)})
    return Chapters(
        pack.chapters,
        (*pack.bad_pumps, *bad_pumps),
        str(Profile.find(chosen, *folders).resolve()) if chosen else "",
        text,
        _path_of_modules(offer),
        limit_s,
    )


def _plug_ins(offer: Offer, project: Project | None) -> dict[str, dict[str, str]]:
    """Return the plug-ins of the lab, for a project file that stands elsewhere, and the pack among them."""
    found: dict[str, dict[str, str]] = {}
    if project is not None:
        for kind in Kind:
            if places := getattr(project.plugins, kind):
                found[kind] = {name: _anywhere(place, project.folder) for name, place in places.items()}
    found.setdefault(Kind.CHAPTERS, {})[NAME] = _anywhere(offer.place, offer.folder)
    return found


def _anywhere(place: str, folder: Path) -> str:
    module, colon, attribute = place.rpartition(":")
    return f"{(folder / module).resolve()}{colon}{attribute}" if module.endswith(".py") else place


def _path_of_modules(offer: Offer) -> dict[str, str]:
    """Return what lets another process find a module that stands in the lab's folder and is not installed."""
    if offer.place.rpartition(":")[0].endswith(".py") or offer.folder == Path():
        return {}
    known = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join(one for one in (known, str(offer.folder.resolve())) if one)}
