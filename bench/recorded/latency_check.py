# SPDX-License-Identifier: Apache-2.0
"""Latencies made again: from the onset that the pump logged, less the instant of the cause."""

from collections.abc import Iterator

from bench.acceptance import Standing
from bench.journal import JournalLine
from bench.journal.lines import AlarmLogged, Injection, Judgement
from bench.recorded.contradiction import Contradiction
from bench.recorded.judgement_check import agrees

CAUSE, ONSET = "instant of the cause", "instant of the onset"
"""Lines of the budget of a latency."""
_LOG_RESOLUTION_S = 0.02
_WEIGHED = frozenset(one.words for one in Standing if one.is_weighed)
"""Their instants are those of arrivals at the balance, which no line of its own tells."""


class LatencyCheck:
    """Follows a journal and keeps the instants that latencies are made of, by infusion."""

    def __init__(self) -> None:
        self._onsets_s: dict[str, list[float]] = {}
        self._causes_s: dict[str, list[float]] = {}

    def take(self, line: JournalLine) -> Iterator[Contradiction]:
        """Take the next line; yield what does not follow from the lines before it."""
        match line.body:
            case AlarmLogged() as alarm:
                self._onsets_s.setdefault(alarm.infusion, []).append(alarm.onset_s)
            case Injection() as injection:
                middle_s = (injection.result.sent_s + injection.result.confirmed_s) / 2
                self._causes_s.setdefault(injection.infusion, []).append(middle_s)
            case Judgement() as judgement:
                yield from self._judgement(judgement)

    def _judgement(self, judgement: Judgement) -> Iterator[Contradiction]:
        instants = {one.name: one.value for one in judgement.budget}
        cause_s, onset_s = instants.get(CAUSE), instants.get(ONSET)
        if cause_s is None or onset_s is None or len(instants) > 3:
            return
        if not agrees(judgement.value, onset_s - cause_s):
            follows = f"{onset_s - cause_s} s (from the onset and the cause in its budget)"
            yield Contradiction(judgement.id, f"{judgement.measurand} {judgement.value}", follows)
        if judgement.declared in _WEIGHED:
            return
        for name, instant_s, known in (
            (ONSET, onset_s, self._onsets_s.get(judgement.infusion, [])),
            (CAUSE, cause_s, self._causes_s.get(judgement.infusion, [])),
        ):
            if (known or name == ONSET) and not any(abs(one - instant_s) <= _LOG_RESOLUTION_S for one in known):
                follows = ", ".join(f"{one} s" for one in known) or "no such instant"
                yield Contradiction(judgement.id, f"the {name} {instant_s} s", f"{follows} (recorded)")
