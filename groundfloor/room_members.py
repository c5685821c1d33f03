# SPDX-License-Identifier: Apache-2.0
"""The members of a room: what each file of a package offers under one name, so that a new member is one file.

INJECTORS = room_members("bench.injectors.kinds", "INJECTOR")
"""

from importlib import import_module
from pkgutil import iter_modules


def room_members(room: str, name: str) -> tuple[object, ...]:
    """Return what the modules of the package `room` call `name`, in the order of their files' names.

    Args:
        room: the full name of a package.
        name: of the attribute; a module without it offers nothing.
    """
    package = import_module(room)
    modules = (import_module(f"{room}.{one.name}") for one in iter_modules(package.__path__))
    return tuple(vars(module)[name] for module in modules if name in vars(module))
