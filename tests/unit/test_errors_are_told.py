# SPDX-License-Identifier: Apache-2.0
"""What reaches a person is a BenchFault, a PumpFailure or a PlanError: nothing else leaves the file that raises it.

A built-in exception may be raised where the same file catches it, inside a pydantic model (`load_toml` makes a
PlanError of it), or where it can only mean a mistake in our own code. Files of the last two kinds are listed.
"""

import ast
import builtins
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("cli", "test_plans", "fixtures", "reports", "bench", "instruments")
OTHER_SIDE_OF_THE_WIRE = ROOT / "instruments" / "simulated"
FILES = [
    path
    for floor in FLOORS
    for path in sorted((ROOT / floor).rglob("*.py"))
    if not path.is_relative_to(OTHER_SIDE_OF_THE_WIRE)
]
NEVER = {"Exception", "BaseException", "RuntimeError", "NotImplementedError", "SystemExit"}
BUILT_IN = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)}

MODELS = "a pydantic model: load_toml tells it as a PlanError"
MISTAKE = "only a mistake in our own code can bring it about"
TRANSLATED = {
    "reports/left_out_cells.py": "a validator of a model calls it: Summary.load tells it as a BenchFault",
    "bench/profile/screening_trial.py": MODELS,
    "bench/trace/coverage_map.py": MODELS,
    "bench/offline/absent_instrument.py": "Python asks an object for a part by it, and takes it for a no",
    "bench/rehearsal/finding_to_come.py": "Python asks an object for a part by it, and takes it for a no",
    "bench/rehearsal/rehearsed_infusion.py": "Python asks an object for a part by it, and takes it for a no",
    "bench/bench_file/balance_device.py": MODELS,
    "bench/bench_file/bench_file.py": MODELS,
    "bench/bench_file/driven_device.py": MODELS,
    "bench/bench_file/firmware_images.py": MODELS,
    "bench/bench_file/safe_state_list.py": MODELS,
    "bench/bench_file/sensitivity.py": MODELS,
    "bench/bench_file/surroundings.py": MODELS,
    "bench/profile/alarm_specification.py": MODELS,
    "bench/profile/catheter_specification.py": MODELS,
    "bench/profile/drug_specification.py": MODELS,
    "bench/profile/environment_specification.py": MODELS,
    "bench/profile/movement_specification.py": MODELS,
    "bench/profile/power_specification.py": MODELS,
    "bench/profile/profile.py": MODELS,
    "bench/profile/programming_specification.py": MODELS,
    "bench/profile/rates.py": MODELS,
    "bench/profile/refill_specification.py": MODELS,
    "bench/profile/sourced.py": MODELS,
    "bench/trace/requirements.py": MODELS,
    "groundfloor/toml_file.py": MODELS,
    "groundfloor/regular_file.py": "whoever opens a file catches the OSError of it",
    "instruments/register_map/map.py": MODELS,
    "instruments/register_map/block.py": "registers that do not fit are caught by modbus/line.py",
    "instruments/register_map/codec.py": "a value that fits no register is caught by modbus/line.py",
    "instruments/register_map/point.py": MODELS,
    "bench/therapy/basal_therapy.py": MISTAKE,
    "bench/therapy/changed_therapy.py": MISTAKE,
    "metrology/gravimetry/straight_line.py": MISTAKE,
    "metrology/gravimetry/water_density.py": "only a window of [ambient] beyond 0 to 40 °C can bring it about",
    "metrology/uncertainty/quantity.py": MISTAKE,
    "bench/journal/journal_continuation.py": "bench/journal/journal.py refuses the file with a BenchFault",
    "bench/journal/journal_fallback.py": "bench/journal/journal.py tells it as JournalLost",
    "bench/journal/journal_format.py": "bench/journal/journal_reader.py tells it as a broken journal",
    "bench/journal/journal_file.py": "bench/journal/journal.py tells it as JournalLost",
    "bench/journal/journal_parts.py": "bench/journal/journal.py tells it as JournalLost",
    "bench/safety/keeper/link.py": "the keeper's own end of its pipe",
    "instruments/modbus/rtu_wire.py": "modbus/line.py tells it as a BenchFault",
    "instruments/modbus/tcp_wire.py": "modbus/line.py tells it as a BenchFault",
    "instruments/visa/port.py": "visa/line.py tells it as a BenchFault",
    "instruments/sics/balance.py": "an assertion that a loop was left",
}


def raised(tree: ast.AST) -> set[str]:
    """The built-in exceptions that a file raises by name."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(error, ast.Name) and error.id in BUILT_IN | NEVER:
                names.add(error.id)
    return names


def caught(tree: ast.AST) -> set[str]:
    """What a file catches by name."""
    types = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is not None]
    return {name.id for one in types for name in ast.walk(one) if isinstance(name, ast.Name)}


def is_caught(name: str, caught_names: set[str]) -> bool:
    kind = getattr(builtins, name)
    return any(
        issubclass(kind, getattr(builtins, one)) for one in caught_names if isinstance(one, str) and one in BUILT_IN
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_raises_what_nobody_translates(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = raised(tree)
    assert not names & NEVER
    loose = {name for name in names if not is_caught(name, caught(tree))}
    assert not loose or str(path.relative_to(ROOT)) in TRANSLATED


def test_every_file_on_the_list_is_still_there() -> None:
    assert not [name for name in TRANSLATED if not (ROOT / name).is_file()]


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("raise RuntimeError('no')", True),
        ("raise ValueError('no')", True),
        ("try:\n  raise ValueError('no')\nexcept ValueError:\n  pass", False),
        ("try:\n  raise ConnectionResetError\nexcept OSError:\n  pass", False),
        ("raise BenchFault('rig', 'move', 'stuck')", False),
    ],
)
def test_the_rule_finds_what_it_is_for(text: str, loose: bool) -> None:
    tree = ast.parse(text)
    assert bool([name for name in raised(tree) if not is_caught(name, caught(tree))]) is loose
