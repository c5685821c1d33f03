# SPDX-License-Identifier: Apache-2.0
"""What it costs to add a balance dialect: a driver and a twin, and the two know nothing of each other."""

import ast
from functools import cache
from pathlib import Path

import pytest

from instruments.drivers.table import BALANCE_DIALECTS
from instruments.simulated.balance.dialects import SIMULATED_DIALECTS

ROOT = Path(__file__).parents[2]
PRODUCT = ("bench", "cli", "fixtures", "groundfloor", "instruments", "metrology", "reports", "test_plans")
TABLE = "instruments/drivers/table.py"
ADDED = sorted(set(BALANCE_DIALECTS) - {"mt-sics"})


@cache
def content(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(content(path))


def imported(path: Path) -> set[str]:
    return {node.module or "" for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom)}


def texts(path: Path) -> set[str]:
    constants = (node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def files_that_know(dialect: str) -> set[str]:
    """Every file of the product that is the dialect's own, imports one of its files, or has its word as a text."""
    module = dialect.replace("-", "_")
    own = {f"instruments.balances.{module}", f"instruments.simulated.balance.spoken.{module}"}
    return {
        str(path.relative_to(ROOT))
        for package in PRODUCT
        for path in (ROOT / package).rglob("*.py")
        if path.stem == module
        or ((dialect in content(path) or module in content(path)) and (imported(path) & own or dialect in texts(path)))
    }


def test_every_dialect_of_a_bench_file_has_a_twin_that_speaks_it() -> None:
    assert set(BALANCE_DIALECTS) == set(SIMULATED_DIALECTS)


@pytest.mark.parametrize("dialect", [one for one in ADDED if one != "kcp"])
def test_a_dialect_is_one_driver_and_one_twin(dialect: str) -> None:
    module = dialect.replace("-", "_")
    wanted = {f"instruments/balances/{module}.py", f"instruments/simulated/balance/spoken/{module}.py"}
    assert files_that_know(dialect) == wanted


def test_a_language_of_mt_sics_names_itself_where_its_lines_are_known_too() -> None:
    """Lines of Kern and Mettler-Toledo are the same, so who hears one names both."""
    assert files_that_know("kcp") == {
        "instruments/balances/kcp.py",
        "instruments/simulated/balance/spoken/kcp.py",
        "instruments/balances/first_contact.py",
        TABLE,
    }


def test_driver_and_twin_share_no_code() -> None:
    twin = sorted((ROOT / "instruments" / "simulated").rglob("*.py"))
    driver = [path for room in ("balances", "sics", "visa") for path in (ROOT / "instruments" / room).rglob("*.py")]
    assert twin
    assert driver
    rooms = ("instruments.balances", "instruments.sics", "instruments.visa", "instruments.drivers")
    assert not [path for path in twin for name in imported(path) if name.startswith(rooms)]
    assert not [path for path in driver for name in imported(path) if name.startswith("instruments.simulated")]


@pytest.mark.parametrize("dialect", ADDED)
def test_what_is_documented_and_what_is_assumed_is_told_apart(dialect: str) -> None:
    path = ROOT / "instruments" / "balances" / f"{dialect.replace('-', '_')}.py"
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert "Documented (" in told
    assert "*Assumed*" in told
