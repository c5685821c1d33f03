# SPDX-License-Identifier: Apache-2.0
"""Files are read as data: nothing in the product runs code out of one, and the programs that are started are fixed."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("cli", "test_plans", "fixtures", "reports", "bench", "instruments")
FILES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]

RUN_WHAT_THEY_READ = frozenset(
    {
        "pickle",
        "cPickle",
        "_pickle",
        "dill",
        "cloudpickle",
        "jsonpickle",
        "joblib",
        "marshal",
        "shelve",
        "yaml",
        "runpy",
    }
    | {"code", "codeop", "imp", "xmlrpc", "multiprocessing"}
)
CALLS = frozenset({"eval", "exec", "compile", "__import__", "execfile"})
METHODS = frozenset(
    {"read_pickle", "to_pickle", "import_module", "exec_module", "run_path", "run_module"}
    | {"system", "popen", "execv", "execve", "execvp", "execl", "spawnv", "spawnl", "create_subprocess_shell"}
)
STARTS_A_PROGRAM = {
    "cli/bundle_install.py": "pip of the environment that it has just made, with files whose hashes were checked",
    "cli/bundle_wheels.py": "pip of our own environment, with fixed options",
    "bench/safety/keeper/link.py": "our own interpreter with a module of ours",
    "cli/command_alone.py": "our own interpreter with pumpbench, in a session that is ended with it",
    "instruments/simulated/twin/twin_child.py": "our own interpreter with a module of ours",
    "reports/node.py": "the Node of a Python package, with a script that was verified",
    "reports/software.py": "git, found on the user's own path, with fixed arguments",
}


IMPORTS_WHAT_IT_IS_TOLD = {"instruments/drivers/named.py": ["exec_module", "import_module"]}
"""A driver that a bench file names by its place; only opening the devices imports it, reading the file does not."""


def dangers(tree: ast.AST) -> list[str]:
    """What in a file could run code that was read, or a program that is not fixed."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.split(".")[0] in RUN_WHAT_THEY_READ]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in RUN_WHAT_THEY_READ:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            found += _dangers_of_call(node)
    return found


def _dangers_of_call(node: ast.Call) -> list[str]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in CALLS:
        return [function.id]
    if isinstance(function, ast.Attribute) and function.attr in METHODS:
        return [function.attr]
    keywords = {one.arg: one.value for one in node.keywords}
    odd = [name for name in ("shell", "allow_pickle") if name in keywords]
    return [f"{name}=" for name in odd if not (isinstance(one := keywords[name], ast.Constant) and one.value is False)]


def starts(tree: ast.AST) -> list[ast.Call]:
    """Calls into `subprocess`."""
    verbs = {"Popen", "run", "call", "check_call", "check_output"}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "subprocess"
        and node.func.attr in verbs
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_the_product_runs_what_it_reads(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    assert sorted(dangers(tree)) == IMPORTS_WHAT_IT_IS_TOLD.get(name, [])
    if "subprocess" in path.read_text(encoding="utf-8") and starts(tree):
        assert name in STARTS_A_PROGRAM


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from yaml import load",
        "eval(text)",
        "exec(text)",
        "__import__(name)",
        "importlib.import_module(name)",
        "os.system(text)",
        "subprocess.run(text, shell=True)",
        "subprocess.run(text, shell=flag)",
        "numpy.load(path, allow_pickle=True)",
        "pandas.read_pickle(path)",
    ],
)
def test_the_rule_finds_what_it_is_for(text: str) -> None:
    assert dangers(ast.parse(text))
