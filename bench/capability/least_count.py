# SPDX-License-Identifier: Apache-2.0
"""The least count that is enough, where more is better: found by doubling, then by halving."""

from collections.abc import Callable, Iterator


def least_count(enough: Callable[[int], bool], most: int) -> int | None:
    """Return the least count from 1 to `most` that is enough.

    Where `enough` changes from no to yes once, this is the least of all. Where it changes more often (by rounding, on
    the very edge) it is still a change from no to yes.

    Returns:
        The count; None when no count that was tried is enough, `most` among them.
    """
    too_few = 0
    for count in _doubled(most):
        if enough(count):
            return _halved(enough, too_few, count)
        too_few = count
    return None


def _halved(enough: Callable[[int], bool], too_few: int, count: int) -> int:
    while count - too_few > 1:
        middle = (too_few + count) // 2
        too_few, count = (too_few, middle) if enough(middle) else (middle, count)
    return count


def _doubled(most: int) -> Iterator[int]:
    count = 1
    while count < most:
        yield count
        count *= 2
    if most >= 1:
        yield most
