# SPDX-License-Identifier: Apache-2.0
"""Every server that we start listens on the loopback interface, unless somebody asks for another in so many words."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from cli.simulate import _stays_inside
from tests.sim.bench_run import LIMIT_S, PUMPBENCH, command, started
from tests.sim.started_process import StartedProcess

LISTENING = "0A"


def family(pid: int) -> list[int]:
    """A process and all that it started, as far as they are still there."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in family(int(child)))]


def listening(pid: int) -> set[str]:
    """The addresses that a process and its children listen on, as the kernel tells them."""
    inodes = set()
    for member in family(pid):
        with suppress(OSError):  # it may end meanwhile, or close one
            for descriptor in Path(f"/proc/{member}/fd").iterdir():
                with suppress(OSError):
                    inodes.add(str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]"))
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and (fields[3] == LISTENING or table.startswith("udp")):
                found.add(str(_address(fields[1].split(":")[0])))
    return found


def _address(hexadecimal: str) -> object:
    words = [bytes.fromhex(hexadecimal[place : place + 8])[::-1] for place in range(0, len(hexadecimal), 8)]
    return ip_address(b"".join(words))


@contextmanager
def simulate(folder: Path, *options: str) -> Iterator[StartedProcess]:
    """A running `pumpbench simulate` that is ready."""
    bench_file = folder / "bench.toml"
    with started([PUMPBENCH, "simulate", f"--bench-file={bench_file}", *options]) as process:
        end_s = time.monotonic() + LIMIT_S
        while not bench_file.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end_s
            time.sleep(0.02)
        yield process
        process.terminate()


def test_the_scan_sees_a_socket_of_this_process() -> None:
    with socket.create_server(("127.0.0.1", 0)):
        assert "127.0.0.1" in listening(os.getpid())


def test_a_simulated_bench_listens_on_the_loopback_interface_only(tmp_path: Path) -> None:
    with simulate(tmp_path, "--clock=stepped") as process:
        assert listening(process.pid) == {"127.0.0.1"}
        process.terminate()
        _, errors = process.communicate(timeout=LIMIT_S)
    assert "Warning" not in errors


def test_who_asks_for_all_interfaces_gets_them_and_a_warning(tmp_path: Path) -> None:
    with simulate(tmp_path, "--host=0.0.0.0") as process:
        assert "0.0.0.0" in listening(process.pid)
        process.terminate()
        _, errors = process.communicate(timeout=LIMIT_S)
    assert "Warning. Everybody who reaches 0.0.0.0 can move this twin" in errors


def test_a_run_listens_on_the_loopback_interface_only(tmp_path: Path) -> None:
    with started(command("simulated", tmp_path, "--chapter=leak")) as process:
        end_s = time.monotonic() + LIMIT_S
        seen: set[str] = set()
        while not any(path.stat().st_size > 20_000 for path in tmp_path.glob("*/journal.jsonl")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end_s
            seen |= listening(process.pid)
    assert seen == {"127.0.0.1"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_loopback_host_needs_no_warning(host: str) -> None:
    assert _stays_inside(host)
    assert not _stays_inside("192.0.2.1")
