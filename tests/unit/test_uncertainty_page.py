# SPDX-License-Identifier: Apache-2.0
"""The page that a metrologist signs says what the code computes: every influence, every assumption, every figure."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.bench_file import AmbientWindow, BalanceDevice, PreflightLimits, VesselOnPan
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Evaporation,
    Load,
    Repeatability,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.gravimetry import evaporation as evaporation_module
from metrology.gravimetry import liquid as liquid_module
from metrology.gravimetry import mark_influences as influences_module
from metrology.gravimetry import vessel as vessel_module
from metrology.gravimetry.correction_step import STEPS
from metrology.uncertainty import BudgetLine, Quantity
from metrology.verdict import DecisionRule
from tests.soak.figures import Figures

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "explanation" / "uncertainty.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())
HOUR_S = 3600.0
BALANCE_DEFAULTS, VESSEL_DEFAULTS = BalanceDevice.model_fields, VesselOnPan.model_fields
BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, Repeatability(0.0205, 300), sensitivity_per_c=1.5e-6)
BLANK = Evaporation(
    0.06,
    0.004,
    50,
    1.0,
    temperature_c=21.0,
    humidity_percent=55.0,
    warming_c_per_h=0.1,
    denser_kg_m3_per_h=-0.0004,
    scatter_mg=0.0205,
).that_may_change(PreflightLimits().blank_change_mg_per_h)
AIR = Conditions(21.0, 1013.0, 50.0, temperature_rise_c=0.3, mean_vapour_deficit_hpa=12.44, driest_percent=42.0)
VESSEL = Vessel.of(Load(50.0, 2230.0), Load(10.0, 998.0, 20.0))
OTHER_OUTLETS = replace(
    VESSEL, tube_mm=1.0, contact_cosine_half_width=0.05, drop_mg=20.0, static_mg=1.0, static_below_percent=60.0
)
OF_OTHER_OUTLETS = ("meniscus at the start", "pendant drop at the start", "static charge at the start")
WINDOWS = ((2.0, 24 * HOUR_S), (41.6667, 24 * HOUR_S), (1000.0, 4 * HOUR_S))


def weighed(rate_ul_per_h: float, duration_s: float, vessel: Vessel = VESSEL) -> Quantity:
    """The worked example of the page."""
    slope = {"slope_mg_per_h": rate_ul_per_h, "span_s": 10.0}
    marks = (BalanceMark(time_s, mass_g, 0.006, 0.015, 9, 11, **slope) for time_s, mass_g in (
        (0.0, 1.0), (duration_s, 1.0 + 0.997e-3 * rate_ul_per_h * duration_s / HOUR_S)
    ))  # fmt: skip
    setup = WeighingSetup(BALANCE, BLANK, vessel=vessel)
    return delivered_volume(setup, WeighedSpan(*marks, AIR, 0.5, rate_ul_per_h)).quantity


def table() -> Iterator[str]:
    quantities = [weighed(*window) for window in WINDOWS]
    yield from _rows(quantities)
    yield f"| combined u | | | | | | {' | '.join(_short(one.standard_uncertainty) for one in quantities)} |"
    yield f"| effective degrees of freedom | | | | | | {' | '.join(_whole(one.dof) for one in quantities)} |"
    yield f"| k for 95 % | | | | | | {' | '.join(f'{one.coverage_factor():.2f}' for one in quantities)} |"
    yield f"| U | | | | | | {' | '.join(_short(one.expanded_uncertainty()) for one in quantities)} |"
    yield from (
        row
        for row in _rows([weighed(*window, OTHER_OUTLETS) for window in WINDOWS])
        if row.startswith(tuple(f"| {name} " for name in OF_OTHER_OUTLETS))
    )


def _rows(quantities: Sequence[Quantity]) -> Iterator[str]:
    for lines in zip(*(one.budget for one in quantities), strict=True):
        yield f"| {_influence(lines[0])} | {' | '.join(_short(line.contribution) for line in lines)} |"


def _influence(line: BudgetLine) -> str:
    columns = (
        _at_either_end(line.name),
        line.distribution,
        line.kind,
        _whole(line.dof),
        f"{_short(line.standard_uncertainty)} {line.unit}",
    )
    return " | ".join((*columns, _short(line.sensitivity)))


def _at_either_end(name: str) -> str:
    """A mark is named by its instant; on the page it is the first or the second."""
    if name.endswith(" at 0 s"):
        return name.replace(" at 0 s", " at the start")
    return re.sub(r" at \d+ s$", " at the end", name)


def _short(value: float) -> str:
    if abs(value) < 1e-12:
        return "0"
    return f"{value:#.2g}".rstrip(".") if abs(value) >= 1e-4 else f"{value:.0e}"


def _whole(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.0f}"


def test_the_budget_on_the_page_is_the_one_that_the_bench_computes() -> None:
    missing = [row for row in table() if row not in PAGE]
    assert missing == [], "\n".join(table())


def test_the_order_of_the_corrections_is_the_one_of_the_chain() -> None:
    assert " → ".join(("raw", *STEPS, "volume")) in PROSE


def test_the_coverage_on_the_page_is_the_one_that_the_campaigns_found() -> None:
    figures = Figures.load(DOCS / "reliability" / "coverage.json")
    at = {name: number for number, name in enumerate(figures.columns)}

    def column(name: str) -> list[float]:
        return [float(str(row[at[name]])) for row in figures.rows]

    (each,) = set(column("laboratories"))
    assert f"{each:.0f} laboratories each" in PROSE
    for name in ("covered %", "covered % with both blanks"):
        values = column(name)
        assert f"{min(values):.1f} to {max(values):.1f} %, {sum(values) / len(values):.1f} % in the mean" in PROSE
    ratios = column("U / needed by who knows the noise") + column("the same with both blanks")
    assert f"{min(ratios):.2f} to {max(ratios):.2f} times" in PROSE


@pytest.mark.parametrize(
    "assumed",
    [
        f"± {influences_module.READING_INSTANT_HALF_WIDTH_S:g} s",
        f"± {AIR.temperature_half_width_c:g} °C, ± {AIR.air_pressure_half_width_hpa:g} hPa, "
        f"± {AIR.humidity_half_width_percent:g} %",
        f"± {liquid_module.WATER_HALF_WIDTH_KG_M3:g} kg/m³",
        f"± {vessel_module.AIR_CHANGE_HALF_WIDTH_KG_M3:g} kg/m³",
        f"± {vessel_module.UNSTATED_HALF_WIDTH_ML:g} mL",
        f"± {100 * vessel_module.TUBE_SHARE_HALF_WIDTH:g} % of the share of the tube",
        f"± {PreflightLimits().blank_change_mg_per_h:g} mg/h",
        f"{influences_module.LEAST_STROKES} strokes or more",
        f"{influences_module.LEAST_STROKE_PERIOD_S:g} s",
        f"± {evaporation_module.SENSED_CHANGE_C:g} °C and ± {evaporation_module.SENSED_CHANGE_PERCENT:g} %",
        f"{BALANCE_DEFAULTS['sensitivity_ppm_per_c'].default:g} ppm/°C",
        f"± {VESSEL_DEFAULTS['contact_cosine_half_width'].default:g}, a free outlet holds up to "
        f"{VESSEL_DEFAULTS['drop_mg'].default:g} mg, charges in air under {AmbientWindow().static_below_percent:g} % "
        f"make ± {VESSEL_DEFAULTS['static_mg'].default:g} mg",
    ],
)
def test_every_assumption_stands_on_the_page_with_its_figure(assumed: str) -> None:
    assert assumed in PROSE


def test_the_rules_are_named_as_the_record_names_them() -> None:
    assert all(rule.words.split(" (")[0].lower() in PROSE.lower() for rule in DecisionRule)


def test_it_is_three_pages_long_at_most() -> None:
    words = re.sub(r"^\|.*$", "", PAGE, flags=re.MULTILINE).split()
    assert 600 <= len(words) <= 1650
