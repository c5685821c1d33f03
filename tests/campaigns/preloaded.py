# SPDX-License-Identifier: Apache-2.0
"""What every run imports: a process that has it already is forked for each run, which saves seconds."""

from importlib import import_module

from fixtures.plugin import pytest_plugins

for _module in ("allure_pytest.plugin", "cli.main", "cli.run", *pytest_plugins):
    import_module(_module)
