# SPDX-License-Identifier: Apache-2.0
"""Devices are opened in one place, by the driver that the bench file names."""

import ast
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from groundfloor.errors import PlanError
from groundfloor.plug_ins import PlugInTable
from instruments.drivers.open_lines import OpenLines
from instruments.drivers.table import BALANCE_DIALECTS, PUMP_DRIVERS, RIG_DRIVERS
from tests.unit.test_bench_file import example, load

ROOT = Path(__file__).parents[2]
ABOVE_THE_INSTRUMENTS = ("bench", "cli", "fixtures", "reports", "test_plans")
TRIES_THE_WIRE = ROOT / "bench" / "conformance"
"""What a rig must do on the wire, it tries on the wire."""
BRANDS = ("instruments.modbus", "instruments.sics")


class Line:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


class OtherLine(Line):
    pass


def test_no_floor_above_the_instruments_knows_a_brand() -> None:
    """A driver of the user's own is one more row of the table only while nobody opens a device by himself."""
    knows = [
        f"{path.relative_to(ROOT)}: {node.module}"
        for floor in ABOVE_THE_INSTRUMENTS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if TRIES_THE_WIRE not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(BRANDS)
    ]
    assert not knows


def test_a_bench_file_that_names_no_driver_has_todays(tmp_path: Path) -> None:
    file = load(example(), tmp_path)
    assert (file.pump.driver, file.rig.driver, file.balance.dialect) == ("modbus", "modbus", "mt-sics")


@pytest.mark.parametrize(
    ("table", "key", "known"),
    [
        ("pump", "driver", sorted(PUMP_DRIVERS)),
        ("rig", "driver", sorted(RIG_DRIVERS)),
        ("balance", "dialect", sorted(BALANCE_DIALECTS)),
    ],
)
def test_an_unknown_driver_is_refused_with_the_ones_that_are_known(
    table: str, key: str, known: list[str], tmp_path: Path
) -> None:
    content = example()
    content[table][key] = "own"
    with pytest.raises(PlanError) as told:
        load(content, tmp_path)
    assert f"{table}.{key}: there is no such driver; there is: {', '.join(known)}" in told.value.seen


def test_a_row_of_the_table_is_all_that_a_driver_of_ones_own_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in (PUMP_DRIVERS, RIG_DRIVERS):
        assert isinstance(table, PlugInTable)
        monkeypatch.setitem(table.ours, "own", OwnDriver())  # type: ignore[arg-type]  # not to be changed but here
    content = example()
    for table_name in ("pump", "rig"):
        content[table_name] |= {"driver": "own", "address": "own:7"}
    assert BenchFile.model_validate(load(content, tmp_path)).pump.address == "own:7"
    content["rig"]["address"] = "tcp://h:1"
    with pytest.raises(PlanError, match=r"rig\.address: it does not begin with own:"):
        load(content, tmp_path)


class OwnDriver:
    def check_address(self, address: str) -> None:
        if not address.startswith("own:"):
            raise PlanError("address", "parse", "it does not begin with own:", "let it")


def test_devices_on_one_address_share_one_line_which_is_opened_once() -> None:
    lines, opened = OpenLines(), [Line(), Line()]
    first = lines.shared("here", Line, lambda: opened[0])
    assert lines.shared("here", Line, lambda: opened[1]) is first
    assert lines.shared("there", Line, lambda: opened[1]) is opened[1]
    lines.close()
    assert [line.closed for line in opened] == [True, True]


def test_a_line_that_was_closed_is_opened_anew() -> None:
    lines, again = OpenLines(), Line()
    lines.shared("here", Line, Line)
    lines.close()
    assert lines.shared("here", Line, lambda: again) is again


def test_two_kinds_of_driver_on_one_address_are_refused() -> None:
    lines = OpenLines()
    lines.shared("here", Line, Line)
    with pytest.raises(PlanError, match="it is open as a Line, wanted as a OtherLine"):
        lines.shared("here", OtherLine, OtherLine)
