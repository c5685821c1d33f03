# SPDX-License-Identifier: Apache-2.0
"""Which repeatability a volume is judged with: what was measured on this balance on this day."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.journal import Journal
from bench.run import UnfinishedRun
from bench.sampling import ClockComparison, ClockPair
from bench.weighing import Blank
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Evaporation,
    Repeatability,
    StraightLine,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.uncertainty import BudgetLine, Quantity

DATA_SHEET = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05)
CLOCKS = ClockComparison(ClockPair(0.0, 100.0, 0.0), ClockPair(180.0, 280.0, 0.0))
AIR = Conditions(21.0, 1013.0, 50.0)


def mark(time_s: float, mass_g: float, scatter_mg: float, **more: float) -> BalanceMark:
    return BalanceMark(time_s, mass_g, scatter_mg / 3, scatter_mg, 9, 11, **more)


def an_hour(balance: BalanceSpecification, scatter_mg: float = 0.001, **more: float) -> Quantity:
    ends = (mark(0.0, 1.0, scatter_mg, **more), mark(3600.0, 1.04, scatter_mg, **more))
    setup = WeighingSetup(balance, Evaporation(0.03, 0.01, 59, 1.0))
    return delivered_volume(setup, WeighedSpan(*ends, AIR, 0.5, 41.0)).quantity


def of_the_mark(quantity: Quantity) -> BudgetLine:
    return quantity.budget[0]


def test_what_was_measured_today_counts_with_its_degrees_of_freedom_as_type_a() -> None:
    line = of_the_mark(an_hour(DATA_SHEET.as_found(Repeatability(0.05, 18))))
    assert (line.standard_uncertainty, line.kind, line.dof) == (0.05, "A", 18)


def test_a_day_better_than_the_data_sheet_counts_as_it_was() -> None:
    line = of_the_mark(an_hour(DATA_SHEET.as_found(Repeatability(0.012, 59))))
    assert (line.standard_uncertainty, line.kind, line.dof) == (0.012, "A", 59)


def test_a_mark_that_scatters_more_than_the_day_counts_with_its_own_scatter() -> None:
    line = of_the_mark(an_hour(DATA_SHEET.as_found(Repeatability(0.05, 18)), scatter_mg=0.2))
    assert (line.standard_uncertainty, line.dof) == (0.2, 9)


def test_without_a_measurement_the_data_sheet_stands_as_type_b() -> None:
    line = of_the_mark(an_hour(DATA_SHEET))
    assert (line.standard_uncertainty, line.kind) == (0.02, "B")


def test_of_several_findings_the_worst_is_believed() -> None:
    noise, blank = Repeatability(0.004, 18), Repeatability(0.021, 59)
    assert noise.or_worse(None, blank) == blank.or_worse(noise) == blank


def test_the_same_scatter_of_fewer_readings_is_worse() -> None:
    assert Repeatability(0.02, 59).or_worse(Repeatability(0.02, 9)) == Repeatability(0.02, 9)


def test_a_drift_is_none_of_it() -> None:
    times_s = [float(second) for second in range(20)]
    readings_g = [50.0 + 1e-5 * second + 1e-5 * (-1) ** second for second in range(20)]
    found = Repeatability.about(StraightLine.fit(times_s, readings_g))
    assert found.standard_deviation_mg == pytest.approx(0.0105, rel=0.05)
    assert found.dof == 18


def test_readings_that_take_long_are_of_an_uncertain_instant() -> None:
    def timing(**more: float) -> float:
        lines = [one for one in an_hour(DATA_SHEET, **more).budget if one.name.startswith("timing ")]
        assert len(lines) == 2
        return math.hypot(*(line.contribution for line in lines))

    assert timing(reading_takes_s=9.0) == pytest.approx(10 * timing(), rel=1e-9)


def test_a_resumed_run_recalls_it_from_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path, now_s=lambda: 1.0)
    blank = Blank.of((0.0, 60.0, 120.0, 180.0), (0.0, 2e-5, 0.0, 2e-5), CLOCKS, 0.0, 0.0)
    journal.write("event", what="blank", **blank.as_dict())
    of_the_blank = UnfinishedRun.read(path).repeatability
    found = Repeatability(0.0213, 59)
    journal.write("event", what="repeatability", title="Repeatability", **found.as_dict())
    journal.close()
    assert of_the_blank == Repeatability.from_readings(blank.times_s, blank.masses_g)
    assert UnfinishedRun.read(path).repeatability == found


INFLUENCES = st.sampled_from(
    ["readability_mg", "linearity_mg", "drift_mg_per_day", "calibration_expanded_uncertainty_mg", "day", "scatter",
     "blank", "change", "temperature", "stroke", "rate", "steps"]
)  # fmt: skip


def quantity(sizes: dict[str, float]) -> Quantity:
    figures = {
        name: sizes[name] for name in ("linearity_mg", "drift_mg_per_day", "calibration_expanded_uncertainty_mg")
    }
    balance = BalanceSpecification(sizes["readability_mg"], 0.02, **figures)
    ends = (mark(0.0, 1.0, sizes["scatter"]), mark(36_000.0, 1.4, sizes["scatter"]))
    setup = WeighingSetup(
        balance.as_found(Repeatability(sizes["day"], 9)),  # as many as a mark has: another number is another day
        Evaporation(0.03, sizes["blank"], 59, 1.0).that_may_change(sizes["change"]),
    )
    air = replace(AIR, temperature_half_width_c=sizes["temperature"])
    span = WeighedSpan(*ends, air, sizes["stroke"], sizes["rate"], steps_mg=sizes["steps"])
    return delivered_volume(setup, span).quantity


@given(st.dictionaries(INFLUENCES, st.floats(0.001, 3.0)), INFLUENCES, st.floats(0.0, 5.0))
def test_u_never_falls_when_any_influence_grows(sizes: dict[str, float], which: str, more: float) -> None:
    names = ("readability_mg", "linearity_mg", "drift_mg_per_day", "calibration_expanded_uncertainty_mg", "day",
             "scatter", "blank", "change", "temperature", "stroke", "rate", "steps")  # fmt: skip
    before = dict.fromkeys(names, 0.05) | sizes
    after = before | {which: before[which] + more}
    assert quantity(after).expanded_uncertainty() >= quantity(before).expanded_uncertainty() * (1 - 1e-5)
