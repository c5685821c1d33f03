# SPDX-License-Identifier: Apache-2.0
"""Who may write to a file of Windows, as its security descriptor says in words.

Windows tells owner and access list as text: `O:S-1-5-21-7G:BAD:PAI(A;OICI;FA;;;SY)(A;;0x1301bf;;;AU)` ("Security
Descriptor String Format", learn.microsoft.com/windows/win32/secauthz). The text is taken apart here, on any system.
Whatever is not understood counts as leave to write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

SYSTEMS = frozenset(
    {
        "SY",
        "BA",
        "S-1-5-18",
        "S-1-5-32-544",
        "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
    }
)
"""The system, its administrators and its installer, who may do anything as root may: "well-known SIDs" there."""
_WHOEVER_OWNS_IT = frozenset({"CO", "OW", "S-1-3-0", "S-1-3-4"})
_ALLOWS = frozenset({"A", "OA", "XA", "ZA"})
_DENIES = frozenset({"D", "OD", "XD"})
_WRITES = 0x2 | 0x4 | 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000
"""Write, append, delete inside, delete, change the list, change the owner, all, write ("File access rights")."""
_PUTS_ANOTHER = _WRITES & ~(0x2 | 0x4 | 0x40000000)
"""What lets somebody put another folder in the place of one; leave to make new ones beside it does not."""
_BITS = {
    "CC": 0x1,
    "DC": 0x2,
    "LC": 0x4,
    "SW": 0x8,
    "RP": 0x10,
    "WP": 0x20,
    "DT": 0x40,
    "LO": 0x80,
    "CR": 0x100,
    "SD": 0x10000,
    "RC": 0x20000,
    "WD": 0x40000,
    "WO": 0x80000,
    "GA": 0x10000000,
    "GX": 0x20000000,
    "GW": 0x40000000,
    "GR": 0x80000000,
    "FA": 0x1F01FF,
    "FR": 0x120089,
    "FW": 0x120116,
    "FX": 0x1200A0,
}
_ALL = 0xFFFFFFFF
_SID = r"S-1-[0-9-]+|[A-Z]{2}"


@dataclass(frozen=True)
class AccessList:
    """Owner and access list of a file or folder.

    Attributes:
        owner: its security identifier; empty where the text names none.
        may: by identifier, the rights that an entry gives to it, as bits.
    """

    owner: str
    may: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Take apart a security descriptor in words."""
        owner = re.match(rf"O:({_SID})", text)
        begin = re.search(r"D:([A-Z_]*)(?=\(|$|S:)", text)
        if begin is None or "NO_ACCESS_CONTROL" in begin[1]:  # no list at all lets everybody do everything
            return cls(owner[1] if owner else "", (("WD", _ALL),))
        given = [_given(one) for one in _entries(text[begin.end() :])]
        return cls(owner[1] if owner else "", tuple(one for one in given if one is not None))

    def others_write(self, own: str) -> bool:
        """Tell whether somebody but `own` and the system may write, delete, or give leave to."""
        return self._others_may(_WRITES, own)

    def others_put_another(self, own: str) -> bool:
        """Tell whether somebody but `own` and the system may put something else in the place of what is inside."""
        return self._others_may(_PUTS_ANOTHER, own)

    def _others_may(self, rights: int, own: str) -> bool:
        return any(bits & rights for who, bits in self.may if who not in SYSTEMS | _WHOEVER_OWNS_IT | {own})


def _entries(text: str) -> Iterator[str]:
    """Yield what stands in each pair of brackets, a condition's own brackets included; the rest as one that is odd."""
    while text.startswith("("):
        end = _end_of_first(text)
        yield text[1:end]
        text = text[end + 1 :]
    if text and not text.startswith("S:"):  # the list of what is recorded of accesses
        yield text


def _end_of_first(text: str) -> int:
    """Return where the bracket closes that `text` begins with; its length where it does not."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth:
            return place
    return len(text)


def _given(entry: str) -> tuple[str, int] | None:
    """Return who is given what by one entry; None for one that gives nothing here."""
    parts = entry.split(";")
    if len(parts) < 6:
        return "WD", _ALL
    kind, flags, rights, who = parts[0], parts[1], parts[2], parts[5]
    pairs = {flags[place : place + 2] for place in range(0, len(flags), 2)}
    if kind in _DENIES or "IO" in pairs:  # what is denied is no leave; "IO" is for what will be made inside
        return None
    if kind not in _ALLOWS:
        return "WD", _ALL
    return who, _bits(rights)


def _bits(rights: str) -> int:
    if re.fullmatch(r"0[xX][0-9a-fA-F]+|[0-9]+", rights):
        return int(rights, 0) if rights[:2].lower() == "0x" else int(rights)
    pairs = [rights[place : place + 2] for place in range(0, len(rights), 2)]
    bits = 0
    for pair in pairs:
        bits |= _BITS.get(pair, _ALL)
    return bits
