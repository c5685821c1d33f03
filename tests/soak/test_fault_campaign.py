# SPDX-License-Identifier: Apache-2.0
"""Wire faults: ten thousand against samples, a hundred thousand against verdicts: none wrong, none turned, no hang.

`PUMPBENCH_SOAK_FAULTS` sets another number of the first; `PUMPBENCH_SOAK_VERDICT_FAULTS` and
`PUMPBENCH_SOAK_FAULT_RUNS` set those of the second, which go on until there are both. The figures go into the folder
`PUMPBENCH_RELIABILITY`.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from instruments.simulated.twin.twin_options import Wire
from instruments.simulated.wires.wire_fault import FaultKind
from metrology.verdict import Verdict
from tests.campaigns.disturbed_verdicts import (
    CALM,
    DisturbedCase,
    DisturbedVerdict,
    Shares,
    disturbed_verdicts,
)
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
RUNS = int(os.environ.get("PUMPBENCH_SOAK_FAULT_RUNS", "600"))
VERDICT_FAULTS = int(os.environ.get("PUMPBENCH_SOAK_VERDICT_FAULTS", "100000"))
JOBS = int(os.environ.get("PUMPBENCH_SOAK_JOBS", "6"))
"""A run over bad wires waits more than it works, so there are more of them than processors."""
BAD = (("rate_bias=0.2",), ("no_occlusion_alarm",), ("bolus_volume_bias=0.3",), ("rate_bias=-0.2",))
SPECIMENS = ((), *BAD)
MANY = (Shares(0.01, 0.06), Shares(0.02, 0.06), Shares(0.005, 0.08))
FEW, ALL_THE_TIME_EACH = Shares(0.003, 0.003), 10
GRACE = ("INCONCLUSIVE", "BLOCKED")


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


def test_in_hundreds_of_runs_over_bad_wires_no_verdict_turns(tmp_path: Path) -> None:
    undisturbed = {
        defects: one.verdicts
        for defects, one in zip(
            SPECIMENS,
            disturbed_verdicts(tmp_path / "calm", [DisturbedCase(one, 0, CALM) for one in SPECIMENS], JOBS),
            strict=True,
        )
    }
    assert all(set(verdicts.values()) == {"PASS"} for defects, verdicts in undisturbed.items() if not defects)
    assert all("FAIL" in verdicts.values() for defects, verdicts in undisturbed.items() if defects)
    cases = [_case(number) for number in range(RUNS)]
    done: list[tuple[DisturbedCase, DisturbedVerdict]] = []
    while len(done) < RUNS or _faults(done) < VERDICT_FAULTS:
        ran = disturbed_verdicts(tmp_path / str(len(done)), cases, JOBS)
        done += zip(cases, ran, strict=True)
        cases = [_case(number) for number in range(len(done), len(done) + JOBS)]
        for name, its in (("good", False), ("bad", True)):
            part = [one for one in done if bool(one[0].defects) is its]
            _verdict_figures(name, part, undisturbed).keep(f"wire-faults-verdicts-{name}")
    turned = [
        (case, test, one.reasons[test]) for case, one in done for test in one.turned(undisturbed[case.defects], GRACE)
    ]
    assert turned == []
    assert [case for case, one in done if one.hung] == []


def _case(number: int) -> DisturbedCase:
    """Return a run: a good pump and a bad one in turn; of each the shares of faults in turn."""
    half = number // 2
    defects = BAD[half % len(BAD)] if number % 2 else ()
    if half % ALL_THE_TIME_EACH == ALL_THE_TIME_EACH - 1:
        return DisturbedCase(defects, number, FEW, in_tests=False)
    return DisturbedCase(defects, number, MANY[half % len(MANY)])


def _faults(done: Sequence[tuple[DisturbedCase, DisturbedVerdict]]) -> int:
    return sum(sum(one.faults.values()) for _, one in done)


def _verdict_figures(
    name: str,
    done: Sequence[tuple[DisturbedCase, DisturbedVerdict]],
    undisturbed: Mapping[tuple[str, ...], Mapping[str, str]],
) -> Figures:
    verdicts = [verdict for _, one in done for verdict in one.verdicts.values()]
    turned = sum(bool(one.turned(undisturbed[case.defects], GRACE)) for case, one in done)
    rows: list[tuple[Cell, ...]] = [
        ("runs", len(done)),
        ("faults made", _faults(done)),
        *((f"of these: {kind}", sum(one.faults.get(str(kind), 0) for _, one in done)) for kind in FaultKind),
        *((f"verdict {verdict}", verdicts.count(str(verdict))) for verdict in Verdict),
        ("runs with a verdict turned", turned),
        ("hangs", sum(one.hung for _, one in done)),
    ]
    pumps = "a good pump" if name == "good" else f"pumps with {', '.join(one for bad in BAD for one in bad)}"
    return Figures(f"Wire faults: verdicts of {pumps}, two tests a run", ("", "count"), rows)
