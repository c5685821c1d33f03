# SPDX-License-Identifier: Apache-2.0
"""Text from elsewhere in Markdown: shown as it is, and taken for no markup."""

from groundfloor.printable import one_line

MARKUP = frozenset("\\`*_[]<>|!#&")
MOST_CHARACTERS = 2000


def as_text(text: str) -> str:
    """Return `text` on one line so that Markdown makes nothing of it; a very long one is cut."""
    return "".join(f"\\{one}" if one in MARKUP else one for one in one_line(text, MOST_CHARACTERS))
