# SPDX-License-Identifier: Apache-2.0
"""The pytest plug-in that comes with an installed pumpbench: `pytest --bench=FILE` in anybody's own repository.

Every pytest of an environment loads this module, so it imports nothing of ours and adds one option. Only where that
option is given do fixtures, markers, hooks and the other options come in. Without it the one thing that it does is to
keep pytest out of run folders. A run of the command `pumpbench` brings the bench in by itself and blocks this module.
"""

import importlib
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

PLUGIN = "fixtures.plugin"
OPTION = "--bench"
_HELP = "run on a drug-pump bench: a bench file, or 'simulated' to start a twin"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add `--bench`, and all else of the bench where it is given; nothing where `-p` has brought all of it."""
    if pluginmanager.hasplugin(PLUGIN):
        return
    parser.getgroup("pumpbench", "the drug-pump bench").addoption(OPTION, metavar="FILE", help=_HELP)
    config: Any = pluginmanager.get_plugin("pytestconfig")
    words = [*map(str, config.invocation_params.args), *shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))]
    if any(word == OPTION or word.startswith(f"{OPTION}=") for word in words):
        _bring_in(pluginmanager)


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Bring the bench in where only an ini file asks for it."""
    if early_config.known_args_namespace.bench is not None:
        _bring_in(early_config.pluginmanager)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave run folders alone: the plans that they keep are evidence, and no tests of the repository."""
    is_run = (collection_path / "journal.jsonl").is_file() and (collection_path / "collected.json").is_file()
    return True if is_run else None


def _bring_in(pluginmanager: pytest.PytestPluginManager) -> None:
    """Load the bench, if our packages are ours.

    Raises:
        pytest.UsageError: a package of the repository, or of another distribution, hides one of ours.
    """
    if pluginmanager.hasplugin(PLUGIN):
        return
    import pumpbench  # not before it is needed

    if hidden := pumpbench.shadowed():
        raise pytest.UsageError(hidden)
    importlib.import_module("test_plans")  # or a folder of the repository with this name takes its place
    pytest.register_assert_rewrite("fixtures")  # or pytest warns of each module that another of them has imported
    for name in ("allure_pytest", PLUGIN):
        pluginmanager.import_plugin(name, consider_entry_points=True)
