# SPDX-License-Identifier: Apache-2.0
"""`pumpbench simulate --wire-faults SEED,RATE`: bad wires in front of the twin, and a log of what was done to them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from groundfloor.errors import PlanError
from instruments.simulated.wires.faulty_wires import FaultyWires
from instruments.simulated.wires.twin_addresses import TwinAddresses
from instruments.simulated.wires.wire_fault import FaultRecord

LOG = Path("wire-faults.jsonl")
_NEXT = "write a whole number and a share of messages, such as 7,0.02"


@contextmanager
def spoilt(behind: TwinAddresses, wanted: str | None, log: Path) -> Iterator[TwinAddresses]:
    """Put bad wires in front of a twin, if they are wanted, and yield where the bench then finds it.

    Args:
        behind: where the twin is.
        wanted: `SEED,RATE`; None leaves the wires alone.
        log: file that each fault is added to, one line of JSON each.

    Raises:
        PlanError: `wanted` is something else, or the log cannot be written.
    """
    if wanted is None:
        yield behind
        return
    seed, rate = _parsed(wanted)
    try:
        file = log.open("a", encoding="utf-8", buffering=1)
    except OSError as refused:
        raise PlanError(f"log {log}", "write", str(refused), "name another with --wire-fault-log") from refused
    with file:

        def note(record: FaultRecord) -> None:
            file.write(json.dumps(record.as_dict()) + "\n")

        with FaultyWires(behind, seed=seed, rate=rate, on_fault=note) as wires:
            yield wires.addresses


def _parsed(wanted: str) -> tuple[int, float]:
    seed, _, rate = wanted.partition(",")
    try:
        parsed = int(seed), float(rate)
    except ValueError as strange:
        raise PlanError("--wire-faults", "parse", f"{wanted!r} is no SEED,RATE", _NEXT) from strange
    if not 0.0 <= parsed[1] <= 1.0:
        raise PlanError("--wire-faults", "parse", f"a rate of {rate} is no share", _NEXT)
    return parsed
