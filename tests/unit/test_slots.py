# SPDX-License-Identifier: Apache-2.0
"""How many workers work at once, and who has the slot of whom."""

import os

from fixtures.chapters.slots import Slots


def taken(slots: Slots) -> int:
    """Take all that there are; return how many there were."""
    count = 0
    while slots.take():
        count += 1
    return count


def test_one_run_has_as_many_slots_as_there_are_workers() -> None:
    slots = Slots(3)
    assert taken(slots) == 3
    slots.give()
    slots.give()
    assert taken(slots) == 2


def test_a_run_that_needs_no_more_leaves_its_own_slot_to_the_others() -> None:
    first = Slots(2, runs=2)
    second = _other_of(first, 1)
    assert (taken(first), taken(second)) == (1, 1)
    second.leave()  # not while its worker works
    assert taken(first) == 0
    second.give()
    second.leave()
    second.leave()
    assert taken(second) + taken(first) == 1


def test_of_more_runs_than_workers_the_last_wait_for_a_slot() -> None:
    first = Slots(2, runs=3)
    second, third = _other_of(first, 1), _other_of(first, 2)
    assert (taken(third), taken(first), taken(second)) == (0, 1, 1)
    first.give()
    first.leave()
    third.wait()
    assert taken(second) == 0
    third.give()
    assert taken(second) == 1


def test_the_slot_of_a_run_that_was_killed_goes_to_the_others() -> None:
    first = Slots(2, runs=2)
    assert taken(first) == 1
    first.put_back(1)
    assert taken(first) == 1


def _other_of(slots: Slots, number: int) -> Slots:
    """The slots as another process has them, which shares the pipe."""
    other = Slots.__new__(Slots)
    vars(other).update(vars(slots))
    other._reads, other._writes = os.dup(slots._reads), os.dup(slots._writes)
    other.for_run(number)
    return other
