# SPDX-License-Identifier: Apache-2.0
"""The twin as a process: started, reached on every wire, moved, and ended."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import serial
from pymodbus.client import ModbusSerialClient

from groundfloor.errors import BenchFault, PlanError
from instruments.control_line_client import ControlLine, TwinHello
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_child import NAME, PROGRAM, TwinChild
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from instruments.simulated.wires.twin_addresses import TwinAddresses

PRINTS = """
from dataclasses import replace
from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE, red
from instruments.simulated.specimen.defect import Asset, Defect

def change(good, share):
    print("{" * 100_000)
    return replace(good, rate_gain=1.0 - share)

print("a banner")
DEFECT = Defect("prints", Asset.PUMP, "prints", 0.3, 0.0, 1.0, change, red(AT_HIGH_RATE, "DEL-003"))
"""
STAND_IN = (str(Path(__file__).with_name("stand_in_twin.py")),)
SNAPSHOT = struct.pack(">HHHBBHH", 1, 0, 6, 1, 4, 32, 17)
SNAPSHOT_BYTES = 9 + 2 * 17
LIMIT_S = 10.0


def connect(host: str, port: str | int) -> socket.socket:
    connection = socket.create_connection((host, int(port)), LIMIT_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        assert piece, f"the twin hung up after {data!r}"
        data += piece
    return data


class Bench:
    """Bare sockets to all wires of a twin on TCP."""

    def __init__(self, addresses: TwinAddresses) -> None:
        self.control = ControlLine.open(addresses.control)
        self.modbus = connect(*addresses.pump.removeprefix("tcp://").split(":"))
        self.balance = connect(*addresses.balance.split("::")[1:3])

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        for wire in (self.control, self.modbus, self.balance):
            wire.close()

    def snapshot(self) -> bytes:
        self.modbus.sendall(SNAPSHOT)
        return exactly(self.modbus, SNAPSHOT_BYTES)

    def weigh(self) -> bytes:
        self.balance.sendall(b"SI\r\n")
        return exactly(self.balance, 18)


def test_the_addresses_tell_the_twin_and_survive_the_json_line() -> None:
    options = TwinOptions(seed=9, model="any-model", defects=("jolt_at_start",))
    with TwinChild(options, STAND_IN) as addresses:
        assert TwinAddresses.from_json(addresses.to_json()) == addresses
        assert addresses.pump == addresses.rig
        facts = replace(addresses, pump="", rig="", balance="", control="")
        assert facts == TwinAddresses(
            pump="",
            rig="",
            balance="",
            control="",
            clock="stepped",
            speed=1.0,
            seed=9,
            model="any-model",
            pump_serial="PUMP-1",
            rig_serial="RIG-1",
            balance_serial="B207696838",
            defects=("jolt_at_start",),
        )
        line = ControlLine.open(addresses.control)
        assert line.hello() == TwinHello("stepped", 1.0, 9, "any-model")
        line.close()


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"pump": "x"}', "nonsense"])
def test_a_line_that_is_no_twins_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever JSON has against it
        TwinAddresses.from_json(line)


def test_options_survive_their_own_command_line() -> None:
    options = TwinOptions(
        model="m",
        seed=-3,
        clock=ClockMode.SCALED,
        speed=0.125,
        wire=Wire.PTY,
        defects=("rate_bias=0.2", "mute"),
        host="10.0.0.1",
        modbus_port=1,
        balance_port=2,
        control_port=3,
        until_stdin_closes=True,
    )
    assert TwinOptions.parse(options.arguments()) == options
    assert TwinOptions.parse([]) == TwinOptions()


@pytest.mark.parametrize(
    "argument", ["--speed=0", "--speed=nan", "--clock=sundial", "--modbus-port=70000", "--host=::1", "--huh"]
)
def test_wrong_options_end_with_code_2(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        TwinOptions.parse([argument])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_time_is_frozen_between_advances_and_moves_with_them() -> None:
    with TwinChild(TwinOptions(), STAND_IN) as addresses, Bench(addresses) as bench:
        before = [bench.snapshot(), bench.weigh()]
        time.sleep(0.05)
        assert [bench.snapshot(), bench.weigh()] == before
        bench.control.advance_to_us(12_340_000)
        after = [bench.snapshot(), bench.weigh()]
        assert after[0][9:13] == struct.pack(">I", 1234)
        assert after[1] != before[1]


def replies(
    options: TwinOptions, program: Sequence[str], serve: Callable[[TwinOptions], int] | None = None
) -> list[bytes]:
    with TwinChild(options, program, serve=serve) as addresses, Bench(addresses) as bench:
        bench.balance.sendall(b"SIR\r\n")
        heard = [exactly(bench.balance, 18)]  # it has begun; nothing else orders two connections
        for step in range(1, 30):
            bench.control.advance_to_us(step * 700_000)
            heard.append(bench.snapshot())
        bench.balance.sendall(b"I11\r\n")
        line = bench.balance.makefile("rb")
        while not heard[-1].startswith(b"I11"):
            heard.append(line.readline())
        line.close()
        return heard


def test_two_processes_with_one_seed_give_identical_replies_and_another_seed_other_ones() -> None:
    first, again, other = (replies(TwinOptions(seed=seed), STAND_IN) for seed in (5, 5, 6))
    assert len(first) > 30 + 200
    assert first == again
    assert first != other


def test_a_copy_of_this_process_replies_as_an_interpreter_of_its_own_does() -> None:
    own, copied = (replies(TwinOptions(seed=5), PROGRAM, serve) for serve in (None, run))
    assert len(own) > 30
    assert own == copied


@pytest.mark.parametrize("at_work", [False, True])
def test_a_twin_is_a_copy_of_this_process_unless_another_thread_is_at_work(at_work: bool) -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    if at_work:
        thread.start()
    child = TwinChild(TwinOptions(), serve=run)
    with child:
        name = Path(f"/proc/{child.pid}/comm").read_text(encoding="ascii").rstrip()
    end.set()
    if at_work:
        thread.join()
    assert (name == NAME) is not at_work


def test_options_that_a_copy_refuses_are_a_plan_error_too() -> None:
    with pytest.raises(PlanError, match="no-such-pump"), TwinChild(TwinOptions(model="no-such-pump"), serve=run):
        pass


def test_what_falls_due_in_an_advance_is_on_the_balances_line_before_the_advance_is_acknowledged() -> None:
    options = TwinOptions(defects=("balance_restarts_at_s=2.5",))
    with TwinChild(options, STAND_IN) as addresses, Bench(addresses) as bench:
        bench.balance.sendall(b"SIR\r\n")
        assert exactly(bench.balance, 18).startswith(b"S S ")
        bench.control.advance_to_us(10_000_000)
        bench.balance.setblocking(False)
        lines = bench.balance.recv(65536).splitlines(keepends=True)
        assert len(lines) == int(2.5 * 54.932 / 5) + 1  # nothing more from a stream whose balance lost its power
        assert lines[-1] == b'I4 A "B207696838"\r\n'
        assert all(len(line) == 18 for line in lines[:-1])


def test_scaled_time_runs_by_itself_and_the_balance_comes_up_anew_unasked() -> None:
    options = TwinOptions(clock=ClockMode.SCALED, speed=100, defects=("balance_restarts_at_s=100",))
    with TwinChild(options, STAND_IN) as addresses, Bench(addresses) as bench:
        assert exactly(bench.balance, 19) == b'I4 A "B207696838"\r\n'
        assert bench.control.now_us() >= 100e6
        with pytest.raises(BenchFault, match="time is scaled"):
            bench.control.advance_to_us(10**12)


def test_pump_rig_and_balance_answer_on_ptys_and_again_after_a_reopening() -> None:
    with TwinChild(TwinOptions(wire=Wire.PTY), STAND_IN) as addresses:
        assert addresses.pump != addresses.rig
        for address, unit, serial_at in [(addresses.pump, 1, 12), (addresses.rig, 2, 44)]:
            device, _, rest = address.removeprefix("rtu://").partition("?")
            assert rest == "baudrate=115200&parity=N"
            for _ in range(2):
                client = ModbusSerialClient(device, baudrate=115200, timeout=2, retries=0)
                reply = client.read_input_registers(serial_at, count=8, device_id=unit)
                client.close()  # type: ignore[no-untyped-call]  # pymodbus left it bare
                raw = struct.pack(">8H", *reply.registers)
                assert raw.rstrip(b"\0") == (b"PUMP-1" if unit == 1 else b"RIG-1")
        device = addresses.balance.removeprefix("ASRL").removesuffix("::INSTR")
        for _ in range(2):
            with serial.Serial(device, 9600, timeout=LIMIT_S) as line:
                line.write(b"@\r\n")
                assert line.read_until(b"\r\n") == b'I4 A "B207696838"\r\n'


def test_the_same_twin_answers_behind_a_foreign_modbus_server() -> None:
    program = ("-c", FOREIGN_STAND_IN)
    with TwinChild(TwinOptions(), program) as addresses, Bench(addresses) as bench:
        bench.control.advance_to_us(12_340_000)
        foreign = [bench.snapshot(), bench.weigh()]
    with TwinChild(TwinOptions(), STAND_IN) as addresses, Bench(addresses) as bench:
        bench.control.advance_to_us(12_340_000)
        assert [bench.snapshot(), bench.weigh()] == foreign


FOREIGN_STAND_IN = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.twin.program import run
from tests.sim.foreign_modbus_server import PyModbusTcpServer
from tests.sim.stand_in_twin import assemble
sys.exit(run(TwinOptions.parse(sys.argv[1:]), PyModbusTcpServer, assemble))
"""


class Child:
    """A twin process that is started without `TwinChild`, to see how it ends."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *STAND_IN, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.told = json.loads(self.process.stdout.readline())

    def end(self) -> tuple[int, str, str]:
        rest, errors = self.process.communicate(timeout=LIMIT_S)
        return self.process.returncode, rest, errors


@pytest.mark.parametrize("wire", ["tcp", "pty"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_cleanly_in_the_midst_of_open_connections(number: int, wire: str) -> None:
    child = Child(f"--wire={wire}", "--clock=real")
    line = ControlLine.open(child.told["control"])
    line.now_us()
    child.process.send_signal(number)
    assert child.end() == (0, "", "")
    with pytest.raises(BenchFault):
        line.now_us()


def test_the_process_ends_with_its_standard_input_and_leaves_ctrl_c_to_the_bench() -> None:
    child = Child("--until-stdin-closes")
    assert child.process.stdin is not None
    line = ControlLine.open(child.told["control"])
    child.process.send_signal(signal.SIGINT)
    child.process.stdin.write("anything\n")
    child.process.stdin.flush()
    time.sleep(0.05)
    assert line.advance_to_us(5) == 5
    line.close()
    assert child.end() == (0, "", "")


def test_a_twin_child_is_gone_after_its_block_even_when_the_block_fails() -> None:
    child = TwinChild(TwinOptions(), STAND_IN)

    def breaks() -> None:
        with child:
            raise RuntimeError("the bench broke")

    with pytest.raises(RuntimeError, match="the bench broke"):
        breaks()
    pid = child.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_twin_that_dies_at_the_start_is_a_bench_fault_with_what_it_wrote() -> None:
    with (
        pytest.raises(BenchFault, match=r"exit code 3; it wrote: no such pump"),
        TwinChild(TwinOptions(), ("-c", "import sys; sys.stderr.write('no such pump'); sys.exit(3)")),
    ):
        pass


def test_a_twin_that_says_something_else_or_nothing_is_a_bench_fault() -> None:
    for program, seen in [("print('hello')", "exit code"), ("import time; time.sleep(30)", "not ready within 0.3 s")]:
        with pytest.raises(BenchFault, match=seen), TwinChild(TwinOptions(), ("-c", program), limit_s=0.3):
            pass


def test_a_port_that_is_taken_is_told_with_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for option in (f"--modbus-port={port}", f"--balance-port={port}", f"--control-port={port}"):
            ended = subprocess.run(
                [sys.executable, *STAND_IN, option], capture_output=True, text=True, timeout=LIMIT_S, check=False
            )
            assert (ended.returncode, ended.stdout) == (2, "")
            assert "twin process: listen on 127.0.0.1" in ended.stderr


def test_watching_a_standard_input_that_cannot_end_is_refused() -> None:
    with Path(__file__).open("rb") as file:
        ended = subprocess.run(
            [sys.executable, *STAND_IN, "--until-stdin-closes"],
            stdin=file,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    assert ended.returncode == 2
    assert "standard input is neither a pipe nor a terminal" in ended.stderr


def test_a_twin_that_breaks_inside_ends_and_says_why() -> None:
    child = Child("--defect=breaks_at_s=1")
    line = ControlLine.open(child.told["control"], LIMIT_S)
    with pytest.raises(BenchFault):
        line.advance_to_us(2_000_000)
    code, _, errors = child.end()
    assert code == 1
    assert "ZeroDivisionError" in errors


def test_a_twin_that_breaks_in_running_time_ends_and_says_why() -> None:
    child = Child("--defect=breaks_at_s=0.1", "--clock=real")
    code, _, errors = child.end()
    assert code == 1
    assert "ZeroDivisionError" in errors


def test_a_twin_on_tcp_starts_without_pymodbus() -> None:
    look = "import sys, instruments.simulated.twin.program; print(*(name.split('.')[0] for name in sys.modules))"
    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=LIMIT_S, check=True)
    assert "asyncio" in seen.stdout.split()
    assert "pymodbus" not in seen.stdout.split()


def test_the_program_of_the_product_starts_with_a_module_name() -> None:
    assert PROGRAM == ("-P", "-m", "instruments.simulated")


def test_what_a_plug_in_prints_does_not_stand_among_the_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prints.py").write_text(PRINTS, encoding="utf-8")
    project = tmp_path / "pumpbench.toml"
    project.write_text('[project]\nname = "lab"\n[plugins.defect]\nprints = "prints.py:DEFECT"\n', encoding="utf-8")
    monkeypatch.setenv("PUMPBENCH_PROJECT", str(project))
    with TwinChild(TwinOptions(defects=("prints",))) as addresses:
        assert addresses.pump.startswith("tcp://127.0.0.1:")
