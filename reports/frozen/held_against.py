# SPDX-License-Identifier: Apache-2.0
"""Holds a run against the protocol that was frozen before it, and names each difference with what it touches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from bench.collected_tests import CollectedTests
from bench.recorded import RecordedRun, RecordedTest
from bench.run_folder import BENCH_FILE, COLLECTED, LOCK, PROFILE, PROTOCOL, REQUIREMENTS
from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import read_regular
from groundfloor.toml_file import parsed_toml
from metrology.verdict import worst
from reports.entry import Entry
from reports.frozen.frozen_protocol import FrozenJudgement, FrozenProtocol, FrozenTest, SignedProtocol
from reports.frozen.protocol_deviation import ProtocolDeviation, ProtocolRecord

LEFT_OUT, ADDED, ORDER, PARAMETERS = "test left out", "test added", "order", "parameters"
JUDGEMENTS, LIMIT, CRITERION, RULE = "judgement", "limit", "criterion", "decision rule"
PROFILE_CHANGED, BENCH_CHANGED, BASELINE, PLAN = "profile", "bench", "requirements", "plan code"
MAP, CODE, FIRMWARE, FILE = "register map", "bench code", "firmware", "file"
KINDS = (
    *(LEFT_OUT, ADDED, ORDER, PARAMETERS, JUDGEMENTS, LIMIT, CRITERION, RULE),
    *(PROFILE_CHANGED, BENCH_CHANGED, BASELINE, PLAN, MAP, CODE, FIRMWARE, FILE),
)
"""What a run can differ in, by the word with which a planned deviation names it."""
OF_INPUT = {PROFILE: PROFILE_CHANGED, BENCH_FILE: BENCH_CHANGED, REQUIREMENTS: BASELINE}
MOST_KEYS = 8
MOST_BYTES = 1 << 24
NOT_COMPARED = frozenset({COLLECTED, LOCK, PROTOCOL})
"""Inputs of a run that no protocol can know: the list of its tests is compared test by test."""
_LIMITS = ("lower", "upper", "unit", "relative_to", "limits_source")
_CRITERION = ("measurand", "requirements", "times")
_OF_THIS_START = ("address", "resource", "control")


def protocol_record(
    run_folder: Path, recorded: RecordedRun, collected: CollectedTests, tests: Sequence[Entry]
) -> ProtocolRecord | None:
    """Return what became of the frozen protocol of a run; None where none was frozen.

    Args:
        run_folder: of the run, which keeps the protocol among its inputs.
        recorded: its journal.
        collected: its list of tests.
        tests: as the summary has them.

    Raises:
        BenchFault: the protocol that it keeps is none, or the journal does not bind it.
    """
    path = run_folder / PROTOCOL
    if recorded.opened is None or PROTOCOL not in recorded.opened.inputs:
        return None
    try:
        signed = SignedProtocol.read(path)
    except PlanError as odd:
        raise BenchFault(odd.asset, odd.operation, odd.seen, "bring back the protocol that the run began with") from odd
    found = _Held(signed.frozen, run_folder, recorded, collected).deviations()
    touched = {node for one in found for node in one.touches}
    frozen = signed.frozen
    return ProtocolRecord(
        sha256=signed.sha256,
        title=frozen.title,
        signed_by=frozen.signer.name,
        role=frozen.signer.role,
        signed_at=frozen.signer.signed_at,
        key_id=signed.key_id,
        planned_tests=sum(one.applicable for one in frozen.tests),
        deviations=tuple(found),
        touched=sum(one.node in touched for one in tests),
        verdict=worst(one.verdict for one in tests),
        verdict_untouched=worst(one.verdict for one in tests if one.node not in touched),
    )


class _Held:
    def __init__(
        self, frozen: FrozenProtocol, run_folder: Path, recorded: RecordedRun, collected: CollectedTests
    ) -> None:
        self._frozen = frozen
        self._folder = run_folder
        self._recorded = recorded
        self._collected = collected
        self._all = tuple(dict.fromkeys(collected.tests))

    def deviations(self) -> list[ProtocolDeviation]:
        found = [*self._tests(), *self._order(), *self._judgements(), *self._inputs(), *self._devices()]
        return [self._as_planned(one) for one in found]

    def _as_planned(self, one: ProtocolDeviation) -> ProtocolDeviation:
        """Return a deviation as the protocol said beforehand, if it did: of this kind, for all that it touches."""
        for planned in self._frozen.planned_deviations:
            covered = all(any(fnmatchcase(node, pattern) for pattern in planned.touches) for node in one.touches)
            if planned.kind == one.kind and covered:
                said = {"planned": True, "by": planned.by, "at": planned.at, "why": planned.why}
                return one.model_copy(update=said)
        return one

    def _tests(self) -> Iterator[ProtocolDeviation]:
        planned = {one.node: one for one in self._frozen.tests if one.applicable}
        reasons = {one.node: one.reason for one in self._collected.left_out}
        added = [node for node in self._all if node not in planned]
        functions = {node.partition("[")[0] for node in added}
        for node in planned:
            if node not in self._all:
                changed = node.partition("[")[0] in functions
                why = reasons.get(node, "the run does not know it")
                yield ProtocolDeviation(
                    kind=PARAMETERS if changed else LEFT_OUT, what=f"{node} did not run: {why}", touches=(node,)
                )
        for node in added:
            changed = node.partition("[")[0] in {one.partition("[")[0] for one in planned}
            yield ProtocolDeviation(
                kind=PARAMETERS if changed else ADDED, what=f"{node} is not in the protocol", touches=(node,)
            )

    def _order(self) -> Iterator[ProtocolDeviation]:
        planned = [one.node for one in self._frozen.tests if one.node in self._all]
        ran = [test.started.node for test in self._recorded.tests if test.started.node in planned]
        wanted = [node for node in planned if node in ran]
        if ran != wanted:
            moved = tuple(node for node, other in zip(ran, wanted, strict=False) if node != other)
            yield ProtocolDeviation(kind=ORDER, what=f"{len(moved)} tests ran in another place", touches=moved)

    def _judgements(self) -> Iterator[ProtocolDeviation]:
        planned = {one.node: one for one in self._frozen.tests}
        for test in self._recorded.tests:
            if (frozen := planned.get(test.started.node)) is not None and frozen.applicable:
                yield from _of_test(test, frozen)

    def _inputs(self) -> Iterator[ProtocolDeviation]:
        opened = self._recorded.opened
        now, frozen = (opened.inputs if opened is not None else {}), self._frozen.inputs
        for name in sorted((now.keys() | frozen.keys()) - NOT_COMPARED):
            if now.get(name) == frozen.get(name) or (name.startswith("plans/") and name not in now):
                continue  # a plan of which no test runs is not kept: its tests are told as left out
            kind = OF_INPUT.get(name, PLAN if name.startswith("plans/") else MAP if name.startswith("maps/") else FILE)
            yield ProtocolDeviation(kind=kind, what=self._difference(name, now, frozen), touches=self._touched(name))
        if opened is not None and opened.code_sha256 != self._frozen.code_sha256:
            what = f"SHA-256 {opened.code_sha256[:12]}…, in the protocol {self._frozen.code_sha256[:12]}…"
            yield ProtocolDeviation(kind=CODE, what=what, touches=self._all)

    def _touched(self, name: str) -> tuple[str, ...]:
        if not name.startswith("plans/"):
            return self._all
        plan = name.removeprefix("plans/")
        return tuple(one for one in self._all if one.partition("::")[0].lstrip("/").endswith(plan))

    def _difference(self, name: str, now: Mapping[str, str], frozen: Mapping[str, str]) -> str:
        if name not in frozen:
            return f"{name} is not in the protocol"
        if name not in now:
            return f"the run has no {name}"
        before = self._frozen.texts.get(name)
        if before is not None and (keys := _keys(before, self._folder / name)):
            more = f" and {len(keys) - MOST_KEYS} more" if len(keys) > MOST_KEYS else ""
            return f"{name}: {'; '.join(keys[:MOST_KEYS])}{more}"
        return f"{name} is another: SHA-256 {now[name][:12]}…, in the protocol {frozen[name][:12]}…"

    def _devices(self) -> Iterator[ProtocolDeviation]:
        begun = self._recorded.started
        pump = begun.pump if begun is not None else None
        if self._frozen.firmware and pump is not None and pump.firmware_version != self._frozen.firmware:
            what = f"the pump says {pump.firmware_version}, in the protocol it is {self._frozen.firmware}"
            yield ProtocolDeviation(kind=FIRMWARE, what=what, touches=self._all)


def _of_test(test: RecordedTest, frozen: FrozenTest) -> Iterator[ProtocolDeviation]:
    node, planned = test.started.node, {one.name: one for one in frozen.judges}
    declared = {one.name: one for one in test.declared}
    for name in planned.keys() - declared.keys() if test.ended_s is not None else ():
        yield ProtocolDeviation(kind=JUDGEMENTS, what=f"{node}: {name!r} was not declared", touches=(node,))
    for name, one in declared.items():
        if (before := planned.get(name)) is None:
            continue  # what is declared because its occasion came; what a plan declares anew changes its code
        now = FrozenJudgement(
            **{key: getattr(one, key) for key in (*_LIMITS, "name", "measurand", "rule", "times")},
            requirements=tuple(reference.label for reference in one.requirements),
        )
        for kind, keys in ((LIMIT, _LIMITS), (CRITERION, _CRITERION), (RULE, ("rule",))):
            changed = [key for key in keys if getattr(now, key) != getattr(before, key)]
            if changed:
                words = (f"{key} {_word(getattr(now, key))}, not {_word(getattr(before, key))}" for key in changed)
                yield ProtocolDeviation(kind=kind, what=f"{node}: {name!r}: {'; '.join(words)}", touches=(node,))


def _word(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _keys(before: str, path: Path) -> list[str]:
    """Return the keys in which a file differs from what it was, with both values; nothing if it cannot be read."""
    try:
        old, new = (dict(_flat(parsed_toml(one))) for one in (before.encode(), read_regular(path, MOST_BYTES)))
    except (OSError, ValueError, RecursionError):
        return []
    return [
        f"{key} {new.get(key, 'is gone')}, not {old.get(key, 'there')}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key) and key.rpartition(".")[2] not in _OF_THIS_START
    ]


def _flat(table: Mapping[str, Any] | Sequence[Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    pairs = table.items() if isinstance(table, Mapping) else ((str(place), one) for place, one in enumerate(table))
    for key, value in pairs:
        if isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
