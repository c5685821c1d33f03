# SPDX-License-Identifier: Apache-2.0
"""The verification protocol as Markdown."""

from collections.abc import Iterable, Iterator, Mapping

from groundfloor.printable import one_line
from reports.markdown_text import as_text
from reports.page.figures import duration
from reports.protocol.planned_judgement import PlannedJudgement
from reports.protocol.planned_test import PlannedState, PlannedTest
from reports.protocol.verification_protocol import PlannedChapter, VerificationProtocol

MOST_OF_A_NAME = 500


def protocol_markdown(protocol: VerificationProtocol) -> str:
    """Return the protocol as one Markdown text; it ends with its hash."""
    texts = {one.label: one.text for one in protocol.requirements}
    parts = [
        *_head(protocol),
        *_capability(protocol),
        *(line for chapter in protocol.chapters for line in _chapter(chapter, texts)),
        *_in_every_infusion(protocol),
        *_requirements(protocol),
        *_what_does_not_run(protocol),
        *_numbers(protocol),
        f"SHA-256 of what this protocol says: `{protocol.sha256}`",
    ]
    return "\n".join(parts) + "\n"


def hours(protocol: VerificationProtocol | PlannedChapter | PlannedTest, *, known: bool) -> str:
    """Return the bench time of something, and that it is a least one where some of it is unknown."""
    return f"{'' if known else 'at least '}{protocol.seconds / 3600:.1f} h"


def _head(protocol: VerificationProtocol) -> Iterator[str]:
    planned = sum(case.state is PlannedState.PLANNED for test in protocol.tests for case in test.cases)
    time = hours(protocol, known=protocol.all_known)
    yield f"# Verification protocol: {as_text(protocol.title)}\n"
    yield f"- Profile: {_code(protocol.profile)}"
    yield f"- Bench: {as_text(protocol.bench)}{' (SIMULATED)' if protocol.simulated else ''}"
    yield f"- Requirements: {as_text(protocol.baseline)}"
    yield f"- Decision rule: {as_text(protocol.decision_rule)}"
    unfit, blocked = (len(protocol.cases_that_are(one)) for one in (PlannedState.NOT_APPLICABLE, PlannedState.BLOCKED))
    yield f"- Sample: one pump; of {len(protocol.tests)} tests {planned} cases are planned, {unfit} are not applicable"
    yield f"  to this profile, {blocked} are BLOCKED on this bench"
    yield f"- Planned bench time: {time}, and {duration(protocol.once_s)} of checks before and after\n"


def _capability(protocol: VerificationProtocol) -> Iterator[str]:
    if protocol.rates:
        yield "## What this bench can tell\n"
        yield "By its file: the figures of the balance, and a blank as long as it says. A run asks again with what it"
        yield "has measured.\n"
        yield from _table(
            ("rate", "shortest window that resolves the accuracy"), ((one.rate, one.window) for one in protocol.rates)
        )


def _chapter(chapter: PlannedChapter, texts: Mapping[str, str]) -> Iterator[str]:
    yield f"## Chapter {as_text(chapter.name)}\n"
    yield f"{as_text(chapter.purpose) or '*The chapter has no docstring.*'}\n"
    yield f"Planned bench time: {hours(chapter, known=chapter.all_known)}.\n"
    for test in chapter.tests:
        yield from _test(test, texts)


def _test(test: PlannedTest, texts: Mapping[str, str]) -> Iterator[str]:
    yield f"### {as_text(test.title) or '*(no title)*'}\n"
    yield f"{_code(test.node)} · {test.state.value}\n"
    for heading, text in test.parts:
        yield f"**{as_text(heading)}.** {as_text(text)}\n" if heading else f"{as_text(text)}\n"
    if test.missing:
        yield f"**MISSING in the docstring:** {', '.join(test.missing)}.\n"
    yield f"**Requirements.** {'' if test.requirements else 'None of its own.'}\n"
    yield from (f"- {label}: {as_text(texts.get(label, ''))}" for label in test.requirements)
    yield ""
    yield from _judgements(test.own_judgements)
    rows = (
        (case.name or "–", case.state.value, case.hours, ", ".join(case.needs) or "–", case.reason)
        for case in test.cases
    )
    yield from _table(("case", "state", "bench time", "rig must have", "why"), rows)


def _judgements(judgements: Iterable[PlannedJudgement]) -> Iterator[str]:
    rows = [
        (
            one.name + (f" ({', '.join(one.cases)})" if one.cases else ""),
            one.measurand,
            ", ".join(one.requirements),
            one.limits or "–",
            one.source,
            "yes" if one.assumed else "no",
            "1 or more" if one.times is None else str(one.times),
            one.sample_size,
        )
        for one in judgements
    ]
    if rows:
        heads = (
            "judgement",
            "measurand",
            "requirements",
            "limits",
            "source of the limits",
            "assumed",
            "times",
            "sample size",
        )
        yield from _table(heads, rows)


def _in_every_infusion(protocol: VerificationProtocol) -> Iterator[str]:
    if protocol.standing:
        yield "## Judged in every infusion\n"
        yield "No plan has to ask for these. Their limits come from the profile and the therapy.\n"
        rows = ((one.name, ", ".join(one.requirements) or "none") for one in protocol.standing)
        yield from _table(("judgement", "requirements"), rows)


def _requirements(protocol: VerificationProtocol) -> Iterator[str]:
    yield "## Requirements\n"
    rows = (
        (one.label, one.text, "; ".join(one.risks) or "–", "; ".join(one.tests) or "no test")
        for one in protocol.requirements
    )
    yield from _table(("requirement", "text", "risk controls", "tests"), rows)


def _what_does_not_run(protocol: VerificationProtocol) -> Iterator[str]:
    for state, title in (
        (PlannedState.NOT_APPLICABLE, "Not applicable to this profile"),
        (PlannedState.BLOCKED, "BLOCKED on this bench"),
    ):
        yield f"## {title}\n"
        found = [
            f"- {as_text(test.title or test.node)}{f' ({as_text(case)})' if case else ''}: {as_text(reason)}"
            for test, case, reason in protocol.cases_that_are(state)
        ]
        if state is PlannedState.NOT_APPLICABLE:
            found += [f"- {as_text(one)}" for one in protocol.not_promised]
        yield from found or ["None."]
        yield ""
    if protocol.without_parts:
        yield "## Missing in the plan\n"
        yield from (f"- {_code(one.node)}: {', '.join(one.missing)}" for one in protocol.without_parts)
        yield ""


def _numbers(protocol: VerificationProtocol) -> Iterator[str]:
    yield "## Assumed numbers\n"
    assumed, all_of_them = len(protocol.assumed), len(protocol.numbers)
    yield f"{assumed} of the profile's {all_of_them} figures; a maker replaces them by its own.\n"
    yield from _table(("figure", "value", "source"), ((one.key, one.value, one.source) for one in protocol.assumed))
    yield "## Sourced numbers\n"
    sourced = (one for one in protocol.numbers if not one.assumed)
    yield from _table(("figure", "value", "source"), ((one.key, one.value, one.source) for one in sourced))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(map(as_text, row))} |" for row in rows)
    yield ""


def _code(text: str) -> str:
    return f"`{one_line(text, MOST_OF_A_NAME).replace('`', '')}`"
