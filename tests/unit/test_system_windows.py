# SPDX-License-Identifier: Apache-2.0
"""What the room `groundfloor/system` does on Windows, as far as it runs here.

Pipes, sockets, serial ports, places in files, processes and access lists are the real thing. Imitated are
`msvcrt.locking` (by a lock of Linux on the same byte), the keys of the console, and the handler of the console.
"""

import asyncio
import ctypes
import errno
import fcntl
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace

import psutil  # noqa: F401  # in the form in which it works here
import pytest
import serial

from groundfloor.system.access_list import AccessList
from groundfloor.system.quiet_thread import QuietThread
from groundfloor.wall_clock import Deadline, sleep_s
from tests.imitated_windows import imitated_msvcrt

ROOM = Path(__file__).parents[2] / "groundfloor" / "system"
OWN = "S-1-5-21-1-2-3-1000"
LIMIT_S = 20.0
Load = Callable[..., ModuleType]


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a file of the room as Windows would."""

    def load(name: str, **named: object) -> ModuleType:
        msvcrt = imitated_msvcrt(fcntl)
        msvcrt.__dict__.update(named)
        monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
        monkeypatch.setattr(signal, "SIGBREAK", signal.SIGTTIN, raising=False)
        monkeypatch.setattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE, raising=False)
        for constant in ("O_BINARY", "O_NOINHERIT"):
            monkeypatch.setattr(os, constant, 0, raising=False)
        spec = spec_from_file_location(f"windows_{name}", ROOM / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(sys, "platform", "win32")
            spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"0123456789")
    return path


def test_a_lock_keeps_others_from_locking_and_from_nothing_else(on_windows: Load, file: Path) -> None:
    lock = on_windows("file_lock")
    one, other = os.open(file, os.O_RDWR), os.open(file, os.O_RDWR)
    try:
        os.lseek(one, 4, os.SEEK_SET)
        lock.lock_at_once(one)
        with pytest.raises(BlockingIOError):
            lock.lock_at_once(other)
        assert (os.read(other, 10), os.read(one, 3), file.stat().st_size) == (b"0123456789", b"456", 10)
        threading.Timer(0.1, os.close, [one]).start()
        lock.lock_when_free(other)
    finally:
        os.close(other)


def test_a_file_system_without_locks_is_told_as_such(on_windows: Load, file: Path) -> None:
    def locking(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    lock = on_windows("file_lock", locking=locking)
    with file.open("rb") as opened, pytest.raises(OSError, match="no locks"):
        lock.lock_at_once(opened.fileno())


def test_bytes_are_written_and_read_at_their_place(on_windows: Load, file: Path) -> None:
    placed = on_windows("placed_bytes")
    descriptor = os.open(file, os.O_RDWR)
    try:
        assert placed.write_at(descriptor, b"ab", 8) == 2
        assert placed.read_at(descriptor, 4, 7) == b"7ab"
        assert placed.write_at(descriptor, b"x", 0) == 1
    finally:
        os.close(descriptor)
    assert file.read_bytes() == b"x1234567ab"


def test_a_link_is_refused_where_a_file_ought_to_be(on_windows: Load, file: Path, tmp_path: Path) -> None:
    opened = on_windows("open_file")
    (tmp_path / "link").symlink_to(file)
    with pytest.raises(OSError, match="it is a link"):
        opened.open_file(tmp_path / "link", os.O_RDWR | opened.AT_ONCE | opened.NO_LINK)
    for flags, path in ((opened.NO_LINK, file), (opened.AT_ONCE, tmp_path / "link")):
        descriptor = opened.open_file(path, os.O_RDONLY | flags)
        assert os.read(descriptor, 3) == b"012"
        os.close(descriptor)


def test_a_pipe_is_waited_for_read_and_its_end_told(on_windows: Load) -> None:
    reads, writes = os.pipe()
    listener = on_windows("pipe_listener").PipeListener(reads)
    assert listener.comes_within(0.05) is False
    os.write(writes, b"ready\n")
    assert listener.comes_within(LIMIT_S) is True
    assert listener.read() == b"ready\n"
    assert listener.comes_within(0.0) is False
    os.close(writes)
    assert listener.comes_within(None) is True
    assert [listener.read(), listener.read()] == [b"", b""]
    os.close(reads)


def test_a_pipe_is_closed_when_no_thread_waits_for_it_any_more(on_windows: Load) -> None:
    reads, writes = os.pipe()
    with os.fdopen(reads, "rb") as pipe:
        listener = on_windows("pipe_listener").PipeListener(reads)
        listener.close(pipe)
        assert not pipe.closed
        os.close(writes)
        assert listener.comes_within(LIMIT_S) is True
        listener._thread.join(LIMIT_S)
        listener.close(pipe)
        assert pipe.closed


def test_whoever_hangs_at_the_other_end_of_a_pipe_holds_nobody_up(on_windows: Load) -> None:
    reads, writes = os.pipe()
    speaker = on_windows("pipe_speaker").PipeSpeaker(os.fdopen(writes, "wb"))
    line = b"x" * (1 << 16)
    said = [speaker.say(line) for _ in range(speaker.MOST_WAITING + 10)]
    assert (said[0], said[-1]) == (True, False)
    os.close(reads)
    with pytest.raises(OSError, match="Broken pipe"):
        _until_it_raises(lambda: speaker.say(b"x"))


def _until_it_raises(what: Callable[[], object]) -> None:
    deadline = Deadline(LIMIT_S)
    while not deadline.passed():
        what()
        sleep_s(0.01)


def test_what_was_said_before_the_end_arrives(on_windows: Load) -> None:
    reads, writes = os.pipe()
    speaker = on_windows("pipe_speaker").PipeSpeaker(os.fdopen(writes, "wb"))
    assert speaker.say(b"heartbeat\n") is True
    assert speaker.say(b"signed off\n") is True
    speaker.close()
    with os.fdopen(reads, "rb") as pipe:
        assert pipe.read() == b"heartbeat\nsigned off\n"


def test_a_connection_is_waited_for(on_windows: Load) -> None:
    here, there = socket.socketpair()
    with here, there:
        ready = on_windows("readiness").readiness_of(here)
        assert not ready.poll(0)
        assert not ready.poll(10)
        there.sendall(b"x")
        assert ready.poll(1000 * LIMIT_S)
        here.recv(1)
        there.close()
        assert ready.poll(None)


def test_the_bytes_of_a_socket_and_of_a_serial_port_are_the_same_to_whoever_reads_them(on_windows: Load) -> None:
    module = on_windows("line_bytes")
    here, there = socket.socketpair()
    master, slave = pty.openpty()
    try:
        with here, there, serial.Serial(os.ttyname(slave)) as port:
            for line, send, take in (
                (module.bytes_of(here), there.sendall, lambda: there.recv(9)),
                (module.bytes_of(port), lambda data: os.write(master, data), lambda: os.read(master, 9)),
            ):
                assert line.comes_within(0.02) is False
                send(b"\x01\x03abc")
                assert line.comes_within(LIMIT_S) is True
                assert line.read(2) == b"\x01\x03"
                assert line.comes_within(0) is True
                assert line.read(512) == b"abc"
                assert line.comes_within(0) is False
                assert line.write(b"\x01\x04") == 2
                assert take() == b"\x01\x04"
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize("event", [2, 5, 6], ids=["console closed", "logoff", "shutdown"])
def test_a_closed_console_asks_for_the_end_and_its_handler_does_not_return(
    on_windows: Load, monkeypatch: pytest.MonkeyPatch, event: int
) -> None:
    handlers: list[Callable[[int], bool]] = []
    kernel = SimpleNamespace(SetConsoleCtrlHandler=lambda handler, _on: handlers.append(handler))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    ends = on_windows("end_requests")
    with ends.ends_held():
        (handler,) = handlers
        assert not handler(0)  # Ctrl-C, which Python itself sees to
        console = QuietThread(lambda: handler(event), "console")
        console.start()
        ends.wait_for_end()
        assert console.is_alive()


def test_a_stop_asked_for_on_another_thread_is_obeyed_by_the_main_one(on_windows: Load) -> None:
    ends, came = on_windows("end_requests"), []
    before = signal.signal(signal.SIGTERM, lambda *_: came.append(threading.current_thread()))
    try:
        asking = threading.Thread(target=ends.ask_main_thread, args=(signal.SIGTERM,))
        asking.start()
        asking.join()
        deadline = Deadline(LIMIT_S)
        while not came and not deadline.passed():
            sleep_s(0.01)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert came == [threading.main_thread()]


def test_a_twin_ends_with_its_standard_input(on_windows: Load) -> None:
    module = on_windows("event_loop")
    reads, writes = os.pipe()

    async def serve() -> str:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        with module.ends_with(loop, reads, stop.set):
            os.write(writes, b"anything")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(stop.wait()), 0.05)
            os.close(writes)
            await asyncio.wait_for(stop.wait(), LIMIT_S)
        return "ended"

    with asyncio.Runner(loop_factory=module.new_loop) as runner:
        assert runner.run(serve()) == "ended"
    os.close(reads)


def test_a_twin_ends_when_a_signal_comes_and_handlers_are_put_back(on_windows: Load) -> None:
    module = on_windows("event_loop")
    before = signal.getsignal(signal.SIGTERM)

    async def serve() -> None:
        stop = asyncio.Event()
        with module.ends_by(asyncio.get_running_loop(), [signal.SIGTERM], stop.set):
            signal.raise_signal(signal.SIGTERM)
            await asyncio.wait_for(stop.wait(), LIMIT_S)

    with asyncio.Runner(loop_factory=module.new_loop) as runner:
        runner.run(serve())
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_process_is_known_by_its_start(on_windows: Load) -> None:
    module = on_windows("process_start")
    own = module.process_start(os.getpid())
    assert own == module.process_start(os.getpid())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert module.process_start(child.pid) > own
    assert module.process_start(child.pid) is None


def test_return_is_heard_and_what_was_typed_before_is_not(on_windows: Load, tmp_path: Path) -> None:
    keys = list("\rab")
    module = on_windows("operator_terminal", kbhit=lambda: bool(keys), getwch=lambda: keys.pop(0))
    (tmp_path / "console").touch()
    terminal = module.OperatorTerminal(str(tmp_path / "console"))
    assert terminal.return_pressed() is False
    terminal.show(">>> open the clamp")
    keys += ["x"]
    assert terminal.return_pressed() is False
    keys += ["x", "\r"]
    assert terminal.return_pressed() is True
    terminal.close()
    assert (tmp_path / "console").read_text(encoding="ascii") == ">>> open the clamp"


def test_nothing_is_copied_and_no_pseudo_terminal_opened(on_windows: Load) -> None:
    forked = on_windows("forked")
    assert (forked.CAN_FORK, forked.processors_to_fork_on()) == (False, 1)
    with pytest.raises(OSError, match="copies no process"):
        forked.fork()
    with pytest.raises(OSError, match="Windows has no pseudo-terminals"):
        on_windows("pseudo_terminal").open_pseudo_terminal()


def test_how_long_the_computer_slept_is_what_it_was_not_awake(
    on_windows: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kernel:
        class GetTickCount64:
            def __new__(cls) -> int:  # type: ignore[misc]
                return 100_000

        @staticmethod
        def QueryUnbiasedInterruptTime(awake: object) -> None:  # noqa: N802
            awake._obj.value = 400_000_000  # type: ignore[attr-defined]

    monkeypatch.setattr(ctypes, "WinDLL", lambda _name: Kernel, raising=False)
    assert on_windows("sleep_clock").told_sleep_s() == 60.0


PRIVATE = f"O:{OWN}G:{OWN}D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{OWN})"


@pytest.mark.parametrize(
    ("text", "writes", "puts_another"),
    [
        (PRIVATE, False, False),
        (PRIVATE + "(A;OICI;0x1200a9;;;BU)", False, False),  # others read
        (PRIVATE + "(A;OICI;FR;;;WD)(A;;FX;;;WD)", False, False),
        (PRIVATE + "(A;OICI;0x1301bf;;;AU)", True, True),  # "Modify", as in a new folder of another disk
        (PRIVATE + "(A;OICI;FA;;;S-1-5-21-1-2-3-1001)", True, True),
        (PRIVATE + "(A;OICIIO;FA;;;WD)", False, False),  # only for what is made inside
        (PRIVATE + "(A;CI;LC;;;BU)", True, False),  # may make new folders, as in C:\
        (PRIVATE + "(A;;GW;;;BU)", True, False),
        (PRIVATE + "(A;;DT;;;BU)", True, True),
        (PRIVATE + "(A;;SDRC;;;BU)", True, True),
        (PRIVATE + "(D;;FA;;;BU)", False, False),
        (PRIVATE + "(XA;;FR;;;WD;(Member_of {SID(BA)}))", False, False),
        (PRIVATE + "(XA;;FW;;;WD;(Member_of {SID(BA)}))", True, False),
        (PRIVATE + "(A;;QQ;;;WD)", True, True),  # not understood
        (PRIVATE + "(A;OICIIO;GA;;;CO)", False, False),
        (PRIVATE + "S:(AU;SA;FA;;;WD)", False, False),  # whose accesses are recorded
        (PRIVATE + "garbage", True, True),
        (f"O:{OWN}G:{OWN}D:NO_ACCESS_CONTROL", True, True),
        (f"O:{OWN}G:{OWN}", True, True),  # no list
        (f"O:{OWN}G:{OWN}D:", False, False),  # an empty one lets nobody in
    ],
)
def test_an_access_list_tells_who_else_may_write(text: str, writes: bool, puts_another: bool) -> None:
    found = AccessList.of(text)
    assert found.owner == OWN
    assert (found.others_write(OWN), found.others_put_another(OWN)) == (writes, puts_another)


def test_the_owner_is_read_with_and_without_an_abbreviation() -> None:
    assert AccessList.of("O:BAG:BAD:(A;;FA;;;SY)").owner == "BA"
    assert AccessList.of("G:BAD:(A;;FA;;;SY)").owner == ""
