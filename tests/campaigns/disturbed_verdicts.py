# SPDX-License-Identifier: Apache-2.0
"""Whole runs over bad wires, each in a process forked from one that has imported it all: only their verdicts count.

The plan is that of the crashes: two infusions, a kink and a bolus. Its readings meet far more faults than its commands,
of which a single one can end a run, so the wires get a share of faults each.
"""

import contextlib
import os
import signal
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pytest

import fixtures
from bench.bench_file import BenchFile
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.fault_schedule import FaultSchedule
from instruments.simulated.wires.faulty_wires import FaultyWires
from instruments.simulated.wires.twin_addresses import TwinAddresses
from instruments.simulated.wires.wire_fault import FaultRecord, Framing
from reports.summary import Summary
from tests.campaigns.reference_bench import reference_bench

PLAN = Path(__file__).with_name("crash") / "reference_plan.py"
ROOT = Path(__file__).parents[2]
SETTINGS = Path(fixtures.__file__).with_name("pytest.ini")
TIMEOUT_S = 0.15
LONGEST_FAULT_S = 0.3
PATIENCE_S = 2.0
LIMIT_S = 900.0
"""Of the machine's time for one run; more counts as a hang."""
_FORK = get_context("forkserver")


@dataclass(frozen=True)
class Shares:
    """The share of messages that meet a fault, on either wire."""

    modbus: float
    balance: float


CALM = Shares(0.0, 0.0)


class DisturbedVerdict(msgspec.Struct, frozen=True):
    """What came of one run.

    Attributes:
        verdicts, reasons: by test.
        faults: how many were made on its wires, by kind.
        hung: it was ended from outside.
    """

    verdicts: dict[str, str] = {}
    reasons: dict[str, str] = {}
    faults: dict[str, int] = {}
    hung: bool = False

    def turned(self, undisturbed: Mapping[str, str], allowed: Iterable[str]) -> list[str]:
        """Return the tests whose verdict became another one than `undisturbed`, other than an `allowed` one."""
        return [test for test, one in self.verdicts.items() if one not in (undisturbed[test], *allowed)]


@dataclass(frozen=True)
class DisturbedCase:
    """One run.

    Attributes:
        defects: of the pump.
        seed: of the faults.
        shares: how many messages meet one.
        in_tests: faults begin when the bench is open and end with the last test; else they are there all the time, and
            end most runs while the balance is opened.
    """

    defects: tuple[str, ...]
    seed: int
    shares: Shares
    in_tests: bool = True


class _Wires(FaultyWires):
    """Bad wires with a share of faults each."""

    def __init__(self, behind: TwinAddresses, case: DisturbedCase, faults: list[FaultRecord]) -> None:
        super().__init__(behind, seed=case.seed, rate=0.0, longest_s=LONGEST_FAULT_S, on_fault=faults.append)
        rates = {"modbus": case.shares.modbus, "balance": case.shares.balance}
        make = self._make

        def with_share(name: str, framing: Framing) -> object:
            proxy = make(name, framing)
            proxy._schedules = FaultSchedule.of_wire(name, framing, case.seed, rates[name], LONGEST_FAULT_S)
            return proxy

        self._make = with_share  # type: ignore[assignment]


class _Weather:
    """A plug-in of pytest that lets the wires be bad while a test runs."""

    def __init__(self, wires: FaultyWires) -> None:
        self._wires = wires
        self._set(calm=True)

    def _set(self, *, calm: bool) -> None:
        for proxy in self._wires.proxies:
            proxy.calm = calm

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        self._set(calm=False)
        try:
            yield
        finally:
            self._set(calm=True)


def disturbed_verdicts(folder: Path, cases: Iterable[DisturbedCase], jobs: int) -> Iterator[DisturbedVerdict]:
    """Make a run of each case, so many at once: a run over bad wires mostly waits."""
    _FORK.set_forkserver_preload([f"{__package__}.preloaded", __name__])
    numbered = list(enumerate(cases))
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda one: _forked(folder / f"run-{one[0]}", one[1]), numbered)


def _forked(folder: Path, case: DisturbedCase) -> DisturbedVerdict:
    folder.mkdir(parents=True)
    process = _FORK.Process(target=_run, args=(folder, case))
    process.start()
    process.join(LIMIT_S)
    hung = process.is_alive()
    if process.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what hangs, or was left behind
    process.join()
    told = folder / "verdict.json"
    if hung or not told.is_file():
        return DisturbedVerdict(hung=True)
    return msgspec.json.decode(told.read_bytes(), type=DisturbedVerdict)


def _run(folder: Path, case: DisturbedCase) -> None:
    os.setsid()
    printed = os.open(folder / "printed.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(printed, stream)
    os.environ["PUMPBENCH_STATE"] = str(folder / "state")
    faults: list[FaultRecord] = []
    with TwinChild(TwinOptions(defects=case.defects)) as addresses, _Wires(addresses, case, faults) as wires:
        bench_file = folder / "bench.toml"
        _bench_file(wires.addresses, calm=case.shares == CALM).write(bench_file)
        words = ["-c", str(SETTINGS), f"--rootdir={ROOT}", "-p", "fixtures.plugin", "-p", "no:unraisableexception"]
        words += ["-q", "-s", "--journal-only", f"--bench={bench_file}", f"--runs={folder / 'runs'}", str(PLAN)]
        pytest.main(words, plugins=[_Weather(wires)] if case.in_tests else [])
    (run,) = (path for path in (folder / "runs").iterdir() if path.is_dir())
    tests = Summary.load(run / "summary.json").tests
    names = {test.node: test.node.rpartition("::")[2] for test in tests}
    verdict = DisturbedVerdict(
        {names[test.node]: str(test.verdict) for test in tests},
        {names[test.node]: test.reason for test in tests},
        {str(kind): sum(one.kind is kind for one in faults) for kind in {one.kind for one in faults}},
    )
    (folder / "verdict.json").write_bytes(msgspec.json.encode(verdict))


def _bench_file(addresses: TwinAddresses, *, calm: bool) -> BenchFile:
    file = reference_bench(addresses)
    if calm:
        return file
    limits = file.limits.model_copy(update={"patience_s": PATIENCE_S})
    short = {"timeout_s": TIMEOUT_S}
    balance = file.balance.model_copy(update={**short, "stable_timeout_s": 4 * LONGEST_FAULT_S})
    pump, rig = (device.model_copy(update=short) for device in (file.pump, file.rig))
    return file.model_copy(update={"limits": limits, "balance": balance, "pump": pump, "rig": rig})
