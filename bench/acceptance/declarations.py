# SPDX-License-Identifier: Apache-2.0
"""All that one test has declared, held against what it judges.

What is declared and never judged keeps the test from passing; what is judged undeclared is an error of the plan. So a
test cannot claim what it does not show, and cannot find its acceptance after it has seen the figures.
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator

from bench.acceptance.declaration import Declaration
from groundfloor.errors import PlanError


class Declarations:
    """What one test is going to judge.

    Args:
        declared: each with another name.
        occasional: what is going to be judged where an occasion for it comes, such as a bolus; see `bring_in`. One that
            is declared as well is no longer occasional.
        not_applicable: names of what a plan judges and this pump has no means for; it is passed over.

    Raises:
        PlanError: a name is there twice.
    """

    def __init__(
        self,
        declared: Iterable[Declaration] = (),
        occasional: Iterable[Declaration] = (),
        not_applicable: Iterable[str] = (),
    ) -> None:
        self._declared: dict[str, Declaration] = {}
        self._occasional = {one.name: one for one in occasional}
        self._not_applicable = frozenset(not_applicable)
        self._judged: Counter[str] = Counter()
        for one in declared:
            if one.name in self._declared:
                seen = f"{one.name!r} is declared twice"
                raise PlanError("plan", "declare judgements", seen, "give each judgement of a test a name of its own")
            self._declared[one.name] = one

    def __iter__(self) -> Iterator[Declaration]:
        return iter(self._declared.values())

    def __getitem__(self, name: str) -> Declaration:
        """Return a declaration.

        Raises:
            PlanError: nothing of this name was declared.
        """
        if name not in self._declared:
            raise self._undeclared(name)
        return self._declared[name]

    def passes_over(self, name: str) -> bool:
        """Tell whether what a plan judges under this name does not apply to this pump."""
        return name in self._not_applicable

    def take(self, name: str) -> Declaration:
        """Return a declaration that is being judged now, and count it.

        Raises:
            PlanError: it was not declared, or is judged more often than declared.
        """
        declared = self[name]
        if declared.times is not None and self._judged[name] >= declared.times:
            seen = f"{name!r} is judged more often than the {declared.times} times that were declared"
            raise PlanError("plan", "judge", seen, "declare with `times` how often it is judged")
        self._judged[name] += 1
        return declared

    def bring_in(self, name: str) -> Declaration | None:
        """Declare what is judged on an occasion, because the occasion comes; return it, None where it is declared.

        Raises:
            PlanError: nothing of this name is judged on any occasion.
        """
        if name in self._declared:
            return None
        if name not in self._occasional:
            raise self._undeclared(name)
        self._declared[name] = self._occasional[name]
        return self._declared[name]

    @property
    def requirement_ids(self) -> tuple[str, ...]:
        """Return the ids of all requirements that the test is evidence for, each once."""
        return tuple(dict.fromkeys(one.id for declared in self for one in declared.requirements))

    @property
    def unset(self) -> tuple[Declaration, ...]:
        """Return what was declared and not judged, or not as often as declared."""
        return tuple(one for one in self if self._judged[one.name] < (1 if one.times is None else one.times))

    def _undeclared(self, name: str) -> PlanError:
        close = difflib.get_close_matches(name, self._declared, n=1)
        guess = f" (did you mean {close[0]!r}?)" if close else ""
        known = ", ".join(map(repr, self._declared)) or "nothing"
        seen = f"{name!r} was not declared{guess}; declared was {known}"
        return PlanError("plan", "judge", seen, "declare it with @judges above the test")
