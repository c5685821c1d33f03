# SPDX-License-Identifier: Apache-2.0
"""Stands between the bench and an object of a plug-in: what goes wrong in there is the rig's trouble, and named.

An error that is none of ours, an `assert` for one, must not look like a failure of the pump. A call that does not come
back is given up, and so is the object: nobody knows what its line is doing. An answer of another type than the protocol
says never becomes a value.
"""

import dataclasses
import math
import typing
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import UnionType
from typing import Any

from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.plug_ins.other_thread import NotBack, OtherThread
from groundfloor.printable import one_line

OURS = (BenchFault, PlanError, PumpFailure)
MEND = "mend the plug-in; `pumpbench conformance` tries it verb by verb"


def guarded(inner: object, told: str, protocol: type, limit_s: float | None = None, last: str = "close") -> Any:
    """Return an object with the same public attributes as `inner`, each call of which is guarded.

    Args:
        inner: what the plug-in made.
        told: what it is called in an error.
        protocol: what its verbs return.
        limit_s: the longest time of the machine that a call may take; None to call it without a limit.
        last: the verb after which nothing more is asked of it, so that the thread of its calls may end.
    """
    thread = None if limit_s is None else OtherThread(limit_s)
    members: dict[str, object] = {}
    for name in dir(inner):
        if name.startswith("_"):
            continue
        if callable(getattr(type(inner), name, None)) or callable(_shown(inner, name)):
            verb = _call(inner, name, told, _returns(protocol, name), thread)
            members[name] = verb if thread is None or name != last else _then(verb, thread.end)
        else:
            members[name] = _attribute(inner, name)
    kind = type(f"Guarded{type(inner).__name__}", (), members)  # real members: isinstance of a protocol looks at those
    return kind()


def refuse_other_types(told: str, verb: str, value: object, expected: object) -> None:
    """Refuse an answer that is not what the protocol says, or a reading with a field that is none.

    Raises:
        BenchFault: it is something else.
    """
    if isinstance(expected, type) and not isinstance(value, expected):
        seen = f"it returned {one_line(repr(value), 80)}, no {expected.__name__}"
        raise BenchFault(told, verb, seen, MEND)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field, hint in _hints(type(value)).items():
            _refuse_field(told, verb, field, getattr(value, field), hint)


def _refuse_field(told: str, verb: str, field: str, value: object, hint: object) -> None:
    if hint in (float, int):
        fits = isinstance(value, int | float) and not isinstance(value, bool) and not math.isinf(value)
    else:
        fits = not isinstance(hint, type) or isinstance(value, hint)
    if not fits:
        kind = hint.__name__ if isinstance(hint, type) else str(hint)
        raise BenchFault(told, verb, f"its {field} is {one_line(repr(value), 80)}, no {kind}", MEND)


def _shown(inner: object, name: str) -> object:
    """Return an attribute of the object itself; a property of its class is not asked for."""
    return vars(inner).get(name) if hasattr(inner, "__dict__") else None


def _call(inner: object, name: str, told: str, expected: object, thread: OtherThread | None) -> Callable[..., Any]:
    def verb(_self: object, *arguments: object, **named: object) -> object:
        call = getattr(inner, name)
        calls_back = any(callable(one) for one in (*arguments, *named.values()))  # what it calls belongs to our thread
        try:
            if thread is None or calls_back:
                value = call(*arguments, **named)
            else:
                value = thread.call(lambda: call(*arguments, **named), name)
        except OURS:
            raise
        except NotBack as late:
            next_step = "see that the device is on; if the call hangs by itself, give it a time-out in the plug-in"
            raise BenchFault(told, name, str(late), next_step) from None
        except (Exception, SystemExit) as raised:  # a plug-in that calls sys.exit ends no run
            seen = f"it raised {type(raised).__name__}: {one_line(str(raised))}"
            raise BenchFault(told, name, seen, MEND) from raised
        refuse_other_types(told, name, value, expected)
        return value

    return verb


def _then(verb: Callable[..., Any], done: Callable[[], None]) -> Callable[..., Any]:
    def and_then(*arguments: object, **named: object) -> object:
        try:
            return verb(*arguments, **named)
        finally:
            done()

    return and_then


def _attribute(inner: object, name: str) -> property:
    return property(lambda _self: getattr(inner, name), lambda _self, value: setattr(inner, name, value))


def _returns(protocol: type, name: str) -> object:
    verb = getattr(protocol, name, None)
    return _hints(verb).get("return") if callable(verb) else None


@lru_cache(maxsize=256)
def _hints(of: Any) -> Mapping[str, object]:
    hints = typing.get_type_hints(of)
    return {name: _plain(hint) for name, hint in hints.items()}


def _plain(hint: object) -> object:
    """Return what a value of this type is an instance of; None where that is not one class."""
    origin = typing.get_origin(hint)
    if hint is Any or origin in (UnionType, typing.Union) or getattr(hint, "_is_protocol", False):
        return None
    return type(None) if hint is None else origin or hint
