# SPDX-License-Identifier: Apache-2.0
"""Plug-ins stand in the tables like rows of our own; what is wrong with one is told by its name, and opens nothing."""

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

from bench.corrections import CORRECTIONS
from bench.injectors import injector_named
from bench.therapy import therapy_from
from cli.lists import Listed, print_list
from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.plug_ins import Kind, PlugInTable
from groundfloor.plug_ins.guarded import guarded
from groundfloor.plug_ins.offer import of_distributions
from groundfloor.project import PROJECT_VARIABLE
from instruments.balance import Balance, MassReading
from instruments.balance_access import BalanceAccess
from instruments.device_access import DeviceAccess
from instruments.drivers.named import driver_named
from instruments.drivers.open_lines import OpenLines
from instruments.drivers.table import BALANCE_DIALECTS, PUMP_DRIVERS
from instruments.internal_test import SelfTestingBalance
from instruments.pump import PumpReading, PumpState
from instruments.simulated.specimen.defects import CATALOGUE, DEFECTS
from instruments.simulated.twin.twin import Twin
from tests.unit.test_project import MINIMAL, written

EXAMPLES = Path(__file__).parents[2] / "examples"
READING = PumpReading(1.0, PumpState.STOPPED, 0.0, 0.0, 20000.0, 90.0, 0.0, frozenset(), 0, 0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offering(folder: Path, kind: str, name: str, code: str, attribute: str = "IT") -> None:
    """Write a project that offers one plug-in."""
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    written(folder, f'{MINIMAL}[plugins.{kind}]\n{name} = "{name}.py:{attribute}"\n')


def table(kind: Kind = Kind.PUMP, ours: Mapping[str, object] | None = None) -> PlugInTable[object]:
    return PlugInTable(kind, ours or {}, lambda _offer, found: found)


def test_nothing_is_imported_until_somebody_asks_for_it_by_name(project: Path) -> None:
    offering(project, "pump", "loud", "raise RuntimeError('imported')\n")
    rows = table(ours={"modbus": 1})
    assert sorted(rows) == ["loud", "modbus"]
    assert "loud" in rows
    assert rows["modbus"] == 1
    with pytest.raises(PlanError, match="importing it raised RuntimeError: imported"):
        rows["loud"]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import no_such_module\n", "importing it raised ModuleNotFoundError"),
        ("PUMPBENCH_INTERFACE = 99\nIT = 1\n", "written for plug-in interface 99, and this pumpbench has 1"),
        ("Id = 1\n", "the module has no 'IT'. Next: it has: Id"),
        ("class IT: pass\n", "IT has no open, no check_address, no check_map, no opens_once"),
        ("def IT(: pass\n", "importing it raised SyntaxError"),
        ("import sys\nsys.exit(0)\n", "importing it raised SystemExit: 0"),
        ("class IT:\n    def __init__(self): raise SystemExit(0)\n", "making a IT raised SystemExit: 0"),
    ],
)
def test_a_driver_that_cannot_be_used_says_why_with_its_name_and_place(project: Path, code: str, told: str) -> None:
    offering(project, "pump", "mine", code)
    with pytest.raises(PlanError) as wrong:
        PUMP_DRIVERS["mine"]
    assert told in str(wrong.value)
    assert str(wrong.value).startswith("pump plug-in 'mine' (mine.py:IT, from the project file): ")


def test_a_folder_that_is_taken_away_under_a_run_has_no_project(project: Path) -> None:
    gone = project / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    try:
        assert sorted(PUMP_DRIVERS) == ["modbus"]
    finally:
        os.chdir(project)


def test_a_plug_in_cannot_take_the_place_of_one_of_ours(project: Path) -> None:
    offering(project, "pump", "modbus", "IT = 1\n")
    with pytest.raises(PlanError, match="pumpbench itself has one of this name"):
        "other" in PUMP_DRIVERS  # noqa: B015  # looking is what tells


def test_two_plug_ins_of_one_name_are_refused_with_both_their_places(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = project / "theirs" / "theirs-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[pumpbench.pump]\nmine = theirs:Driver\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(info.parent), *sys.path])
    of_distributions.cache_clear()
    offering(project, "pump", "mine", "IT = 1\n")
    try:
        with pytest.raises(PlanError) as wrong:
            sorted(table())
    finally:
        of_distributions.cache_clear()
    assert "theirs:Driver from theirs and mine.py:IT from the project file both bear this name" in str(wrong.value)


def test_every_example_stands_in_its_table(project: Path) -> None:
    places = {
        "balance": ("column", "column_balance.py:DIALECT"),
        "injector": ("supply_dip", "supply_dip.py:INJECTOR"),
        "therapy": ("ramp", "ramp.py:Ramp"),
        "defect": ("worn_rotor", "worn_rotor.py:DEFECT"),
        "correction": ("linearity_table", "linearity_table.py:CORRECTION"),
    }
    lines = [f'[plugins.{kind}]\n{name} = "{EXAMPLES / place}"\n' for kind, (name, place) in places.items()]
    written(project, MINIMAL + "".join(lines))
    assert "column" in BALANCE_DIALECTS
    assert CORRECTIONS["linearity_table"].version == "certificate DKD-4711"
    assert injector_named("supply_dip").name == "supply_dip"
    ramp = therapy_from({"mode": "ramp", "from_ul_per_h": 10.0, "to_ul_per_h": 40.0, "steps": 4})
    assert ramp.volume_ul(0.0, 86400.0, 0.0) == pytest.approx((10 + 20 + 30 + 40) * 6.0)
    assert DEFECTS["worn_rotor"].default == 0.3
    assert set(DEFECTS) == {*CATALOGUE, "worn_rotor"}


@pytest.mark.parametrize("kind", ["injector", "defect"])
def test_what_calls_itself_otherwise_than_it_is_offered_is_refused(project: Path, kind: str) -> None:
    source = (EXAMPLES / {"injector": "supply_dip.py", "defect": "worn_rotor.py"}[kind]).read_text(encoding="utf-8")
    offering(project, kind, "renamed", source, {"injector": "INJECTOR", "defect": "DEFECT"}[kind])
    look = injector_named if kind == "injector" else DEFECTS.__getitem__
    with pytest.raises(PlanError, match="renamed"):
        look("renamed")


# --- guarded calls ----------------------------------------------------------------------------------------------------
class _Pump:
    """Does what a test tells it to."""

    fencing_token = 7

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def read(self) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer() if callable(self.answer) else self.answer


class _Reads:
    """The protocol that the tests hold it to."""

    def read(self) -> PumpReading:
        """Read."""
        raise NotImplementedError


@pytest.mark.parametrize("limit_s", [None, 60.0])
@pytest.mark.parametrize(
    "error", [AssertionError("my own check"), ValueError("no number"), KeyError("state"), SystemExit(0)]
)
def test_an_error_of_a_plug_in_is_the_rigs_trouble_and_no_failure_of_the_pump(
    error: Exception, limit_s: float | None
) -> None:
    pump = guarded(_Pump(error), "pump plug-in 'mine'", _Reads, limit_s, last="read")
    with pytest.raises(BenchFault) as fault:
        pump.read()
    assert not isinstance(fault.value, AssertionError)
    assert f"pump plug-in 'mine': read: it raised {type(error).__name__}" in str(fault.value)


@pytest.mark.parametrize("error", [BenchFault("a", "b", "c"), PumpFailure("a", "b", "c"), PlanError("a", "b", "c")])
def test_an_error_of_ours_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as passed:
        guarded(_Pump(error), "it", _Reads).read()
    assert passed.value is error


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "it returned None, no PumpReading"),
        (replace(READING, active_rate_ul_per_h="40"), "its active_rate_ul_per_h is '40', no float"),
        (replace(READING, counter_ul=float("inf")), "its counter_ul is inf, no float"),
        (replace(READING, state="stopped"), "its state is 'stopped', no PumpState"),
        (replace(READING, alarm_log_count=True), "its alarm_log_count is True, no int"),
    ],
)
def test_an_answer_of_another_type_never_becomes_a_value(answer: object, told: str) -> None:
    with pytest.raises(BenchFault) as fault:
        guarded(_Pump(answer), "it", _Reads).read()
    assert told in str(fault.value)


def test_a_whole_reading_passes_and_a_pressure_that_is_not_there_too() -> None:
    reading = replace(READING, catheter_pressure_kpa=float("nan"))
    assert guarded(_Pump(reading), "it", _Reads, 5.0).read() is reading


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    let_go = threading.Event()
    yield let_go
    let_go.set()


def test_a_call_that_hangs_is_given_up_and_the_device_is_not_asked_again(hanging: threading.Event) -> None:
    pump = guarded(_Pump(hanging.wait), "pump plug-in 'mine'", _Reads, 0.05)
    with pytest.raises(BenchFault, match=r"it did not come back within 0\.05 s"):
        pump.read()
    with pytest.raises(BenchFault, match="its read has still not come back, so it is not asked any more"):
        pump.read()


def test_a_guarded_device_keeps_its_attributes_and_its_abilities() -> None:
    class SelfTesting(_Pump):
        def test_internally(self, wait: object) -> str:
            return f"{wait}"

    plain, able = (guarded(one(READING), "it", Balance) for one in (_Pump, SelfTesting))
    plain.fencing_token = 8
    assert plain.fencing_token == 8
    assert isinstance(able, SelfTestingBalance)
    assert not isinstance(plain, SelfTestingBalance)


def test_a_verb_that_calls_back_is_called_in_the_thread_of_whoever_asks() -> None:
    class Calls:
        def test_internally(self, wait: Any) -> Any:
            return wait()

    seen = guarded(Calls(), "it", Calls, 5.0).test_internally(threading.current_thread)
    assert seen is threading.current_thread()


LYING_BALANCE = """
from instruments.balance import BalanceIdentity

class Lying:
    closed = 0
    def identify(self): return BalanceIdentity("m", "s", "f", 220.0)
    def read_mass_g(self): return 59.97
    def read_stable_mass_g(self): raise AssertionError("no")
    def tare(self): pass
    def zero(self): pass
    def close(self): Lying.closed += 1

def IT(access): return Lying()
"""


def test_a_balance_that_returns_a_bare_number_is_told_and_can_be_closed(project: Path) -> None:
    offering(project, "balance", "lying", LYING_BALANCE)
    balance = BALANCE_DIALECTS["lying"](BalanceAccess("x"))
    with pytest.raises(BenchFault, match=r"read_mass_g: it returned 59.97, no MassReading"):
        balance.read_mass_g()
    with pytest.raises(BenchFault, match="it raised AssertionError"):
        balance.read_stable_mass_g()
    balance.close()
    assert MassReading(1.0, stable=True).mass_g == 1.0


WHOLE = """
from instruments.drivers.modbus import ModbusPumpDriver

class Pump:
    def __getattr__(self, name): return lambda *_: None
    def read(self): assert False, "a check of its own"
    identify = load = differences = command = alarm_log = bolus_log = close = read

class IT:
    def check_address(self, address): assert address, "no address"
    def check_map(self, access): pass
    def opens_once(self, access): return True
    def open(self, access, lines): return Pump()
"""


def test_a_driver_that_a_bench_file_names_by_its_place_is_guarded_as_well(project: Path) -> None:
    """Its `assert` must not look like a failure of the pump."""
    (project / "mine.py").write_text(WHOLE, encoding="utf-8")
    place = f"{project / 'mine.py'}:IT"
    driver = driver_named(PUMP_DRIVERS, place)
    pump = driver.open(DeviceAccess("somewhere", "pump"), OpenLines())
    told = f"pump plug-in 'IT' ({place}, from the bench file): "
    for verb in (pump.read, pump.identify):
        with pytest.raises(BenchFault) as fault:
            verb()
        assert "it raised AssertionError: a check of its own" in str(fault.value)
        assert str(fault.value).startswith(told)
    with pytest.raises(BenchFault, match="it raised AssertionError: no address"):
        driver.check_address("")


@pytest.mark.parametrize(("code", "told"), [("raise SystemExit(0)\n", "SystemExit"), ("class IT: pass\n", "no open")])
def test_a_place_whose_code_cannot_be_used_is_told(project: Path, code: str, told: str) -> None:
    (project / "mine.py").write_text(code, encoding="utf-8")
    with pytest.raises(PlanError, match=told):
        driver_named(PUMP_DRIVERS, f"{project / 'mine.py'}:IT")


def test_a_plug_in_that_cannot_be_used_hides_no_other_in_the_list(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offering(project, "defect", "broken", "raise RuntimeError('no licence')\n")
    with pytest.raises(typer.Exit):
        print_list(Listed.DEFECTS)
    shown = capsys.readouterr().out
    assert "RuntimeError: no licence" in " ".join(shown.split())
    assert "rate_bias" in shown


def test_a_defect_that_there_is_not_is_told_with_the_nearest_name() -> None:
    with pytest.raises(PlanError) as unknown:
        Twin.assemble("implantable-20ml", 1, ["rate_bais=0.2"])
    told = str(unknown.value)
    assert "did you mean 'rate_bias'? `pumpbench run --list defects` shows all" in told
    assert len(told) < 200


HALF_A_PUMP = """
class Line:
    closed = False
    def close(self): Line.closed = True

class IT:
    def check_address(self, address): pass
    def check_map(self, access): pass
    def opens_once(self, access): return True
    def open(self, access, lines):
        lines.shared(access.address, Line, Line)
        return object()
"""


def test_a_driver_that_opens_half_a_pump_is_refused_and_its_line_is_let_go(project: Path) -> None:
    offering(project, "pump", "half", HALF_A_PUMP)
    lines = OpenLines()
    driver = PUMP_DRIVERS["half"]
    with pytest.raises(PlanError, match="what it opened, a object, has no identify, no load"):
        driver.open(DeviceAccess("somewhere", "pump"), lines)
    (line,) = lines._lines.values()
    lines.close()
    assert getattr(line, "closed")  # noqa: B009


def test_a_plug_in_that_bears_a_name_of_ours_is_refused_also_where_ours_is_asked_for(project: Path) -> None:
    offering(project, "pump", "modbus", "IT = 1\n")
    with pytest.raises(PlanError, match="pumpbench itself has one of this name"):
        table(ours={"modbus": 1})["modbus"]
