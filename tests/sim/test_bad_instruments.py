# SPDX-License-Identifier: Apache-2.0
"""Instruments that are closed, silent, slow, talk nonsense or are the wrong ones: BLOCKED, exit code 3, and a record.

`doctor` is called in this process and tells of every instrument; `run` is a process of its own and leaves a run folder.
"""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from cli.main import main
from groundfloor.errors import BenchFault
from groundfloor.exit_code import ExitCode
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.sim.bench_run import ENVIRONMENT, BenchRun, bench_run
from tests.sim.scripted_balance import SERIAL_NUMBER, ScriptedBalance
from tests.sim.stopwatch import Stopwatch
from tests.sim.twin_bench import TwinBench, twin_bench

CLOSED_PORT = 1  # nobody but root may listen there, and nobody does
GARBAGE = bytes(range(200, 230)) + b"\r\n"

Doctor = Callable[[TwinBench], tuple[int, str]]


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """`pumpbench doctor`: the exit code, and all that it printed, in single-spaced words."""
    monkeypatch.setenv("COLUMNS", ENVIRONMENT["COLUMNS"])

    def call(twin: TwinBench) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["pumpbench", "doctor", str(twin.file())])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        assert isinstance(ended.value.code, int)
        return ended.value.code, " ".join((printed.out + printed.err).split())

    return call


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[TwinBench]:
    with twin_bench(tmp_path) as bench:
        yield bench


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections, and nobody behind it ever answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def leak_run(twin: TwinBench, folder: Path, *options: str) -> BenchRun:
    """Run a few short tests."""
    run = bench_run(twin.file(), folder / "runs", "--chapter=leak", *options, select="30 or 60")
    assert "Traceback" not in run.printed + run.errors
    return run


def expect_blocked(run: BenchRun, trouble: str) -> None:
    """Exit code 3, every test BLOCKED for this reason, a whole journal, and the reason once on the terminal."""
    assert run.exit_code == ExitCode.NOT_TESTED
    assert run.summary.verdict is Verdict.BLOCKED
    assert {test.verdict for test in run.summary.tests} == {Verdict.BLOCKED}
    assert [test.node for test in run.summary.tests if trouble not in test.reason] == []
    assert run.journal[-1].kind == "run-ended"
    shown = " ".join(run.printed.split())
    assert shown.count(trouble) == 1
    assert shown.count("see below") + shown.count("as above") >= 1


# --- closed ---------------------------------------------------------------------------------------------------------


def test_closed_ports_are_told_all_at_once_and_leave_a_record(twin: TwinBench, tmp_path: Path) -> None:
    twin.content["pump"]["address"] = twin.content["rig"]["address"] = f"tcp://127.0.0.1:{CLOSED_PORT}"
    twin.content["balance"]["resource"] = f"TCPIP::127.0.0.1::{CLOSED_PORT}::SOCKET"
    run = leak_run(twin, tmp_path)
    expect_blocked(run, "bench simulated: open the instruments: 3 failed")
    for asset in ("pump", "rig"):
        expect_blocked(
            run, f"{asset} at tcp://127.0.0.1:1: open: no connection: [Errno 111] Connection refused. Next: "
        )
    expect_blocked(run, "balance: open: TCPIP::127.0.0.1::1::SOCKET: [Errno 111] Connection refused. Next: check power")
    assert run.of_kind("sample") == []
    assert (run.folder / "samples.parquet").is_file()
    assert (run.folder / "bench.toml").is_file()
    assert run.summary.run is not None
    assert run.summary.run.trouble is not None


def test_a_closed_control_line(twin: TwinBench, doctor: Doctor) -> None:
    twin.content["clock"]["control"] = f"127.0.0.1:{CLOSED_PORT}"
    trouble = f"twin control line 127.0.0.1:{CLOSED_PORT}: connect: [Errno 111] Connection refused. Next: look whether"
    with pytest.raises(BenchFault) as raised:
        Bench.open(BenchFile.load(twin.file()))
    assert str(raised.value).startswith(trouble)
    code, text = doctor(twin)
    assert code == ExitCode.NOT_TESTED
    assert trouble in text


# --- silent, slow, garbage ------------------------------------------------------------------------------------------


def test_devices_that_are_silent_from_the_start(twin: TwinBench, silent_port: int, doctor: Doctor) -> None:
    twin.content["pump"]["address"] = twin.content["rig"]["address"] = f"tcp://127.0.0.1:{silent_port}"
    twin.content["balance"]["resource"] = f"TCPIP::127.0.0.1::{silent_port}::SOCKET"
    for device in ("pump", "rig", "balance"):
        twin.content[device]["timeout_s"] = 0.1
    watch = Stopwatch()
    code, text = doctor(twin)
    assert watch.own_s < 5
    assert code == ExitCode.NOT_TESTED
    assert (
        f"pump at tcp://127.0.0.1:{silent_port} unit 1: read device_clock_s … command_done_sequence: no reply" in text
    )
    assert f"rig at tcp://127.0.0.1:{silent_port} unit 2: read " in text
    unanswered = (
        r"no reply within 0\.1 s \(3 attempts\); asked for: \d+ \w+ registers from \d+ on\. Next: check that the"
    )
    assert len(re.findall(unanswered, text)) == 2
    assert "balance: identify: nothing comes, whatever is asked and in whichever dialect; see power, cable" in text


def test_devices_that_answer_slowly_but_in_time_are_used(twin: TwinBench, doctor: Doctor) -> None:
    twin.modbus_wire().delay_s = twin.balance_wire().delay_s = 0.03
    code, text = doctor(twin)
    assert code == 0, text
    assert "simulated is ready (SIMULATED)" in text


def test_devices_that_answer_later_than_their_time_out_are_not(twin: TwinBench, doctor: Doctor) -> None:
    twin.modbus_wire().delay_s = twin.balance_wire().delay_s = 0.2
    for device in ("pump", "rig", "balance"):
        twin.content[device]["timeout_s"] = 0.1
    code, text = doctor(twin)
    assert code == ExitCode.NOT_TESTED
    assert text.count("no reply within 0.1 s") == 2
    assert "no whole line from" in text
    assert text.count("Next: ") == 3


def test_devices_that_answer_garbage_are_not_believed(twin: TwinBench, doctor: Doctor) -> None:
    twin.modbus_wire().spoil = twin.balance_wire().spoil = lambda data: GARBAGE
    code, text = doctor(twin)
    assert code == ExitCode.NOT_TESTED
    assert text.count("a reply to another request (unit, function or count is another): c8 c9 ca") == 2
    assert "✗ balance: " in text
    assert text.count("Next: ") == 3


# --- the wrong ones -------------------------------------------------------------------------------------------------


def test_other_serial_numbers_than_the_bench_files(twin: TwinBench, doctor: Doctor) -> None:
    seen = {device: twin.content[device]["serial_number"] for device in ("pump", "rig", "balance")}
    for device in seen:
        twin.content[device]["serial_number"] = "OTHER-1"
    code, text = doctor(twin)
    assert code == ExitCode.NOT_TESTED
    for device, number in seen.items():
        told = f"{device}: identify: serial number '{number}' answers, the bench file says 'OTHER-1'. Next: connect"
        assert told in text


def test_an_expired_calibration(twin: TwinBench, tmp_path: Path, doctor: Doctor) -> None:
    twin.content["balance"]["calibration"]["due"] = date(1999, 12, 31)
    expect_blocked(
        leak_run(twin, tmp_path), "balance: check the calibration: it was due on 1999-12-31. Next: have it calibrated"
    )
    code, text = doctor(twin)
    assert code == ExitCode.NOT_TESTED
    assert "balance: check the calibration: it was due on 1999-12-31. Next: have it calibrated" in text


def test_a_balance_that_weighs_in_ounces(twin: TwinBench, doctor: Doctor) -> None:
    with ScriptedBalance() as balance:
        balance.unit = "oz"
        balance.replies[b"M21"] = b"M21 B 0 7\r\nM21 A 1 7\r\n"
        twin.content["balance"].update(resource=balance.resource, serial_number=SERIAL_NUMBER)
        code, text = doctor(twin)
    assert code == ExitCode.NOT_TESTED
    assert "balance: check the host unit: it is code 7. Next: set it to g: send M21 0 0" in text


def test_a_balance_that_weighs_in_milligrams_is_read_in_grams(tmp_path: Path, doctor: Doctor) -> None:
    readings = []
    for defects in ((), ("balance_wrong_unit",)):
        with twin_bench(tmp_path, TwinOptions(defects=defects)) as twin:
            code, text = doctor(twin)
        assert code == 0
        readings.append(text[text.index("standard deviation ") :].partition(" readings")[0])
    assert readings[0] == readings[1]


def test_an_overloaded_balance(tmp_path: Path) -> None:
    with twin_bench(tmp_path, TwinOptions(defects=("balance_overload",))) as twin:
        run = leak_run(twin, tmp_path)
        expect_blocked(run, "balance: read the mass: overload (+). Next: take the vessel off or empty it")
        assert twin.pump_state() == "stopped"


def test_a_twin_is_stamped_as_such_though_its_bench_file_does_not_say_so(tmp_path: Path, doctor: Doctor) -> None:
    plan = tmp_path / "test_identity.py"
    plan.write_text("def test_the_pump_is_stopped(bench):\n    assert bench.pump.read().state == 'stopped'\n")
    with twin_bench(tmp_path, TwinOptions(clock=ClockMode.REAL)) as twin:
        del twin.content["simulation"], twin.content["clock"]
        waits = ["sensitivity", "balance-noise", "leak", "blank", "pump-clock"]
        twin.content["preflight"] = {"off": waits, "settle_s": 0.0, "noise_spacing_s": 0.001}
        assert "is ready (SIMULATED)" in doctor(twin)[1]
        run = bench_run(twin.file(), tmp_path / "runs", "--chapter=leak", select="pump_is_stopped", more=[str(plan)])
    assert run.summary.simulated is True
    assert "SIMULATED – Implantable" in run.printed
    (result,) = (run.folder / "allure-results").glob("*-result.json")
    assert '"name": "simulated", "value": "yes"' in result.read_text(encoding="utf-8")
    assert run.test.verdict is Verdict.INCONCLUSIVE  # it judged nothing
