# SPDX-License-Identifier: Apache-2.0
"""Drivers by name, or by the place of their code: `package.module:Class`, or `path/to/driver.py:Class`.

A bench file that names a place is only read until somebody opens its devices: reading it, in a record of somebody
else's for one, runs nothing.
"""

import difflib
import importlib
import importlib.util
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from groundfloor.errors import BenchFault, PlanError
from groundfloor.plug_ins import OF_BENCH_FILE, Offer, PlugInTable
from groundfloor.plug_ins.loaded_in_time import loaded_in_time
from groundfloor.plug_ins.offer import refuse_other_interface
from groundfloor.printable import one_line
from instruments.device_access import DeviceAccess
from instruments.program import Mode
from instruments.pump_feature import PumpFeature

_PLACE = re.compile(r"^(?P<module>.+\.py|[A-Za-z_][\w.]*):(?P<name>[A-Za-z_]\w*)$")
_NAMED = tuple(map(str, (*PumpFeature, *Mode, "patient_bolus", "refill_date", "firmware_update")))
"""What a pump may lack; a therapy mode of a plug-in comes to these."""
Driver = TypeVar("Driver")


def is_place(name: str) -> bool:
    """Tell whether a driver is named by the place of its code."""
    return _PLACE.match(name) is not None


def whole_place(name: str) -> str:
    """Return the place of a driver as it is found from any folder; a name stays as it is."""
    found = _PLACE.match(name)
    if found is None or not found["module"].endswith(".py"):
        return name
    return f"{Path(found['module']).absolute()}:{found['name']}"


def driver_named(table: Mapping[str, Driver], name: str) -> Driver:
    """Return the driver of a table, or make the one whose place is named; it is guarded as a plug-in is.

    Raises:
        PlanError: there is no such driver, its code cannot be imported, or it lacks a verb.
    """
    if name in table:
        return table[name]
    made = _made(name)
    if not isinstance(table, PlugInTable):
        return cast(Driver, made)
    offer = Offer(table.kind, type(made).__name__, name, OF_BENCH_FILE, Path())
    return cast(Driver, table.accept(offer, made))


def lacks_of(driver: object, access: DeviceAccess) -> Mapping[str, Sequence[str]]:
    """Return what the pumps of a driver have not, and what is missing for it; a driver that does not say lacks nothing.

    Keys are features (`instruments.pump_feature.PumpFeature`) and therapy modes. What stands there reads as NaN in a
    reading, as a count of 0, as an empty log, or as a word that is empty.

    Raises:
        PlanError: its map is missing or wrong.
    """
    lacks = getattr(driver, "lacks", None)
    return {} if lacks is None else cast(Mapping[str, Sequence[str]], lacks(access))


def refuse_strange_lacks(told: str, lacks: object) -> None:
    """Refuse what a driver says that its pumps have not, if nobody could read it.

    Raises:
        BenchFault: it is no mapping of a name to what is missing for it, or misspells a feature or a mode.
    """
    next_step = "return {name: (what is missing, …)}, such as {'battery': ('a word for it',)}"
    if not isinstance(lacks, Mapping):
        raise BenchFault(told, "lacks", f"it returned {one_line(repr(lacks), 80)}, no mapping", next_step)
    for name, missing in lacks.items():
        if not isinstance(name, str) or isinstance(missing, str) or not isinstance(missing, Sequence):
            seen = f"it returned {one_line(repr({name: missing}), 80)}"
            raise BenchFault(told, "lacks", seen, next_step)
        close = difflib.get_close_matches(name, _NAMED, n=1, cutoff=0.8)
        if name not in _NAMED and close:
            raise BenchFault(told, "lacks", f"it names {name!r}, which no profile promises", f"write {close[0]!r}")


@cache
def _made(place: str) -> object:
    found = _PLACE.match(place)
    if found is None:
        raise PlanError(f"driver {place!r}", "find", "it is neither a name nor a place", "write my_pump.py:MyDriver")
    try:
        module = loaded_in_time(f"driver {place!r}", "import", lambda: _module(found["module"]))
        refuse_other_interface(f"driver {place!r}", module)
        return loaded_in_time(f"driver {place!r}", "make", getattr(module, found["name"]))
    except (PlanError, BenchFault):
        raise
    except (Exception, SystemExit) as wrong:
        seen = f"{type(wrong).__name__}: {wrong}"
        raise PlanError(f"driver {place!r}", "import", seen, "mend its code, or the place in the bench file") from wrong


def _module(name: str) -> object:
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = Path(name)
    spec = importlib.util.spec_from_file_location(f"pumpbench_driver_{path.stem}_{abs(hash(name))}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise PlanError(f"driver {name!r}", "import", "there is no such file", "mend the place in the bench file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
