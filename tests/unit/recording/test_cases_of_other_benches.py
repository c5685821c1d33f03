# SPDX-License-Identifier: Apache-2.0
"""Recordings as other benches leave them: the right figure, or the true reason and an option that gives it.

In each a pump runs at 500.0 µL/h of water at 20 °C, unless its name says otherwise.
"""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app_of
from groundfloor.errors import PlanError

CASES = Path(__file__).with_name("cases")
BALANCE = (
    "--limits 5 --evaporation '0 mg/h' --readability '0.01 mg' --repeatability '0.03 mg' --linearity '0.1 mg' "
    "--drift '0.2 mg/d' --calibration-u '0.1 mg' --stroke-volume '0 uL'"
)


def analysed(name: str, options: str = "", windows: str = "10"):
    """Return exit code and JSON, or the words of a refusal."""
    words = ["analyse", str(CASES / name), "--rate=0.5 mL/h", "--temperature=20", f"--windows={windows}", "--json"]
    done = CliRunner().invoke(app_of(["analyse"]), [*words, *shlex.split(options)])
    if isinstance(done.exception, PlanError):
        return 2, str(done.exception)
    return done.exit_code, json.loads(done.stdout)


def assert_right(found) -> None:
    code, told = found
    assert code == 0, told
    assert told["mean_rate_ul_per_h"] == pytest.approx(500.0, abs=0.2)
    assert told["overall_error_percent"] == pytest.approx(0.0, abs=0.05)
    assert told["overall_error_expanded_uncertainty_percent"] < 0.2


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("00-control.csv", "comma, time in s from column 1, mass in g from column 2"),
        ("01-decimal-comma.csv", "semicolon, decimal comma"),
        ("02-date-and-time-columns.csv", "yyyy-mm-dd hh:mm:ss from columns 1 and 2"),
        ("06-elapsed-hms.csv", "hh:mm:ss from column 1"),
        ("07-balance-own-log.csv", "yyyy/mm/dd hh:mm:ss from columns 4 and 5, mass in g from column 7"),
        ("09-units-row.csv", "time in s from column 1, mass in g from column 2"),
        ("10-preamble.csv", "time in s from column 1, mass in g from column 2"),
        ("12-unit-in-cells.csv", "mass in g from column 2"),
        ("24-trailing-comma.csv", "mass in g from column 2"),
        ("25-thousands.csv", "commas between thousands"),
        ("28-newest-first.csv", "yyyy-mm-dd hh:mm:ss"),
        ("33-space-separated.txt", "spaces, time in s from column 1, mass in g from column 2"),
    ],
)
def test_what_is_certain_is_read_and_told_in_one_line(name, read_as):
    found = analysed(name)
    assert_right(found)
    assert read_as in found[1]["read_as"]


@pytest.mark.parametrize(
    ("name", "reason", "option"),
    [
        ("04-am-pm.csv", "can be day/month or month/day", "--date-order mdy"),
        ("14-source-on-the-balance.csv", "the pump itself was weighed", "--loss-in-weight"),
        ("16-vessel-put-on.csv", "leaps by 12041.6 mg at line 4", "--use-from '600 s'"),
        ("20-clock-change-hourly.csv", "steps forward by an hour after line 7", "--time-zone Europe/Berlin"),
        ("20-clock-change-hourly.csv", "summer time began?", "--exclude '18000 s..25200 s'"),
        (
            "30-unit-changes.csv",
            "line 11, column 'Weight': '61.86967' mixed units: the unit changes",
            "--convert-units",
        ),
        ("32-overload-text.csv", "line 8, column 'mass [g]': 'OL' is an overload", "--pass-over 'OL'"),
    ],
)
def test_what_is_not_is_refused_for_its_reason_with_an_option_that_works_when_typed(name, reason, option):
    windows = "120" if name.startswith("20") else "10"
    code, told = analysed(name, windows=windows)
    assert code == 2
    assert reason in told
    assert option in told
    assert_right(analysed(name, option, windows))


@pytest.mark.parametrize("name", ["30-unit-changes.csv", "32-overload-text.csv"])
def test_a_part_is_cut_out_before_anything_in_the_rest_is_refused(name):
    assert_right(analysed(name, "--use-to '1500 s'"))


def test_a_step_puts_what_lies_across_it_in_doubt_until_a_person_takes_it_out():
    code, told = analysed("17-step-up.csv")
    assert code == 3
    (doubt,) = told["in_doubt"]
    assert "a step of +30 mg at line 12" in doubt
    assert told["overall_error_expanded_uncertainty_percent"] > told["overall_error_percent"] > 10
    option = doubt[doubt.index("--exclude") : doubt.index(", or --accept")]
    found = analysed("17-step-up.csv", option)
    assert_right(found)
    assert found[1]["excluded"] == [{"from_s": 2700, "to_s": 3000, "amount": pytest.approx(71.55), "unit": "mg"}]


def test_what_a_person_accepts_as_delivery_is_no_longer_in_doubt():
    code, told = analysed("17-step-up.csv", "--accept '2700 s..3000 s'")
    assert (code, told["in_doubt"]) == (0, [])


def test_a_bad_pump_behind_a_step_does_not_pass_and_fails_once_the_step_is_out():
    code, told = analysed("18-bad-pump-behind-a-step.csv", BALANCE)
    assert (code, told["judgement"]["verdict"]) == (3, "INCONCLUSIVE")
    code, told = analysed("18-bad-pump-behind-a-step.csv", f"{BALANCE} --exclude '2700 s..3000 s'")
    assert (code, told["judgement"]["verdict"]) == (1, "FAIL")
    assert told["overall_error_percent"] == pytest.approx(-12.0, abs=0.05)


def test_a_perfect_pump_behind_a_step_does_not_fail():
    assert analysed("17-step-up.csv", BALANCE)[1]["judgement"]["verdict"] == "INCONCLUSIVE"


def test_the_scatter_of_the_record_counts_in_u_whatever_is_said_of_the_balance():
    code, told = analysed("22-draughts.csv", BALANCE)
    assert (code, told["judgement"]["verdict"]) == (3, "INCONCLUSIVE")
    assert 0.7 < told["overall_error_expanded_uncertainty_percent"] < 2.5
    assert told["scatter_of_a_reading_ul"] == pytest.approx(3.0, abs=0.5)


def test_a_unit_that_only_the_set_rate_tells_carries_no_verdict():
    code, told = analysed("33-space-separated.txt", BALANCE)
    assert (code, told["judgement"]["verdict"]) == (3, "INCONCLUSIVE")
    assert "--mass-unit" in told["judgement"]["reason"]
    assert analysed("33-space-separated.txt", f"{BALANCE} --mass-unit g")[1]["judgement"]["verdict"] == "PASS"
