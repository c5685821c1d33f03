# SPDX-License-Identifier: Apache-2.0
"""Two measures of one flow: what they see, whether they agree, and what counts no more where they do not."""

import math
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.journal import FORMAT, Journal
from bench.journal.lines import JournalOpened, VolumesCompared
from bench.preflight.distrust import Distrust
from groundfloor.errors import PlanError
from metrology.gravimetry import (
    WATER,
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Equivalence,
    SecondInstrument,
    second_volume,
)
from metrology.uncertainty import Quantity
from metrology.verdict import Verdict
from tests.unit.imagined_weighing import imagined_file

AIR = Conditions(21.0, 1013.0, 50.0)
HOUR_S = 3600.0
SPECIFICATION = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05)


def instrument(*, weighs_pump: bool = True, percent: float = 0.0, more_ul: float = 0.0) -> SecondInstrument:
    return SecondInstrument(SPECIFICATION, WATER, weighs_pump, percent, more_ul)


def mark(hour: float, mass_g: float) -> BalanceMark:
    return BalanceMark(hour * HOUR_S, mass_g, 0.01, 0.02, 9.0, 11)


def seen(by: SecondInstrument, from_g: float, to_g: float) -> Quantity:
    return second_volume(by, mark(0, from_g), mark(1, to_g), AIR, 0.0)


def test_a_pump_on_a_balance_has_given_what_it_lost() -> None:
    lost = seen(instrument(), 160.0, 159.0)
    assert lost.value == pytest.approx(1000.0 * 1.00105 / 0.997995, rel=1e-5)  # in air, and water at 21 °C


def test_a_flow_sensor_shows_mass_that_no_air_carries() -> None:
    assert seen(instrument(weighs_pump=False), 3.0, 4.0).value == pytest.approx(1000.0 / 0.997995, rel=1e-6)


def test_what_its_calibration_and_its_tubes_leave_open_is_in_its_uncertainty() -> None:
    bare, wide = seen(instrument(), 160.0, 159.0), seen(instrument(percent=1.0, more_ul=6.0), 160.0, 159.0)
    more = math.sqrt(wide.standard_uncertainty**2 - bare.standard_uncertainty**2)
    assert more == pytest.approx(math.hypot(0.005 * wide.value, 3.0), rel=1e-9)
    assert {"calibration", "tubes and air"} <= {line.name for line in wide.budget}


@pytest.mark.parametrize(
    ("second_ul", "e_n", "agrees"), [(1000.0, 0.0, True), (990.3, 0.99, True), (990.0, 1.02, False)]
)
def test_they_agree_within_the_uncertainty_of_their_difference(second_ul: float, e_n: float, agrees: bool) -> None:
    found = Equivalence(Quantity(1000.0, "µL", 3.0), Quantity(second_ul, "µL", 4.0))
    assert found.difference.standard_uncertainty == pytest.approx(5.0)
    assert found.e_n == pytest.approx(e_n, abs=0.01)
    assert found.agrees is agrees


def test_without_any_uncertainty_only_the_same_agrees() -> None:
    exact = Quantity(1.0, "µL", 0.0)
    assert Equivalence(exact, exact).agrees
    assert not Equivalence(exact, Quantity(2.0, "µL", 0.0)).agrees


# --- what counts no more ---------------------------------------------------------------------------------------------


def compared(folder: Path, *, agrees: bool) -> Path:
    journal = Journal(folder / "journal.jsonl")
    journal.put(JournalOpened(format=str(FORMAT)))
    figures = dict.fromkeys(("weighed", "second", "difference"), 1.0)
    volumes = {f"{name}{part}_ul": one for name, one in figures.items() for part in ("", "_expanded")}
    journal.put(VolumesCompared(title="an hour: they differ", name="an hour", e_n=2.0, agrees=agrees, **volumes))
    journal.close()
    return journal.path


def test_where_they_do_not_agree_neither_passes_a_pump_nor_fails_it(tmp_path: Path) -> None:
    found = Distrust.of([], compared(tmp_path, agrees=False))
    assert found is not None
    assert (found.verdict, found.infusions) == (Verdict.INCONCLUSIVE, None)
    assert found.reason == "an hour: they differ; which of the two is wrong nobody can say"


def test_where_they_agree_the_balance_is_trusted(tmp_path: Path) -> None:
    assert Distrust.of([], compared(tmp_path, agrees=True)) is None


# --- its place -------------------------------------------------------------------------------------------------------


def written(tmp_path: Path, **second: object) -> BenchFile:
    data = imagined_file().model_dump(exclude_none=True)
    data["second_measure"] = {"expanded_uncertainty_percent": 0.5, "expanded_uncertainty_ul": 2.0, **second}
    data["second_measure"].setdefault(
        "instrument", {**data["balance"], "serial_number": "SECOND", "resource": "TCPIP::127.0.0.1::2::SOCKET"}
    )
    path = tmp_path / "bench.toml"
    BenchFile.model_validate(data).write(path)
    return BenchFile.load(path)


def test_a_bench_file_keeps_its_second_measure(tmp_path: Path) -> None:
    stated = written(tmp_path, shows="passed").second_measure
    assert stated is not None
    assert (stated.shows, stated.instrument.serial_number) == ("passed", "SECOND")


def test_one_instrument_is_not_two_measures(tmp_path: Path) -> None:
    with pytest.raises((PlanError, ValueError), match="same as the balance"):
        written(tmp_path, instrument=imagined_file().model_dump(exclude_none=True)["balance"])
