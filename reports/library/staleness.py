# SPDX-License-Identifier: Apache-2.0
"""What a change since a run leaves of its evidence: which tests have to be run again, and why.

A run binds its inputs by their hashes. Each is held against what stands there today: a plan makes its chapter stale, a
requirement or a promise of the profile those tests that were judged by it, the bench file what was weighed, another
firmware everything. Code of the bench that changed makes no test stale by itself: the record is judged again, by
`pumpbench replay`, and what comes out otherwise is told there. Which judgements come of a method whose version rose is
told here.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.methods import changed_methods
from bench.run import input_hash, own_code_sha256, recorded_hashes
from bench.run_folder import BENCH_FILE, PLANS, PROFILE, REQUIREMENTS, SUMMARY
from groundfloor.errors import PlanError
from groundfloor.regular_file import read_regular
from groundfloor.toml_file import parsed_toml
from reports.entry import Entry
from reports.library.budgets import judgements_of
from reports.library.code_of_run import code_of_run, methods_of_run
from reports.summary import Summary

_MOST_BYTES = 1 << 22


@dataclass(frozen=True)
class Present:
    """What a run is held against; None for what nobody wants to know of.

    Attributes:
        profile, bench_file: the files as they are today.
        requirements: text and revision of each requirement of today, as SHA-256 and number by id.
        plans: today's files of the plans, by the file part of a test's id.
        firmware: that the pump has now.
    """

    profile: Path | None = None
    bench_file: Path | None = None
    requirements: Mapping[str, tuple[str, int]] | None = None
    plans: Mapping[str, Path] | None = None
    firmware: str | None = None


@dataclass(frozen=True)
class Change:
    """Something that is not as it was.

    Attributes:
        what: that changed.
        seen: how it differs.
        tests: ids of the tests whose evidence is stale by it; empty where only the judging has to be done again.
        judgements: ids of those that come of a method that is another now; the samples stand, `replay` judges them.
    """

    what: str
    seen: str
    tests: tuple[str, ...]
    judgements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Staleness:
    """A run against the present.

    Attributes:
        summary: of the run.
        changes: what differs.
    """

    summary: Summary
    changes: tuple[Change, ...]

    @property
    def stale(self) -> tuple[Entry, ...]:
        """Return the tests to be run again, in the order of the run."""
        nodes = {node for change in self.changes for node in change.tests}
        return tuple(test for test in self.summary.tests if test.node in nodes)

    @property
    def chapters(self) -> tuple[str, ...]:
        """Return the chapters in which they stand."""
        return tuple(dict.fromkeys(test.chapter for test in self.stale))

    @property
    def requirements(self) -> tuple[str, ...]:
        """Return the requirements whose evidence is stale."""
        return tuple(sorted({label for test in self.stale for label in test.requirements}))


def staleness(folder: Path, present: Present) -> Staleness:
    """Hold a run against the present.

    Args:
        folder: of the run.
        present: what is known of today.

    Raises:
        BenchFault: the run has no summary, or its journal cannot be read.
        PlanError: a file of today cannot be read.
    """
    held = _Held(folder, present)
    return Staleness(held.summary, tuple(held.changes()))


class _Held:
    def __init__(self, folder: Path, present: Present) -> None:
        self._folder, self._present = folder, present
        self.summary = Summary.load(folder / SUMMARY)
        self._recorded = recorded_hashes(folder)

    def changes(self) -> Iterator[Change]:
        yield from self._firmware()
        yield from self._profile()
        yield from self._requirements()
        yield from self._plans()
        yield from self._bench_file()
        yield from self._methods()
        yield from self._code()

    def _nodes(self, tests: Iterable[Entry]) -> tuple[str, ...]:
        return tuple(test.node for test in tests)

    def _firmware(self) -> Iterator[Change]:
        run, now = self.summary.run, self._present.firmware
        was = run.pump.firmware_version if run is not None and run.pump is not None else ""
        if now is not None and now != was:
            yield Change("firmware of the pump", f"{was or 'none'} then, {now} now", self._nodes(self.summary.tests))

    def _profile(self) -> Iterator[Change]:
        now = self._present.profile
        if now is None or self._is_same(PROFILE, now):
            return
        was, today = _toml(self._folder / PROFILE), _toml(now)
        for name in _changed(was, today):
            last = name.rpartition(".")[2]
            tests = [test for test in self.summary.tests if any(last in value.limits_source for value in test.values)]
            seen = f"{_at(was, name)} then, {_at(today, name)} now"
            # A promise by which no limit says that it was made may still have decided how a test went.
            yield Change(f"profile: {name}", seen, self._nodes(tests or self.summary.tests))

    def _requirements(self) -> Iterator[Change]:
        today = self._present.requirements
        if today is None:
            return
        content = _toml(self._folder / REQUIREMENTS)
        for one in content.get("requirement", []):
            own, then = str(one["id"]), (_text_sha256(str(one["text"])), int(one["revision"]))
            if today.get(own) == then:
                continue
            tests = [
                test for test in self.summary.tests if any(own == label.split("@")[0] for label in test.requirements)
            ]
            seen = "it is gone" if own not in today else f"revision {then[1]} then, {today[own][1]} now"
            if own in today and today[own][1] == then[1]:
                seen = f"its text is another under the same revision {then[1]}"
            yield Change(f"requirement {own}", seen, self._nodes(tests))

    def _plans(self) -> Iterator[Change]:
        for plan, path in (self._present.plans or {}).items():
            kept = f"{PLANS}/{plan}"
            tests = [test for test in self.summary.tests if test.node.split("::")[0] == plan]
            if not path.is_file():
                yield Change(f"plan {plan}", "it is gone", self._nodes(tests))
            elif kept in self._recorded and not self._is_same(kept, path):
                yield Change(f"plan {plan}", "it is another", self._nodes(tests))

    def _bench_file(self) -> Iterator[Change]:
        now = self._present.bench_file
        if now is None:
            return
        was, today = _toml(self._folder / BENCH_FILE), _toml(now)
        for name in _changed(was, today):
            if name.rpartition(".")[2] in ("address", "resource", "control"):
                continue
            tests = [test for test in self.summary.tests if any(value.window or value.unit for value in test.values)]
            seen = f"{_at(was, name)} then, {_at(today, name)} now"
            yield Change(f"bench file: {name}", seen, self._nodes(tests))

    def _methods(self) -> Iterator[Change]:
        changed = changed_methods(methods_of_run(self._folder))
        judgements = tuple(judgements_of(self._folder)) if changed else ()
        for method, then in changed:
            under = tuple(one.id for one in judgements if method.is_under(one))
            yield Change(f"method {method.name}", f"version {then} then, {method.version} now", (), under)

    def _code(self) -> Iterator[Change]:
        was = code_of_run(self._folder)
        if was and was != own_code_sha256():
            run = self.summary.run
            version = f"{run.software.version} {(run.software.commit or '')[:12]}".strip() if run is not None else ""
            yield Change("code of the bench", f"it was {version or was[:12]}: judge the record again", ())

    def _is_same(self, kept: str, path: Path) -> bool:
        then = self._recorded.get(kept) or input_hash(self._folder, kept)
        return then == hashlib.sha256(read_regular(path, _MOST_BYTES)).hexdigest()


def _toml(path: Path) -> dict[str, Any]:
    try:
        return parsed_toml(read_regular(path, _MOST_BYTES))
    except (OSError, ValueError, tomllib.TOMLDecodeError, RecursionError) as odd:
        raise PlanError(f"{path}", "read", str(odd), "name a TOML file that can be read") from odd


def _text_sha256(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _leaves(content: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Yield what stands in a TOML file, by its path; a table with a value and a source is one leaf."""
    if isinstance(content, Mapping) and not {"value", "source"} <= content.keys():
        for key, value in content.items():
            yield from _leaves(value, f"{at}.{key}".strip("."))
    else:
        yield at, content


def _changed(was: Mapping[str, object], today: Mapping[str, object]) -> list[str]:
    then, now = dict(_leaves(was)), dict(_leaves(today))
    names = [*then, *(name for name in now if name not in then)]
    return [name for name in names if _value(then.get(name)) != _value(now.get(name))]


def _value(leaf: object) -> object:
    """Return the value of a leaf; where it came from is no reason to test again."""
    return leaf["value"] if isinstance(leaf, Mapping) and "value" in leaf else leaf


def _at(content: Mapping[str, object], name: str) -> str:
    found = dict(_leaves(content)).get(name)
    return "nothing" if found is None else str(_value(found))[:60]
