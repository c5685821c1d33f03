# SPDX-License-Identifier: Apache-2.0
"""Text from elsewhere on our terminal: shown as it is, taken neither for markup nor for an escape sequence."""

from rich.markup import escape

from groundfloor.printable import printable

MOST_CHARACTERS = 4000
"""More of one text helps nobody; laying out a cell of millions would hold the bench up."""


def terminal_text(text: str) -> str:
    """Return `text` so that a rich console prints it and obeys nothing in it; a very long one is cut, and says so."""
    return escape(plain_text(text))


def plain_text(text: str) -> str:
    """Return `text` so that a terminal obeys nothing in it, for whoever writes it past all markup; cut likewise."""
    cut = len(text) - MOST_CHARACTERS
    shown = printable(text[:MOST_CHARACTERS])
    return f"{shown} … and {cut} characters more" if cut > 0 else shown
