# SPDX-License-Identifier: Apache-2.0
"""The ids that tie a journal's lines together: tests, infusions, marks, windows and judgements, counted in a run.

    T-0001 test     I-0001 infusion     M-0001 mark     W-0001 weighed volume     J-0001 judgement     D-0001 declared

They are counted from the lines alone, so that one seed gives one journal, and a resumed run goes on counting where its
journal ends. A line is filled in with the ids of the test and the infusion that run.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

_PREFIXES = {"test-started": "T", "infusion-started": "I", "mark": "M", "volume": "W", "judgement": "J",
             "judgement-declared": "D"}  # fmt: skip


class LineIds:
    """Counts ids and fills them in.

    Attributes:
        test, infusion: ids of those that run; empty when none does.
    """

    def __init__(self) -> None:
        self.test = ""
        self.infusion = ""
        self._counts: Counter[str] = Counter()
        self._infusions: dict[str, str] = {}

    def infusion_named(self, name: object) -> str:
        """Return the id of the infusion of this test that is called so; empty before it has begun."""
        return self._infusions.get(name, "") if isinstance(name, str) else ""

    def filled(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the data of a line with its ids; infusions are named in `data`, and get the id that belongs to that.

        Args:
            kind: of the line.
            data: what it says, without ids of tests and infusions.
        """
        filled = dict(data)
        prefix = _PREFIXES.get(_sort_of(kind, data))
        if prefix is not None:
            self._counts[prefix] += 1
            own = f"{prefix}-{self._counts[prefix]:04d}"
            filled["infusion" if prefix == "I" else "id"] = own
        match kind:
            case "test-started":
                self._begin_test(filled["id"])
                return filled
            case "test-ended":
                filled["id"] = self.test
                self._begin_test("")
                return filled
            case "infusion-started":
                filled["name"] = data.get("infusion", "")
                self._begin_infusion(filled["name"], filled["infusion"])
        if kind in _OF_A_TEST:
            named = data.get("infusion")
            filled |= {"test": self.test, "infusion": self.infusion_named(named) if named else self.infusion}
        return filled

    def follow(self, kind: str, data: Mapping[str, Any]) -> None:
        """Take the ids of a line that is in the journal already."""
        prefix = _PREFIXES.get(_sort_of(kind, data))
        own = data.get("infusion" if prefix == "I" else "id")
        if prefix is not None and isinstance(own, str) and own.removeprefix(f"{prefix}-").isdecimal():
            self._counts[prefix] = max(self._counts[prefix], int(own.removeprefix(f"{prefix}-")))
            if prefix == "T":
                self._begin_test(own)
            elif prefix == "I":
                self._begin_infusion(data.get("name"), own)
        elif kind == "test-ended":
            self._begin_test("")

    def _begin_test(self, own: str) -> None:
        self.test, self.infusion = own, ""
        self._infusions.clear()

    def _begin_infusion(self, name: object, own: str) -> None:
        self.infusion = own
        if isinstance(name, str):
            self._infusions[name] = own


_OF_A_TEST = frozenset(
    {
        "event",
        "activity",
        "activity-failed",
        "step",
        "volume",
        "judgement",
        "judgement-declared",
        "program-read-back",
        "infusion-started",
        "infusion-ended",
    }
)


def _sort_of(kind: str, data: Mapping[str, Any]) -> str:
    what = data.get("what")
    return what if kind == "event" and what == "mark" else kind
