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


def workbook(path, rows) -> None:
    """Write a workbook of one sheet; numbers of the first column are dates."""

    def cell(column, value):
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c s="{1 if column == 0 else 0}"><v>{value!r}</v></c>'

    sheet = "".join("<row>" + "".join(cell(*one) for one in enumerate(row)) + "</row>" for row in rows)
    kinds = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "styles": "styles"}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    relation = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/%s" Target="%s"/>%s'
    )
    styles = f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": relation % ("officeDocument", "xl/workbook.xml", "</Relationships>"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="day" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relation % ("worksheet", "worksheets/sheet1.xml", styles + "</Relationships>"),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/>'
        "</cellXfs></styleSheet>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
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


@pytest.mark.parametrize("heading", ["t", "epoch"])
def test_a_number_that_is_no_time_since_1970_still_needs_its_unit(tmp_path, heading):
    with pytest.raises(PlanError, match="names no unit of time"):
        read(tmp_path, f"{heading},mass [g]\n0,1\n1,2\n2,3\n")
