# SPDX-License-Identifier: Apache-2.0
"""The dialects that the simulated balance speaks, by the names that a bench file calls them.

A file in `spoken/` is one dialect: `a_and_d.py` with its `DIALECT` is `a-and-d`.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from instruments.simulated.balance import spoken
from instruments.simulated.balance.dialect import MakeDialect

DEFAULT_DIALECT = "mt-sics"
SIMULATED_DIALECTS: Mapping[str, MakeDialect] = {
    module.name.replace("_", "-"): import_module(f"{spoken.__name__}.{module.name}").DIALECT
    for module in sorted(iter_modules(spoken.__path__), key=lambda one: one.name)
}
