# SPDX-License-Identifier: Apache-2.0
"""A pump that speaks lines of ASCII, by a driver outside the bench: a chapter passes, and no junk becomes a value."""

import importlib.util
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from bench.bench_file import BenchFile
from bench.devices import check_register_maps
from groundfloor.errors import NoAnswer, PlanError
from instruments.device_access import DeviceAccess
from instruments.drivers.named import driver_named, is_place
from instruments.drivers.table import PUMP_DRIVERS
from instruments.pump import Command, CommandResult, CommandUnknown
from tests.sim.bench_run import BenchRun, bench_run

EXAMPLE = Path(__file__).parents[2] / "examples" / "ascii-pump"
PROFILE = EXAMPLE / "profile.toml"
TIMEOUT_S = 0.1
MOST_LINES = 120
GOOD = "CLK=1.0 STA=stopped RAT=0.0 VOL=0.0 SET=0.0 NUM=3 RES=none ALM="


@contextmanager
def twin(folder: Path, *defects: str) -> Iterator[Path]:
    """Serve the pump's own twin; its bench file."""
    file = folder / "bench.toml"
    words = [sys.executable, str(EXAMPLE / "twin.py"), str(file), *defects]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == str(file)
        yield file
        process.terminate()


def run(folder: Path, *defects: str) -> BenchRun:
    with twin(folder, *defects) as file:
        options = (f"--profile={PROFILE}", "--chapter=kink", "--journal-only")
        return bench_run(file, folder / "runs", *options, select="second_kink")


def test_a_good_pump_passes(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert found.exit_code == 0, found.printed


def test_a_bad_pump_fails(tmp_path: Path) -> None:
    found = run(tmp_path, "rate_bias=0.2")
    assert found.exit_code == 1, found.printed
    assert "CAT-004" in found.red_requirements


STUCK = """

class Stuck(AsciiPump):
    def __init__(self, access):
        super().__init__(access)
        self.close = self.gone

    def gone(self):
        self._port.close()
        raise OSError("the adapter is gone")


class StuckDriver(AsciiPumpDriver):
    def open(self, access, lines):
        return lines.shared(access.address, Stuck, lambda: Stuck(access))
"""


def test_a_driver_that_cannot_let_go_keeps_no_record_from_its_end(tmp_path: Path) -> None:
    (tmp_path / "stuck.py").write_text((EXAMPLE / "driver.py").read_text(encoding="utf-8") + STUCK, encoding="utf-8")
    with twin(tmp_path) as file:
        content = file.read_text(encoding="utf-8").replace(
            f"{EXAMPLE / 'driver.py'}:Ascii", f"{tmp_path}/stuck.py:Stuck"
        )
        file.write_text(content.replace("StuckPumpDriver", "StuckDriver"), encoding="utf-8")
        options = (f"--profile={PROFILE}", "--chapter=kink", "--journal-only")
        found = bench_run(file, tmp_path / "runs", *options, select="second_kink")
    assert found.exit_code == 3, found.printed
    ended = found.journal[-1]
    assert ended.kind == "run-ended"
    assert "close: it raised OSError: the adapter is gone" in "".join(ended.data["troubles"])


def test_the_driver_is_one_short_file() -> None:
    assert len((EXAMPLE / "driver.py").read_text(encoding="utf-8").splitlines()) <= MOST_LINES


# --- its wire --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def driver() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ascii_pump_driver", EXAMPLE / "driver.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def answering(answer: Callable[[str, str], bytes]) -> Iterator[str]:
    """A port that answers each request, which it is told with its tag, by the bytes of a test."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            link, _ = server.accept()
            with link, link.makefile("rb") as lines:
                for line in lines:
                    tag, _, request = line.decode().rpartition("*")[0][1:].partition(" ")
                    link.sendall(answer(tag, request))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"socket://127.0.0.1:{server.getsockname()[1]}"


Spoil = Callable[[bytes], bytes]
SPOILT: dict[str, Spoil] = {
    "silence": lambda _: b"",
    "cut": lambda reply: reply[:-9] + b"\r\n",
    "another byte": lambda reply: reply.replace(b"CLK=1.0", b"CLK=9.0"),
    "another request's": lambda reply: b"<0" + reply[2:],
    "spliced": lambda reply: reply[:20] + reply[30:],
    "junk": lambda _: b"\xff\x00junk*00\r\n",
    "without its ending": lambda reply: reply[:-2],
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_no_junk_becomes_a_value(driver: ModuleType, spoil: Spoil) -> None:
    spoilt = False

    def answer(tag: str, _request: str) -> bytes:
        reply: bytes = driver.framed(f"<{tag} {GOOD}")
        return spoil(reply) if spoilt else reply

    with answering(answer) as address:
        pump = driver.AsciiPump(DeviceAccess(address, "pump", timeout_s=TIMEOUT_S))
        assert pump.read().device_clock_s == 1.0
        spoilt = True
        with pytest.raises(NoAnswer):
            pump.read()
        spoilt = False
        assert pump.read().device_clock_s == 1.0
        pump.close()


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_command_whose_reply_was_lost_is_looked_up_and_not_given_twice(driver: ModuleType, carried_out: bool) -> None:
    given: list[str] = []

    def answer(tag: str, request: str) -> bytes:
        if request.startswith("DO"):
            given.append(request)
            return b""
        number = 4 if given and carried_out else 3
        told = GOOD.replace("NUM=3", f"NUM={number}").replace("RES=none", "RES=accepted")
        reply: bytes = driver.framed(f"<{tag} {told}")
        return reply

    with answering(answer) as address:
        pump = driver.AsciiPump(DeviceAccess(address, "pump", timeout_s=TIMEOUT_S))
        if carried_out:
            assert pump.command(Command.START) is CommandResult.ACCEPTED
        else:
            with pytest.raises(CommandUnknown):
                pump.command(Command.START)
        pump.close()
    assert given == ["DO 4 start"]


# --- its place in a bench file ----------------------------------------------------------------------------------------


def _bench(tmp_path: Path, driver: str) -> BenchFile:
    from tests.unit.test_bench_file import example

    content = example()
    content["pump"] |= {"driver": driver, "address": "/dev/ttyUSB0"}
    return BenchFile.model_validate(content)


def test_a_driver_is_named_by_its_place_and_reading_the_file_runs_nothing(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "own.py").write_text(f"open({str(ran)!r}, 'w').close()\nraise ValueError('no')\n", encoding="utf-8")
    file = _bench(tmp_path, f"{tmp_path / 'own.py'}:Driver")
    assert is_place(file.pump.driver)
    assert not ran.exists()
    with pytest.raises(PlanError, match="ValueError: no"):
        check_register_maps(file)
    assert ran.exists()


@pytest.mark.parametrize(
    ("place", "seen"),
    [
        ("not_there.py:Driver", "there is no such file"),
        ("no_such_package.module:Driver", "ModuleNotFoundError"),
        ("instruments.drivers.modbus:Nothing", "AttributeError"),
    ],
)
def test_a_place_that_is_none_is_told(tmp_path: Path, place: str, seen: str) -> None:
    with pytest.raises(PlanError, match=seen):
        check_register_maps(_bench(tmp_path, place))


def test_a_place_leads_to_the_driver_that_it_names() -> None:
    found = driver_named(PUMP_DRIVERS, "instruments.drivers.modbus:ModbusPumpDriver")
    with pytest.raises(PlanError, match="udp"):
        found.check_address("udp://127.0.0.1:502")
    assert driver_named(PUMP_DRIVERS, "modbus") is PUMP_DRIVERS["modbus"]
