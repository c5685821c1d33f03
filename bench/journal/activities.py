# SPDX-License-Identifier: Apache-2.0
"""Activities: what a test does on the bench, in order, each with its result in the journal.

A run that was killed is resumed by running its unfinished test again from the first line. While the journal still
knows what came of an activity, it is not done but replayed; where the journal ends, the run resumes live. So the same
code runs an infusion the first time and the second, and a test needs to know nothing of being resumed: it may only
depend on what its activities returned.

Between the activities the journal holds what came by itself (samples, alarms): during replay, those who asked for such
lines are given them in their old places.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from bench.journal.journal import Journal, JournalLost
from bench.journal.journal_line import Entry, JournalLine
from bench.journal.lines import Activity, ActivityFailed, ActivityTold, Line, Sample
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive
from groundfloor.notifier import Notifier

Result = Mapping[str, Any]
_OF_ACTIVITIES = (Activity.kind, ActivityTold.kind)
INSTANT = "_s"
"""How the name of an instant, or of a time, ends."""
DIGITS = 6
"""So many decimals a journal keeps of the instant of a sample."""


class Activities:
    """Does activities, or tells what came of them.

    Attributes:
        recalled: tells, during replay, of each line that came by itself.
        failed: tells of each error that an activity ended with, whatever a plan makes of it.
        made_again: tells, during replay, of each line that follows from activities, and of what would be written now.
    """

    def __init__(self, journal: Journal) -> None:
        self.recalled: Notifier[JournalLine] = Notifier()
        self.failed: Notifier[Exception] = Notifier()
        self.made_again: Notifier[tuple[JournalLine, Mapping[str, Any]]] = Notifier()
        self._on_resuming_live: list[Callable[[], None]] = []
        self._journal = journal
        self._past: Iterator[JournalLine] | None = None
        self._replayed_s = 0.0

    def replay(self, past: Iterator[JournalLine]) -> None:
        """Tell the lines `past` of an unfinished test before anything is done."""
        self._past = past

    def on_resuming_live(self, call: Callable[[], None]) -> None:
        """Call `call` before the first activity that is really done, if activities are still told now."""
        if self.replaying:
            self._on_resuming_live.append(call)

    def forget(self, call: Callable[[], None]) -> None:
        """Do not call `call` any more."""
        self._on_resuming_live = [one for one in self._on_resuming_live if one != call]

    @property
    def replaying(self) -> bool:
        """Tell whether activities are still told from the journal."""
        return self._past is not None

    def now_s(self) -> float:
        """Return the bench time, while activities are told that of the activity told last."""
        return self._replayed_s if self.replaying else round(self._journal.now_s(), DIGITS)

    def note(self, kind: str, **data: Any) -> str:
        """Write a line that follows from activities (a step, a judgement); during replay it is there already.

        Returns:
            The id of the line; empty where its kind has none.
        """
        recorded = self._next(kind, str(data.get("what", "")))
        if recorded is None:
            return _id(self._journal.write(kind, **data))
        self.made_again.notify((recorded, data))
        return _id(recorded.body)

    def do(self, what: str, act: Callable[[], Result], title: str = "", **fixed: Any) -> Result:
        """Do an activity and write down what came of it; or tell it.

        Args:
            what: the kind of activity.
            act: does it and returns what JSON can hold.
            title: what people read; an activity without is not shown to them.
            fixed: more for the line.

        Returns:
            The result, as the journal holds it; with the `id` of the line where it has one.

        Raises:
            Inconclusive: the journal tells of another activity at this place: the plan was changed since.
            PlanError: what came of it does not fit the model of its line.
        """
        kind = ActivityTold.kind if title else Activity.kind
        recorded = self._next(kind, what)
        if recorded is not None:
            if isinstance(recorded.body, ActivityFailed):
                error = recorded.body.again()
                self.failed.notify(error)
                raise error
            return _result(_object(_in_digits_kept(recorded.data.get("result"))), recorded.body)
        self._resume_live()
        try:
            outcome = act()
        except Exception as error:
            self._note_failure(what, error)
            self.failed.notify(error)
            raise
        result = _object(_in_digits_kept(json.loads(json.dumps(outcome, allow_nan=False))))
        shown = {"title": title.format_map(result)} if title else {}
        return _result(result, self._journal.write(kind, what=what, **shown, **fixed, result=result))

    def _note_failure(self, what: str, error: Exception) -> None:
        """Write down how an activity ended, so that a replay meets the same; where the disk takes no more, do not."""
        if isinstance(error, BenchFault | PumpFailure) and self._journal.lost is None:
            with suppress(JournalLost):
                self._journal.put(ActivityFailed.of(what, error))

    def _resume_live(self) -> None:
        callbacks, self._on_resuming_live = self._on_resuming_live, []
        for call in callbacks:
            call()

    def _next(self, kind: str, what: str) -> JournalLine | None:
        """Return the next recorded line that somebody did, which must be of `kind` and `what`; None at the end."""
        while self._past is not None:
            line = next(self._past, None)
            if line is None:
                self._past = None
                return None
            self._replayed_s = line.t_s
            if not line.body.done:
                self._hand_on(line)
                continue
            failed = isinstance(line.body, ActivityFailed) and line.body.activity == what and kind in _OF_ACTIVITIES
            if not failed and (line.kind, line.what) != (kind, what):
                seen = f"line {line.seq} is {line.kind} {line.what}, the plan comes to {kind} {what}"
                raise Inconclusive("test", "resume", seen, "resume with the plan that the run began with")
            self._show(line)
            return line
        return None

    def _hand_on(self, line: JournalLine) -> None:
        """Give a line that came by itself to those who asked for such lines."""
        self.recalled.notify(line)
        if line.kind != Sample.kind:
            self._show(line)

    def _show(self, line: JournalLine) -> None:
        self._journal.written.notify(Entry(line.t_s, line.body))


def _in_digits_kept(result: Any, name: str = "") -> Any:
    """Return a result with its instants as samples have theirs, in microseconds.

    A command that was given right after a sample, in standing time, must not seem given before it when both are read.
    """
    if isinstance(result, float) and name.endswith(INSTANT):
        return round(result, DIGITS)
    if isinstance(result, dict):
        return {key: _in_digits_kept(value, key) for key, value in result.items()}
    return [_in_digits_kept(one, name) for one in result] if isinstance(result, list) else result


def _id(line: Line) -> str:
    return str(getattr(line, "id", ""))


def _result(result: Result, line: Line) -> Result:
    own = _id(line)
    return {**result, "id": own} if own else result


def _object(result: object) -> Result:
    if not isinstance(result, dict):
        raise Inconclusive(
            "test", "resume", "an activity without a result stands in the journal", "run this test again"
        )
    return result
