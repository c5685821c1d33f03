# SPDX-License-Identifier: Apache-2.0
"""From the words of `pumpbench analyse` to how a file is read; a recipe says what the words leave open."""

from dataclasses import replace

from cli import written_quantity as written
from cli.analyse_words import AnalyseWords
from groundfloor.errors import PlanError
from metrology.recording.column_choice import ColumnChoice
from metrology.recording.date_order import DateOrder
from metrology.recording.exclusion import Stretch
from metrology.recording.reading_options import ReadingOptions

DELIMITERS = {"tab": "\t", "\\t": "\t", "space": " ", "spaces": " ", "comma": ",", "semicolon": ";", "pipe": "|"}
GROUPS = {"space": " ", "apostrophe": "'", "comma": ",", "point": "."}


def reading_options(words: AnalyseWords) -> ReadingOptions:
    """Return how the files are read.

    Raises:
        PlanError: a word or the recipe cannot be understood.
    """
    typed = ReadingOptions(
        columns=ColumnChoice(
            time=words.time,
            mass=words.mass,
            volume=words.volume,
            time_unit=words.time_unit,
            mass_unit=words.mass_unit,
            volume_unit=words.volume_unit,
            date=words.date,
            every_s=duration_s("--every", words.every),
            override_unit=words.override_unit,
        ),
        delimiter=_mark("--delimiter", words.delimiter, DELIMITERS),
        decimal=_decimal(words.decimal),
        thousands=_mark("--thousands", words.thousands, GROUPS),
        date_order=_date_order(words.date_order),
        time_zone=words.time_zone,
        sheet=words.sheet,
        pass_over=tuple(part.strip() for text in words.pass_over for part in text.split(",") if part.strip()),
        convert_units=words.convert_units,
        from_source=words.loss_in_weight,
        only=words.only,
        growing=words.follow,
        increments=words.increments,
    )
    if words.recipe is not None:
        from cli.recipe import read_recipe  # only a recipe needs the reader of such files

        typed = read_recipe(words.recipe).completing(typed)
    return replace(
        typed,
        use_from_s=duration_s("--use-from", words.use_from),
        use_to_s=duration_s("--use-to", words.use_to),
        part=words.part,
        sort=words.sort_by_time,
        set_rate_ul_per_h=written.rate_ul_per_h("--rate", words.rate) if words.rate is not None else None,
    )


def stretches(option: str, texts: tuple[str, ...]) -> tuple[Stretch, ...]:
    """Return the stretches that `10 min..12 min` mean.

    Raises:
        PlanError: one is none.
    """
    found = []
    for text in texts:
        begin, dots, end = text.partition("..")
        if not dots:
            raise PlanError(option, "read", f"'{text}'", "write from where to where, such as '10 min..12 min'")
        stretch = Stretch(written.duration_s(option, begin), written.duration_s(option, end))
        if not stretch.from_s < stretch.to_s:
            raise PlanError(option, "read", f"'{text}'", "write the earlier instant first")
        found.append(stretch)
    return tuple(found)


def duration_s(option: str, text: str | None) -> float | None:
    """Return the time that an option tells in s; None where it was not given."""
    return written.duration_s(option, text) if text is not None else None


def _mark(option: str, text: str | None, names: dict[str, str]) -> str | None:
    if text is None:
        return None
    mark = names.get(text.strip().casefold(), text if text == " " else text.strip())
    if len(mark) != 1 or mark.isalnum():
        raise PlanError(option, "read", f"'{text}'", f"write one mark, or one of {', '.join(names)}")
    return mark


def _decimal(text: str | None) -> str | None:
    mark = _mark("--decimal", text, {"comma": ",", "point": "."})
    if mark not in (None, ".", ","):
        raise PlanError("--decimal", "read", f"'{text}'", "write . or ,")
    return mark


def _date_order(text: str | None) -> DateOrder | None:
    if text is None:
        return None
    try:
        return DateOrder(text.strip().casefold())
    except ValueError as wrong:
        raise PlanError("--date-order", "read", f"'{text}'", "write dmy, mdy or ymd") from wrong
