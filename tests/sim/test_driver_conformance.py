# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of drivers: ours and the example keep to it, and what lies, hangs or gives in is found."""

import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench.conformance import Outcome
from bench.conformance.drivers import Asked, DriverFinding, try_driver
from groundfloor.plug_ins import Kind, Offer
from instruments.drivers.plug_in_drivers import PlugInDialect, PlugInPumpDriver
from instruments.drivers.table import PUMP_DRIVERS
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.twin_addresses import TwinAddresses
from instruments.simulated.wires.wire_fault import Framing

EXAMPLE = Path(__file__).parents[2] / "examples" / "column_balance.py"
TIMEOUT_S = 0.2
MASS_G = 59.97012


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def served(handler: Any) -> Iterator[str]:
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"TCPIP::127.0.0.1::{server.server_address[1]}::SOCKET"
        finally:
            server.shutdown()


def tried_balance(folder: Path, good: str = "", bad: str = "", opener: str = "") -> tuple[DriverFinding, ...]:
    """Try the example with one thing of its source changed, against its own twin, which is left as it is."""
    source = EXAMPLE.read_text(encoding="utf-8")
    assert good in source
    (folder / "mine.py").write_text((source.replace(good, bad) if good else source) + opener, encoding="utf-8")
    offer = Offer(Kind.BALANCE, "mine", f"mine.py:{'opened' if opener else 'DIALECT'}", "a test", folder)
    dialect = PlugInDialect(offer, offer.load())
    good_offer = Offer(
        Kind.THERAPY, "twin", f"{EXAMPLE}:Twin", "a test", folder
    )  # a kind that makes nothing of classes
    twin: Any = good_offer.load()
    twin.tare_g = Decimal("0.00000")
    with served(twin) as resource:
        return try_driver(Asked(Kind.BALANCE, dialect, resource, Framing.LINES, "", TIMEOUT_S, True, MASS_G))


def differing(findings: tuple[DriverFinding, ...]) -> dict[str, str]:
    return {one.rule.number: one.seen for one in findings if one.outcome is Outcome.DIFFERS}


def test_the_example_of_a_balance_keeps_to_all_that_can_be_tried(tmp_path: Path) -> None:
    findings = tried_balance(tmp_path)
    assert not differing(findings)
    tried = {one.rule.number for one in findings if one.outcome is Outcome.OK}
    assert tried == {"D-2", "D-3", "D-4", "D-5", "D-6", "D-7", "D-8", "D-9", "B-1"}


def test_a_dialect_that_lies_about_its_unit_is_found_with_the_factor(tmp_path: Path) -> None:
    findings = tried_balance(tmp_path, 'found[2].decode(), found[3] == b"S"', '"kg", found[3] == b"S"')
    assert differing(findings)["B-1"] == "59.9701 g lie on it, mass_g is 59970.1: another unit? It is thousandfold"


HANGS = """

import threading
def opened(access):
    threading.Event().wait()
"""
RAISES = """

def opened(access):
    assert False, "not today"
"""


@pytest.mark.parametrize(
    ("opener", "told"),
    [(HANGS, "it did not come back within"), (RAISES, "it raised AssertionError: not today")],
    ids=["hangs", "raises"],
)
def test_a_plug_in_that_hangs_or_raises_is_told_and_nothing_else_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opener: str, told: str
) -> None:
    monkeypatch.setattr("instruments.drivers.plug_in_drivers.LEAST_S", 0.1)
    monkeypatch.setattr("instruments.drivers.plug_in_drivers.CALLS", 0)
    let_go = threading.Event()
    monkeypatch.setattr(threading, "let_go", let_go, raising=False)
    findings = tried_balance(tmp_path, opener=opener.replace("Event().wait()", "let_go.wait(30.0)"))
    let_go.set()
    assert findings[-1].rule.number == "D-3"
    assert findings[-1].outcome is Outcome.NOT_TRIED
    assert told in findings[-1].seen


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinAddresses]:
    with TwinChild(TwinOptions(clock=ClockMode.REAL)) as addresses:
        yield addresses


def tried_pump(twin: TwinAddresses, driver: object) -> tuple[DriverFinding, ...]:
    return try_driver(Asked(Kind.PUMP, driver, twin.pump, Framing.MODBUS_TCP, "pump", TIMEOUT_S, True))


def test_the_driver_of_modbus_pumps_keeps_to_all_of_it(twin: TwinAddresses) -> None:
    findings = tried_pump(twin, PUMP_DRIVERS["modbus"])
    assert not differing(findings)
    assert {one.outcome for one in findings} == {Outcome.OK}


LYING_PUMP = """
from dataclasses import replace
from instruments.drivers.modbus import ModbusPumpDriver

class Pump:
    def __init__(self, pump):
        self._pump = pump
        self._kept = None
        for verb in ("identify", "load", "differences", "command", "alarm_log", "bolus_log"):
            setattr(self, verb, getattr(pump, verb))
    def read(self):
        READ

class Driver:
    def __init__(self):
        self._driver = ModbusPumpDriver()
        for verb in ("check_address", "check_map", "opens_once"):
            setattr(self, verb, getattr(self._driver, verb))
    def open(self, access, lines):
        return Pump(self._driver.open(access, lines))
"""
IN_ML = "reading = self._pump.read(); return replace(reading, active_rate_ul_per_h=reading.active_rate_ul_per_h / 1000)"
KEEPS_THE_LAST = """
        try:
            self._kept = self._pump.read()
        except Exception:
            pass
        return self._kept
"""


@pytest.mark.parametrize(
    ("reads", "rule", "told"),
    [
        (IN_ML, "P-2", "programmed 40 µL/h, active_rate_ul_per_h is 0.04: another unit? It is a thousandth"),
        (KEEPS_THE_LAST, "D-5", "while nothing gets through: no fault; it gave PumpReading("),
    ],
    ids=["another unit", "keeps the last reading"],
)
def test_a_driver_that_lies_is_found(twin: TwinAddresses, tmp_path: Path, reads: str, rule: str, told: str) -> None:
    (tmp_path / "mine.py").write_text(LYING_PUMP.replace("READ", reads), encoding="utf-8")
    offer = Offer(Kind.PUMP, "mine", "mine.py:Driver", "a test", tmp_path)
    found = differing(tried_pump(twin, PlugInPumpDriver(offer, offer.load())))
    assert found[rule].startswith(told)
    assert "mine" not in sys.modules
