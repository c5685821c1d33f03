# SPDX-License-Identifier: Apache-2.0
"""Layouts of balances, loggers and robots are read without a word, or with the one option that tells what they mean."""

from zipfile import ZipFile

import numpy as np
import pytest

from groundfloor.errors import PlanError
from metrology.recording import read_csv
from metrology.recording.column_choice import ColumnChoice
from metrology.recording.date_order import DateOrder
from metrology.recording.reading_options import ReadingOptions

GRAMS = (12.0, 12.04155, 12.0831)


def read(folder, text, encoding="utf-8", columns=None, **options):
    path = folder / "recording.txt"
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return read_csv(path, columns, ReadingOptions(**options))


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\ntime_s;mass [g]\n0;12.0\n300;12.04155\n600;12.0831\n",
        "2026-03-03 23:55:00 S S     12.00000 g\n2026-03-04 00:00:00 S D     12.04155 g\n"
        "2026-03-04 00:05:00 S S     12.08310 g\n",
        "03.03.2026;23:55:00;N     +   12.00000 g\n04.03.2026;00:00:00;N     +   12.04155 g\n"
        "04.03.2026;00:05:00;N     +   12.08310 g  \n",
        "Time\tWeight (g)\n23:55:00\t12,00000\n00:00:00\t12,04155\n00:05:00\t12,08310\n",
        "LabVIEW Measurement\nWriter_Version\t2\nSeparator\tTab\n***End_of_Header***\t\t\n\n"
        "Time [s]\tMass [g]\tComment\n0.000\t12.000\n300.000\t12.04155\n600.000\t12.0831\n",
        "LabVIEW Measurement\nSeparator\tTab\n***End_of_Header***\t\t\n\nChannels\t1\t\nDelta_X\t300.0\t\n"
        "***End_of_Header***\t\t\nX_Value\tMass (g)\tComment\n0.0\t12.0\t\n300.0\t12.04155\t\n600.0\t12.0831\t\n",
        "epoch,mass_g\n1772581000,12.0\n1772581300,12.04155\n1772581600,12.0831\n",
        "timestamp,mass_g\n1772581000123,12.0\n1772581300123,12.04155\n1772581600123,12.0831\n",
        "timestamp,event,value,unit\n2026-03-03T23:55:00.000Z,balance.read,12.0,g\n"
        "2026-03-04T00:00:00.000Z,balance.read,12.04155,g\n2026-03-04T00:05:00.000Z,balance.read,12.0831,g\n",
        "# logger 7\n# time [s], mass [g]\n0, 12.0\n300, 12.04155\n600, 12.0831\n",
        "time_s,mass_g\n0,12.0\n300,12.04155\ntime_s,mass_g\n# restarted\n600,12.0831\n",
        "Elapsed [mm:ss],mass [g]\n00:00,12.0\n05:00,12.04155\n10:00,12.0831\n",
        "time_s,mass [g]\n0,12.0 g\n300,12.04155 g ?\n600,12.0831 g\n",
        "03-Mar-2026 23:55:00,12.0 g\n04-Mar-2026 00:00:00,12.04155 g\n04-Mar-2026 00:05:00,12.0831 g\n",
        "Zeit;Masse [g]\n31. Mai 2026 23:55:00;12,0\n1. Juni 2026 00:00:00;12,04155\n1. Juni 2026 00:05:00;12,0831\n",
        "Date;Masse (g)\n31 juil. 2026 23:55:00;12,0\n1 août 2026 00:00:00;12,04155\n1 août 2026 00:05:00;12,0831\n",
        'when,mass_g\n"July 31, 2026 11:55:00 PM",12.0\n"August 1, 2026 12:00:00 AM",12.04155\n'
        '"August 1, 2026 12:05:00 AM",12.0831\n',
        "when,mass_g\nTue Mar 03 23:55:00 2026,12.0\nWed Mar 04 00:00:00 2026,12.04155\n"
        "Wed Mar 04 00:05:00 2026,12.0831\n",
        "when,mass_g\n2026-W10-2T23:55:00,12.0\n2026-W10-3T00:00:00,12.04155\n2026-W10-3T00:05:00,12.0831\n",
        "day,clock,mass_g\n2026-062,23:55:00,12.0\n2026-063,00:00:00,12.04155\n2026-063,00:05:00,12.0831\n",
        "when,mass_g\n2026-03-03 23:55:00:000,12.0\n2026-03-04 00:00:00:000,12.04155\n"
        "2026-03-04 00:05:00:000,12.0831\n",
        "ts,mass_g\n1772581000000000,12.0\n1772581300000000,12.04155\n1772581600000000,12.0831\n",
        "ts,mass_g\n1772581000000000000,12.0\n1772581300000000000,12.04155\n1772581600000000000,12.0831\n",
        "elapsed,mass [g]\nPT0S,12.0\nPT5M,12.04155\nPT10M0.0S,12.0831\n",
        'elapsed,mass [g]\n0 days 23:55:00,12.0\n1 days 00:00:00,12.04155\n"1 day, 0:05:00",12.0831\n',
        "elapsed,mass [g]\n0 h 55 min,12.0\n1 h 0 min,12.04155\n1 h 5 min,12.0831\n",
        "[2026-03-03 23:55:00.0] < S S   12.00000 g\n[2026-03-04 00:00:00.0] < S D   12.04155 g\n"
        "[2026-03-04 00:05:00.0] < S S   12.08310 g\n",
        "2026-03-03 23:55:00   12.00000 g   N\n2026-03-04 00:00:00   12.04155 g ? N\n"
        "2026-03-04 00:05:00   12.08310 g   N\n",
        "Nr;Data;Czas;Netto;Tara;Jedn.\n1;2026.03.03;23:55:00;12,0;0,0;g\n2;2026.03.04;00:00:00;12,04155;0,0;g\n"
        "3;2026.03.04;00:05:00;12,0831;0,0;g\n",
        "time [s];mass [mg]\n0;12\u2009000,00\n300;12\u2009041,55\n600;12\u2009083,10\n",
        "time_s;mass_g\n0,12.0\n300,12.04155\n600,12.0831\n",
        "LabVIEW Measurement\nSeparator\tTab\nDate\t2026/03/03\nTime\t21:30:00.1\n***End_of_Header***\t\n\n"
        "Channels\t2\t\t\nSamples\t3\t3\t\nDate\t2026/03/03\t2026/03/03\t\nTime\t21:30:00.1\t21:30:00.1\t\n"
        "Y_Unit_Label\tg\tdegC\t\nX0\t0.0E+0\t0.0E+0\t\nDelta_X\t300.0\t300.0\t\n***End_of_Header***\t\t\t\n"
        "X_Value\tBalance\tTemp\tComment\n0.0\t12.0\t20.1\t\n300.0\t12.04155\t20.2\t\n600.0\t12.0831\t20.3\t\n",
        "when,mass_g\n2026-03-03 23:55:00 UTC,12.0\n2026-03-04 00:00:00 UTC,12.04155\n"
        "2026-03-04 00:05:00 UTC,12.0831\n",
        "elapsed,mass\n0 min,12.0 g\n5 min,12.04155 g\n10 min,12.0831 g\n",
        "| time_s | mass_g |\n|---|---|\n| 0 | 12.0 |\n| 300 | 12.04155 |\n| 600 | 12.0831 |\n",
        "time_s,Weight (kg)\n0,0.012\n300,0.01204155\n600,0.0120831\n",
        "time_s,Weight (ct)\n0,60\n300,60.20775\n600,60.4155\n",
    ],
    ids=[
        "sep=",
        "sics",
        "sbi",
        "tabs",
        "labview",
        "lvm",
        "unix",
        "unix ms",
        "robot",
        "comment",
        "again",
        "mm:ss",
        "unstable",
        "months",
        "German months",
        "French months",
        "English months",
        "ctime",
        "ISO weeks",
        "days of a year",
        "thousandths behind a colon",
        "unix µs",
        "unix ns",
        "ISO durations",
        "days and a clock",
        "hours and minutes",
        "terminal log",
        "lone marks of stability",
        "net and tare",
        "thin space",
        "heading parted otherwise",
        "lvm of two channels",
        "UTC",
        "minutes in cells",
        "a rule under the heading",
        "kg",
        "carat",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_layout_is_read_without_a_word(tmp_path, text, encoding):
    recording = read(tmp_path, text, encoding)
    assert recording.times_s.tolist() == [0, 300, 600]
    assert recording.amounts == pytest.approx([1000 * grams for grams in GRAMS])


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(path, rows, others=()) -> None:
    """Write a workbook; numbers of the first column are dates. Others are sheets that come before, with their names."""

    def cell(column, value):
        if value is None:
            return '<c t="e"><v>#DIV/0!</v></c>'
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c s="{1 if column == 0 else 0}"><v>{value!r}</v></c>'

    def sheet(rows):
        cells = "".join("<row>" + "".join(cell(*one) for one in enumerate(row)) + "</row>" for row in rows)
        return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'

    sheets = [*others, ("day", rows)]
    numbers = range(1, len(sheets) + 1)
    kinds = {"workbook": "sheet.main", "styles": "styles"}
    kinds |= {f"worksheets/sheet{number}": "worksheet" for number in numbers}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    relation = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/%s" Target="%s"/>%s'
    )
    styles = f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    sheet_relations = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    named = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>'
        for number, (name, _) in zip(numbers, sheets, strict=True)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": relation % ("officeDocument", "xl/workbook.xml", "</Relationships>"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{sheet_relations}{styles}',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/>'
        "</cellXfs></styleSheet>",
        **{f"xl/worksheets/sheet{number}.xml": sheet(rows) for number, (_, rows) in zip(numbers, sheets, strict=True)},
    }
    with ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


def test_a_workbook_is_read_like_a_text(tmp_path):
    days = [46084.75 + place / 288 for place in range(3)]
    workbook(tmp_path / "day.xlsx", [("Timestamp", "Weight (g)"), *zip(days, GRAMS, strict=True)])
    recording = read_csv(tmp_path / "day.xlsx")
    assert recording.times_s == pytest.approx([0, 300, 600], abs=0.01)
    assert recording.amounts == pytest.approx([1000 * grams for grams in GRAMS])
    assert recording.read_as.startswith("a workbook")
    with pytest.raises(PlanError, match="no 'night' among 'day'"):
        read_csv(tmp_path / "day.xlsx", options=ReadingOptions(sheet="night"))


def test_the_first_sheet_with_readings_is_taken_and_told(tmp_path):
    days = [46084.75 + place / 288 for place in range(3)]
    about = ("about", [("Operator", "lab"), ("Balance", "XPR")])
    heading = [("Balance recording",), ("Time", "Mass", "Temp"), ("", "(g)", "(°C)")]
    rows = [(day, mass, 20.1) for day, mass in zip(days, GRAMS, strict=True)]
    workbook(tmp_path / "day.xlsx", [*heading, *rows], [about])
    recording = read_csv(tmp_path / "day.xlsx")
    assert recording.amounts == pytest.approx([1000 * grams for grams in GRAMS])
    assert recording.read_as.startswith("a workbook, sheet 'day'")


def test_an_instant_at_midnight_is_an_instant_in_a_workbook(tmp_path):
    days = [46084 + (place - 2) / 288 for place in range(5)]
    rows = [(day, 12 + 0.04155 * place) for place, day in enumerate(days)]
    workbook(tmp_path / "day.xlsx", [("Timestamp", "Weight (g)"), *rows])
    assert read_csv(tmp_path / "day.xlsx").times_s == pytest.approx([0, 300, 600, 900, 1200], abs=0.01)


def test_a_cell_in_error_is_told_as_what_it_may_be_in_a_workbook(tmp_path):
    rows = [(46084.75 + place / 288, None if place == 3 else 12 + 0.04155 * place) for place in range(6)]
    workbook(tmp_path / "day.xlsx", [("Timestamp", "Weight (g)"), *rows])
    with pytest.raises(
        PlanError, match=r"line 5, column 'Weight.*or a formula without a stored value, or one in error"
    ):
        read_csv(tmp_path / "day.xlsx")
    left = read_csv(tmp_path / "day.xlsx", options=ReadingOptions(pass_over=("empty",)))
    assert len(left.times_s) == 5


@pytest.mark.parametrize("first_ul", [20_000.0, 0.0])
def test_a_volume_that_is_left_is_read_as_what_was_delivered(tmp_path, first_ul):
    rows = [f"{60 * place},{first_ul - 8.31 * place:.2f}" for place in range(20)]
    recording = read(tmp_path, "\n".join(["time_s,volume [uL]", *rows]), from_source=True)
    assert recording.amounts[[0, -1]] == pytest.approx([0, 8.31 * 19])


@pytest.mark.parametrize("mark", ["T", " "])
@pytest.mark.parametrize("zone", ["", "Z", "+01:00"])
def test_stamps_that_are_all_alike_are_read_as_those_that_are_not(tmp_path, mark, zone):
    seconds = [0.0, 0.25, 3599.5, 86_399.125]
    stamps = [str(np.datetime64("2026-03-03T00:00:00.000") + np.timedelta64(round(1000 * s), "ms")) for s in seconds]
    quick = [f"{stamp.replace('T', mark)}{zone}" for stamp in stamps]
    slow = [*quick[:-1], quick[-1].replace(".", ",")]
    for written in (quick, slow):
        rows = [f"{stamp};{place}" for place, stamp in enumerate(written)]
        assert read(tmp_path, "\n".join(["when;mass [g]", *rows])).times_s.tolist() == seconds


def test_two_readings_a_second_are_one_and_count_for_how_coarse_their_stamps_are(tmp_path):
    rows = [f"2026-03-03 23:00:{place // 2:02d},{12 + place / 1000:.3f}" for place in range(20)]
    recording = read(tmp_path, "\n".join(["when,mass [g]", *rows]))
    assert recording.times_s.tolist() == list(range(10))
    assert recording.amounts[:2] == pytest.approx([12000.5, 12002.5])
    assert recording.stamp_half_width_s == 1.0
    assert any("bear the stamp of the one before (first in line 3)" in told for told in recording.assumed)


def test_a_day_over_twelve_late_in_the_file_tells_the_order_of_all_dates(tmp_path):
    rows = [f"{1 + place // 24:02d}/03/2026 {place % 24:02d}:00:00,{place}" for place in range(24 * 14)]
    recording = read(tmp_path, "\n".join(["when,mass [g]", *rows]))
    assert np.diff(recording.times_s).tolist() == [3600.0] * (len(rows) - 1)


def test_the_clock_of_a_wall_is_even_once_its_zone_is_named(tmp_path):
    text = "when,mass [g]\n2026-10-25 02:30:00,1\n2026-10-25 02:45:00,2\n2026-10-25 02:00:00,3\n2026-10-25 02:15:00,4\n"
    with pytest.raises(PlanError, match="backwards by an hour, the clock was set back"):
        read(tmp_path, text)
    assert read(tmp_path, text, time_zone="Europe/Berlin").times_s.tolist() == [0, 900, 1800, 2700]


@pytest.mark.parametrize("word", ["OL", "S +", "------", "overload"])
def test_lines_without_a_reading_are_passed_over_once_that_is_said(tmp_path, word):
    text = f"time_s,mass [g]\n0,12\n1,{word}\n2,13\n3,14\n"
    with pytest.raises(PlanError, match="line 3") as refused:
        read(tmp_path, text)
    assert f"--pass-over '{word}'" in refused.value.next_step
    for said in ((word,), ("any",)):
        recording = read(tmp_path, text, pass_over=said)
        assert recording.times_s.tolist() == [0, 2, 3]
        assert [recording.line(place) for place in range(3)] == [2, 4, 5]


def test_a_side_is_no_litre(tmp_path):
    text = "time_s,weight_L\n0,12\n1,13\n2,14\n"
    with pytest.raises(PlanError, match="'weight_L' names no unit of mass"):
        read(tmp_path, text)
    assert read(tmp_path, text, columns=ColumnChoice(mass_unit="g")).amounts.tolist() == [12000, 13000, 14000]


def test_what_is_odd_behind_the_part_that_is_used_is_not_refused(tmp_path):
    text = "time_s,mass [g]\n0,12\n1,13\n2,14\n3,OL\n2,1\ntotal,14,kg,x\n"
    assert read(tmp_path, text, use_to_s=2.0).times_s.tolist() == [0, 1, 2]


def test_an_odd_cell_says_nothing_of_the_order_of_dates(tmp_path):
    text = "when,mass [g]\nodd,1\n03/04/2026 11:30:00,1\n03/05/2026 11:30:00,2\n03/06/2026 11:30:00,3\n"
    with pytest.raises(PlanError, match="can be day/month or month/day"):
        read(tmp_path, text, pass_over=("any",))


def test_bytes_that_are_no_text_are_no_reading(tmp_path):
    rows = b"time_s,mass [g]\n" + b"".join(b"%d,12.%05d\n" % (place, place) for place in range(9000))
    with pytest.raises(PlanError, match=r"line 9002, column 'mass \[g\]'"):
        read(tmp_path, rows + b"9000,1\xff2\n9001,12.1\n")
    with pytest.raises(PlanError, match="line 9002 has 3 cells"):
        read(tmp_path, rows + b"9000,1,\xff\n9001,12.1\n")


def test_an_order_that_is_said_is_the_order_that_is_read(tmp_path):
    text = "when,mass [g]\n03/04/2026 11:30:00 PM,1\n03/05/2026 12:30:00 AM,2\n03/05/2026 01:30:00 AM,3\n"
    assert read(tmp_path, text, date_order=DateOrder.MDY).times_s.tolist() == [0, 3600, 7200]
    assert read(tmp_path, text, date_order=DateOrder.DMY).times_s[1] == 30 * 86400 - 23 * 3600


@pytest.mark.parametrize(
    "text",
    [
        "12.0 g\n12.04155 g\n12.0831 g\n",
        "+   12.00000 g  \n+   12.04155 g  \n+   12.08310 g  \n",
        "Weight (g)\n12.0\n12.04155\n12.0831\n",
        "No,Weight (g)\n1,12.0\n2,12.04155\n3,12.0831\n",
        "No;Gewicht (g)\n1;12,0\n2;12,04155\n3;12,0831\n",
    ],
    ids=["bare", "printout", "headed", "numbered", "decimal comma"],
)
def test_a_file_without_times_is_read_once_it_is_said_how_often_a_reading_comes(tmp_path, text):
    with pytest.raises(PlanError, match=r"--every '30 s'|no readings"):
        read(tmp_path, text)
    recording = read(tmp_path, text, columns=ColumnChoice(every_s=300.0))
    assert recording.times_s.tolist() == [0, 300, 600]
    assert recording.amounts == pytest.approx([1000 * grams for grams in GRAMS])
    assert "a reading every 300 s" in recording.read_as


def test_a_line_that_is_passed_over_still_took_its_time(tmp_path):
    text = "No,Weight (g)\n1,12.0\n2,OL\n3,12.0831\n4,12.12464\n"
    recording = read(tmp_path, text, columns=ColumnChoice(every_s=300.0), pass_over=("OL",))
    assert recording.times_s.tolist() == [0, 600, 900]


def test_a_column_of_time_and_how_often_a_reading_comes_are_not_both_said(tmp_path):
    with pytest.raises(PlanError, match="--every: use: a column of time is named as well"):
        read(tmp_path, "time_s,mass [g]\n0,1\n1,2\n2,3\n", columns=ColumnChoice(time="time_s", every_s=300.0))


def test_the_newest_reading_may_stand_first_on_a_clock_that_passes_midnight(tmp_path):
    clock = [f"{(23 * 60 + 50 + place) // 60 % 24:02d}:{(50 + place) % 60:02d}:00" for place in range(20)]
    rows = [f"{when},{12 + 0.00831 * place:.5f}" for place, when in enumerate(clock)]
    recording = read(tmp_path, "\n".join(["Time,Mass (g)", *rows[::-1]]))
    assert recording.times_s.tolist() == [60 * place for place in range(20)]
    assert recording.amounts[0] == 12_000


@pytest.mark.parametrize("mark", ["?", "!", "*"])
def test_a_mark_of_stability_that_stands_alone_is_counted_and_no_line_is_lost(tmp_path, mark):
    rows = [f"2026-03-03 23:{place:02d}:00 {12 + place:.3f} g {mark * (place % 3 == 0)} N" for place in range(30)]
    recording = read(tmp_path, "\n".join(rows))
    assert recording.times_s.tolist() == [60 * place for place in range(30)]
    assert "10 readings that the balance called unstable are used" in recording.assumed


def test_lines_with_another_number_of_cells_are_no_headings_in_a_file_without_one(tmp_path):
    text = "2026-03-03 23:55,12.0 g\n2026-03-03 23:56,12.1 g,x\n2026-03-03 23:57,12.2 g\n2026-03-03 23:58,12.3 g\n"
    with pytest.raises(PlanError, match="line 2 has 3 cells"):
        read(tmp_path, text)


def test_a_day_that_a_spreadsheet_counts_is_asked_for(tmp_path):
    text = "Date,mass_g\n46084.5,12.0\n46084.75,12.1\n46085.0,12.2\n"
    with pytest.raises(PlanError, match="can be a spreadsheet's date") as refused:
        read(tmp_path, text)
    assert "--time-unit d" in refused.value.next_step
    assert read(tmp_path, text, columns=ColumnChoice(time_unit="d")).times_s.tolist() == [0, 21_600, 43_200]


def test_a_unit_that_nobody_here_knows_is_asked_for_whatever_the_set_rate_fits(tmp_path):
    text = "time_s,Weight (momme)\n0,3.2\n300,3.21108\n600,3.22216\n"
    with pytest.raises(PlanError, match="is in 'momme', no unit of mass that is known here"):
        read(tmp_path, text, set_rate_ul_per_h=500.0)


def test_a_unit_that_is_said_beside_another_in_the_heading_counts_once_that_is_said_as_well(tmp_path):
    text = "time_s,mass_mg\n0,12.0\n300,12.04155\n600,12.0831\n"
    with pytest.raises(PlanError, match="--override-unit"):
        read(tmp_path, text, columns=ColumnChoice(mass_unit="g"))
    recording = read(tmp_path, text, columns=ColumnChoice(mass_unit="g", override_unit=True))
    assert recording.amounts == pytest.approx([1000 * grams for grams in GRAMS])


@pytest.mark.parametrize("stamps", ["the same", "their own"])
def test_two_pumps_in_one_file_are_no_pump_between_them(tmp_path, stamps):
    rows = [
        f"{60 * place + 20 * (pump == 'B') * (stamps == 'their own')},{pump},{12 + rate * place:.5f}"
        for place in range(200)
        for pump, rate in (("A", 0.00831), ("B", 0.00865))
    ]
    text = "\n".join(["time_s,pump,mass_g", *rows])
    with pytest.raises(PlanError, match="two series in one file") as refused:
        read(tmp_path, text)
    assert "--only 'pump=A'" in refused.value.next_step
    for pump, last in (("A", 12 + 0.00831 * 199), ("B", 12 + 0.00865 * 199)):
        assert read(tmp_path, text, only=(f"pump={pump}",)).amounts[-1] == pytest.approx(1000 * last, abs=0.01)
    assert read(tmp_path, text, only=("2=a",)).amounts[-1] == pytest.approx(1000 * (12 + 0.00831 * 199), abs=0.01)
    with pytest.raises(PlanError, match="no column 'rig'"):
        read(tmp_path, text, only=("rig=A",))
    with pytest.raises(PlanError, match="none of the first"):
        read(tmp_path, text, only=("pump=C",))


def test_readings_called_stable_and_not_are_of_one_thing(tmp_path):
    rows = [f"{60 * place},{'ST' if place % 3 else 'US'},{12 + 0.00831 * place:.5f}" for place in range(100)]
    assert len(read(tmp_path, "\n".join(["time_s,state,mass_g", *rows])).times_s) == 100


BOTH = [f"{60 * place},{12 + 0.00831 * place:.5f}" for place in range(20)]


@pytest.mark.parametrize("between", [[], ["time_s,mass_g"]])
def test_of_two_recordings_in_one_file_each_can_be_chosen(tmp_path, between):
    text = "\n".join(["time_s,mass_g", *BOTH, *between, *BOTH[:10], ""])
    with pytest.raises(PlanError, match="--part 1 to --part 2"):
        read(tmp_path, text)
    assert len(read(tmp_path, text, use_to_s=1140.0).times_s) == 20
    assert len(read(tmp_path, text, part=1).times_s) == 20
    assert len(read(tmp_path, text, part=2).times_s) == 10
    with pytest.raises(PlanError, match="part 3 of 2"):
        read(tmp_path, text, part=3)


def test_lines_in_no_order_are_sorted_once_that_is_said(tmp_path):
    text = "\n".join(["time_s,mass_g", *BOTH[::2], *BOTH[1::2][::-1], ""])
    with pytest.raises(PlanError, match="--sort-by-time"):
        read(tmp_path, text)
    recording = read(tmp_path, text, sort=True)
    assert recording.times_s.tolist() == [60 * place for place in range(20)]
    assert np.all(np.diff(recording.amounts) > 0)


def test_a_clock_of_twelve_hours_that_begins_again_is_told_as_one(tmp_path):
    rows = [f"{(10 + place // 60 - 1) % 12 + 1:02d}:{place % 60:02d}:00,{12 + place}" for place in range(200)]
    with pytest.raises(PlanError, match="a clock of 12 hours without AM and PM began again"):
        read(tmp_path, "\n".join(["Time,Mass (g)", *rows, ""]))


def test_what_came_in_each_interval_is_added_up_once_that_is_said(tmp_path):
    text = "\n".join(["time_s,mass [g]", *(f"{60 * place},0.00831" for place in range(40)), ""])
    assert read(tmp_path, text, increments=True).amounts.tolist() == pytest.approx([8.31 * n for n in range(40)])


def test_another_heading_in_the_middle_is_told_and_what_stands_under_it_needs_its_unit(tmp_path):
    milligrams = [f"{60 * place},{12_000 + 8.31 * place:.2f}" for place in range(20, 40)]
    text = "\n".join(["time_s,mass_g", *BOTH, "time_s,mass_mg", *milligrams, ""])
    with pytest.raises(PlanError, match="another heading stands in line 22: 'time_s, mass_mg'") as refused:
        read(tmp_path, text)
    assert "--use-to '1140 s'" in refused.value.next_step
    assert len(read(tmp_path, text, use_to_s=1140.0).times_s) == 20
    with pytest.raises(PlanError, match="stands under another heading, in line 22"):
        read(tmp_path, text, use_from_s=1200.0)
    said = ColumnChoice(mass_unit="mg", override_unit=True)
    assert read(tmp_path, text, columns=said, use_from_s=1200.0).amounts[0] == pytest.approx(12_166.2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("cut", ["1200", "1200,", "1200,12", "1200,12.1", "1200,12.16"])
def test_a_last_line_that_was_cut_is_left_out_and_told(tmp_path, cut, encoding):
    lines = [f"{15 * place},{12 + 0.00831 * place / 4:.5f}" for place in range(80)]
    recording = read(tmp_path, "\n".join(["time_s,mass_g", *lines, cut]), encoding)
    assert recording.times_s.tolist() == [15 * place for place in range(80)]
    assert "the last line is cut, and left out" in recording.assumed
    for whole in ("1200,12.16620", "1200,12.2e0"):
        recording = read(tmp_path, "\n".join(["time_s,mass_g", *lines, whole]), encoding)
        assert recording.times_s[-1] == 1200
        assert not any("cut" in told for told in recording.assumed)


def test_a_number_without_noughts_at_its_end_is_not_cut(tmp_path):
    lines = [f"{15 * place},{12 + 0.25 * place!r}" for place in range(81)]
    assert read(tmp_path, "\n".join(["time_s,mass_g", *lines])).times_s[-1] == 1200


def test_a_line_that_is_still_being_written_is_not_there_yet(tmp_path):
    text = "\n".join(["time_s,mass_g", *BOTH])
    assert len(read(tmp_path, text, growing=True).times_s) == 19
    assert len(read(tmp_path, text + "\n", growing=True).times_s) == 20


@pytest.mark.parametrize("heading", ["t", "epoch"])
def test_a_number_that_is_no_time_since_1970_still_needs_its_unit(tmp_path, heading):
    with pytest.raises(PlanError, match="names no unit of time"):
        read(tmp_path, f"{heading},mass [g]\n0,1\n1,2\n2,3\n")
