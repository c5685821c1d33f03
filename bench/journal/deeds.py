# SPDX-License-Identifier: Apache-2.0
"""Deeds: what a test does on the bench, in order, each with its result in the journal.

A run that was killed is resumed by running its unfinished test again from the first line. While the journal still
knows what came of a deed, the deed is not done but told; where the journal ends, the bench takes over. So the same code
runs an infusion the first time and the second, and a test needs to know nothing of being resumed: it may only depend on
what its deeds returned.

Between the deeds the journal holds what came by itself (samples, alarms): while deeds are told, those who asked for
such lines are given them in their old places.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bench.journal.journal import Entry, Journal
from bench.journal.journal_reader import JournalLine
from groundfloor.inconclusive import Inconclusive

Result = Mapping[str, Any]
DONE = frozenset({"deed", "step", "volume", "judgement", "infusion-started", "infusion-ended"})
"""Kinds of lines that a test writes by what it does; an event is one of them if it has a result."""


class Deeds:
    """Does deeds, or tells what came of them.

    Attributes:
        listeners: by kind, who is given the lines that came by themselves while deeds are told.
    """

    def __init__(self, journal: Journal) -> None:
        self.listeners: dict[str, Callable[[JournalLine], None]] = {}
        self._taking_over: list[Callable[[], None]] = []
        self._journal = journal
        self._past: Iterator[JournalLine] | None = None
        self._told_s = 0.0

    def tell_again(self, past: Iterator[JournalLine]) -> None:
        """Tell the lines `past` of an unfinished test before anything is done."""
        self._past = past

    def when_taking_over(self, call: Callable[[], None]) -> None:
        """Call `call` before the first deed that is really done, if deeds are still told now."""
        if self.telling:
            self._taking_over.append(call)

    def forget(self, call: Callable[[], None]) -> None:
        """Do not call `call` any more."""
        self._taking_over = [one for one in self._taking_over if one != call]

    @property
    def telling(self) -> bool:
        """Tell whether deeds are still told from the journal."""
        return self._past is not None

    def now_s(self) -> float:
        """Return the bench time, while deeds are told that of the deed told last."""
        return self._told_s if self.telling else self._journal.now_s()

    def note(self, kind: str, **data: Any) -> None:
        """Write a line that follows from deeds (a step, a judgement); while deeds are told it is there already."""
        if self._next(kind, data.get("what")) is None:
            self._journal.write(kind, **data)

    def do(self, what: str, act: Callable[[], Result], title: str = "", **fixed: Any) -> Result:
        """Do a deed and write down what came of it; or tell it.

        Args:
            what: the kind of deed.
            act: does it and returns what JSON can hold.
            title: what people read; a deed without is not shown to them.
            fixed: more for the line.

        Returns:
            The result, as the journal holds it.

        Raises:
            Inconclusive: the journal tells of another deed at this place: the plan was changed since.
        """
        kind = "event" if title else "deed"
        told = self._next(kind, what)
        if told is not None:
            return _object(told.data.get("result"))
        self._take_over()
        result = _object(json.loads(json.dumps(act(), allow_nan=False)))
        shown = {"title": title.format_map(result)} if title else {}
        self._journal.write(kind, what=what, **shown, **fixed, result=result)
        return result

    def _take_over(self) -> None:
        callbacks, self._taking_over = self._taking_over, []
        for call in callbacks:
            call()

    def _next(self, kind: str, what: object) -> JournalLine | None:
        """Return the next told line that somebody did, which must be of `kind` and `what`; None when all is told."""
        while self._past is not None:
            line = next(self._past, None)
            if line is None:
                self._past = None
                return None
            self._told_s = line.t_s
            if line.kind not in DONE and "result" not in line.data:
                self._hand_on(line)
                continue
            if (line.kind, line.data.get("what")) != (kind, what):
                was = f"{line.kind} {line.data.get('what', '')}"
                seen = f"line {line.seq} is {was}, the plan comes to {kind} {what or ''}"
                raise Inconclusive("test", "resume", seen, "resume with the plan that the run began with")
            self._show(line)
            return line
        return None

    def _hand_on(self, line: JournalLine) -> None:
        """Give a line that came by itself to who asked for such lines."""
        who = self.listeners.get(str(line.data.get("what", line.kind)))
        if who is not None:
            who(line)
        if line.kind != "sample":
            self._show(line)

    def _show(self, line: JournalLine) -> None:
        for listener in self._journal.listeners:
            listener(Entry(line.t_s, line.kind, line.data))


def _object(told: object) -> Result:
    if not isinstance(told, dict):
        raise Inconclusive("test", "resume", "a deed without a result stands in the journal", "run this test again")
    return told
