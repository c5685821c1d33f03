# SPDX-License-Identifier: Apache-2.0
"""The paragraphs of a protocol: purpose, method, acceptance."""

from reports.page.recorded_test import Paragraph


def protocol(docstring: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a test's docstring behind its title, those that begin with `Purpose:` and such by name.

    Args:
        docstring: as `inspect.getdoc` returns it.
    """
    paragraphs = [" ".join(one.split()) for one in docstring.split("\n\n")][1:]
    return tuple(_paragraph(one) for one in paragraphs if one)


def _paragraph(text: str) -> Paragraph:
    heading, colon, rest = text.partition(": ")
    named = bool(colon) and heading.isalpha() and heading.istitle()
    return Paragraph(heading, rest) if named else Paragraph("", text)
