# SPDX-License-Identifier: Apache-2.0
"""One test held against itself: what it declared against what it judged, and its end against both."""

import math
from collections.abc import Iterator, Mapping, Sequence

from bench.acceptance import OCCASIONAL, open_points
from bench.collected_tests import JudgementToCome
from bench.journal.lines import Judgement, JudgementDeclared, RequirementReference
from bench.recorded.contradiction import Contradiction
from bench.recorded.recorded_run import RecordedTest, missing_of
from bench.trace import Requirements
from metrology.verdict import YES_OR_NO, Verdict, worst

ALL_PASSED = "every judgement passed"
"""The reason with which a test ends that passes."""
_JUDGED = ("pump: judge: ", "bench: judge: ")
"""How a reason begins that is made of judgements."""
_SAME = 1e-6


def check_test(
    test: RecordedTest, to_come: Sequence[JudgementToCome] | None, baseline: Requirements | None
) -> Iterator[Contradiction]:
    """Yield what does not fit together in a test.

    Args:
        test: as the journal has it.
        to_come: what the list of tests says that it was going to judge; None where that says nothing.
        baseline: the requirements that the run keeps; None where it keeps none.
    """
    if test.declared:
        yield from _declarations(test, to_come, baseline)
        for judgement in test.judgements:
            yield from _declared_and_judged(test, judgement)
    if test.ended_s is not None:
        yield from _end(test)


def _declarations(
    test: RecordedTest, to_come: Sequence[JudgementToCome] | None, baseline: Requirements | None
) -> Iterator[Contradiction]:
    own = test.started.id
    declared = {one.name: tuple(ref.id for ref in one.requirements) for one in test.declared}
    if len(declared) != len(test.declared):
        yield Contradiction(own, "a name that is declared twice", "one declaration for each name")
    planned = {one.name: one.requirements for one in to_come} if to_come is not None else declared
    planned |= _on_occasion(declared, planned, baseline)
    cut_short = test.ended_s is None  # while it was still saying what it would judge, perhaps
    for name in sorted(declared.keys() if cut_short else planned.keys() | declared.keys()):
        if planned.get(name) != declared.get(name):
            follows = f"{planned.get(name, 'nothing')} (collected.json)"
            yield Contradiction(own, f"{name!r} declared for {declared.get(name, 'nothing')}", follows)
    for one in test.declared:
        for reference in one.requirements:
            yield from _cited(one.id, reference, baseline)
    started = {one.label for one in test.started.requirements}
    brought_in = {one.words for one in OCCASIONAL} - {one.name for one in to_come or ()}
    cited = {ref.label for one in test.declared for ref in one.requirements if one.name not in brought_in}
    if not (cited <= started if cut_short else cited == started):
        yield Contradiction(own, f"a test of {', '.join(sorted(started))}", f"{', '.join(sorted(cited))} (declared)")


def _on_occasion(
    declared: Mapping[str, tuple[str, ...]], planned: Mapping[str, tuple[str, ...]], baseline: Requirements | None
) -> dict[str, tuple[str, ...]]:
    """Return what was declared because its occasion came, with the requirements that the baseline binds it to."""
    came = [one for one in OCCASIONAL if one.words in declared and one.words not in planned]
    bound = {one.words: tuple(baseline.standing.get(one, ())) for one in came} if baseline is not None else {}
    return {one.words: bound.get(one.words, declared[one.words]) for one in came}


def _cited(own: str, reference: RequirementReference, baseline: Requirements | None) -> Iterator[Contradiction]:
    if baseline is None:
        return
    known = {one.id: one for one in baseline.requirement}.get(reference.id)
    if known is None or (known.revision, known.text_sha256) != (reference.revision, reference.text_sha256):
        follows = "nothing of this id" if known is None else f"{known.label}, text {known.text_sha256[:12]}…"
        recorded = f"{reference.label}, text {reference.text_sha256[:12]}…"
        yield Contradiction(own, recorded, f"{follows} (the baseline that the run keeps)")


def _declared_and_judged(test: RecordedTest, judgement: Judgement) -> Iterator[Contradiction]:
    declared = {one.name: one for one in test.declared}.get(judgement.declared)
    if declared is None:
        yield Contradiction(judgement.id, f"judged as {judgement.declared!r}", "nothing: that was not declared")
        return
    if judgement.requirements != declared.requirements:
        recorded, follows = (
            ", ".join(one.label for one in requirements) or "nothing"
            for requirements in (judgement.requirements, declared.requirements)
        )
        yield Contradiction(judgement.id, f"evidence for {recorded}", f"{follows} (declared as {declared.name!r})")
    if judgement.rule not in (declared.rule, YES_OR_NO):
        yield Contradiction(judgement.id, f"the rule {judgement.rule!r}", f"{declared.rule!r} (declared)")
    # an alarm that never came has no latency, and a volume that could not be weighed no figure: neither can pass
    without_figure = judgement.rule == YES_OR_NO and judgement.verdict in {Verdict.FAIL, Verdict.INCONCLUSIVE}
    if judgement.rule == YES_OR_NO and declared.lower is not declared.upper and not without_figure:
        yield Contradiction(judgement.id, "a yes or a no", f"a figure (declared as {declared.name!r})")
    if declared.times is not None and len(test.judged_as(declared.name)) > declared.times:
        yield Contradiction(judgement.id, f"one of too many {declared.name!r}", f"{declared.times} (declared)")
    if declared.limits_source and not without_figure and not _same_limits(declared, judgement):
        recorded = f"limits {judgement.lower} to {judgement.upper} {judgement.unit}"
        of = f" of the {declared.relative_to}" if declared.relative_to else ""
        follows = f"{declared.lower} to {declared.upper} {declared.unit}{of} (declared as {declared.name!r})"
        yield Contradiction(judgement.id, recorded, follows)


def _same_limits(declared: JudgementDeclared, judgement: Judgement) -> bool:
    """Tell whether the judged limits are the declared ones, or one and the same share of them."""
    pairs = ((declared.lower, judgement.lower), (declared.upper, judgement.upper))
    if any((one is None) is not (other is None) for one, other in pairs):
        return False
    given = [(one, other) for one, other in pairs if one is not None and other is not None]
    if not declared.relative_to:
        same_unit = not given or declared.unit == judgement.unit
        return same_unit and all(math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME) for one, other in given)
    shares = [other / one for one, other in given if one]
    if any(other != 0 for one, other in given if one == 0) or any(share < 0 for share in shares):
        return False
    return all(math.isclose(share, shares[0], rel_tol=_SAME) for share in shares)


def _end(test: RecordedTest) -> Iterator[Contradiction]:
    ended, own = test.ended, f"{test.started.id} ended"
    if ended.judged is not None and ended.judged != len(test.judgements):
        yield Contradiction(own, f"{ended.judged} judgements", f"{len(test.judgements)}: lines are missing")
    unset = [one.name for one in test.declared if missing_of(one, test.judged_as(one.name))]
    judged = worst((*(one.verdict for one in test.judgements), *([Verdict.UNSET] if unset else [])))
    if ended.verdict is Verdict.PASS and judged is not Verdict.PASS:
        why = open_points(test.judgements, unset) if judged is not Verdict.UNSET else f"not judged: {', '.join(unset)}"
        yield Contradiction(own, "PASS", f"{judged} ({why or 'nothing was judged'})")
    if (ended.reason == ALL_PASSED) is not (ended.verdict is Verdict.PASS):
        yield Contradiction(own, f"{ended.verdict}, {ended.reason!r}", f"{judged}")
    elif any(words in ended.reason for words in _JUDGED):
        yield from _reason_of_judgements(test, unset, judged)


def _reason_of_judgements(test: RecordedTest, unset: Sequence[str], judged: Verdict) -> Iterator[Contradiction]:
    ended, own = test.ended, f"{test.started.id} ended"
    if judged in {Verdict.PASS, Verdict.UNSET}:
        yield Contradiction(own, f"{ended.verdict}, {ended.reason!r}", f"{judged}")
        return
    if ended.verdict is not judged and _worse(ended.verdict, judged) is judged:
        yield Contradiction(own, f"{ended.verdict}, {ended.reason!r}", f"{judged}")
    points = open_points(test.judgements, unset)
    if points not in ended.reason:
        yield Contradiction(own, f"the reason {ended.reason!r}", points)


def _worse(one: Verdict, other: Verdict) -> Verdict:
    return worst((one, other))
