# SPDX-License-Identifier: Apache-2.0
"""Stands between the bench and an object of a plug-in: what goes wrong in there is the rig's trouble, and named.

An error that is none of ours, an `assert` for one, must not look like a failure of the pump. A call that does not come
back is given up, and so is the object: nobody knows what its line is doing. An answer of another type than the protocol
says never becomes a value.
"""

import dataclasses
import math
import re
import typing
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache, partial
from types import UnionType
from typing import Any

from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.plug_ins.other_thread import NotBack, OtherThread
from groundfloor.printable import one_line

OURS = (BenchFault, PlanError, PumpFailure)
UNKNOWN = "raise a BenchFault where it is not known"
LATE = "see that the device is on; if the call hangs by itself, give it a time-out in the plug-in"
COMPUTES = "it has only to compute: mend the plug-in, which waits for something or goes round in a circle"
"""What is to be done about a call that does not come back, of a device and of plain arithmetic."""
MEND = "mend the plug-in; `pumpbench conformance` tries it verb by verb"


def guarded(
    inner: object,
    told: str,
    protocol: type,
    limit_s: float | None = None,
    unlimited: Collection[str] = (),
    not_known: Collection[str] = (),
    last: str | Collection[str] = "close",
    if_nan: str = UNKNOWN,
    if_late: str = LATE,
) -> Any:
    """Return an object with the same public attributes as `inner`, each call of which is guarded.

    Args:
        inner: what the plug-in made.
        told: what it is called in an error.
        protocol: what its verbs return.
        limit_s: the longest time of the machine that a call may take; None to call it without a limit.
        unlimited: the verbs that may take longer.
        not_known: the fields of an answer that may be NaN, because the device cannot tell them.
        last: the verb or verbs after which nothing more is asked of it for now: the thread of its calls may end.
        if_nan: what its author has to do where a field is NaN and must not be.
        if_late: what to do where a call does not come back.
    """
    thread = None if limit_s is None else OtherThread(limit_s)
    lasts = (last,) if isinstance(last, str) else last
    members: dict[str, object] = {}
    for name in dir(inner):
        if name.startswith("_"):
            continue
        if callable(getattr(type(inner), name, None)) or callable(_shown(inner, name)):
            expected = _returns(protocol, name)
            hold = partial(refuse_other_types, told, name, expected=expected, not_known=not_known, if_nan=if_nan)
            own = None if name in unlimited else thread
            verb = _call(inner, name, told, hold, own, if_late)
            members[name] = verb if own is None or name not in lasts else _then(verb, own.end)
        else:
            members[name] = _attribute(inner, name)
    kind = type(f"Guarded{type(inner).__name__}", (), members)  # real members: isinstance of a protocol looks at those
    return kind()


def refuse_other_types(
    told: str, verb: str, value: object, expected: object, not_known: Collection[str] = (), if_nan: str = UNKNOWN
) -> None:
    """Refuse an answer that is not what the protocol says, or a reading with a field that is none.

    Args:
        told: what the plug-in is called in an error.
        verb: what was asked.
        value: the answer.
        expected: its type; anything that is no class is not looked at.
        not_known: the fields that may be NaN.
        if_nan: what to do about another one that is.

    Raises:
        BenchFault: it is something else.
    """
    if expected is not None and not _fits(value, expected):
        raise BenchFault(told, verb, f"it returned {one_line(repr(value), 80)}, no {_name(expected)}", MEND)
    for one in value if isinstance(value, tuple | list) else (value,):
        if dataclasses.is_dataclass(one) and not isinstance(one, type):
            for field, hint in _hints(type(one)).items():
                held = getattr(one, field)
                if not _fits(held, hint):
                    raise BenchFault(told, verb, f"its {field} is {one_line(repr(held), 80)}, no {_name(hint)}", MEND)
                if isinstance(held, float) and math.isnan(held) and field not in not_known:
                    raise BenchFault(told, verb, f"its {field} is NaN", if_nan)


def _fits(value: object, hint: object) -> bool:
    """Tell whether a value is of a type; what is no class, as a protocol, takes any."""
    if hint in (float, int):
        return isinstance(value, int | float) and not isinstance(value, bool) and not math.isinf(value)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (UnionType, typing.Union):
        return any(_fits(value, one) for one in arguments)
    if origin in (tuple, frozenset) and arguments:
        return isinstance(value, origin) and _items_fit(value, arguments)
    kind = origin or hint
    takes_any = kind is Any or not isinstance(kind, type) or getattr(kind, "_is_protocol", False)
    return takes_any or isinstance(value, kind)  # type: ignore[arg-type]  # it is a class here


def _items_fit(value: tuple[object, ...] | frozenset[object], arguments: tuple[object, ...]) -> bool:
    if isinstance(value, frozenset) or arguments[-1] is Ellipsis:
        return all(_fits(one, arguments[0]) for one in value)
    return len(value) == len(arguments) and all(map(_fits, value, arguments))


def _name(hint: object) -> str:
    """Return a type as people write it."""
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        return hint.__name__
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(hint))


def _shown(inner: object, name: str) -> object:
    """Return an attribute of the object itself; a property of its class is not asked for."""
    return vars(inner).get(name) if hasattr(inner, "__dict__") else None


def _call(
    inner: object, name: str, told: str, hold: Callable[[object], None], thread: OtherThread | None, if_late: str
) -> Callable[..., Any]:
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
            raise BenchFault(told, name, str(late), if_late) from None
        except (Exception, SystemExit) as raised:  # a plug-in that calls sys.exit ends no run
            seen = f"it raised {type(raised).__name__}: {one_line(str(raised))}"
            raise BenchFault(told, name, seen, MEND) from raised
        hold(value)
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
    return {name: type(None) if hint is None else hint for name, hint in typing.get_type_hints(of).items()}
