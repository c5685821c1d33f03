# SPDX-License-Identifier: Apache-2.0
"""Dates that are not three numbers: months and weekdays by name, ISO weeks, days of a year; made into eight digits.

A date stands in a file many times: each is understood once.
"""

import datetime as dt
import re
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

_NAME = r"[A-Za-zÀ-ÿ]{3,11}"
_WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})-?(?P<weekday>[1-7])")
_ORDINAL = re.compile(r"(?P<year>\d{4})-(?P<day>\d{3})")
_WEEKDAY = re.compile(rf"^{_NAME}\.?,?\s+(?={_NAME}|\d)")
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?[ /.-]*(?P<month>{_NAME})\.?[ ,/.-]*(?P<year>\d{{4}}|\d\d)"
)
_MONTH_FIRST = re.compile(rf"(?P<month>{_NAME})\.?[ -]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ ,-]+(?P<year>\d{{4}})")
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[ ./-]+(?P<month>{_NAME})\.?[ ./-]+(?P<day>\d{{1,2}})")
_CLOCK = (
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,:]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)"
)
WORDED_STAMP = rf"^(?P<date>[^:]*[^\s:,T])(?:\s*T|[\s,]+(?:at\s+|um\s+)?){_CLOCK}(?:\s+(?P<year>\d{{4}}))?$"
"""A date with a clock; the year may stand behind it."""
_STAMP_HERE = re.compile(WORDED_STAMP)
_MONTHS = {
    1: ("jan", "jän", "ene", "gen", "sty"),
    2: ("feb", "fév", "fev", "lut"),
    3: ("mar", "mär", "mrz", "maa", "mrt"),
    4: ("apr", "avr", "abr", "kwi"),
    5: ("may", "mai", "mag", "mei", "maj"),
    6: ("jun", "juin", "giu", "cze"),
    7: ("jul", "juil", "lug", "lip"),
    8: ("aug", "aoû", "aou", "ago", "sie"),
    9: ("sep", "set", "wrz"),
    10: ("oct", "okt", "ott", "out", "paź"),
    11: ("nov", "lis"),
    12: ("dec", "dez", "déc", "dic", "gru"),
}
"""How months begin in English, German, French, Spanish, Italian, Dutch, Portuguese and Polish."""


@lru_cache(maxsize=4096)
def date_in_digits(written: str) -> str | None:
    """Return a date as yyyymmdd; None where it is none, or is written in three numbers."""
    text = written.strip().strip("[]")
    if not any(letter.isalpha() for letter in text) and not _ORDINAL.fullmatch(text):
        return None
    try:
        found = _date(text) or _date(_WEEKDAY.sub("", text))
    except ValueError:
        return None
    return f"{found:%Y%m%d}" if found is not None else None


def is_worded_stamp(cell: str) -> bool:
    """Tell whether a cell holds such a date, and a clock."""
    found = _STAMP_HERE.match(cell.strip().strip("[]"))
    return found is not None and _whole_date(found["date"], found["year"]) is not None


def stamps_in_digits(texts: pa.Array) -> pa.Array:
    """Return stamps with their dates in eight digits; null where there is no such date."""
    parts = pc.extract_regex(pc.utf8_trim(texts, "[] "), WORDED_STAMP)
    year = pc.fill_null(parts.field("year"), "")
    dates = pc.dictionary_encode(pc.binary_join_element_wise(parts.field("date"), year, "|"))
    known = [_whole_date(*one.split("|", 1)) if one is not None else None for one in dates.dictionary.to_pylist()]
    digits = pc.take(pa.array(known, pa.string()), dates.indices)
    return pc.binary_join_element_wise(digits, parts.field("clock"), " ")


def _whole_date(date: str, year: str | None) -> str | None:
    return date_in_digits(f"{date} {year}" if year else date)


def _date(text: str) -> dt.date | None:
    if found := _WEEK.fullmatch(text):
        return dt.date.fromisocalendar(int(found["year"]), int(found["week"]), int(found["weekday"]))
    if found := _ORDINAL.fullmatch(text):
        day = dt.date(int(found["year"]), 1, 1) + dt.timedelta(days=int(found["day"]) - 1)
        return day if day.year == int(found["year"]) else None
    for way in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        if found := way.fullmatch(text):
            month, year = _month(found["month"]), int(found["year"])
            return dt.date(year + 2000 * (year < 100), month, int(found["day"])) if month else None
    return None


def _month(name: str) -> int | None:
    folded = name.casefold()
    return next((month for month, begins in _MONTHS.items() if folded.startswith(begins)), None)
