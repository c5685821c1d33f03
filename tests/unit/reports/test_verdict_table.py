# SPDX-License-Identifier: Apache-2.0
import io

from rich.console import Console

from reports.summary import summarise
from reports.verdict_table import verdict_table


def printed(run):
    console = Console(file=io.StringIO(), width=200, color_system=None)
    console.print(verdict_table(summarise(run.folder)))
    return console.file.getvalue()


def test_a_row_tells_verdict_requirement_value_and_limits(run_of):
    run = run_of("a", "b")
    run.start()
    run.whole_test("a", "fail")
    run.end()
    text = printed(run)
    assert "SIMULATED – Implantable pump, 20 mL" in text
    row = next(line for line in text.splitlines() if "Title of a" in line)
    assert "FAIL" in row
    assert "DEL-001" in row
    assert "cumulative volume: 1000 ± 2 µL [855 … 1145]" in row
    assert "end of fail" in row
    assert any("NOT RUN" in line and "never started" in line for line in text.splitlines())
    assert "FAIL: 1 FAIL, 1 NOT RUN" in text


def test_text_from_devices_is_not_taken_for_markup(run_of):
    run = run_of("a")
    run.start(pump={"model": "[red]TP[/red]", "serial_number": "[/]", "firmware_version": "1"})
    run.start_test("a")
    run.judge("fail", name="[bold]x[/]", unit="[link]")
    run.end_test("a", "fail", "saw [/nonsense] and [bold]")
    run.end()
    text = printed(run)
    assert "[red]TP[/red], serial number [/]" in text
    assert "[bold]x[/]: 1000 ± 2 [link]" in text
    assert "saw [/nonsense] and [bold]" in text


def test_one_sided_limits_and_findings_without_figures_read_well(run_of):
    run = run_of("a", "b")
    run.start()
    run.start_test("a")
    run.judge("pass", name="latency", value=12.0, unit="s", expanded_uncertainty=None, lower=None, upper=60.0)
    run.end_test("a", "pass")
    run.start_test("b")
    run.judge("pass", name="no alarm", value=None, unit="", lower=None, upper=None)
    run.end_test("b", "pass")
    run.end()
    text = printed(run)
    assert "latency: 12 s [≤ 60]" in text
    assert "no alarm" in text


def test_a_run_without_a_bench_is_shown(run_of):
    run = run_of("a")
    run.whole_test("a", "blocked")
    run.end()
    assert "A run without a bench" in printed(run)
