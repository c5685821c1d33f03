# SPDX-License-Identifier: Apache-2.0
"""Latencies made again: from the onset that the pump logged, less the instant of the cause.

A cause is a fault, its end, a command, or an alarm that a tone follows; an onset is one that the pump logged, or one
that the microphone heard.

What is timed by the balance (the first arrival after a start, a time without a stroke) has its instants among the
samples; a first arrival counts from a start that was commanded.
"""

from collections.abc import Iterator, Sequence

from bench.acceptance import Standing
from bench.journal import JournalLine
from bench.journal.lines import AlarmLogged, Command, Injection, Judgement, Release, Sample
from bench.journal.lines.activity import Frames
from bench.journal.lines.event import SoundHeard
from bench.recorded.contradiction import Contradiction
from bench.recorded.judgement_check import agrees

CAUSE, ONSET = "instant of the cause", "instant of the onset"
"""Lines of the budget of a latency."""
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
            case Release(infusion=infusion):
                self._ordered_s.setdefault(infusion, []).append(line.t_s)
            case Command(infusion=infusion, title=title):
                self._ordered_s.setdefault(infusion, []).append(line.t_s)
                if title.startswith(_STARTS):
                    self._starts_s.setdefault(infusion, []).append(line.t_s)
            case Frames(infusion=infusion):  # a start whose answer is lost is among them
                self._starts_s.setdefault(infusion, []).append(line.t_s)
            case Sample(infusion=infusion):
                first_s, _ = self._samples_s.get(infusion, (line.t_s, line.t_s))
                self._samples_s[infusion] = first_s, line.t_s
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
        if judgement.declared in _BY_THE_BALANCE:
            yield from self._by_the_balance(judgement, cause_s, onset_s)
            return
        onsets_s = self._onsets_s.get(judgement.infusion, [])
        yield from _among(judgement, ONSET, onset_s, onsets_s, _LOG_RESOLUTION_S)
        ordered_s = self._ordered_s.get(judgement.infusion, [])
        faults_s = self._faults_s.get(judgement.infusion, [])
        if faults_s and not any(abs(one_s - cause_s) <= _TO_S for one_s in ordered_s):
            yield from _among(judgement, CAUSE, cause_s, [*faults_s, *onsets_s], _LOG_RESOLUTION_S)

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
