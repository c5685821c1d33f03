# SPDX-License-Identifier: Apache-2.0
"""How values stand in registers, by encodings that were worked out by hand.

Driver and twin stand on one codec, so nothing that the two say to each other would show a mistake in it. These words
come from the definitions: two's complement, IEEE 754, ASCII, high byte first.
"""

import math

import pytest
from pydantic import JsonValue

from instruments.register_map.block import Block
from instruments.register_map.codec import Codec, Value
from instruments.register_map.point import Point


def point(kind: str, **more: JsonValue) -> Point:
    shape = {"name": "it", "table": "input", "address": 0, "type": kind, "meaning": "-", **more}
    return Point.model_validate(shape)


STATES: dict[str, JsonValue] = {"stopped": 0, "infusing": 1, "bolus": 7}
ALARMS: dict[str, JsonValue] = {"occlusion": 0, "stall": 4, "memory": 15}
KNOWN: list[tuple[Point, Value, list[int]]] = [
    (point("uint16"), 0, [0x0000]),
    (point("uint16"), 65535, [0xFFFF]),
    (point("uint16", divisor=10), 87.5, [0x036B]),
    (point("int16"), -1, [0xFFFF]),
    (point("int16"), -32768, [0x8000]),
    (point("int16", divisor=100), -0.25, [0xFFE7]),
    (point("uint32"), 70000, [0x0001, 0x1170]),
    (point("uint32", word_order="little"), 70000, [0x1170, 0x0001]),
    (point("uint32", divisor=1000), 1234.567, [0x0012, 0xD687]),
    (point("uint32"), 4294967295, [0xFFFF, 0xFFFF]),
    (point("int32"), -2, [0xFFFF, 0xFFFE]),
    (point("int32", word_order="little"), -2, [0xFFFE, 0xFFFF]),
    (point("float32"), 1.0, [0x3F80, 0x0000]),
    (point("float32"), 41.5, [0x4226, 0x0000]),
    (point("float32", word_order="little"), 41.5, [0x0000, 0x4226]),
    (point("float32"), -0.15625, [0xBE20, 0x0000]),
    (point("float32"), math.inf, [0x7F80, 0x0000]),
    (point("float64"), 1.0, [0x3FF0, 0x0000, 0x0000, 0x0000]),
    (point("float64", word_order="little"), 0.1, [0x999A, 0x9999, 0x9999, 0x3FB9]),
    (point("bool"), True, [0x0001]),
    (point("bool"), False, [0x0000]),
    (point("enum", values=STATES), "bolus", [0x0007]),
    (point("bits", values=ALARMS), frozenset(), [0x0000]),
    (point("bits", values=ALARMS), frozenset({"stall", "memory"}), [0x8010]),
    (point("string", length=3), "SN-1", [0x534E, 0x2D31, 0x0000]),
    (point("string", length=2, word_order="little"), "abcd", [0x6162, 0x6364]),
]


def _id(one: object) -> str:
    """Name a case the same in every process: the order of a set is not."""
    return str(sorted(one) if isinstance(one, frozenset) else one)[:40]


@pytest.mark.parametrize(("at", "value", "words"), KNOWN, ids=_id)
def test_a_value_stands_in_the_registers_that_its_definition_says(at: Point, value: Value, words: list[int]) -> None:
    assert at.encode(value) == words
    assert at.decode(words) == value


def test_a_value_that_is_not_a_number_stays_so() -> None:
    at = point("float32")
    assert at.encode(math.nan) == [0x7FC0, 0x0000]
    assert math.isnan(float(str(at.decode([0x7FC0, 0x0000]))))


@pytest.mark.parametrize(
    ("at", "words", "told"),
    [
        (point("bool"), [2], "it: 2 is neither 0 nor 1"),
        (point("enum", values=STATES), [3], "it: code 3 has no name in the map"),
        (point("bits", values=ALARMS), [0x0012], "it: bits 0x0002 have no name in the map"),
        (point("string"), [0xFF41], "is not ASCII"),
        (point("string"), [0x0A41], "holds control characters"),
    ],
)
def test_registers_that_mean_nothing_are_refused(at: Point, words: list[int], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        at.decode(words)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (point("uint16"), -1),
        (point("uint16"), 65536),
        (point("uint16", divisor=10), 6553.6),
        (point("uint16"), "seven"),
        (point("uint32"), math.nan),
        (point("uint32"), math.inf),
        (point("float32"), 1e39),
        (point("enum", values=STATES), "dancing"),
        (point("enum", values=STATES), 1),
        (point("bits", values=ALARMS), frozenset({"flood"})),
        (point("bits", values=ALARMS), 3),
        (point("string"), "abc"),
        (point("string"), "µ"),
    ],
    ids=str,
)
def test_a_value_that_cannot_stand_in_its_registers_is_refused_by_name(at: Point, value: Value) -> None:
    with pytest.raises(ValueError, match=r"it: .* cannot stand in a"):
        at.encode(value)


FIRST = point("uint16", name="first", address=10)
LONG = point("uint32", name="long", address=12, word_order="little")
TEXT = point("string", name="text", address=14, length=2)
RUN: dict[str, Value] = {"first": 5, "long": 0x00010002, "text": "abcd"}


def test_a_run_holds_each_point_at_its_place_and_zero_between_them() -> None:
    block = Block([TEXT, LONG, FIRST])
    words = [5, 0, 0x0002, 0x0001, 0x6162, 0x6364]
    assert (block.address, block.count, block.closed) == (10, 6, False)
    assert block.encode(RUN) == words
    assert block.decode([5, 0xDEAD, *words[2:]]) == RUN


@pytest.mark.parametrize(
    ("address", "count", "words"),
    [
        (13, 2, [0x0001, 0x6162]),  # the second half of a number and the first of a text
        (12, 1, [0x0002]),
        (8, 3, [0, 0, 5]),
        (15, 3, [0x6364, 0, 0]),
    ],
)
def test_a_run_may_cut_the_points_at_its_ends(address: int, count: int, words: list[int]) -> None:
    inside = [one for one in (FIRST, LONG, TEXT) if one.address < address + count and address < one.address + 2]
    assert Codec(inside, address, count).encode(RUN) == words


def test_of_many_values_the_one_that_does_not_fit_is_named() -> None:
    block = Block([FIRST, LONG, TEXT])
    with pytest.raises(ValueError, match=r"long: -1 cannot stand in a uint32"):
        block.encode({**RUN, "long": -1})
    with pytest.raises(ValueError, match="text: no value was given"):
        block.encode({"first": 5, "long": 1})
