# SPDX-License-Identifier: Apache-2.0
"""The text of a recorded file, whatever it is encoded in: UTF-8, UTF-16, the code page of older spreadsheets, XLSX."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from groundfloor.errors import PlanError
from groundfloor.regular_file import open_regular

HEAD_BYTES = 1 << 16
EXPORT = "export the recording as CSV text with one heading line"
_MOSTLY_ASCII = 0.7
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


_ENDS = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}
"""How the end of a file is read, where no mark tells the order of bytes any more."""


@dataclass(frozen=True)
class FileText:
    """A file that holds text.

    Attributes:
        path: the file.
        encoding: how it is written.
        head: its beginning.
        whole: whether the head is all of it.
        workbook: a sheet of a workbook as lines of cells parted by tabs; None for a text file.
        sheet: its name, where there are several.
    """

    path: Path
    encoding: str
    head: str
    whole: bool
    workbook: bytes | None = field(default=None, repr=False)
    sheet: str = ""

    @classmethod
    def of(cls, path: Path, sheet: str | None = None) -> Self:
        """Look at the beginning of a file.

        Args:
            path: the file.
            sheet: of a workbook; its first if not given.

        Raises:
            PlanError: it cannot be read, or is no text.
        """
        who = f"recording {path}"
        try:
            with open_regular(path) as file:
                start = file.read(HEAD_BYTES)
                whole = not file.read(1)
        except OSError as refused:
            raise PlanError(who, "open", refused.strerror or str(refused), "name a readable file") from refused
        if start.startswith((_ZIP, _OLE)):
            from metrology.recording.workbook import sheet_as_text  # only a workbook needs its reader

            content, taken = sheet_as_text(path, sheet)
            head = content[:HEAD_BYTES].decode("utf-8", "ignore")
            return cls(path, "utf-8", head, len(content) <= HEAD_BYTES, content, taken)
        if sheet is not None:
            raise PlanError("--sheet", "use", f"{path} is no workbook", "leave it out")
        encoding = _encoding(start, whole)
        if encoding is None:
            raise PlanError(who, "read", f"it is binary: byte {start.index(0)} is zero", EXPORT)
        return cls(path, encoding, start.decode(encoding, "ignore"), whole)

    def open(self) -> BinaryIO:
        """Return the whole text in UTF-8, from the beginning."""
        if self.workbook is not None:
            return io.BytesIO(self.workbook)
        return open_regular(self.path)

    def unended_line(self) -> str | None:
        """Return the last line where no line end follows it; None where one does."""
        if self.workbook is not None:
            return None
        with open_regular(self.path) as file:
            mark = file.read(2)
            size = file.seek(0, io.SEEK_END)
            file.seek(max(size - HEAD_BYTES, 0))  # whole characters: a head has an even number of bytes
            end = file.read()
        encoding = "utf-16-be" if mark == b"\xfe\xff" else _ENDS.get(self.encoding, self.encoding)
        lines = end.decode(encoding, "ignore").splitlines(keepends=True)
        return lines[-1] if lines and lines[-1].splitlines()[0] == lines[-1] else None

    @property
    def told(self) -> str:
        """Return how it is encoded, where that is worth a word."""
        if self.workbook is not None:
            return f"a workbook, sheet {self.sheet!r}" if self.sheet else "a workbook"
        return {"utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}.get(
            self.encoding, ""
        )


def _encoding(start: bytes, whole: bool) -> str | None:
    """Return what the bytes are text in; None for none."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        return _bare_utf_16(start)
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as broken:
        if whole or broken.start <= len(start) - 4:  # not a character at the edge of what was read
            return "cp1252"
    return "utf-8"


def _bare_utf_16(start: bytes) -> str | None:
    """Return UTF-16 without a mark: of text that is mostly ASCII, most of every second byte is zero and no other."""
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = start[place::2]
        if high.count(0) > _MOSTLY_ASCII * len(high) and all(start[1 - place :: 2]):
            return encoding
    return None
