# SPDX-License-Identifier: Apache-2.0
"""The inputs of a run: kept in its folder, and bound to its journal by their hashes in the first line.

What was tested, against which promises, with which plans, is decided by files. A run folder whose inputs are others
than those that the run began with says something that was never shown; whoever reads it is told which file differs.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import resources
from pathlib import Path, PurePosixPath

from bench.journal import read_lines
from bench.journal.lines import JournalOpened
from bench.run.code_of_plan import code_of_plans
from bench.run.plan_file import plan_file
from bench.run_folder import (
    BENCH_FILE,
    COLLECTED,
    JOURNAL,
    LOCK,
    MAPS,
    PLANS,
    PLUG_INS,
    PROFILE,
    PROTOCOL,
    REQUIREMENTS,
)
from groundfloor.errors import BenchFault
from groundfloor.only_ours import refuse_foreign, refuse_open_ways
from groundfloor.regular_file import read_regular
from groundfloor.toml_file import parsed_toml

MOST_BYTES = 1 << 24
_SINGLE = (BENCH_FILE, PROFILE, REQUIREMENTS, LOCK, COLLECTED, PROTOCOL)
_OF_THIS_START = re.compile(rb"^(address|resource|control) = .*$", re.M)
"""Where a twin listens; the system chooses that anew for each, and nothing that is measured depends on it."""
_NEXT = "bring back the file that the run began with; what stands there now was never tested"


def register_map_file(name_or_path: str) -> AbstractContextManager[Path]:
    """Give the file of a register map that a bench file names, for as long as the block runs."""
    if name_or_path.endswith(".toml"):
        return nullcontext(Path(name_or_path))
    return resources.as_file(resources.files("instruments") / "maps" / f"{name_or_path}.toml")


def input_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each input that is kept in a run folder, by its path in there.

    Of a bench file that says its instruments are twins, the addresses do not count.

    Raises:
        BenchFault: one cannot be read.
    """
    return {name: _hash(folder, name) for name in _names(folder)}


def refuse_changed_inputs(folder: Path) -> None:
    """Hold the inputs in a run folder against the first line of its journal; one without hashes says nothing of them.

    Raises:
        BenchFault: one was changed or is missing, and which; or the journal cannot be read.
    """
    for name, began_with in recorded_hashes(folder).items():
        if not (folder / name).is_file():
            raise BenchFault(f"run folder {folder}", f"check {name}", "it is missing", _NEXT)
        if (now := input_hash(folder, name)) != began_with:
            seen = f"it is not what the run began with: SHA-256 {now[:12]}…, not {began_with[:12]}…"
            raise BenchFault(f"run folder {folder}", f"check {name}", seen, _NEXT)


def refuse_unbound_inputs(folder: Path) -> None:
    """Refuse a run whose journal does not bind what decides what is tested, and by what it is judged.

    Raises:
        BenchFault: an input is not bound, and which; or the journal cannot be read.
    """
    recorded = recorded_hashes(folder)
    if unbound := [name for name in (BENCH_FILE, PROFILE, REQUIREMENTS, COLLECTED) if name not in recorded]:
        seen = f"its journal does not bind {', '.join(unbound)}, so nobody can tell whether they were changed"
        raise BenchFault(f"run folder {folder}", "resume", seen, "start a new run")


def input_hash(folder: Path, name: str) -> str:
    """Return the SHA-256 by which a journal binds the input `name` of a run folder.

    Raises:
        BenchFault: it cannot be read, or its path leads out of the folder.
    """
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise BenchFault(f"run folder {folder}", f"check {name}", "it is no file of the folder", _NEXT)
    return _hash(folder, name)


def refuse_foreign_run(folder: Path) -> None:
    """Refuse a run folder that somebody else could have written: to resume it is to run the code that it names.

    Raises:
        BenchFault: it, its journal or its list of tests is another's, or others may write to it or could put another
            folder in its place.
    """
    try:
        refuse_foreign(folder, folder / JOURNAL, folder / COLLECTED)
        refuse_open_ways(folder)
    except OSError as foreign:
        next_step = (
            "resume it as the user who began it; or make it yours, in a folder that others may not write to "
            "(chmod +t), if you trust what is in it"
        )
        raise BenchFault(f"run folder {folder}", "resume", str(foreign), next_step) from foreign


def refuse_other_plans(folder: Path, root: Path, node_ids: Iterable[str]) -> None:
    """Hold the plans that are going to run against those that the run began with.

    Args:
        folder: the run folder.
        root: what the node ids count from.
        node_ids: of the tests.

    Raises:
        BenchFault: a plan, or a module of the lab that it brings along, was changed since, and which.
    """
    recorded = recorded_hashes(folder)
    plans = {kept_plan(plan): plan_file(root, plan) for plan in {node_id.partition("::")[0] for node_id in node_ids}}
    bound = {name: path for name, path in plans.items() if name in recorded}
    for name, path in sorted(bound.items()):
        if not path.is_file() or _hash(path.parent, path.name) != recorded[name]:
            seen = "it is not the plan that the run began with"
            raise BenchFault(f"plan {path}", "resume", seen, f"bring it back; the run folder keeps it as {name}")
    brought = {kept_plan(name): path for name, path in code_of_plans(root, bound.values()).items()}
    for name in sorted({one for one in recorded if one.startswith(f"{PLANS}/")} - plans.keys() | brought.keys()):
        now = _hash(brought[name].parent, brought[name].name) if name in brought else None
        if bound and now != recorded.get(name):
            seen = f"{name}, which its plans bring along, is not what the run began with"
            next_step = "bring it back, or take it away if it is new; the run folder keeps what the run began with"
            raise BenchFault(f"run folder {folder}", "resume", seen, next_step)


def refuse_other_plug_ins(folder: Path, files: Mapping[str, Path]) -> None:
    """Hold project file and plug-ins that are going to be used against those that the run began with.

    Args:
        folder: the run folder.
        files: by what a record calls them.

    Raises:
        BenchFault: one is another, is new, or is gone; and which.
    """
    recorded = {name: told for name, told in recorded_hashes(folder).items() if name.startswith(f"{PLUG_INS}/")}
    now = {f"{PLUG_INS}/{name}": _hash(path.parent, path.name) for name, path in files.items()}
    for name in sorted(recorded.keys() | now.keys()):
        if recorded.get(name) != now.get(name):
            next_step = f"bring back the project as it was; the run folder keeps its files in {PLUG_INS}"
            raise BenchFault(f"run folder {folder}", "resume", f"{name} is not what the run began with", next_step)


def kept_plan(plan: str) -> str:
    """Return where a run folder keeps a plan: nothing in its path leads out of the folder."""
    parts = (part for part in PurePosixPath(plan).parts if part not in ("/", ".."))
    return str(PurePosixPath(PLANS, *parts))


def recorded_hashes(folder: Path) -> Mapping[str, str]:
    """Return what the first line of a run's journal says of its inputs.

    Raises:
        BenchFault: the journal cannot be read.
    """
    first = next(read_lines(folder / JOURNAL), None)
    return first.body.inputs if first is not None and isinstance(first.body, JournalOpened) else {}


def _names(folder: Path) -> Iterator[str]:
    yield from (name for name in _SINGLE if (folder / name).is_file())
    for room in (MAPS, PLANS, PLUG_INS):
        files = (path for path in sorted((folder / room).rglob("*")) if path.is_file())
        yield from (path.relative_to(folder).as_posix() for path in files)


def _hash(folder: Path, name: str) -> str:
    try:
        content = read_regular(folder / name, MOST_BYTES)
    except OSError as refused:
        raise BenchFault(f"run folder {folder}", f"check {name}", str(refused), _NEXT) from refused
    return hashlib.sha256(_lasting(content) if name == BENCH_FILE else content).hexdigest()


def _lasting(bench_file: bytes) -> bytes:
    """Return what of a bench file is the same at each start."""
    try:
        simulated = "simulation" in parsed_toml(bench_file)
    except (ValueError, RecursionError):
        return bench_file
    return _OF_THIS_START.sub(b"", bench_file) if simulated else bench_file
