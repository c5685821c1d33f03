# SPDX-License-Identifier: Apache-2.0
"""What `pumpbench analyse` does beside one analysis: preview, recipe, several files, boluses, a file that grows."""

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.following import follow
from cli.main import app_of
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode

G_PER_UL = 1 / 1002.851


def typed(*words):
    done = CliRunner().invoke(app_of(["analyse"]), ["analyse", *map(str, words)])
    if isinstance(done.exception, PlanError):
        raise done.exception
    return done


def recorded(path, error=0.0, hours=4, mark=".", parts=","):
    rows = [
        f"{10 * n}{parts}{12 + 500 * (1 + error) * n / 360 * G_PER_UL:.5f}".replace(".", mark)
        for n in range(360 * hours)
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"time_s{parts}mass [g]\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_preview_shows_the_first_rows_as_understood_and_ends(tmp_path):
    done = typed(recorded(tmp_path / "a.csv", mark=",", parts=";"), "--preview")
    assert done.exit_code == 0
    for told in ("read as: semicolon, decimal comma, time in s from column 1", "12,00138", "12001.38 mg"):
        assert told in done.stdout
    assert "overall" not in done.stdout


def test_a_saved_recipe_reads_the_second_file_of_the_kind(tmp_path):
    rows = [f"03/03/2026 {n // 60 % 24:02d}:{n % 60:02d}:00,5,{1 + n / 1000:.3f}" for n in range(600)]
    for name in ("first.csv", "second.csv"):
        (tmp_path / name).write_text("when,a,b\n" + "\n".join(rows) + "\n", encoding="utf-8")
    said = ["--date-order", "mdy", "--mass", "b", "--mass-unit", "g"]
    typed(tmp_path / "first.csv", *said, "--save-recipe", tmp_path / "lab.toml", "--json")
    recipe = (tmp_path / "lab.toml").read_text("utf-8")
    assert 'date_order = "mdy"' in recipe
    assert 'mass = "3"' in recipe
    told = json.loads(typed(tmp_path / "second.csv", "--recipe", tmp_path / "lab.toml", "--json").stdout)
    assert told["mean_rate_ul_per_h"] == pytest.approx(60 / G_PER_UL / 1000, rel=1e-3)
    (tmp_path / "odd.toml").write_text("colour = 1\n", encoding="utf-8")
    with pytest.raises(PlanError, match="unknown key"):
        typed(tmp_path / "second.csv", "--recipe", tmp_path / "odd.toml")


def test_several_pumps_give_a_table_a_tolerance_interval_and_trumpets_over_each_other(tmp_path):
    errors = (0.01, 0.02, 0.03)
    files = [recorded(tmp_path / f"p{n}" / f"{rep}.csv", one) for n, one in enumerate(errors) for rep in "ab"]
    words = [
        "--rate",
        "0.5 mL/h",
        "--temperature",
        "20",
        "--evaporation",
        "0 mg/h",
        "--out",
        tmp_path / "out",
        "--json",
    ]
    done = typed(*files, *words)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert [pump["overall_error_percent"] for pump in told["pumps"]] == pytest.approx([1, 2, 3], abs=0.01)
    interval = told["tolerance_interval"]
    assert (interval["count"], interval["mean"]) == (3, pytest.approx(2.0, abs=0.01))
    assert interval["k"] == pytest.approx(5.788, abs=0.001)  # exact, two-sided 90/90 of three
    assert (tmp_path / "out" / "trumpets.svg").is_file()
    assert (tmp_path / "out" / "06-b" / "report.pdf").is_file()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "analysis of 6 recordings of 3 pumps" in page
    assert "<td>p2</td><td>p2/b.csv</td>".replace("/b", f"{os.sep}b") in page
    drawn = (tmp_path / "out" / "trumpets.svg").read_text(encoding="utf-8")
    assert [drawn.count(f"<!-- {word} -->") for word in ("p0", "p1", "p2", "31")] == [1, 1, 1, 1]
    assert "tolerance interval 90/90 of A" in page
    assert page.count("<tr>") == 7
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    alone = (tmp_path / "out" / "06-b" / "report.html").read_text(encoding="utf-8")
    assert hashlib.sha256(files[5].read_bytes()).hexdigest() in alone
    assert "1440 of mass" in alone


def test_a_verdict_of_several_that_is_no_pass_is_told_with_its_reason(tmp_path):
    files = [recorded(tmp_path / f"{name}.csv", error) for name, error in (("good", 0.0), ("bad", 0.1))]
    balance = ("--readability=0.01 mg", "--repeatability=0.02 mg", "--linearity=0.1 mg", "--drift=0.2 mg/d")
    liquid = ("--calibration-u=0.1 mg", "--temperature=20", "--evaporation=0 mg/h", "--stroke-volume=0 uL")
    done = typed(*files, "--rate=0.5 mL/h", "--limits=5", *balance, *liquid)
    assert done.exit_code == 1
    assert "bad.csv: FAIL: overall error A" in done.stdout.replace("\n", " ")
    assert "good.csv: PASS" not in done.stdout


def test_boluses_are_told_one_by_one_with_what_came_late(tmp_path):
    times_s = np.arange(0.0, 6 * 900.0, 5.0)
    volumes_ul = np.zeros(len(times_s))
    for begin_s in 300 + 900.0 * np.arange(6):
        since_s = np.maximum(times_s - begin_s, 0)
        volumes_ul += 9.5 * np.minimum(since_s / 60, 1) + np.where(since_s > 60, 1 - np.exp(-(since_s - 60) / 60), 0)
    rows = [f"{t:g},{12 + v * G_PER_UL:.6f}" for t, v in zip(times_s, volumes_ul, strict=True)]
    (tmp_path / "bolus.csv").write_text("time_s,mass [g]\n" + "\n".join(rows) + "\n", encoding="utf-8")
    done = typed(tmp_path / "bolus.csv", "--bolus", "10 uL", "--temperature", "20", "--json")
    told = json.loads(done.stdout)
    assert len(told["boluses"]) == 6
    assert told["mean_error_percent"] == pytest.approx(5.0, abs=0.2)
    assert told["boluses"][0]["begins_s"] == pytest.approx(300, abs=3)
    assert told["boluses"][0]["late_ul"] == pytest.approx(1.0, abs=0.2)


def test_the_loss_of_a_blank_is_taken_off(tmp_path):
    rows = [f"{60 * n},{20 - 0.0005 * n / 60:.6f}" for n in range(240)]
    (tmp_path / "blank.csv").write_text("time_s,mass [g]\n" + "\n".join(rows) + "\n", encoding="utf-8")
    day = recorded(tmp_path / "day.csv")
    told = json.loads(
        typed(day, "--rate", "0.5 mL/h", "--temperature", "20", "--blank", tmp_path / "blank.csv", "--json").stdout
    )
    assert told["overall_error_percent"] == pytest.approx(0.1, abs=0.005)  # 0.5 mg/h beside 500 µL/h
    assert not [one for one in told["assumed"] if "evaporation counts as zero" in one]
    assert any("evaporation of 0.5 mg/h" in one and "240 readings: comma, time in s" in one for one in told["assumed"])


@pytest.mark.parametrize("heading", ["time_s,mass [g]", "when;Gewicht [g]"])
def test_a_blank_may_be_written_in_another_way_and_as_often_as_it_likes(tmp_path, heading):
    mark = heading[6] if heading[4] == "_" else ";"
    rows = [f"{600 * n}{mark}{20 - 0.0005 * n / 6:.6f}" for n in range(24)]
    if mark == ";":
        rows = [f"2026-03-03 {10 + n // 6}:{n % 6}0:00;{20 - 0.0005 * n / 6:.6f}".replace(".", ",") for n in range(24)]
    (tmp_path / "blank.csv").write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    masses = [f"{12 + 500 * n / 360 * G_PER_UL:.5f}" for n in range(1440)]
    (tmp_path / "day.csv").write_text("\n".join(["Weight (g)", *masses, ""]), encoding="utf-8")
    words = ("--every=10 s", "--mass=Weight (g)", "--rate=0.5 mL/h", "--temperature=20", "--json")
    told = json.loads(typed(tmp_path / "day.csv", *words, "--blank", tmp_path / "blank.csv").stdout)
    assert told["overall_error_percent"] == pytest.approx(0.1, abs=0.005)


def test_a_file_that_grows_is_analysed_again_until_somebody_ends_it(tmp_path):
    path = tmp_path / "live.csv"
    path.write_text("time_s,mass_g\n", encoding="utf-8")
    sizes = []

    def once():
        sizes.append(path.stat().st_size)
        if len(sizes) == 1:
            raise PlanError("recording", "read", "no readings", "wait")
        return ExitCode.PASSED

    def wait(duration_s):
        if len(sizes) == 2:
            raise KeyboardInterrupt
        recorded(path)

    assert follow(path, once, wait) is ExitCode.PASSED
    assert len(sizes) == 2


def followed(path, changes, tmp_path):
    """Return how many rows were there at each analysis of a file to which this happens, one change at a time."""
    counts, left = [], list(changes)

    def once():
        counts.append(len(path.read_text(encoding="utf-8").splitlines()) - 1)
        return ExitCode.PASSED

    def wait(duration_s):
        if not left:
            raise KeyboardInterrupt
        left.pop(0)()

    assert follow(path, once, wait) is ExitCode.PASSED
    return counts


def test_a_file_that_is_replaced_emptied_or_gone_for_a_while_is_followed_on(tmp_path, capsys):
    path, other = recorded(tmp_path / "live.csv", hours=1), recorded(tmp_path / "other.csv", error=0.01, hours=1)
    assert len(other.read_bytes()) == len(path.read_bytes())
    aside = tmp_path / "live.csv.1"

    def rotated():
        path.replace(aside)

    def anew():
        recorded(path, hours=2)

    def emptied():
        path.write_text("time_s,mass_g\n0,1\n", encoding="utf-8")

    changes = (lambda: other.replace(path), rotated, lambda: None, anew, emptied)
    assert followed(path, changes, tmp_path) == [360, 360, 720, 1]
    told = capsys.readouterr().out
    assert told.count("The file is gone") == 1
    assert told.count("The file begins anew") == 3


def test_a_flow_between_boluses_is_none_of_them(tmp_path):
    times_s = np.arange(0.0, 36_000.0, 60.0)
    volumes_ul = 100 * times_s / 3600
    for begin_s in (5000.0, 12_000.0, 20_000.0, 30_000.0):
        volumes_ul += 20 * np.clip((times_s - begin_s) / 60, 0, 1)
    rows = [f"{t:g},{12 + v * G_PER_UL:.5f}" for t, v in zip(times_s, volumes_ul, strict=True)]
    (tmp_path / "bolus.csv").write_text("time_s,mass [g]\n" + "\n".join(rows) + "\n", encoding="utf-8")
    words = (tmp_path / "bolus.csv", "--bolus", "20 uL", "--temperature", "20")
    told = json.loads(typed(*words, "--json").stdout)
    assert told["basal_rate_ul_per_h"] == pytest.approx(100, abs=0.05)
    assert [one["volume"]["value"] for one in told["boluses"]] == pytest.approx([20] * 4, abs=0.03)
    assert any("a basal flow of 100 µL/h" in one for one in told["assumed"])
    written = typed(*words, "--out", tmp_path / "out").stdout
    assert "a basal flow of 100" in written
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "a basal flow of 100 µL/h goes on between the boluses" in page
    assert json.loads((tmp_path / "out" / "analysis.json").read_text(encoding="utf-8")) == told
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("analysis.json", "boluses.png", "boluses.svg", "report.html", "report.pdf")
    }


def test_a_rate_that_is_off_by_what_parts_two_units_is_in_doubt(tmp_path):
    day = recorded(tmp_path / "day.csv")
    for rate, option, value in (("0.5 L/h", "--rate=0.5 mL/h", 500), ("30 mL/h", "--rate=0.5 mL/h", 500)):
        done = typed(day, f"--rate={rate}", "--temperature=20", "--json")
        assert done.exit_code == 3
        assert "is --rate right" in json.loads(done.stdout)["in_doubt"][0]
        assert typed(day, option, "--temperature=20").exit_code == 0
        assert json.loads(done.stdout)["mean_rate_ul_per_h"] == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize("first", ["0", "0.00832"])
def test_what_came_in_each_interval_is_no_pump_that_stands_still(tmp_path, first):
    random = np.random.default_rng(2)
    rows = [f"{60 * n},{500 / 60 * G_PER_UL + random.normal(0, 2e-5):.5f}" for n in range(1, 300)]
    path = tmp_path / "increments.csv"
    path.write_text("\n".join(["time_s,mass [g]", f"0,{first}", *rows, ""]), encoding="utf-8")
    words = (path, "--rate=0.5 mL/h", "--temperature=20", "--stroke-volume=0 uL", "--json")
    with pytest.raises(PlanError, match=r"is what the set rate brings in one interval.*--increments"):
        typed(*words)
    told = json.loads(typed(*words, "--increments").stdout)
    assert told["mean_rate_ul_per_h"] == pytest.approx(500, abs=0.5)


def test_no_word_of_a_recording_is_markup_in_its_report(tmp_path):
    day = recorded(tmp_path / 'a "#panic() $x$ <b>&.csv')
    done = typed(day, "--rate=0.5 mL/h", "--temperature=20", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "#panic() $x$ &lt;b&gt;&amp;.csv: analysis of a recording" in page
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_help_imports_nothing_that_computes():
    heavy = "{'numpy', 'scipy', 'pyarrow', 'matplotlib', 'pandas', 'GTC', 'typst'} & set(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", f"import cli.analyse, sys; print({heavy})"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


FIRST_PICTURE_S = 3.0
"""Of processor time, from the command on, for a file of 100,000 rows; held here to a quarter more, as all gates are."""
UNTIL_THE_FIRST_PICTURE = """
import os, sys, time
def opened(event, found):
    if event == "open" and str(found[0]).endswith((".svg", ".png")) and "w" in str(found[1]):
        needed = {"bench.bench", "bench.journal", "instruments.drivers", "pymodbus", "pyvisa"} & set(sys.modules)
        os.write(2, f"TOLD {time.process_time()} {sorted(needed)}".encode())
        os._exit(0)
sys.addaudithook(opened)
from pumpbench import main
main()
"""


def test_the_first_picture_of_a_hundred_thousand_rows_is_there_in_three_seconds_and_needs_no_bench(tmp_path):
    rows = (f"{second};{12 + 41.7 / 3600 * second * G_PER_UL:.5f}" for second in range(100_000))
    (tmp_path / "day.csv").write_text("time_s;mass_g\n" + "\n".join(rows) + "\n", encoding="utf-8")
    words = [str(tmp_path / "day.csv"), "--rate=41.7 uL/h", "--out", str(tmp_path / "out")]
    command = [sys.executable, "-c", UNTIL_THE_FIRST_PICTURE, "analyse", *words]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr.partition("TOLD ")[2]
    took_s, _, needed = told.partition(" ")
    assert needed == "[]"
    assert float(took_s) < 1.25 * FIRST_PICTURE_S
