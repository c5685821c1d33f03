# SPDX-License-Identifier: Apache-2.0
"""Latencies made again: from the onset that the pump logged, less the instant of the cause.

A cause is a fault, its end, a command, or an alarm that a tone follows; an onset is one that the pump logged, or one
that the microphone heard.

A reservoir that was run down to its alarm, or dry, is a cause as well: when it was due. By how much one latency is
longer than another follows from both, which were judged before.

What is timed by the balance (the first arrival after a start, a time without a stroke) has its instants among the
samples; a first arrival counts from a start that was commanded.
"""

from collections.abc import Iterator, Sequence

from bench.acceptance import Standing
from bench.journal import JournalLine
from bench.journal.lines import AlarmLogged, Command, Injection, Judgement, Release, Sample
from bench.journal.lines.activity import Frames, ReservoirRunDown, ReservoirRunDry
from bench.journal.lines.event import SoundHeard
from bench.recorded.contradiction import Contradiction
from bench.recorded.judgement_check import agrees

CAUSE, ONSET = "instant of the cause", "instant of the onset"
"""Lines of the budget of a latency."""
THIS_LATENCY, FIRST_LATENCY = "latency of this one", "latency of the first"
"""Lines of the budget where one latency is held against another."""
_LOG_RESOLUTION_S = 0.02
_BY_THE_BALANCE = frozenset({Standing.START_UP.words, Standing.SHORTFALL.words})
"""Declared names of what is timed by readings of the balance."""
_STARTS = ("start: ", "prime: ")
_TO_S = 5.0
"""So far the middle of a command, or of a fault's end, lies at most from the line that tells of it."""


class LatencyCheck:
    """Follows a journal and keeps the instants that latencies are made of, by infusion."""

    def __init__(self) -> None:
        self._onsets_s: dict[str, list[float]] = {}
        self._latencies_s: dict[str, list[float]] = {}
        self._due_s: dict[str, list[float]] = {}
        self._faults_s: dict[str, list[float]] = {}
        self._ordered_s: dict[str, list[float]] = {}
        self._starts_s: dict[str, list[float]] = {}
        self._samples_s: dict[str, tuple[float, float]] = {}

    def take(self, line: JournalLine) -> Iterator[Contradiction]:
        """Take the next line; yield what does not follow from the lines before it."""
        match line.body:
            case AlarmLogged() as alarm:
                self._onsets_s.setdefault(alarm.infusion, []).append(alarm.onset_s)
            case SoundHeard() as sound:
                self._onsets_s.setdefault(sound.infusion, []).append(sound.onset_s)
            case Injection() as injection:
                middle_s = (injection.result.sent_s + injection.result.confirmed_s) / 2
                self._faults_s.setdefault(injection.infusion, []).append(middle_s)
            case (ReservoirRunDown() | ReservoirRunDry()) as run_down:
                self._run_down(run_down)
            case Release(infusion=infusion):
                self._ordered_s.setdefault(infusion, []).append(line.t_s)
            case Command(infusion=infusion, title=title):
                self._ordered_s.setdefault(infusion, []).append(line.t_s)
                self._starts_s.setdefault(infusion, []).extend([line.t_s] if title.startswith(_STARTS) else [])
            case Frames(infusion=infusion):  # a start whose answer is lost is among them
                self._starts_s.setdefault(infusion, []).append(line.t_s)
            case Sample(infusion=infusion):
                first_s, _ = self._samples_s.get(infusion, (line.t_s, line.t_s))
                self._samples_s[infusion] = first_s, line.t_s
            case Judgement() as judgement:
                yield from self._judgement(judgement)

    def _run_down(self, activity: ReservoirRunDown | ReservoirRunDry) -> None:
        due = activity.result
        if due.after_s is not None and due.before_s is not None:
            self._due_s.setdefault(activity.infusion, []).append((due.after_s + due.before_s) / 2)

    def _judgement(self, judgement: Judgement) -> Iterator[Contradiction]:
        instants = {one.name: one.value for one in judgement.budget}
        if {THIS_LATENCY, FIRST_LATENCY} <= set(instants):
            this_s, first_s = instants[THIS_LATENCY], instants[FIRST_LATENCY]
            if this_s is not None and first_s is not None:
                yield from self._difference(judgement, this_s, first_s)
            return
        cause_s, onset_s = instants.get(CAUSE), instants.get(ONSET)
        if cause_s is None or onset_s is None or len(instants) > 3:
            return
        self._latencies_s.setdefault(judgement.infusion, []).append(onset_s - cause_s)
        if not agrees(judgement.value, onset_s - cause_s):
            follows = f"{onset_s - cause_s} s (from the onset and the cause in its budget)"
            yield Contradiction(judgement.id, f"{judgement.measurand} {judgement.value}", follows)
        if judgement.declared in _BY_THE_BALANCE:
            yield from self._by_the_balance(judgement, cause_s, onset_s)
            return
        onsets_s = self._onsets_s.get(judgement.infusion, [])
        yield from _among(judgement, ONSET, onset_s, onsets_s, _LOG_RESOLUTION_S)
        ordered_s = self._ordered_s.get(judgement.infusion, [])
        causes_s = [*self._faults_s.get(judgement.infusion, []), *self._due_s.get(judgement.infusion, [])]
        if causes_s and not any(abs(one_s - cause_s) <= _TO_S for one_s in ordered_s):
            yield from _among(judgement, CAUSE, cause_s, [*causes_s, *onsets_s], _LOG_RESOLUTION_S)

    def _difference(self, judgement: Judgement, this_s: float, first_s: float) -> Iterator[Contradiction]:
        """Yield what does not follow where one latency is held against another."""
        if not agrees(judgement.value, this_s - first_s):
            follows = f"{this_s - first_s} s (from both latencies in its budget)"
            yield Contradiction(judgement.id, f"{judgement.measurand} {judgement.value}", follows)
        latencies_s = self._latencies_s.get(judgement.infusion, [])
        for name, one_s in ((THIS_LATENCY, this_s), (FIRST_LATENCY, first_s)):
            yield from _among(judgement, name, one_s, latencies_s, _LOG_RESOLUTION_S)

    def _by_the_balance(self, judgement: Judgement, cause_s: float, onset_s: float) -> Iterator[Contradiction]:
        first_s, last_s = self._samples_s.get(judgement.infusion, (0.0, 0.0))
        for name, instant_s in ((CAUSE, cause_s), (ONSET, onset_s)):
            if not first_s <= instant_s <= last_s:
                follows = f"{first_s} s to {last_s} s (samples of {judgement.infusion})"
                yield Contradiction(judgement.id, f"the {name} {instant_s} s", follows)
        if judgement.declared == Standing.START_UP.words:
            yield from _among(judgement, CAUSE, cause_s, self._starts_s.get(judgement.infusion, []), _TO_S)


def _among(
    judgement: Judgement, name: str, instant_s: float, known_s: Sequence[float], within_s: float
) -> Iterator[Contradiction]:
    if not any(abs(one_s - instant_s) <= within_s for one_s in known_s):
        follows = ", ".join(f"{one_s} s" for one_s in known_s) or "no such instant"
        yield Contradiction(judgement.id, f"the {name} {instant_s} s", f"{follows} (recorded)")
