# SPDX-License-Identifier: Apache-2.0
"""The coverage as a page of the documents."""

from collections.abc import Iterable, Iterator

from reports.coverage.coverage import Coverage
from reports.markdown_text import as_text

OPEN = "**open**"
_INTRODUCTION = """# Coverage

Made by `python -m cli.coverage_page > docs/coverage.md` from `test_plans/coverage.toml`, the requirements, the plans
and the catalogue of [defects](defects.md). Do not edit.

A requirement is *shown* if a chapter judges it and a bad pump of the catalogue reddens it there. A row that nothing
shown answers for is open, by its name. Numbers of defects met in the field are those of "domain §5.2", the collection
of facts that the design rests on.
"""


def coverage_text(coverage: Coverage) -> str:
    """Return the page."""
    parts = [
        _INTRODUCTION,
        *_parts(coverage),
        *_requirements(coverage),
        *_fields(coverage),
        *_public(coverage),
        *_out_of_scope(coverage),
    ]
    return "\n".join(parts)


def _parts(coverage: Coverage) -> Iterator[str]:
    yield "## Parts of the system\n"
    heads = ("part", "chapters", "requirements", "defects met in the field", "bad pumps that are found")

    def row(name: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
        shown = coverage.shown_of(patterns)
        chapters = dict.fromkeys(chapter for one in shown for chapter in coverage.chapters_of[one])
        fields = sorted({number for one in shown for number in coverage.fields_of(one)})
        found = dict.fromkeys(name for one in shown for name in coverage.defects_of[one])
        return (as_text(name), _list(chapters), _list(shown), _list(map(str, fields), "–"), _count(found))

    yield from _table(heads, (row(one.name, one.requirements) for one in coverage.plan.system_part))


def _requirements(coverage: Coverage) -> Iterator[str]:
    yield "## Requirements\n"
    heads = ("requirement", "chapters", "parts of the system", "defects met in the field", "bad pumps that redden it")
    rows = (
        (
            one,
            _list(coverage.chapters_of[one]),
            _list(coverage.parts_of(one), "–"),
            _list(map(str, coverage.fields_of(one)), "–"),
            _list(f"`{name}`" for name in coverage.defects_of[one]),
        )
        for one in coverage.ids
    )
    yield from _table(heads, rows)


def _fields(coverage: Coverage) -> Iterator[str]:
    yield "## Defects met in the field\n"
    heads = ("no.", "what happened", "as a bad pump", "chapter, test", "requirements reddened")

    def rows() -> Iterator[tuple[str, ...]]:
        for field in coverage.plan.field_defect:
            found = coverage.met_as(field)
            where = dict.fromkeys(", ".join(filter(None, (one.shows.chapter, one.shows.test))) for one in found)
            red = sorted({name for one in found for name in one.shows.reddens})
            defects = _list(f"`{one.name}`" for one in found)
            yield str(field.number), as_text(field.what), defects, _list(where, separator="; "), _list(red)

    yield from _table(heads, rows())


def _public(coverage: Coverage) -> Iterator[str]:
    yield "## Public sets\n"
    for one in coverage.plan.public_set:
        yield f"### {as_text(one.name)}\n\n{as_text(one.source)}\n"
        rows = (
            (
                as_text(item.what),
                _list(coverage.shown_of(item.covered_by))
                if item.covered_by
                else f"not applicable: {as_text(item.not_applicable)}",
            )
            for item in one.item
        )
        yield from _table(("demand", "covered by"), rows)


def _out_of_scope(coverage: Coverage) -> Iterator[str]:
    yield "## Out of scope: what no bench can test\n"
    rows = ((as_text(one.what), as_text(one.why)) for one in coverage.plan.out_of_scope)
    yield from _table(("what", "why"), rows)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _list(names: Iterable[str], none: str = OPEN, separator: str = ", ") -> str:
    return separator.join(names) or none


def _count(names: Iterable[str]) -> str:
    number = len(tuple(names))
    return str(number) if number else OPEN
