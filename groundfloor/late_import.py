# SPDX-License-Identifier: Apache-2.0
"""Parts of libraries that are loaded when something in them is first used, whoever asked for them before."""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def import_late(package: str, part: str) -> None:
    """Have `package.part` loaded at its first use; one that is loaded, or is not there, is left as it is.

    For what takes long to load and much memory, and what most runs never use: Python's own `LazyLoader` stands for it.
    """
    name = f"{package}.{part}"
    if name in sys.modules:
        return
    spec = find_spec(name)  # loads the package
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    setattr(sys.modules[package], part, module)  # or `from package import part` would load it
