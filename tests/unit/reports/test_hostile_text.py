# SPDX-License-Identifier: Apache-2.0
"""Whatever a device or a file says of itself is shown in every report, and obeyed in none."""

import io
import json

import pytest
from rich.console import Console

from bench.journal import Entry
from bench.journal.lines import Deviation
from groundfloor.errors import BenchFault
from groundfloor.printable import one_line, printable
from reports.allure_config import allure_config
from reports.allure_results import describe_test, write_context
from reports.samples_csv import as_csv
from reports.summary import Summary, summarise
from reports.verdict_table import verdict_table
from tests.unit.reports.charts import chart_of, svgs_of, texts_of
from tests.unit.reports.conftest import RUN_STARTED

ESCAPES = "\x1b[2J\x1b[31mPASS\x1b]0;owned\x07\x9b1m"
MARKUP = "[bold red]PASS[/] [/nonsense] [link=https://example.org]x[/link] :bomb:"
BACKWARDS = "\u202eSSAP\u2066"
SCRIPT = "</title><script>alert(1)</script><img src=x onerror=alert(1)>"
FORMULA = "=cmd|' /C calc'!A0"
MATHS = r"$\frac{1}{$ \unknown{"
LINES = "one\r\nPASS: 5 PASS\ttwo"
LONG = "x" * 100_000
HOSTILE = [ESCAPES, MARKUP, BACKWARDS, SCRIPT, FORMULA, MATHS, LINES, LONG, "\ud800", "", "\0"]
STEERS = {"\x1b", "\x07", "\x9b", "\x08", "\x0b", "\x0c", "\u202e", "\u2066", "\0"}


@pytest.fixture(params=HOSTILE, ids=lambda text: ascii(text)[:12])
def text(request):
    return request.param


@pytest.fixture
def hostile_run(run_of, text):
    """A run in which every free text is the hostile one."""
    run = run_of("a", text)
    device = {"model": text, "serial_number": text, "firmware_version": text}
    run.start(
        run_id=text,
        bench=text,
        profile=text,
        profile_title=text,
        pump=device,
        rig=device,
        balance={**RUN_STARTED["balance"], **device, "certificate": text},
        liquid=text,
        decision_rule=text,
        trouble=text,
    )
    run.start_test("a")
    run.sample(infusion=text)
    run.judge("fail", name=text, reason=text, unit=text, limits_source=text)
    run.end_test("a", "fail", text)
    run.journal.write("run-ended", reason=text, troubles=[text])
    return run


def on_a_terminal(run):
    """What a colour terminal is sent; the sequences that Rich makes itself are taken out again."""
    sent = io.StringIO()
    console = Console(file=sent, width=140, force_terminal=True, color_system=None, emoji=False, highlight=False)
    console.print(verdict_table(summarise(run.folder), 140))
    return sent.getvalue()


def test_nothing_steers_the_terminal(hostile_run):
    assert not STEERS & set(on_a_terminal(hostile_run))


def test_what_looks_like_markup_is_shown_as_it_is(run_of):
    run = run_of("a")
    run.start(profile_title=MARKUP)
    run.end()
    assert MARKUP in on_a_terminal(run)


def test_the_summary_is_json_that_reads_back(hostile_run, text):
    summarise(hostile_run.folder)
    if text == "\ud800":
        return
    assert Summary.load(hostile_run.folder / "summary.json").tests[0].reason == text


def test_the_files_for_allure_are_well_formed(hostile_run, text):
    write_context(hostile_run.folder)
    results = hostile_run.folder / "allure-results"
    properties = (results / "environment.properties").read_bytes()
    assert properties.isascii()
    assert len(properties.splitlines()) == 18  # one line per value, whatever is in it
    assert not {b"\x1b", b"\0"} & {bytes([one]) for one in properties}
    json.loads((results / "executor.json").read_text(encoding="utf-8"))


def test_the_configuration_of_the_generator_is_json(hostile_run):
    run = summarise(hostile_run.folder).run
    assert json.loads(allure_config(run, hostile_run.folder))["environment"] == "dut"


@pytest.mark.parametrize("title", HOSTILE, ids=lambda text: ascii(text)[:12])
def test_a_picture_is_drawn_of_any_title_and_takes_nothing_of_it_for_markup(run_of, title):
    run = run_of("a")
    run.start()
    for number in range(3):
        run.clock_s = 30.0 * number
        run.sample()
    svg = svgs_of(chart_of(run.journal.path, title, [Entry(30.0, Deviation(title=title))]))["delivery"]
    assert b"<script" not in svg
    assert not STEERS & set("".join(texts_of(svg)))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_word_of_a_table_is_a_formula(run_of, begin):
    run = run_of("a")
    run.start()
    run.sample(state=f"{begin}cmd()", mass_g=-1.5)
    csv = as_csv(run.frame()).decode()
    assert f"'{begin}cmd()" in csv
    assert "-1.5" in csv
    assert "'-1.5" not in csv


def test_a_word_that_is_no_formula_stays_as_it_is(run_of):
    run = run_of("a")
    run.start()
    run.sample(state="basal = 40")
    assert "'" not in as_csv(run.frame()).decode()


def test_an_error_carries_no_escape_sequence():
    fault = BenchFault(ESCAPES, "identify", f"it said {ESCAPES}", ESCAPES)
    assert not STEERS & set(str(fault))
    assert r"\x1b[2J" in str(fault)
    assert not STEERS & set(repr(fault.args))


def test_visible_text_of_any_language_is_left_as_it_is():
    for shown in ("µL ± 0,5 %", "Größe", "薬剤ポンプ", "a\nb", "≥ 3 … 4"):
        assert printable(shown) == shown


def test_a_long_text_is_cut_and_says_so():
    assert one_line("a\nb" + LONG, 10) == "a\\nbxxxxx…"


def test_a_text_of_a_million_characters_does_not_hold_the_terminal_up(run_of):
    run = run_of("a")
    run.start(profile_title="x" * 1_000_000)
    run.end()
    assert len(on_a_terminal(run)) < 10_000


def test_labels_for_allure_hold_the_profile_title_as_text(text):
    class Baseline:
        def select(self, _ids):
            return ()

    class Profile:
        title = text

    labels = describe_test(Profile(), Baseline(), [], simulated=True).labels
    assert dict(labels)["epic"].endswith(text)
