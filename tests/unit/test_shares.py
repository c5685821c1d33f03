# SPDX-License-Identifier: Apache-2.0
"""Tests of one opening of the bench are gone through by one processor, and none is lost or comes twice."""

from unittest.mock import sentinel

from bench.offline import StoredTest
from fixtures.offline.shares import LEAST_BYTES, Shares


def stored(node: str, size: int, occasion: object) -> StoredTest:
    return StoredTest(node, 0, size, occasion=occasion)  # type: ignore[arg-type]  # only that it is the same one counts


def test_shares_are_of_much_the_same_size_and_keep_what_one_bench_ran_together() -> None:
    sizes = {"a": 5, "b": 4, "c": 3, "d": 2, "e": 2}
    tests = [
        stored(f"{name}{part}", size * LEAST_BYTES, getattr(sentinel, name))
        for name, size in sizes.items()
        for part in (1, 2)
    ]
    found = Shares.of(tests, 2)
    (other,) = found.others
    assert found.own | other == {one.node for one in tests}
    assert not found.own & other
    assert {name for name in sizes if f"{name}1" in found.own} == {name for name in sizes if f"{name}2" in found.own}
    assert sum(one.to_offset for one in tests if one.node in found.own) == 18 * LEAST_BYTES  # of 32


def test_one_bench_one_processor_and_a_short_run_make_one_share() -> None:
    long = [stored(name, LEAST_BYTES, sentinel.one) for name in "ab"]
    assert Shares.of(long, 2) == Shares(frozenset("ab"))
    several = [stored(name, LEAST_BYTES, getattr(sentinel, name)) for name in "ab"]
    assert Shares.of(several, 1) == Shares(frozenset("ab"))
    short = [stored(name, LEAST_BYTES // 3, getattr(sentinel, name)) for name in "ab"]
    assert Shares.of(short, 2) == Shares(frozenset("ab"))
    assert Shares.of([], 2) == Shares(frozenset())
