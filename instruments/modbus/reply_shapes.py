# SPDX-License-Identifier: Apache-2.0
"""Tells RTU replies apart by their length, because RTU has no transaction number.

A late or repeated reply looks exactly like the answer to the next request, unless that request asked for another number
of registers. So no request asks for as many registers as one whose reply may still be on its way.

    >>> shapes = ReplyShapes()
    >>> [shapes.choose(1, "input", range(17, 34)) for _ in range(3)]
    [17, 18, 19]

On a wire that keeps the order of its bytes this is complete: a reply of the expected length can only be the expected
one, and everything that was asked before it has then come or is lost. Where bytes overtake each other (some gateways)
it holds as long as a reply overtakes no more requests than are remembered here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

_ANSWERED_REQUESTS = 3
"""So long a length is shunned once its reply has come: a repeat of it may follow. More would cost more wire time."""

_UNANSWERED_REQUESTS = 16
"""So long a length is shunned while its reply has not come: it may come late."""


class ReplyShapes:
    """The lengths that replies of each unit and table may still have."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[int, str]] = Counter()
        self._shunned: defaultdict[tuple[int, str], dict[int, int]] = defaultdict(dict)

    def choose(self, unit_id: int, table: str, counts: Iterable[int]) -> int | None:
        """Return the first of `counts` registers that no earlier reply can have, None if there is none now.

        The caller asks for as many; until `answered` is called the reply counts as still to come. Each call lets the
        lengths in use age, so a later one finds a free length again.
        """
        shunned, asked = self._shunned[unit_id, table], self._asked[unit_id, table]
        free = next((count for count in counts if shunned.get(count, -1) < asked), None)
        self.ask(unit_id, table, free)
        return free

    def ask(self, unit_id: int, table: str, count: int | None) -> None:
        """Take down that `count` registers are asked for, whatever was asked before."""
        key = (unit_id, table)
        if count is not None:
            self._shunned[key][count] = self._asked[key] + _UNANSWERED_REQUESTS
        self._asked[key] += 1

    def answered(self, unit_id: int, table: str, count: int) -> None:
        """Take down that the last request, for `count` registers, was answered."""
        key = (unit_id, table)
        self._shunned[key][count] = self._asked[key] - 1 + _ANSWERED_REQUESTS
