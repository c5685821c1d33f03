# SPDX-License-Identifier: Apache-2.0
"""Writes what a row of the catalogue really ends with into the row: the claim, and nothing else of it.

A claim is a call such as `red(LEAK, "DEL-005", at=5.8)` in the text of the row. Where two words of it need an import
that the file does not have yet, ruff says so.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import instruments.simulated.specimen.catalogue
from tests.campaigns.detection.outcome import Outcome

_CATALOGUE = Path(instruments.simulated.specimen.catalogue.__path__[0])
FILES = (_CATALOGUE.parent / "defects.py", *sorted(_CATALOGUE.glob("*.py")))
_WORDS = {"FAIL": "red", "BLOCKED": "blocks", "INCONCLUSIVE": "decides_nothing", "PASS": "is_harmless"}
_CLAIM = re.compile(r"(?P<hidden>_?)(?:red|blocks|decides_nothing|is_harmless)\((?P<test>\w+)(?P<more>[^()]*)\)")
_AT = re.compile(r"at=[-\d.e]+")
_LONGEST = 120
_INDENT = "\n           "


def write_claims(outcomes: Sequence[Outcome], files: Sequence[Path] = FILES) -> list[Path]:
    """Write the outcomes into the rows that they are of; return the files that changed."""
    changed = []
    for path in files:
        before = text = path.read_text(encoding="utf-8")
        for outcome in outcomes:
            text = with_claim(text, outcome)
        if text != before:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def with_claim(text: str, outcome: Outcome) -> str:
    """Return a file of rows with one claim put right; one that has no such row comes back as it is."""
    name = outcome.name.partition("=")[0]
    start = text.find(f'Defect("{name}",')
    if start < 0 or outcome.verdict not in _WORDS:
        return text
    following = text.find("    Defect(", start + 1)
    end = following if following >= 0 else len(text)
    claim = _CLAIM.search(text, start, end)
    if claim is None:
        return text
    at = _AT.findall(claim["more"])
    arguments = ", ".join([claim["test"], *(f'"{one}"' for one in outcome.reddened), *at])
    told = f"{claim['hidden']}{_WORDS[outcome.verdict]}({arguments})"
    head, tail = text[: claim.start()], text[claim.end() :]
    rest = tail.partition("\n")[0]
    if len(_line_so_far(head)) + len(told) + len(rest) > _LONGEST and _line_so_far(head).strip():
        head = head.rstrip(" ") + _INDENT
    if len(_line_so_far(head)) + len(told) + len(rest) > _LONGEST and tail.startswith(", "):
        tail = "," + _INDENT + tail[2:]
    return head + told + tail


def _line_so_far(head: str) -> str:
    return head[head.rfind("\n") + 1 :]
