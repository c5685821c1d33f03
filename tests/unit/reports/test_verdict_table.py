# SPDX-License-Identifier: Apache-2.0
import io
from types import SimpleNamespace

from rich.console import Console

from reports.summary import summarise
from reports.verdict_table import verdict_table
from tests.unit.test_run_evidence import QUIET, VOLUME, FolderOfARun, to_come


def printed(run, width=200):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(verdict_table(summarise(run.folder), width))
    return console.file.getvalue()


def test_a_row_tells_verdict_requirement_value_and_limits(run_of):
    run = run_of("test_plans/test_delivery.py::test_the_volume_follows[low]", "b")
    run.start()
    run.whole_test("test_plans/test_delivery.py::test_the_volume_follows[low]", "fail")
    run.end()
    text = printed(run)
    assert "SIMULATED – Implantable pump, 20 mL" in text
    row = next(line for line in text.splitlines() if "delivery: the volume follows [low]" in line)
    assert "FAIL" in row
    assert "DEL-001" in row
    assert "cumulative volume: 1000 ± 2 µL [855 … 1145]" in row
    assert "end of fail" in row
    assert any("NOT RUN" in line and "never started" in line for line in text.splitlines())
    assert "FAIL, and the record is INVALID: 1 FAIL, 1 NOT RUN" in text


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


def test_a_reason_that_many_tests_share_is_told_once(run_of):
    run = run_of("a", "b")
    run.start()
    for node in ("a", "b"):
        run.start_test(node)
        run.end_test(node, "blocked", "balance: tare: overload")
    run.end()
    text = printed(run)
    assert text.count("balance: tare: overload") == 1
    assert text.count("as above") == 1


def test_the_trouble_of_a_bench_that_did_not_open_is_told_once_below_the_table(run_of):
    run = run_of("a", "b")
    run.start(pump=None, rig=None, balance=None, trouble="pump: open: no connection")
    for node in ("a", "b"):
        run.start_test(node)
        run.end_test(node, "blocked", "pump: open: no connection")
    run.end()
    text = printed(run)
    assert text.count("see below") == 2
    assert text.splitlines()[-1] == "pump: open: no connection"


def test_a_value_that_passed_is_not_shown_for_a_test_that_was_broken_off(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("pass", name="the pump takes the program")
    run.end_test("a", "blocked", "balance: listen: it restarted")
    run.end()
    text = printed(run)
    assert "takes the program" not in text
    assert "it restarted" in text


def test_the_sources_of_limits_are_left_to_the_report(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("fail", limits_source="a long label")
    run.end_test("a", "fail", "pump: judge: FAIL volume is outside 1 to 2 (a long label) by more than U")
    run.end()
    assert "volume is outside 1 to 2 by more than U" in printed(run)


def test_on_80_columns_verdict_and_reason_are_whole_and_no_line_is_longer(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("inconclusive")
    run.end_test("a", "inconclusive", "measured too short")
    run.end()
    lines = printed(run, width=80).splitlines()
    assert max(map(len, lines)) <= 80
    assert any("INCONCLUSIVE" in line and "cumulative volume" in line for line in lines)
    assert any("measured too short" in line for line in lines)


def folder_of(tmp_path, **verdicts):
    folder = FolderOfARun(tmp_path / "run", tests=["a"], judges={"a": to_come(VOLUME, QUIET)})
    folder.begin("a", VOLUME, QUIET)
    for name, verdict in verdicts.items():
        folder.judge(name, verdict)
    folder.end("a", "FAIL" if "FAIL" in verdicts.values() else "PASS")
    folder.journal.write("run-ended", reason="ok")
    folder.journal.close()
    return SimpleNamespace(folder=folder.path)


def test_a_row_names_the_requirements_that_did_not_pass_and_no_others(tmp_path):
    text = printed(folder_of(tmp_path, volume="PASS", quiet="FAIL"))
    (row,) = [line for line in text.splitlines() if line.startswith("│ FAIL")]
    assert "ALM-001@1" in row
    assert "DEL-001" not in row


def test_the_matrix_stands_in_short_at_the_end_with_every_requirement_that_is_not_settled(tmp_path):
    lines = printed(folder_of(tmp_path, volume="PASS", quiet="FAIL")).splitlines()
    assert [line.rstrip() for line in lines[-2:]] == ["Requirements REQ@4: 1 PASS, 1 FAIL", "  FAIL: ALM-001"]
