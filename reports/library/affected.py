# SPDX-License-Identifier: Apache-2.0
"""Which judgements rest on an instrument: asked when its certificate turns out to be wrong.

An instrument is found by its serial number, as the device told it, or as the run's own bench file names it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.run_folder import BENCH_FILE, SUMMARY
from groundfloor.errors import PlanError
from groundfloor.regular_file import read_regular
from groundfloor.toml_file import parsed_toml
from reports.entry import Entry, MeasuredValue
from reports.library.budgets import budgets_of
from reports.library.run_brief import RunBrief
from reports.library.run_library import RunLibrary
from reports.summary import Summary

_WHOLE_RUN = ("pump", "rig")
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class AffectedRun:
    """A run in which the instrument was used.

    Attributes:
        run: in short.
        role: what the instrument was in it, such as `balance`.
        judgements: the tests and judgements that rest on it; of a pump or a rig all, of a balance those whose
            budget holds a mass, of another instrument those that have a budget.
    """

    run: RunBrief
    role: str
    judgements: tuple[tuple[Entry, MeasuredValue], ...]


def affected_runs(library: RunLibrary, serial_number: str, since: str = "") -> tuple[AffectedRun, ...]:
    """Return the runs since a day in which an instrument was used, and what rests on it.

    Args:
        library: the runs.
        serial_number: of the instrument.
        since: a day or an instant, ISO 8601; empty for all.

    Raises:
        PlanError: no run of the library ever used it.
    """
    found, ever = [], False
    for run in library.runs:
        role = _role(library.path_of(run), run, serial_number)
        ever |= bool(role)
        if role and run.started_at >= since:
            found.append(AffectedRun(run, role, tuple(_resting(library.path_of(run), role))))
    if not ever:
        seen = f"none of its {len(library.runs)} runs used an instrument {serial_number!r}"
        next_step = "write the serial number as `pumpbench runs --json` shows it, or as the bench file names it"
        raise PlanError(f"runs {library.folder}", "look for an instrument", seen, next_step)
    return tuple(found)


def _role(folder: Path, run: RunBrief, serial_number: str) -> str:
    told = {"balance": run.balance, "pump": run.pump, "rig": run.rig}
    for role, serial in told.items():
        if serial == serial_number:
            return role
    try:
        content = parsed_toml(read_regular(folder / BENCH_FILE, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return ""
    return next(_named_at(content, serial_number), "")


def _named_at(content: object, serial_number: str, at: str = "") -> Iterator[str]:
    """Yield where in a bench file a serial number, or a certificate of that number, stands."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            if isinstance(value, str) and value == serial_number:
                yield at or str(key)
            yield from _named_at(value, serial_number, f"{at}.{key}".strip("."))
    elif isinstance(content, list):
        for one in content:
            yield from _named_at(one, serial_number, at)


def _resting(folder: Path, role: str) -> Iterator[tuple[Entry, MeasuredValue]]:
    budgets = budgets_of(folder) if role not in _WHOLE_RUN else {}
    for test in Summary.load(folder / SUMMARY).tests:
        for value in test.values:
            budget = budgets.get(value.id, ())
            weighed = any(term.is_weighed for term in budget)
            if role in _WHOLE_RUN or (weighed if role == "balance" else bool(budget)):
                yield test, value
