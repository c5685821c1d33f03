# SPDX-License-Identifier: Apache-2.0
"""What a sample costs: the yardstick puts the same bytes on the wires, and the loop stays near it."""

import mmap
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from benchmarks.afresh import afresh
from benchmarks.bare_calls import BareCalls
from benchmarks.figure import GATE
from benchmarks.process import Process
from benchmarks.running_loop import RunningLoop
from benchmarks.sample_cost import MOST_OVER_BARE, one_repeat
from instruments.register_map.map import RegisterMap
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions

READ_INPUTS, WRITE, WRITE_AND_READ = 4, 16, 23
KEPT_MIB = 64
SAMPLES = 4  # the balance's four fences have had their turn then


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    pieces: list[bytes] = []
    for method in ("send", "sendall"):
        monkeypatch.setattr(socket.socket, method, _noting(getattr(socket.socket, method), pieces))
    return pieces


def _noting(send: Callable[..., object], pieces: list[bytes]) -> Callable[..., object]:
    def noting(connection: socket.socket, data: bytes) -> object:
        pieces.extend(_requests(bytes(data)))
        return send(connection, data)

    return noting


def _requests(piece: bytes) -> Iterator[bytes]:
    """Yield what a piece holds: a line to the balance, or Modbus frames, of which there may be several."""
    while not piece.endswith(b"\r\n") and piece:
        length = 6 + int.from_bytes(piece[4:6], "big")
        yield piece[:length]
        piece = piece[length:]
    if piece:
        yield piece


def _what_counts(piece: bytes) -> bytes:
    """Return a piece without what differs by design: a Modbus transaction number, the value of a heartbeat."""
    if piece.endswith(b"\r\n"):
        return piece
    return piece[2:-2] if piece[7] in (WRITE, WRITE_AND_READ) else piece[2:]


def test_the_bare_calls_ask_for_what_the_loop_asks_for(sent: list[bytes]) -> None:
    """All is the same but heartbeat and feedback of the rig: two requests there, one with function 23 here."""
    with TwinChild(TwinOptions()) as twin, RunningLoop(twin) as loop, BareCalls(twin) as bare:
        seen = []
        for sample in (loop.sample, bare.sample):
            sent.clear()
            for _ in range(SAMPLES):
                sample()
            seen.append(Counter(map(_what_counts, sent)))
    ours, theirs = seen
    assert ours.total() == 4 * SAMPLES
    assert theirs.total() == 5 * SAMPLES
    assert ours[b"SIC1\r\n"] == SAMPLES
    (both,) = set((ours - theirs).elements())
    beat, feedback = sorted(set((theirs - ours).elements()), key=lambda one: one[5] != WRITE)
    assert (both[5], beat[5], feedback[5]) == (WRITE_AND_READ, WRITE, READ_INPUTS)
    register_map = RegisterMap.named("rig")
    assert register_map.inputs_mirrored_at is not None
    read_at, count, write_at = struct.unpack_from(">HHH", both, 6)
    assert (read_at - register_map.inputs_mirrored_at, count) == struct.unpack_from(">HH", feedback, 6)
    assert write_at == struct.unpack_from(">H", beat, 6)[0]


def test_a_sample_costs_no_more_than_the_bare_calls_or_a_quarter_more_at_the_most() -> None:
    repeats = afresh(partial(one_repeat, turns=2), 3)
    assert min(one.loop.cpu_s / one.bare.cpu_s for one in repeats) <= GATE * MOST_OVER_BARE


def test_the_kernel_tells_of_memory_that_is_kept_and_of_work_that_is_done() -> None:
    own = Process()
    memory_mib, cpu_s = own.memory_mib(), own.cpu_s()
    with mmap.mmap(-1, KEPT_MIB * 2**20) as kept:  # pages that nobody had before, whatever the allocator holds in store
        kept.write(bytes(len(kept)))
        assert own.memory_mib() - memory_mib > 0.9 * KEPT_MIB
    assert own.cpu_s() > cpu_s
