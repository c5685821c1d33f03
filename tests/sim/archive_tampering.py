# SPDX-License-Identifier: Apache-2.0
"""Zips of a sealed record that two readers unpack to two things, or that carry what no signature covers.

A zip tells of each entry twice, before it and in its directory at the end; readers believe one or the other.
"""

import random
import shutil
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.sim.bundle_tampering import Tampering, files_of, name_of

STORED, DEFLATED, DESCRIBED_BEHIND, UTF_8 = 0, 8, 8, 0x800
MORE = b"approved, Dr. B."


@dataclass
class Told:
    """What is said of an entry, before it or in the directory."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    extra: bytes = b""

    def before(self) -> bytes:
        sums = (0, self.flags, self.method, 0, 33, self.crc, self.packed, self.size, len(self.name), len(self.extra))
        return struct.pack("<4s5H3L2H", b"PK\3\4", *sums) + self.name + self.extra

    def in_directory(self, offset: int) -> bytes:
        sums = (self.flags, self.method, 0, 33, self.crc, self.packed, self.size, len(self.name), len(self.extra))
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *sums, 0, 0, 0, 0, offset) + self.name + self.extra


@dataclass
class Entry:
    """An entry of a zip: what is told of it before it, in the directory, its bytes, and what stands behind them."""

    before: Told
    listed: Told
    content: bytes
    behind: bytes = b""

    @classmethod
    def of(cls, name: str, content: bytes) -> "Entry":
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
        told = (name.encode(), UTF_8 if not name.isascii() else 0, DEFLATED, zlib.crc32(content))
        return cls(Told(*told, len(packed), len(content)), Told(*told, len(packed), len(content)), packed)


@dataclass
class Archive:
    """A zip that is written as it says, right or wrong."""

    entries: list[Entry]
    gap: bytes = b""
    wide: bool = False
    more_entries: int = 0
    behind_directory: bytes = field(default=b"")

    def to_bytes(self) -> bytes:
        written, listed = b"", b""
        for one in self.entries:
            listed += one.listed.in_directory(len(written))
            written += one.before.before() + one.content + one.behind
        written += self.gap
        begins, count = len(written), len(self.entries) + self.more_entries
        written += listed + self.behind_directory
        if self.wide:
            ends = len(written)
            sizes = (count, count, len(listed), begins)
            written += struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *sizes)
            written += struct.pack("<4sLQL", b"PK\6\7", 0, ends, 1)
            return written + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        return written + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listed), begins, 0)


def archive_of(bundle: Path) -> Archive:
    return Archive([Entry.of(name_of(bundle, one), one.read_bytes()) for one in files_of(bundle)])


def _zipped(change: Callable[[Archive, random.Random], str]) -> Tampering:
    """Return a tampering that puts a changed zip in the place of the folder."""

    def tamper(bundle: Path, _other: Path, dice: random.Random) -> str:
        archive = archive_of(bundle)
        named = change(archive, dice)
        shutil.rmtree(bundle)
        bundle.write_bytes(archive.to_bytes())
        return named

    tamper.__name__ = change.__name__
    return tamper


def _one(archive: Archive, dice: random.Random) -> Entry:
    return dice.choice([one for one in archive.entries if len(one.content) > 64])


@_zipped
def another_name_before_an_entry(archive: Archive, dice: random.Random) -> str:
    one = _one(archive, dice)
    one.before.name = dice.choice([b"data/summary.json", one.before.name.upper(), b"../" + one.before.name])
    if one.before.name == one.listed.name:
        one.before.name = b"data/journal.jsonl"
    return "told of otherwise before it than in the directory"


@_zipped
def another_sum_before_an_entry(archive: Archive, dice: random.Random) -> str:
    told, name = _one(archive, dice).before, dice.choice(["crc", "packed", "size"])
    setattr(told, name, getattr(told, name) + dice.choice([1, 7, 4096]))
    return "told of otherwise before it than in the directory"


@_zipped
def another_method_before_an_entry(archive: Archive, dice: random.Random) -> str:
    told = _one(archive, dice).before
    if dice.random() < 0.5:
        told.method = dice.choice([STORED, 12, 14])
    else:
        told.flags ^= UTF_8
    return "told of otherwise before it than in the directory"


@_zipped
def a_field_that_names_an_entry_otherwise(archive: Archive, dice: random.Random) -> str:
    """Say by the field for names in Unicode that an entry is another file: some readers believe it."""
    one = _one(archive, dice)
    name = b"data/summary.json"
    extra = struct.pack("<2HBL", 0x7075, 5 + len(name), 1, zlib.crc32(one.listed.name)) + name
    dice.choice([one.before, one.listed]).extra = extra
    return "carries more than sizes, times and owners"


@_zipped
def words_in_a_field_of_an_entry(archive: Archive, dice: random.Random) -> str:
    one, kind = _one(archive, dice), dice.choice([0xCAFE, 0x5455, 0x6375])
    words = MORE * (3 if kind == 0x5455 else 1)
    dice.choice([one.before, one.listed]).extra = struct.pack("<2H", kind, len(words)) + words
    return "carries more than sizes, times and owners"


@_zipped
def a_field_without_end(archive: Archive, dice: random.Random) -> str:
    dice.choice([_one(archive, dice).before, _one(archive, dice).listed]).extra = struct.pack("<2H", 0x5455, 500)
    return "it is no whole zip"


@_zipped
def words_behind_packed_content(archive: Archive, dice: random.Random) -> str:
    """Let the packed part of an entry go on behind its end, where a reader stops."""
    one = _one(archive, dice)
    one.content += MORE
    for told in (one.before, one.listed):
        told.packed = len(one.content)
    return "holds more or less than what it unpacks to"


@_zipped
def content_of_a_folder(archive: Archive, _dice: random.Random) -> str:
    """Give content to an entry that is a folder by its name: a reader makes the folder and passes the content over."""
    archive.entries.append(Entry.of("data/", MORE * 8))
    return "'data/' is packed as no sealed record is"


@_zipped
def words_in_place_of_sizes(archive: Archive, dice: random.Random) -> str:
    """Say that sizes stand behind an entry, and put words there."""
    one = _one(archive, dice)
    for told in (one.before, one.listed):
        told.flags |= DESCRIBED_BEHIND
    one.behind = (MORE * 2)[: dice.choice([12, 16, 20, 24])]
    return "or a size in its directory is wrong"


@_zipped
def a_count_of_entries_that_is_none(archive: Archive, dice: random.Random) -> str:
    """Say at the end that there are fewer entries, or more: readers that count see another bundle."""
    archive.more_entries = dice.choice([-3, -1, 1, 40])
    return "the zip says that it holds"


@_zipped
def words_before_a_wide_directory(archive: Archive, _dice: random.Random) -> str:
    """Put words before the directory, of a zip whose end says where that begins in a field of 64 bits."""
    archive.wide, archive.gap = True, MORE
    return "behind its last entry"


@_zipped
def words_behind_a_wide_directory(archive: Archive, _dice: random.Random) -> str:
    archive.wide, archive.behind_directory = True, MORE
    return "it is no whole zip"


@_zipped
def packed_by_another_method(archive: Archive, dice: random.Random) -> str:
    one = _one(archive, dice)
    for told in (one.before, one.listed):
        told.method = dice.choice([12, 14, 93, 99])
    return "it is no whole zip"


ARCHIVES: tuple[Tampering, ...] = (
    another_name_before_an_entry, another_sum_before_an_entry, another_method_before_an_entry,
    a_field_that_names_an_entry_otherwise, words_in_a_field_of_an_entry, a_field_without_end,
    words_behind_packed_content, content_of_a_folder, words_in_place_of_sizes, a_count_of_entries_that_is_none,
    words_before_a_wide_directory, words_behind_a_wide_directory, packed_by_another_method,
)  # fmt: skip
