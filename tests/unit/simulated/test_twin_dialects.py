# SPDX-License-Identifier: Apache-2.0
"""The twin's own words in each dialect, byte by byte, without any driver."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.simulated.balance.dialects import SIMULATED_DIALECTS
from instruments.simulated.served.devices import LoadStatus
from tests.sim.stand_in_twin import SETTLING_S, StandInTwin
from tests.unit.fuzzing import bounded, spoiled_bytes

PLAIN = sorted(set(SIMULATED_DIALECTS) - {"mt-sics", "kcp"})
WEIGH = {"sbi": b"\x1bP\r\n", "a-and-d": b"Q\r\n", "ohaus": b"IP\r\n", "radwag": b"SI\r\n"}
TARE = {"sbi": b"\x1bU\r\n", "a-and-d": b"T\r\n", "ohaus": b"T\r\n", "radwag": b"T\r\n"}
STREAM = {"a-and-d": (b"SIR\r\n", b"C\r\n"), "ohaus": (b"CP\r\n", b"0P\r\n"), "radwag": (b"C1\r\n", b"C0\r\n")}


class Host:
    """Somebody on the line of a stand-in twin.

    Attributes:
        heard: what came since it was asked the last time.
    """

    def __init__(self, dialect: str, patience_s: float = 0.0) -> None:
        self.twin = StandInTwin()
        self.heard = b""
        self.dialect = SIMULATED_DIALECTS[dialect](self.twin.cell, self.twin.timeline)
        self.client = self.dialect.client(patience_s, self._hear)
        self.twin.cell.load_g = 12.3456
        self.twin.cell.jolted_at_s = -SETTLING_S

    def _hear(self, data: bytes) -> None:
        self.heard += data

    def ask(self, command: bytes) -> bytes:
        self.heard = b""
        self.client.receive(command)
        return self.heard

    def pass_s(self, seconds: float) -> bytes:
        self.heard = b""
        self.twin.timeline.advance_to(self.twin.timeline.now_s + seconds)
        self.client.flush()
        return self.heard


def digits(host: Host) -> str:
    return f"{host.twin.cell.weigh().net_mass_g:.5f}"


def shown(dialect: str, number: str, *, stable: bool) -> bytes:
    return {
        "sbi": f"G     + {number:>8} {'g  ' if stable else '   '}\r\n",
        "a-and-d": f"{'ST' if stable else 'US'},+{number.zfill(8)}  g\r\n",
        "ohaus": f"{number:>10} g{'' if stable else ' ?'}\r\n",
        "radwag": f"SI {' ' if stable else '?'}  {number:>9} g  \r\n",
    }[dialect].encode()


@pytest.mark.parametrize("dialect", PLAIN)
def test_a_weight_is_worded_as_the_make_words_it(dialect: str) -> None:
    host = Host(dialect)
    assert host.ask(WEIGH[dialect]) == shown(dialect, digits(host), stable=True)
    host.twin.cell.jolted_at_s = host.twin.timeline.now_s
    assert host.ask(WEIGH[dialect]) == shown(dialect, digits(host), stable=False)


@pytest.mark.parametrize(
    ("dialect", "over", "under"),
    [
        ("sbi", b"Stat       High     \r\n", b"Stat       Low      \r\n"),
        ("a-and-d", b"OL,+9999999\r\n", b"OL,-9999999\r\n"),
        ("ohaus", b"Err 8.3\r\n", b"Err 8.4\r\n"),
    ],
)
def test_out_of_range_is_worded_as_the_make_words_it(dialect: str, over: bytes, under: bytes) -> None:
    host = Host(dialect)
    host.twin.cell.status = LoadStatus.OVERLOAD
    assert host.ask(WEIGH[dialect]) == over
    host.twin.cell.status = LoadStatus.UNDERLOAD
    assert host.ask(WEIGH[dialect]) == under


def test_radwag_marks_what_is_out_of_range() -> None:
    host = Host("radwag")
    host.twin.cell.status = LoadStatus.OVERLOAD
    assert host.ask(WEIGH["radwag"]).startswith(b"SI ^ ")


@pytest.mark.parametrize("dialect", PLAIN)
def test_a_tare_waits_for_a_stable_load_and_then_acts(dialect: str) -> None:
    host = Host(dialect, patience_s=5.0)
    host.twin.cell.jolted_at_s = host.twin.timeline.now_s
    assert host.ask(TARE[dialect]) == (b"T A\r\n" if dialect == "radwag" else b"")
    assert host.twin.cell.weigh().net_mass_g > 12.0
    assert host.pass_s(SETTLING_S + 0.1) == (b"T D\r\n" if dialect == "radwag" else b"")
    assert abs(host.twin.cell.weigh().net_mass_g) < 1.0


@pytest.mark.parametrize("dialect", sorted(STREAM))
def test_a_stream_comes_ten_times_a_second_until_it_is_ended(dialect: str) -> None:
    host = Host(dialect)
    begin, end = STREAM[dialect]
    assert host.ask(begin).count(b"\r\n") == 1
    assert host.pass_s(1.0).count(b"\r\n") == 10
    host.ask(end)
    assert host.pass_s(1.0) == b""


@pytest.mark.parametrize(
    ("dialect", "command", "answer"),
    [
        ("sbi", b"\x1bx1_", b"WX205 STAND-IN      \r\n"),
        ("sbi", b"\x1bx2_\r\n", b"B207696838          \r\n"),
        ("sbi", b"IP\r\n", b""),
        ("a-and-d", b"?SN\r\n", b"SN,B207696838\r\n"),
        ("a-and-d", b"IP\r\n", b""),
        ("ohaus", b"PSN\r\n", b"B207696838\r\n"),
        ("ohaus", b"Q\r\n", b"ES\r\n"),
        ("radwag", b"NB\r\n", b'NB A "B207696838"\r\n'),
        ("radwag", b"FS\r\n", b'FS A "220.00000 g"\r\n'),
        ("radwag", b"Q\r\n", b"ES\r\n"),
        ("kcp", b"M03\r\n", b"ES\r\n"),
        ("kcp", b"SIC1\r\n", b"ES\r\n"),
        ("kcp", b"TST3\r\n", b"ES\r\n"),
        ("kcp", b"I4\r\n", b'I4 A "B207696838"\r\n'),
        ("mt-sics", b"M03\r\n", b"M03 A 0\r\n"),
    ],
)
def test_a_question_is_answered_as_the_make_answers_it(dialect: str, command: bytes, answer: bytes) -> None:
    assert Host(dialect).ask(command) == answer


@pytest.mark.parametrize("dialect", sorted(SIMULATED_DIALECTS))
def test_whatever_is_sent_the_next_question_is_answered(dialect: str) -> None:
    known = [*WEIGH.values(), *TARE.values(), *(one for pair in STREAM.values() for one in pair)]
    weigh = WEIGH.get(dialect, b"SI\r\n")

    @bounded(0.5)
    @given(st.lists(st.one_of(st.binary(max_size=80), *(spoiled_bytes(command) for command in known)), max_size=12))
    def run(pieces: list[bytes]) -> None:
        host = Host(dialect)
        for piece in [*pieces, b"x" * 3000, b"\r\n"]:
            host.ask(piece)
        host.pass_s(10.0)
        assert host.ask(weigh).endswith(b"\r\n")

    run()
