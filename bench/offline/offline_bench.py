# SPDX-License-Identifier: Apache-2.0
"""The bench of a stored run: its file, its clock, and nothing on the wires."""

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.clock import Clock
from bench.devices import Connection
from bench.lease import Lease
from bench.offline.absent_instrument import AbsentInstrument
from bench.offline.stored_test import Occasion
from bench.safety import SafeState
from instruments.balance import BalanceIdentity
from instruments.rig_abilities import RigAbilities


@dataclass
class _Nothing:
    """Takes the place of a connection."""

    pump: Any
    rig: Any
    balance: Any
    second: Any
    findings: list[Any] = field(default_factory=list)
    rig_lease: None = None


def offline_bench(file: BenchFile, clock: Clock, occasion: Occasion) -> Bench:
    """Return a bench on which nothing can be asked and nothing moves.

    Args:
        file: of the run.
        clock: shows the time of the journal.
        occasion: what the run found when it opened its bench.
    """
    connection = _Nothing(
        pump=AbsentInstrument("pump"),
        rig=AbsentInstrument("rig", abilities=_abilities(occasion)),
        balance=AbsentInstrument("balance", identify=_identity(occasion)),
        second=AbsentInstrument("second measure") if file.second_measure is not None else None,
    )
    bench = Bench(file, clock, cast(Connection, connection), None, cast(Lease, AbsentInstrument("lease")))
    bench.safe_state = SafeState(bench.pump, bench.rig, ())
    return bench


def _identity(occasion: Occasion) -> BalanceIdentity:
    named = occasion.begun.balance
    if named is None:
        return BalanceIdentity("", "", "", math.inf)
    return BalanceIdentity(named.model, named.serial_number, named.firmware_version, named.capacity_g or math.inf)


def _abilities(occasion: Occasion) -> RigAbilities:
    """Return what the rig could do; of one that an older journal does not tell of, all that a test may have asked."""
    if occasion.abilities is not None:
        return replace(RigAbilities(), **dict.fromkeys(occasion.abilities, True))
    able = {one.name: True for one in fields(RigAbilities) if one.default is False}
    return replace(RigAbilities(), **{**able, "sound": occasion.heard})
