# SPDX-License-Identifier: Apache-2.0
"""Who speaks on a line that does not answer as it should, found out from the lines that come.

Asked only after the expected answer did not come. Every dialect is tried with the one question that moves nothing, the
weight of this moment, and what comes is looked at: its line ends, whether it is text at all, and whose lines they are.
Nothing that is found out here is ever taken for a weight.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from instruments.balances.dialect import Dialect
from instruments.balances.weight_line import NotALine, Trouble, WeightLine
from instruments.visa.line import VisaLine

QUIET_S = 0.12
MOST_S = 0.25
"""For each question: all of them, and the waits before, are over within 5 s at the usual time-out of 2 s."""
_SICS_LINE = re.compile(rb"(?:S [SDI+-](?: .*)?|I[1-5] A .*|Z [AI+-]|T [SI+-].*)\r\n")
_EMPTY_SERIAL_NUMBER = re.compile(rb'I4 A " *"\r\n')
_SILENT = "see power, cable, address and the setting of the line; a balance in standby may be silent: switch it on"
_ODD_SHARE = 4
"""Where a fourth of all bytes is no text, the setting of the line is wrong; fewer may be a bad wire."""
_NO_CONTROL = bytes(range(0x20, 0x7F)) + b"\r\n\x06\x1b"


@dataclass(frozen=True)
class Voice:
    """How one language is known.

    Attributes:
        words: what a bench file calls it; more than one where the lines are the same.
        questions: what is sent to hear it.
        recognises: whether a line is one that, of all, most likely this one sends.
        read_weight: reads its status lines, for those that tell of standby.
    """

    words: tuple[str, ...]
    questions: tuple[bytes, ...]
    recognises: Callable[[bytes], bool]
    read_weight: Callable[[bytes], WeightLine] | None = None

    @classmethod
    def of(cls, dialect: Dialect) -> Self:
        """Return how `dialect` is known."""
        return cls((dialect.word,), (dialect.weigh,), dialect.recognises, dialect.read_weight)

    def is_in_standby(self, line: bytes) -> bool:
        """Tell whether the line says in this language that the balance is in standby."""
        try:
            return self.read_weight is not None and self.read_weight(line).trouble is Trouble.STANDBY
        except NotALine:
            return False


SICS_VOICE = Voice(("mt-sics", "kcp"), (b"I4", b"SI"), lambda line: _SICS_LINE.fullmatch(line) is not None)


class FirstContact:
    """Finds out who speaks.

    Args:
        voices: all that are known.
    """

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = voices

    def explaining(self, word: str) -> Callable[[VisaLine], str]:
        """Return what explains a line on which `word` should be spoken."""

        def explain(line: VisaLine) -> str:
            came = b"".join(self._heard(line))
            return self.explanation(came, word)

        return explain

    def explanation(self, came: bytes, word: str) -> str:
        """Say in words what is wrong with `came` where `word` should be spoken; empty if nothing can be said."""
        if not came:
            return f"nothing comes, whatever is asked and in whichever dialect; {_SILENT}"
        shown = came.splitlines(keepends=True)[0][:80]
        if _ODD_SHARE * sum(byte not in _NO_CONTROL for byte in came) > len(came):
            return f"garbled characters came, as with another baud rate, data bits or parity: {shown!r}"
        if b"\n" not in came:
            return f"its lines end in CR alone, or not at all, where CR LF should be: {came[:80]!r}; set it to CR LF"
        if b"\r\n" not in came:
            return f"its lines end in LF alone where CR LF should be: {shown!r}; set it to CR LF"
        return self._explained_by_lines([line for line in came.splitlines(keepends=True) if line.strip()], word)

    def _explained_by_lines(self, lines: list[bytes], word: str) -> str:
        for line in lines:
            if any(voice.is_in_standby(line) for voice in self._voices):
                return f"it is in standby: {line!r}; switch it on and let it warm up"
            if _EMPTY_SERIAL_NUMBER.fullmatch(line):
                return f"its serial number is empty: {line!r}; have it set, or nothing shows which balance this is"
        own = next((voice for voice in self._voices if word in voice.words), None)
        if own is not None and any(own.recognises(line) for line in lines):
            return ""
        for voice in self._voices:
            for line in lines:
                if voice.recognises(line):
                    words = " or ".join(f'dialect = "{one}"' for one in voice.words)
                    return f"this is not a balance of dialect {word}: {line!r}; say {words} in [balance]"
        return ""

    def _heard(self, line: VisaLine) -> Iterable[bytes]:
        yield from line.drain(QUIET_S, MOST_S)
        for question in dict.fromkeys(question for voice in self._voices for question in voice.questions):
            line.send(question)
            yield from line.drain(QUIET_S, MOST_S)
