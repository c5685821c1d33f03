# SPDX-License-Identifier: Apache-2.0
"""The `.properties` text that Allure reads its environment from (the format of java.util.Properties, ASCII only)."""

from collections.abc import Mapping

_NAMED = {
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\f": "\\f",
    "=": "\\=",
    ":": "\\:",
    "#": "\\#",
    "!": "\\!",
}


def properties_text(values: Mapping[str, str]) -> str:
    """Return `values` as text, one a line, so that a reader gets back exactly what was put in."""
    return "".join(f"{_escaped(key, everywhere=True)} = {_escaped(value)}\n" for key, value in values.items())


def _escaped(text: str, *, everywhere: bool = False) -> str:
    """Escape what has a meaning; a blank has one in a key, and at the beginning of a value."""
    body = text.lstrip(" ")
    blanks = "\\ " * (len(text) - len(body))
    escaped = "".join(map(_character, body))
    return blanks + (escaped.replace(" ", "\\ ") if everywhere else escaped)


def _character(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if " " <= character <= "~":
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
