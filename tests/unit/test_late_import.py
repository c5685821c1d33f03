# SPDX-License-Identifier: Apache-2.0
"""What a run does not use it does not load."""

import subprocess
import sys
from typing import Any

LOADED = "import sys, types; print(type(sys.modules.get('scipy.optimize')) is types.ModuleType)"


def told(code: str) -> str:
    done: subprocess.CompletedProcess[Any] = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    return str(done.stdout.split()[-1])


def test_what_an_infusion_needs_loads_no_optimizer() -> None:
    assert told("import bench.infusion, bench.run, fixtures.plugin, cli.run") == "False"


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
