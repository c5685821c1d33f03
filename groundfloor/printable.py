# SPDX-License-Identifier: Apache-2.0
"""Makes text that came from elsewhere fit to be shown: nothing in it steers a terminal or reorders a line.

Device replies, names in files and journals of unknown origin may hold escape sequences that move the cursor, change
colours or window titles, and marks that make text read backwards. Each such character is shown by its code instead.
"""

import unicodedata

_SHOWN_BY_CODE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: controls, formats (direction marks), lone surrogates, unassigned ones, line separators."""


def printable(text: str, keep: str = "\n") -> str:
    r"""Return `text` with every character that is not plainly visible replaced by its code, such as `\x1b`.

    Args:
        text: what is to be shown.
        keep: characters that stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(one if one in keep or not _is_hidden(one) else _code(one) for one in text)


def one_line(text: str, most: int = 200) -> str:
    """Return `text` on one line and not longer than `most` characters, with a mark where some were left out."""
    shown = printable(text, keep="")
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _SHOWN_BY_CODE


def _code(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
