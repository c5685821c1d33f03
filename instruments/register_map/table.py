# SPDX-License-Identifier: Apache-2.0
"""The documentation table of a register map, made from the map itself.

`python -m instruments.register_map.table > docs/register-maps.md` writes the page; a test holds it current.
"""

import sys
from collections.abc import Iterator

from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point, Table

_MAPS = ("pump", "rig", "rig-1")
_HEAD = """\
# Register maps

Made by `python -m instruments.register_map.table > docs/register-maps.md` from the files in `instruments/maps/`.
Do not edit.

Addresses are zero-based. In a list, `n` counts its entries from 0. Bytes in a register are big-endian; the word order
says which register of a 32-bit value comes first. A divisor of 10 means that the register holds tenths.
"""
_TABLE_HEAD = """\
| address | point | type | unit | divisor | access | meaning |
|---|---|---|---|---|---|---|
"""


_MIRROR = """\
`inputs_mirrored_at` is {0}: input register n is also read, never written, at holding register n + {0}, and the device
takes function 23 (read and write in one request; it writes first). So one request gives the heartbeat and reads the
feedback, which function 23, a function of holding registers, could not reach otherwise. A map without this key is of a
device that can do neither.
"""


_AT_ONCE = """\
`requests_at_once` is {0}: so many requests the device takes on one TCP connection before it has answered the first, and
answers them in their order, without delay (`TCP_NODELAY`). A map without this key is of a device that takes one.
"""


def page() -> str:
    """Return the whole page, all maps that come with the bench."""
    return "\n".join([_HEAD, *(markdown(RegisterMap.named(name)) for name in _MAPS)])


def markdown(register_map: RegisterMap) -> str:
    """Return the table of one map: a row per point, one row per member of a list."""
    orders = sorted({point.word_order for point in register_map.points.values()})
    lines = [
        f"## {register_map.name}: {register_map.meaning}\n",
        f"Unit {register_map.unit_id} unless the bench file names another; word order {' and '.join(orders)}.\n",
    ]
    if register_map.requests_at_once > 1:
        lines.append(_AT_ONCE.format(register_map.requests_at_once))
    if register_map.inputs_mirrored_at is not None:
        lines.append(_MIRROR.format(register_map.inputs_mirrored_at))
    for table in Table:
        lines += [f"### {table.capitalize()} registers\n", _TABLE_HEAD + "\n".join(_rows(register_map, table)) + "\n"]
    return "\n".join(lines)


def _rows(register_map: RegisterMap, table: Table) -> Iterator[str]:
    points = sorted(register_map.points.values(), key=lambda point: point.address)
    for point in points:
        name, bracket, rest = point.name.partition("[")
        index, _, member = rest.partition("].")
        if point.table is not table or (bracket and index != "0"):
            continue
        if not bracket:
            yield _row(point, point.name, _run(point))
            continue
        length = register_map.list_lengths[name]
        following = register_map.points.get(f"{name}[1].{member}", point)
        start = f"{point.address} + {following.address - point.address}·n"
        yield _row(point, f"{name}[n].{member}", f"{start}, n = 0 to {length - 1}")


def _run(point: Point) -> str:
    last = point.address + point.registers - 1
    return str(point.address) if point.registers == 1 else f"{point.address} to {last}"


def _row(point: Point, name: str, address: str) -> str:
    kind = f"string of {2 * point.length}" if point.type == "string" else point.type
    codes = ", ".join(f"{code} {value}" for value, code in point.values.items())
    meaning = f"{point.meaning} ({codes})" if codes else point.meaning
    divisor = "" if point.divisor == 1 else str(point.divisor)
    return f"| {address} | `{name}` | {kind} | {point.unit} | {divisor} | {point.access} | {meaning} |"


if __name__ == "__main__":
    sys.stdout.write(page())
