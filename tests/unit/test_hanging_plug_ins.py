# SPDX-License-Identifier: Apache-2.0
"""A plug-in that hangs, or breaks while it is let go, holds up nothing: it is named, and everything else is closed."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundfloor.errors import BenchFault, PlanError
from groundfloor.plug_ins import Kind, Offer
from instruments.device_access import DeviceAccess
from instruments.drivers import plug_in_drivers
from instruments.drivers.named import driver_named
from instruments.drivers.open_lines import OpenLines
from instruments.drivers.plug_in_drivers import PlugInPumpDriver
from instruments.drivers.table import PUMP_DRIVERS

ACCESS = DeviceAccess("somewhere", "pump", timeout_s=0.01)
SHORT_S = 0.05
VERBS = ("identify", "load", "differences", "command", "read", "alarm_log", "bolus_log")


@pytest.fixture
def let_go(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What hanging code waits for; it goes on when the test is over."""
    monkeypatch.setattr(plug_in_drivers, "LEAST_S", SHORT_S)
    event = threading.Event()
    yield event
    event.set()


class Pump:
    def __init__(self, close: Any) -> None:
        self.close = close
        for verb in VERBS:
            setattr(self, verb, lambda *_: None)


class Driver:
    """A driver of which one verb is another."""

    def __init__(self, **other: Any) -> None:
        self.close: Any = lambda: None
        self.lines = True
        for name, value in other.items():
            setattr(self, name, value)

    def check_address(self, address: str) -> None: ...

    def check_map(self, access: DeviceAccess) -> None: ...

    def opens_once(self, access: DeviceAccess) -> bool:
        return True

    def lacks(self, access: DeviceAccess) -> Any:
        return {}

    def open(self, access: DeviceAccess, lines: OpenLines) -> Pump:
        pump = Pump(self.close)
        return lines.shared(access.address, Pump, lambda: pump) if self.lines else pump


def offered(driver: Driver) -> PlugInPumpDriver:
    return PlugInPumpDriver(Offer(Kind.PUMP, "mine", "mine.py:Driver", "a test", Path()), driver)


@pytest.mark.parametrize("verb", ["check_address", "check_map", "lacks", "opens_once"])
def test_a_driver_that_hangs_before_anything_is_open_is_given_up(let_go: threading.Event, verb: str) -> None:
    driver = offered(Driver(**{verb: lambda *_: let_go.wait(30.0)}))
    with pytest.raises(BenchFault, match=rf"pump plug-in 'mine'.*: {verb}: it did not come back within 0\.05 s"):
        getattr(driver, verb)(ACCESS)


@pytest.mark.parametrize("over_a_line", [True, False])
def test_a_pump_that_hangs_while_it_is_let_go_is_given_up_and_the_other_lines_are_let_go(
    let_go: threading.Event, over_a_line: bool
) -> None:
    lines, others = OpenLines(), Pump(lambda: closed.append(True))
    closed: list[bool] = []
    lines.shared("before", Pump, lambda: others)
    offered(Driver(close=lambda: let_go.wait(30.0), lines=over_a_line)).open(ACCESS, lines)
    with pytest.raises(BenchFault, match=r"pump plug-in 'mine'.*: close: it did not come back within 0\.05 s"):
        lines.close()
    assert closed == [True]


def test_a_pump_that_was_opened_over_no_line_is_let_go_with_the_lines(let_go: threading.Event) -> None:
    lines, closed = OpenLines(), []
    offered(Driver(close=lambda: closed.append(True), lines=False)).open(ACCESS, lines)
    lines.close()
    assert closed == [True]


def test_a_pump_of_a_plug_in_shares_its_line_with_a_driver_of_ours(let_go: threading.Event) -> None:
    lines, closed = OpenLines(), []
    offered(Driver(close=lambda: closed.append(True))).open(ACCESS, lines)
    assert isinstance(lines.shared(ACCESS.address, Pump, lambda: Pump(None)), Pump)
    lines.close()
    assert closed == [True]


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        (None, "it returned None, no mapping. Next: return {name: (what is missing, …)}"),
        (["battery"], r"it returned ['battery'], no mapping"),
        ({"battery": "no word"}, "it returned {'battery': 'no word'}"),
        ({"batery": ("no word",)}, "it names 'batery', which no profile promises. Next: write 'battery'"),
    ],
)
def test_what_a_driver_lacks_is_told_in_a_way_that_can_be_read(let_go: threading.Event, lacks: Any, told: str) -> None:
    with pytest.raises(BenchFault) as fault:
        offered(Driver(lacks=lambda _: lacks)).lacks(ACCESS)
    assert f"lacks: {told}" in str(fault.value)


@pytest.mark.parametrize(
    "code",
    [
        "import threading\nthreading.Event().wait(1.0)\n",
        "class IT:\n  def __init__(self):\n   import threading\n   threading.Event().wait(1.0)\n",
    ],
)
@pytest.mark.parametrize("by_place", [True, False])
def test_code_that_waits_while_it_is_imported_or_made_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, by_place: bool
) -> None:
    monkeypatch.setattr("groundfloor.plug_ins.loaded_in_time.LIMIT_S", SHORT_S)
    (tmp_path / "mine.py").write_text(code, encoding="utf-8")
    offer = Offer(Kind.PUMP, "mine", f"{tmp_path / 'mine.py'}:IT", "a test", tmp_path)
    with pytest.raises(PlanError, match=r"(import|make): it did not come back within 0\.05 s"):
        driver_named(PUMP_DRIVERS, offer.place) if by_place else offer.load()


def test_a_driver_named_by_its_place_says_what_it_was_written_for_too(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("PUMPBENCH_INTERFACE = 99\nclass IT: pass\n", encoding="utf-8")
    with pytest.raises(PlanError, match="written for plug-in interface 99, and this pumpbench has 1"):
        driver_named(PUMP_DRIVERS, f"{tmp_path / 'old.py'}:IT")


def test_a_pump_named_by_its_place_is_given_up_as_any_other(let_go: threading.Event, tmp_path: Path) -> None:
    offer = Offer(Kind.PUMP, "mine", "mine.py:Driver", "the bench file", tmp_path)
    driver = PlugInPumpDriver(offer, Driver(open=lambda *_: let_go.wait(30.0)))
    with pytest.raises(BenchFault, match=r"open: it did not come back within 0\.05 s"):
        driver.open(ACCESS, OpenLines())
