# SPDX-License-Identifier: Apache-2.0
"""What stands behind an option of `pumpbench analyse` is read with its unit, or refused by the option's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import written_quantity as written
from cli.analysis_request import LiquidWords, balance_of, limits_of, windows_of
from cli.main import app_of
from groundfloor.errors import PlanError
from metrology.recording import Windows

SAID = ["--temperature=20", "--evaporation=0 mg/h", "--stroke-volume=0 uL", "--rate=0.5 mL/h", "--limits=5"]
BALANCE = ["--readability=0.01mg", "--repeatability=0.02mg", "--linearity=0.05mg", "--drift=0.1mg/d"]


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (written.rate_ul_per_h, "0.5 mL/h", 500.0),
        (written.rate_ul_per_h, "1mL/d", 1000 / 24),
        (written.rate_ul_per_h, "10 nL / min", 0.6),
        (written.duration_s, "1.5 h", 5400.0),
        (written.volume_ul, "2.5uL", 2.5),
        (written.mass_mg, "1e-4 g", 0.1),
        (written.loss_mg_per_h, "2.4 mg/d", 0.1),
        (written.density_g_per_ml, "1.002 g/mL", 1.002),
        (written.density_g_per_ml, "1002 g/L", 1.002),
    ],
)
def test_a_quantity_is_read_with_its_unit(reader, text, value):
    assert reader("--option", text) == pytest.approx(value)


@given(st.floats(1e-6, 1e6), st.sampled_from(["", " "]), st.sampled_from([("µL", 1), ("nl", 1e-3), ("mL", 1e3)]))
def test_every_number_is_read_as_it_was_written(number, space, unit):
    assert written.volume_ul("--option", f"{number!r}{space}{unit[0]}") == pytest.approx(number * unit[1])


@pytest.mark.parametrize(
    "text", ["500", "500 mg/h", "0,5 mL/h", "-1 mL/h", "nan mL/h", "mL/h", "", "1 mL", "1e999 mL/h"]
)
def test_a_rate_without_a_number_or_its_unit_is_refused_by_the_options_name(text):
    with pytest.raises(PlanError, match="--rate"):
        written.rate_ul_per_h("--rate", text)


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        (None, None),
        ("iec-ambulatory", Windows(name="iec-ambulatory")),
        ("2,5.5", Windows(durations_s=(120.0, 330.0))),
        ("strokes:5,1", Windows(strokes=(1, 5))),
    ],
)
def test_windows_are_named_or_counted(text, windows):
    assert windows_of(text) == windows


@pytest.mark.parametrize("text", ["iec", "0", "-2", "strokes:", "strokes:1.5", "2;5", "nan", ""])
def test_windows_that_are_none_are_refused(text):
    with pytest.raises(PlanError, match="iec-general"):
        windows_of(text)


@pytest.mark.parametrize(("text", "limits"), [("5", (-5, 5)), ("-5, 10 %", (-5, 10)), ("2.5%", (-2.5, 2.5))])
def test_limits_are_symmetric_unless_two_are_given(text, limits):
    found = limits_of(text)
    assert (found.lower, found.upper) == limits


@pytest.mark.parametrize("text", ["x", "-5", "0", "5,-5", "1,2,3", "nan", "inf"])
def test_limits_that_are_none_are_refused(text):
    with pytest.raises(PlanError, match="--limits"):
        limits_of(text)


def test_a_balance_with_a_figure_missing_is_refused():
    assert balance_of(None, None, None, None, None) is None
    with pytest.raises(PlanError, match="--calibration-u missing"):
        balance_of("0.1 mg", "0.1 mg", "0.1 mg", "0.1 mg/d", None)
    assert balance_of("0.1 mg", "0.1 mg", "0.1 mg", "0.1 mg/h", "0 mg").drift_mg_per_day == pytest.approx(2.4)


def test_what_was_not_said_of_the_liquid_spoils_a_verdict():
    assert len(LiquidWords().liquid()[2]) == 2
    assert LiquidWords(temperature_c=21.0, evaporation="0 mg/h").liquid()[2] == ()
    with pytest.raises(PlanError, match="temperature is 80"):
        LiquidWords(temperature_c=80.0).liquid()


@pytest.mark.parametrize(("error", "exit_code"), [(0.02, 0), (0.08, 1), (0.05, 3)])
def test_the_exit_code_is_that_of_the_verdict(tmp_path, error, exit_code):
    rows = [f"{10 * number},{12 + 500 * (1 + error) * number / 360 / 1002.851:.6f}" for number in range(2881)]
    file = tmp_path / "day.csv"
    file.write_text("time_s,mass_g\n" + "\n".join(rows), encoding="utf-8")
    done = CliRunner().invoke(
        app_of(["analyse"]), ["analyse", str(file), *SAID, *BALANCE, "--calibration-u=0.05mg", "--json"]
    )
    assert done.exit_code == exit_code, done.output


def test_help_teaches_with_an_example():
    assert "pumpbench analyse day.csv" in CliRunner().invoke(app_of(["analyse"]), ["analyse", "--help"]).output
