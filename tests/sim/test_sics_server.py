# SPDX-License-Identifier: Apache-2.0
"""The balance's line over real sockets and ptys, on a stand-in cell."""

import asyncio
import os
from binascii import crc_hqx
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from instruments.simulated.balance.balance_server import BalanceServer
from instruments.simulated.balance.sics_dialect import SicsDialect
from instruments.simulated.balance.sics_weight import SicsWeight
from instruments.simulated.served.devices import LoadStatus
from instruments.simulated.time.twin_time import ClockMode, TwinTime
from tests.sim.stand_in_twin import StandInTwin

LIMIT_S = 5.0


class Host:
    """One connection to the balance."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *commands: str) -> None:
        self.writer.write("".join(f"{command}\r\n" for command in commands).encode("latin-1"))

    async def line(self) -> str:
        line = await asyncio.wait_for(self.reader.readuntil(b"\r\n"), LIMIT_S)
        return line[:-2].decode("ascii")

    async def ask(self, command: str) -> str:
        self.send(command)
        return await self.line()

    async def is_quiet(self) -> bool:
        return await self.ask("DW") == "DW A"  # anything said before would come first


class Table:
    """A balance that is served, and the time it lives in."""

    def __init__(self, mode: ClockMode, speed: float) -> None:
        self.twin = StandInTwin()
        self.cell = self.twin.cell
        self.time = TwinTime(self.twin.timeline, mode, speed)
        self.server = BalanceServer(self.cell, self.twin.timeline, self.time, SicsDialect)
        self.hosts: list[Host] = []
        self.port = 0

    async def host(self) -> Host:
        host = Host(*await asyncio.open_connection("127.0.0.1", self.port))
        self.hosts.append(host)
        return host


@asynccontextmanager
async def served(mode: ClockMode, speed: float) -> AsyncIterator[Table]:
    table = Table(mode, speed)
    table.port = await table.server.listen_tcp("127.0.0.1", 0)
    scheduler = asyncio.ensure_future(table.time.keep_up()) if mode is not ClockMode.STEPPED else None
    try:
        yield table
    finally:
        if scheduler is not None:
            scheduler.cancel()
        for host in table.hosts:
            host.writer.close()
        await table.server.close()
        await asyncio.sleep(0)


def on_a_table(
    scene: Callable[[Table, Host], Awaitable[None]], mode: ClockMode = ClockMode.STEPPED, speed: float = 1.0
) -> None:
    async def play() -> None:
        async with served(mode, speed) as table:
            await scene(table, await table.host())

    asyncio.run(play())


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("@", 'I4 A "B207696838"'),
        ("I1", 'I1 A "01" "2.00" "2.20" "" ""'),
        ("I2", 'I2 A "WX205 STAND-IN 220.00000 g"'),
        ("I3", 'I3 A "1.0-twin"'),
        ("I4", 'I4 A "B207696838"'),
        ("I5", 'I5 A "00000000A"'),
        ("I11", 'I11 A "WX205 STAND-IN"'),
        ("Z", "Z A"),
        ("ZI", "ZI S"),
        ("TAC", "TAC A"),
        ("TA", "TA A    0.00000 g"),
        ("TA 1.5 g", "TA A    1.50000 g"),
        ("TA 1.5 kg", "TA L"),
        ("TA x g", "TA L"),
        ("TA 500 g", "TA L"),
        ('D "HELLO"', "D A"),
        ("D HELLO", "D L"),
        ("DW", "DW A"),
        ("UPD", "UPD A 10.986"),
        ("UPD 20", "UPD A"),
        ("UPD 24", "UPD L"),
        ("UPD x", "UPD L"),
        ("M03", "M03 A 0"),
        ("M03 1", "M03 A"),
        ("M03 2", "M03 L"),
        ("M17", "M17 A 00 00 00 0"),
        ("M17 1", "M17 L"),
        ("M18", "M18 A 0"),
        ("M18 x", "M18 L"),
        ("M21 0 9", "M21 L"),
        ("SR x g", "SR L"),
        ("s", "ES"),
        ("FOO", "ES"),
        ("", "ES"),
        ("S 1", "ES"),
        ("SI ", "ES"),
        ("I4 A", "ES"),
        ("S\u00b5", "ET"),
        ("S\x07I", "ET"),
    ],
)
def test_a_command_gets_its_reply(command: str, reply: str) -> None:
    async def scene(table: Table, host: Host) -> None:
        assert await host.ask(command) == reply
        assert await host.is_quiet()

    on_a_table(scene)


def test_every_listed_command_is_known_and_the_list_ends_with_a() -> None:
    async def scene(table: Table, host: Host) -> None:
        host.send("I0")
        lines = [await host.line()]
        while lines[-1].startswith("I0 B "):
            lines.append(await host.line())
        assert lines[-1].startswith("I0 A ")
        names = [line.split('"')[1] for line in lines]
        assert {"@", "I0", "M21", "S", "SI", "SIC1", "SIR", "T", "UPD", "Z"} <= set(names)
        for name in set(names) - {"I0", "M21", "SIR", "SR"}:
            assert await host.ask(name) not in ("ES", "ET", "EL"), name

    on_a_table(scene)


def test_a_weight_line_has_ten_characters_between_single_blanks() -> None:
    async def scene(table: Table, host: Host) -> None:
        table.cell.load_g = 14.25
        reply = await host.ask("SI")
        assert (reply[:4], reply[14:], len(reply)) == ("S S ", " g", 16)
        assert reply[4:14] == f"{table.cell.weigh().net_mass_g:10.5f}"
        table.cell.load_g = -3.0
        assert (await host.ask("SI")).startswith("S S   -3.000")

    on_a_table(scene)


def test_a_trace_below_zero_is_shown_as_zero_without_a_sign() -> None:
    assert SicsWeight(StandInTwin().cell).text(-1e-9) == "   0.00000 g"


def test_sic1_carries_the_crc_of_all_before_it() -> None:
    async def scene(table: Table, host: Host) -> None:
        body, crc = (await host.ask("SIC1")).rsplit(" ", 1)
        assert crc == f"{crc_hqx(body.encode() + b' ', 0xFFFF):04X}"
        assert body == f"SIC1 S {table.cell.weigh().net_mass_g:10.5f} g"

    on_a_table(scene)


def test_the_host_unit_changes_the_weight_and_falls_back_to_g_after_a_power_failure() -> None:
    async def scene(table: Table, host: Host) -> None:
        host.send("M21")
        assert [await host.line() for _ in range(3)] == ["M21 B 0 0", "M21 B 1 0", "M21 A 2 0"]
        assert await host.ask("M21 0 3") == "M21 A"
        assert await host.ask("SI") == f"S S {table.cell.weigh().net_mass_g * 1000:10.2f} mg"
        table.cell.restart()
        assert await host.ask("SI") == 'I4 A "B207696838"'
        assert await host.line() == f"S S {table.cell.weigh().net_mass_g:10.5f} g"

    on_a_table(scene)


@pytest.mark.parametrize(("status", "sign"), [(LoadStatus.OVERLOAD, "+"), (LoadStatus.UNDERLOAD, "-")])
def test_a_load_out_of_range_gives_a_sign_and_never_a_number(status: LoadStatus, sign: str) -> None:
    async def scene(table: Table, host: Host) -> None:
        table.cell.status = status
        for command, reply in [("S", "S"), ("SI", "S"), ("SIC1", "SIC1"), ("Z", "Z"), ("ZI", "ZI"), ("T", "T")]:
            assert await host.ask(command) == f"{reply} {sign}"
        assert await host.ask("TI") == f"TI {sign}"

    on_a_table(scene)


def test_taring_and_zeroing_move_what_is_shown() -> None:
    async def scene(table: Table, host: Host) -> None:
        tared = await host.ask("T")
        assert tared == f"T S {table.cell._tare_g:10.5f} g"
        assert await host.ask("SI") == "S S    0.00000 g"
        assert await host.ask("TA") == tared.replace("T S", "TA A")
        assert await host.ask("TAC") == "TAC A"
        assert await host.ask("SI") == tared.replace("T S", "S S")
        assert await host.ask("TA 40 g") == "TA A   40.00000 g"
        assert float((await host.ask("SI"))[4:14]) == pytest.approx(table.cell._tare_g - 40, abs=1e-9)
        assert await host.ask("Z") == "Z A"
        assert await host.ask("SI") == "S S    0.00000 g"
        assert await host.ask("TA") == "TA A    0.00000 g"

    on_a_table(scene)


def test_in_frozen_time_an_unstable_load_is_told_at_once_and_the_bench_asks_again_later() -> None:
    async def scene(table: Table, host: Host) -> None:
        table.cell.jolted_at_s = 0.0
        assert (await host.ask("SI")).startswith("S D ")
        assert (await host.ask("TI")).startswith("TI D ")
        for command in ("S", "Z", "T"):
            assert await host.ask(command) == f"{command} I"
        table.time.step_to_us(2_000_000)
        assert (await host.ask("S")).startswith("S S ")

    on_a_table(scene)


def test_in_scaled_time_a_stable_weight_is_waited_for() -> None:
    async def scene(table: Table, host: Host) -> None:
        table.cell.jolted_at_s = table.time.now_s()
        assert (await host.ask("S")).startswith("S S ")
        assert table.time.now_s() >= table.cell.jolted_at_s + 2.0

    on_a_table(scene, ClockMode.SCALED, 100.0)


def test_in_scaled_time_waiting_ends_after_five_seconds_of_twin_time() -> None:
    async def scene(table: Table, host: Host) -> None:
        table.time.catch_up()
        start_s = table.time.now_s()
        table.cell.jolted_at_s = start_s + 1000.0
        assert await host.ask("S") == "S I"
        assert table.time.now_s() >= start_s + 5.0

    on_a_table(scene, ClockMode.SCALED, 100.0)


def test_commands_sent_while_waiting_are_answered_in_turn_and_cancel_at_once() -> None:
    async def scene(table: Table, host: Host) -> None:
        table.cell.jolted_at_s = table.time.now_s()
        host.send("S", "I11")
        assert (await host.line()).startswith("S S ")
        assert (await host.line()).startswith("I11 A ")
        table.cell.jolted_at_s = table.time.now_s() + 1e6
        host.send("S", "I11", "@")
        assert await host.line() == 'I4 A "B207696838"'
        assert await host.is_quiet()

    on_a_table(scene, ClockMode.SCALED, 100.0)


def test_a_stream_sends_what_falls_due_during_an_advance_and_ends_with_the_next_weight_command() -> None:
    async def scene(table: Table, host: Host) -> None:
        assert await host.ask("UPD 20") == "UPD A"
        assert await host.ask("UPD") == "UPD A 18.311"
        assert (await host.ask("SIR")).startswith("S S ")
        table.time.step_to_us(1_000_000)
        streamed = [await host.line() for _ in range(18)]
        assert len(set(streamed)) == 18
        table.cell.status = LoadStatus.OVERLOAD
        assert await host.ask("SI") == "S +"
        table.time.step_to_us(2_000_000)
        assert await host.is_quiet()

    on_a_table(scene)


def test_the_update_rate_may_change_while_a_stream_runs() -> None:
    async def scene(table: Table, host: Host) -> None:
        await host.ask("SIR")
        table.time.step_to_us(1_000_000)
        host.send("UPD 23")
        table.time.step_to_us(2_000_000)
        lines = [await host.line() for _ in range(22)]
        assert lines.count("UPD A") == 1

    on_a_table(scene)


def test_send_on_change_tells_leaving_and_arriving_once_each() -> None:
    async def scene(table: Table, host: Host) -> None:
        first = await host.ask("SR")
        assert first.startswith("S S ")
        table.time.step_to_us(1_000_000)
        table.cell.load_g, table.cell.jolted_at_s = 150.0, 1.0
        table.time.step_to_us(10_000_000)
        assert (await host.line()).startswith("S D  150.0")
        assert (await host.line()).startswith("S S  150.0")
        assert (await host.ask("SR 1000 g"))[:4] == "S S "
        table.cell.load_g = 10.0
        table.time.step_to_us(20_000_000)
        assert await host.is_quiet()

    on_a_table(scene)


def test_every_host_hears_of_each_restart_and_loses_its_stream() -> None:
    async def scene(table: Table, host: Host) -> None:
        other = await table.host()
        assert await other.is_quiet()
        await host.ask("T")
        await host.ask("SIR")
        for instant_s in (0.05, 0.06):
            table.twin.timeline.at(instant_s, table.cell.restart)
        table.time.step_to_us(80_000)
        assert [await host.line(), await host.line()] == ['I4 A "B207696838"'] * 2
        assert [await other.line(), await other.line()] == ['I4 A "B207696838"'] * 2
        table.time.step_to_us(5_000_000)
        assert await host.ask("TA") == "TA A    0.00000 g"
        assert await other.is_quiet()

    on_a_table(scene)


def test_five_hosts_at_once_read_the_same_frozen_weight() -> None:
    async def scene(table: Table, host: Host) -> None:
        hosts = [host, *[await table.host() for _ in range(4)]]
        replies = await asyncio.gather(*(each.ask("SI") for each in hosts for _ in range(1)))
        assert len(set(replies)) == 1
        table.time.step_to_us(1_000_000)
        assert await host.ask("SI") not in replies

    on_a_table(scene)


def test_a_command_cut_into_single_bytes_is_one_command_and_an_endless_one_is_refused() -> None:
    async def scene(table: Table, host: Host) -> None:
        for byte in b"I11\r\n":
            host.writer.write(bytes([byte]))
            await asyncio.sleep(0.001)
        assert (await host.line()).startswith("I11 A ")
        host.writer.write(b"x" * 300)
        assert await host.line() == "ET"
        assert await host.is_quiet()

    on_a_table(scene)


def test_the_same_balance_answers_on_a_pty_after_the_driver_has_come_back() -> None:
    async def scene(table: Table, host: Host) -> None:
        path = table.server.open_pty()
        for _ in range(2):
            line = os.open(path, os.O_RDWR | os.O_NOCTTY)
            try:
                os.write(line, b"SI\r\n")
                reply = await asyncio.wait_for(asyncio.to_thread(os.read, line, 100), LIMIT_S)
            finally:
                os.close(line)
            assert reply.decode() == await host.ask("SI") + "\r\n"

    on_a_table(scene)
