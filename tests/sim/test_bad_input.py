# SPDX-License-Identifier: Apache-2.0
"""Wrong files and wrong options: exit code 2, one message with asset, operation, what was seen and what to do next.

Nothing is started, and nothing is written but that a start was refused. All but the first test call what the console
script calls, in this process.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from cli.chapters import CHAPTERS_FOLDER
from cli.main import main
from instruments.register_map.map import RegisterMap
from tests.sim.bench_run import ENVIRONMENT, command, started

ROOT = Path(__file__).parents[2]
PUMP_MAP = ROOT / "instruments" / "maps" / "pump.toml"
PROFILE = CHAPTERS_FOLDER / "profiles" / "implantable-20ml.toml"
GUIDE = ROOT / "docs" / "how-to" / "bench-file.md"

Content = dict[str, Any]
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def pumpbench(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`pumpbench` with its arguments: the exit code, and all that it printed, in single-spaced words."""

    def call(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["pumpbench", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", ENVIRONMENT["COLUMNS"])
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, " ".join((printed.out + printed.err).split())

    return call


def bench_file(folder: Path, change: Callable[[Content], object] = lambda content: None) -> Path:
    """The guide's example with one change."""
    content = tomllib.loads(GUIDE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0])
    change(content)
    path = folder / "bench.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path


def pump_map(folder: Path, change: Callable[[str], str]) -> Path:
    """A bench file with a map of its own: the pump's with one change."""
    (folder / "ours.toml").write_text(change(PUMP_MAP.read_text(encoding="utf-8")), encoding="utf-8")
    return bench_file(folder, lambda content: content["pump"].update(map="ours.toml"))


def profile(folder: Path, old: str, new: str) -> Path:
    text = PROFILE.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path = folder / "ours.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def expect_told(told: tuple[int, str], asset: str, operation: str, seen: str, next_step: str) -> None:
    """The exit code is 2, and the message holds the four parts in their order."""
    code, text = told
    assert code == 2
    assert "Traceback" not in text
    begin = text.index(f"Cannot start. {asset}")
    rest = text[begin:].partition("Next: ")
    assert f": {operation}: " in rest[0]
    assert seen in rest[0]
    assert next_step in rest[2]


def test_the_command_itself_ends_with_2_and_leaves_only_a_line_of_the_refusal(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    with started(command(tmp_path / "nosuch.toml", out), afresh=True) as process:
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert printed == ""
    assert errors.startswith(f"Cannot start. bench file {tmp_path}/nosuch.toml: open: there is no such file. Next: ")
    assert [path.name for path in out.iterdir()] == ["refused.jsonl"]


BENCH_FILES: list[tuple[str, Callable[[Content], object], str]] = [
    ("unknown key", lambda c: c["pump"].update(timeout=1.0), "pump.timeout: unknown key (did you mean 'timeout_s'?)"),
    ("wrong type", lambda c: c["pump"].update(timeout_s="long"), "pump.timeout_s: Input should be a valid number"),
    ("missing key", lambda c: c["pump"].pop("serial_number"), "pump.serial_number: missing"),
    ("no address", lambda c: c["rig"].update(address="10.0.0.1"), "rig.address: "),
    ("no resource", lambda c: c["balance"].update(resource="COM3"), "balance.resource: "),
    ("no twin runs fast", lambda c: c.update(clock={"mode": "scaled", "speed": 10.0}), "is for twins"),
]


@pytest.mark.parametrize("sub_command", ["run", "doctor"])
@pytest.mark.parametrize(("change", "seen"), [case[1:] for case in BENCH_FILES], ids=[case[0] for case in BENCH_FILES])
def test_a_wrong_bench_file(
    tmp_path: Path, pumpbench: Command, sub_command: str, change: Callable[[Content], object], seen: str
) -> None:
    path = bench_file(tmp_path, change)
    expect_told(pumpbench(sub_command, path), f"bench file {path}", "check", seen, "mend the keys that are named")


def test_several_misfits_are_told_at_once(tmp_path: Path, pumpbench: Command) -> None:
    path = bench_file(tmp_path, lambda content: (content["pump"].update(timeot_s=1.0), content.pop("rig")))
    told = pumpbench("run", path)
    expect_told(told, f"bench file {path}", "check", "pump.timeot_s: unknown key", "mend")
    expect_told(told, f"bench file {path}", "check", "rig: missing", "mend")


@pytest.mark.parametrize("sub_command", ["run", "doctor"])
def test_a_bench_file_that_is_no_toml_or_not_there(tmp_path: Path, pumpbench: Command, sub_command: str) -> None:
    path = tmp_path / "bench.toml"
    expect_told(
        pumpbench(sub_command, path), f"bench file {path}", "open", "there is no such file", "holds no TOML file"
    )
    path.write_text("[pump\n", encoding="utf-8")
    expect_told(pumpbench(sub_command, path), f"bench file {path}", "parse", "at line 1", "mend the line that is named")
    path.write_bytes(b"\xff\xfe")
    expect_told(
        pumpbench(sub_command, path), f"bench file {path}", "read", "it is written in UTF-16, and not in UTF-8", "UTF-8"
    )
    expect_told(pumpbench(sub_command, tmp_path), f"bench file {tmp_path}", "read", "directory", "readable")


@pytest.mark.parametrize("sub_command", ["run", "doctor"])
def test_two_points_of_a_map_on_one_address(tmp_path: Path, pumpbench: Command, sub_command: str) -> None:
    address = RegisterMap.named("pump").point("active_rate_ul_per_h").address
    clash = RegisterMap.named("pump").point("delivered_volume_ul").address
    path = pump_map(tmp_path, lambda text: text.replace(f"address = {clash}\n", f"address = {address}\n", 1))
    told = pumpbench(sub_command, path)
    expect_told(told, f"register map {tmp_path}/ours.toml", "check", "delivered_volume_ul", "")
    expect_told(told, f"register map {tmp_path}/ours.toml", "check", "active_rate_ul_per_h", "")


@pytest.mark.parametrize("sub_command", ["run", "doctor"])
def test_a_map_that_lacks_a_point_or_is_not_there(tmp_path: Path, pumpbench: Command, sub_command: str) -> None:
    path = pump_map(tmp_path, lambda text: text.replace('name = "state"', 'name = "status"'))
    expect_told(pumpbench(sub_command, path), "register map pump", "check", "state (did you mean", "")
    path = bench_file(tmp_path, lambda content: content["rig"].update(map="nosuch.toml"))
    expect_told(pumpbench(sub_command, path), f"register map {tmp_path}/nosuch.toml", "open", "no such file", "bench")


def test_a_map_that_lacks_what_the_profile_promises_is_refused_with_the_nearest_name(
    tmp_path: Path, pumpbench: Command
) -> None:
    path = pump_map(tmp_path, lambda text: text.replace('name = "battery_percent"', 'name = "battery_level"'))
    code, told = pumpbench("run", path)
    lacks = f"the map {tmp_path}/ours.toml lacks: battery needs battery_percent (did you mean 'battery_level'?)"
    assert code == 2
    assert (
        f"profile implantable-20ml: hold against the pump's map: the profile promises what {lacks}. Next: add" in told
    )


def test_an_unknown_profile(pumpbench: Command) -> None:
    told = pumpbench("run", "simulated", "--profile", "implantable-30ml")
    expect_told(told, "profile 'implantable-30ml'", "find", "there is no such profile", "implantable-20ml")


def test_every_profile_is_looked_at_before_the_first_run(pumpbench: Command, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    told = pumpbench("run", "simulated", "--profile=implantable-20ml", "--profile=nosuch", "--out", out)
    expect_told(told, "profile 'nosuch'", "find", "there is no such profile", "known profiles")
    assert [path.name for path in out.iterdir()] == ["refused.jsonl"]


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("source = ", "sauce = ", "source: missing"),
        ('source = "', 'source = "", sauce = "', "source: String should have at least 1 character"),
        ("value = ", "value = true, values = ", "value: Input should be a valid number"),
    ],
    ids=["no source", "empty source", "no number"],
)
def test_a_number_of_a_profile_without_a_source_or_that_is_none(
    tmp_path: Path, pumpbench: Command, old: str, new: str, seen: str
) -> None:
    path = profile(tmp_path, old, new)
    expect_told(pumpbench("run", "simulated", "--profile", path), f"profile {path}", "check", seen, "mend the keys")


def test_an_unknown_chapter(pumpbench: Command) -> None:
    told = pumpbench("run", "simulated", "--chapter", "delivry")
    expect_told(told, "test plans", "find chapter 'delivry'", "there is none", "delivery, disconnect")


@pytest.mark.parametrize(
    ("defect", "seen"),
    [
        ("leaky", "defect 'leaky': look up: there is no such defect"),
        ("rate_bias=lots", "it is no number from -1 to 10"),
    ],
)
def test_an_unknown_defect_of_a_twin(pumpbench: Command, tmp_path: Path, defect: str, seen: str) -> None:
    path = tmp_path / "bench.toml"
    code, text = pumpbench("simulate", "--defect", defect, "--bench-file", path)
    assert code == 2
    assert text.startswith("Cannot start. twin: start: ")
    assert seen in text
    assert "Next: " in text
    assert not path.exists()


@pytest.mark.parametrize("option", ["--model=nosuch", "--modbus-port=99999", "--clock=scaled --speed=-1"])
def test_wrong_options_of_a_twin(pumpbench: Command, tmp_path: Path, option: str) -> None:
    code, text = pumpbench("simulate", *option.split(), "--bench-file", tmp_path / "bench.toml")
    assert code == 2
    assert text.startswith("Cannot start. twin: start: ")
    assert "Traceback" not in text


@pytest.mark.parametrize("sub_command", ["run simulated", "doctor bench.toml", "simulate", "report runs"])
def test_an_unknown_option_is_named(pumpbench: Command, sub_command: str) -> None:
    code, text = pumpbench(*sub_command.split(), "--nosuch")
    assert code == 2
    assert "No such option: --nosuch" in text


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("run simulated -k kink", "An option of pytest? Those stand behind `--`: pumpbench run … -- -k …"),
        ("run simulated --chaptr kink", "--chapter"),
    ],
)
def test_an_unknown_option_of_run_comes_with_what_was_meant(pumpbench: Command, words: str, hint: str) -> None:
    code, text = pumpbench(*words.split())
    assert (code, hint in text) == (2, True)
    assert ("behind `--`" in text) == ("-k" in words)


def test_a_slip_of_the_pen_for_simulated(pumpbench: Command) -> None:
    expect_told(
        pumpbench("run", "simulatd"), "bench file simulatd", "open", "no such file", "did you mean 'simulated'?"
    )


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ("chapters", "leak Leak: a part of the flow goes beside the vessel"),
        ("profiles", "implantable-40ml Implantable programmable pump, 40 mL"),
        ("defects", "rate_bias pump 0.2 every stroke delivers more by this fraction"),
    ],
)
def test_what_there_is_to_choose_from_is_listed(pumpbench: Command, listed: str, told: str) -> None:
    code, text = pumpbench("run", "--list", listed)
    assert (code, told in text) == (0, True)


@pytest.mark.parametrize("words", [["-h"], ["run", "-h"], ["analyse", "-h"], ["report", "-h"], ["resume", "-h"]])
def test_help_comes_for_h_and_teaches_with_an_example(pumpbench: Command, words: list[str]) -> None:
    code, text = pumpbench(*words)
    assert (code, f"pumpbench {' '.join(words[:-1]) or 'run'} " in text.partition("Usage:")[2][40:]) == (0, True)


def test_a_report_of_what_is_no_run_folder(tmp_path: Path, pumpbench: Command) -> None:
    told = pumpbench("report", tmp_path)
    expect_told(told, f"run folder {tmp_path}", "open", "it holds no journal.jsonl", "name the folder of a run")


def test_a_twin_whose_bench_file_cannot_be_written_ends_again(tmp_path: Path, pumpbench: Command) -> None:
    path = tmp_path / "nosuch" / "bench.toml"
    told = pumpbench("simulate", "--bench-file", path)
    expect_told(told, f"bench file {path}", "write", "No such file or directory", "name")


@pytest.mark.parametrize(
    ("out", "seen"),
    [("taken", "File exists"), ("/proc/runs", "No such file or directory")],
    ids=["a file in the way", "nobody may write there, not even root"],
)
def test_an_output_folder_that_cannot_be_written(tmp_path: Path, out: str, seen: str) -> None:
    (tmp_path / "taken").write_text("somebody's work", encoding="utf-8")
    where = tmp_path / out
    with started(command(bench_file(tmp_path), where, "--chapter=leak")) as process:
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    told = printed + errors
    assert told.count(f"output folder {where}: create the run folder: ") == 1
    assert seen in told
    assert "Next: name another folder with --out" in told
    assert "Traceback" not in told
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "somebody's work"


@pytest.mark.parametrize(
    ("options", "more", "seen"),
    [
        (["--defect=rate_bias"], [], "--defect: use: {bench} names a bench that is there"),
        (["--seed=0"], [], "--seed: use: {bench} names a bench that is there"),
        (["--clock=real"], [], "--clock: use: {bench} names a bench that is there"),
        ([], ["nosuch.py"], "file or directory not found: nosuch.py"),
    ],
    ids=["a defect", "a seed", "a clock", "a plan that is not there"],
)
def test_what_pytest_is_told_wrongly(tmp_path: Path, options: list[str], more: list[str], seen: str) -> None:
    path = bench_file(tmp_path)
    with started(command(path, tmp_path / "runs", "--chapter=leak", *options, more=more)) as process:
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert seen.format(bench=path) in printed + errors
    assert "Traceback" not in printed + errors
