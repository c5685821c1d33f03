# SPDX-License-Identifier: Apache-2.0
"""No RTU read is as long as one whose reply may still come."""

from hypothesis import given
from hypothesis import strategies as st

from instruments.modbus.reply_shapes import ReplyShapes

COUNTS = range(17, 37)


def answered(shapes: ReplyShapes, unit_id: int = 1) -> int | None:
    count = shapes.choose(unit_id, "input", COUNTS)
    assert count is not None
    shapes.answered(unit_id, "input", count)
    return count


def test_answered_reads_cost_at_most_three_extra_registers() -> None:
    shapes = ReplyShapes()
    assert [answered(shapes) for _ in range(9)] == [17, 18, 19, 20, 17, 18, 19, 20, 17]


def test_the_length_of_an_unanswered_read_is_left_alone_for_sixteen_reads() -> None:
    shapes = ReplyShapes()
    assert shapes.choose(1, "input", COUNTS) == 17
    later = [answered(shapes) for _ in range(17)]
    assert 17 not in later[:16]
    assert later[16] == 17


def test_units_and_tables_are_counted_apart() -> None:
    shapes = ReplyShapes()
    assert [answered(shapes, unit) for unit in (1, 2, 1, 2)] == [17, 17, 18, 18]
    assert shapes.choose(1, "holding", COUNTS) == 17


def test_where_no_length_is_free_one_becomes_free_by_asking_again() -> None:
    shapes = ReplyShapes()
    shapes.choose(1, "input", [4])
    shapes.answered(1, "input", 4)
    assert [shapes.choose(1, "input", [4]) for _ in range(4)] == [None, None, None, 4]


@given(st.lists(st.booleans(), max_size=60))
def test_no_length_is_used_while_its_reply_may_still_come(replies: list[bool]) -> None:
    shapes = ReplyShapes()
    asked: list[tuple[int, bool]] = []
    for came in replies:
        count = shapes.choose(1, "input", COUNTS)
        assert count is not None
        assert count not in [earlier for earlier, _ in asked[-3:]]
        assert count not in [earlier for earlier, answered in asked[-16:] if not answered]
        if came:
            shapes.answered(1, "input", count)
        asked.append((count, came))
