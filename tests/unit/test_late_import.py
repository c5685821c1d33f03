# SPDX-License-Identifier: Apache-2.0
"""What a run does not use it does not load."""

import subprocess
import sys
from functools import cache
from typing import Any

import pytest

PARTS = ("optimize", "special", "ndimage")
LOADED = f"import sys, types; print(*(type(sys.modules.get('scipy.' + one)) is types.ModuleType for one in {PARTS}))"
ALL_OF_A_RUN = "import bench.infusion, bench.run, fixtures.plugin, cli.run"


def told(code: str, part: str = "optimize") -> str:
    return _told_of_each(code)[PARTS.index(part)]


@cache  # an interpreter that begins takes a second
def _told_of_each(code: str) -> list[str]:
    done: subprocess.CompletedProcess[Any] = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()[-len(PARTS) :]


@pytest.mark.parametrize("part", PARTS)
def test_to_import_what_an_infusion_needs_loads_no_part_of_a_library_that_is_used_later(part: str) -> None:
    assert told(ALL_OF_A_RUN, part) == "False"


def test_a_coverage_factor_loads_none() -> None:
    code = """
from metrology.uncertainty import BudgetLine, Distribution, OutputDistribution
lines = [BudgetLine(str(n), 0.0, "g", 1.0, "B", 5.0 + n, 1.0, 1.0, Distribution.NORMAL) for n in range(2)]
OutputDistribution(lines).coverage_factor(0.95)"""
    assert told(code) == "False"


def test_it_is_there_when_it_is_used() -> None:
    assert told("import metrology, GTC\nfrom scipy.optimize import brentq") == "True"


def test_a_part_that_is_not_there_is_left_alone() -> None:
    code = "from groundfloor.late_import import import_late\nimport_late('json', 'no_such_part')"
    assert told(code) == "False"


@pytest.mark.parametrize("part", ["special", "ndimage"])
def test_what_judging_uses_is_loaded_when_a_run_asks_for_it(part: str) -> None:
    code = "from metrology.loaded_in_time import load_what_judging_uses"
    assert told(code, part) == "False"
    assert told(f"{code}\nload_what_judging_uses()", part) == "True"
