# SPDX-License-Identifier: Apache-2.0
"""Ten thousand wire faults over simulated infusions: no wrong sample, no verdict turned, no hang.

`PUMPBENCH_SOAK_FAULTS` sets another number; the figures go into the folder `PUMPBENCH_RELIABILITY`.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from instruments.simulated.twin.twin_options import Wire
from instruments.simulated.wires.wire_fault import FaultKind
from metrology.verdict import Verdict
from tests.sim.disturbed_run import DisturbedRun, disturbed_run
from tests.sim.fault_campaign import MOST_READING_S, Tally, campaign
from tests.soak.figures import Cell, Figures

pytestmark = pytest.mark.soak

FAULTS = int(os.environ.get("PUMPBENCH_SOAK_FAULTS", "10000"))
SHARES = (  # wire, share of messages that meet a fault, share of all faults
    (Wire.TCP, 0.03, 0.4),
    (Wire.TCP, 0.10, 0.3),
    (Wire.PTY, 0.05, 0.3),
)
NAMES = {Wire.TCP: "TCP", Wire.PTY: "serial lines"}
RUNS_PER_PUMP = 12
RUN_RATE = 0.003
BAD = ("rate_bias=0.2",)
GRACE = {Verdict.INCONCLUSIVE, Verdict.BLOCKED}


def test_ten_thousand_faults_and_not_one_wrong_sample() -> None:
    tallies: list[Tally] = []
    for number, (wire, rate, share) in enumerate(SHARES):
        tallies.append(campaign(seed=100 + number, rate=rate, faults=int(FAULTS * share), wire=wire))
        _sample_figures(tallies).keep("wire-faults-samples")
        assert (tallies[-1].wrong, tallies[-1].told, tallies[-1].hangs) == (0, [], 0)
    assert sum(tally.faults for tally in tallies) >= FAULTS - len(SHARES)


def _sample_figures(tallies: list[Tally]) -> Figures:
    counted: dict[str, Callable[[Tally], int]] = {
        "faults made": lambda tally: tally.faults,
        **{f"of these: {kind}": _count_of(kind) for kind in FaultKind},
        "samples planned": lambda tally: tally.looks,
        "samples taken and true": lambda tally: tally.right,
        "samples wrong": lambda tally: tally.wrong,
        "gaps": lambda tally: tally.gaps,
        "samples refused, as the zero was in doubt": lambda tally: tally.void,
        f"hangs (over {MOST_READING_S:g} s)": lambda tally: tally.hangs,
    }
    rows: list[tuple[Cell, ...]] = [
        (what, *map(count, tallies), sum(map(count, tallies))) for what, count in counted.items()
    ]
    longest = [round(tally.longest_s, 2) for tally in tallies]
    rows.append(("longest sample (s)", *longest, max(longest)))
    names = [f"{NAMES[wire]}, {100 * rate:g} %" for wire, rate, _ in SHARES[: len(tallies)]]
    return Figures("Wire faults: samples (share of messages that met a fault)", ("", *names, "all"), rows)


def _count_of(kind: FaultKind) -> Callable[[Tally], int]:
    return lambda tally: tally.kinds[kind]


@pytest.mark.parametrize("defects", [(), BAD], ids=["good pump", "bad pump"])
def test_no_verdict_turns_into_its_opposite(tmp_path: Path, defects: tuple[str, ...]) -> None:
    undisturbed = disturbed_run(tmp_path / "undisturbed", 0.0, defects)
    with ThreadPoolExecutor(2) as pool:
        runs = list(
            pool.map(
                lambda seed: disturbed_run(tmp_path / f"seed-{seed}", RUN_RATE, defects, seed), range(RUNS_PER_PUMP)
            )
        )
    wrong = [line for run in runs for line in run.wrong_samples(undisturbed)]
    _run_figures(defects, undisturbed, runs, len(wrong)).keep(f"wire-faults-verdicts-{'bad' if defects else 'good'}")
    assert wrong == []
    assert {run.verdict for run in runs} <= {undisturbed.verdict, *GRACE}
    assert undisturbed.verdict is (Verdict.FAIL if defects else Verdict.PASS)


def _run_figures(defects: tuple[str, ...], undisturbed: DisturbedRun, runs: list[DisturbedRun], wrong: int) -> Figures:
    verdicts = [run.verdict for run in runs]
    rows: list[tuple[Cell, ...]] = [
        ("runs", len(runs)),
        ("faults made", sum(len(run.faults) for run in runs)),
        *((f"verdict {verdict}", verdicts.count(verdict)) for verdict in Verdict),
        ("verdicts turned", sum(verdict not in {undisturbed.verdict, *GRACE} for verdict in verdicts)),
        ("samples of as many undisturbed runs", len(undisturbed.samples()) * len(runs)),
        ("samples taken", sum(len(run.samples()) for run in runs)),
        ("samples wrong", wrong),
    ]
    pump = f"a pump with {', '.join(defects)}" if defects else "a good pump"
    return Figures(f"Wire faults: verdicts of {pump}, {100 * RUN_RATE:g} % of messages", ("", "count"), rows)
