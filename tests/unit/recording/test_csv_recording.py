# SPDX-License-Identifier: Apache-2.0
"""A recording comes out of the file as it went in, or the line that stands in the way is named."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from metrology.recording import ColumnChoice, read_csv, text_table
from metrology.recording.unit import Dimension

TABLE = "time_s,mass [g]\n0,12.5\n1.5,12.6\n3,12.75\n"


def read(path: Path, text: str | bytes, **choice: str):
    file = path / "recording.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(file, ColumnChoice(**choice))


def refused(path: Path, text: str | bytes, **choice: str) -> str:
    with pytest.raises(PlanError) as wrong:
        read(path, text, **choice)
    assert wrong.value.next_step
    return str(wrong.value)


def test_times_count_from_the_first_reading_and_masses_are_in_mg(tmp_path):
    recording = read(tmp_path, TABLE)
    assert recording.times_s.tolist() == [0, 1.5, 3]
    assert recording.amounts.tolist() == [12500, 12600, 12750]
    assert (recording.measured, recording.line(2)) == (Dimension.MASS, 4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps_s=st.lists(st.floats(1e-3, 1e5), min_size=3, max_size=40),
    start_s=st.floats(-1e6, 1e9),
    volumes=st.lists(st.floats(-1e6, 1e6), min_size=40, max_size=40),
    delimiter=st.sampled_from(",;\t|"),
    heading=st.sampled_from(["volume (mL)", "volume [mL]", "volume / mL", "volume_mL", "volume mL", "Vol. (ml)"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    tail=st.sampled_from(["", "\n", "\n\n\n"]),
)
def test_every_number_survives_the_way_through_a_file(
    tmp_path, steps_s, start_s, volumes, delimiter, heading, line_end, tail
):
    times_s = np.cumsum([start_s, *steps_s])
    rows = [f"{time_s!r}{delimiter}{volume!r}" for time_s, volume in zip(times_s.tolist(), volumes, strict=False)]
    if not np.all(np.diff(times_s[: len(rows)]) > 0):
        return
    text = line_end.join([f"time_s{delimiter}{heading}", *rows]) + tail
    recording = read(tmp_path, text)
    assert recording.times_s == pytest.approx(times_s[: len(rows)] - times_s[0], abs=1e-6)
    assert recording.amounts.tolist() == [1000 * volume for volume in volumes[: len(rows)]]


@pytest.mark.parametrize(
    ("heading", "factor"),
    [("volume_nl", 1e-3), ("volume (µL)", 1), ("volume [\u03bcl]", 1), ("volume/uL", 1), ("Volume L", 1e6)],
)
def test_units_of_volume_become_microlitres(tmp_path, heading, factor):
    assert read(tmp_path, f"t_s,{heading}\n0,1\n1,2\n2,3\n").amounts.tolist() == [factor, 2 * factor, 3 * factor]


@pytest.mark.parametrize(("unit", "factor"), [("kg", 1e6), ("g", 1e3), ("mg", 1), ("µg", 1e-3), ("ug", 1e-3)])
def test_a_unit_may_be_said_where_the_heading_names_none(tmp_path, unit, factor):
    recording = read(tmp_path, "t,net\n0,1\n60,2\n120,3\n", time="t", time_unit="min", mass="net", mass_unit=unit)
    assert recording.times_s.tolist() == [0, 3600, 7200]
    assert recording.amounts.tolist() == pytest.approx([factor, 2 * factor, 3 * factor])


def test_time_stamps_are_read_across_zones_of_an_hour_and_fractions_of_a_second(tmp_path):
    text = "when,mass_g\n2026-03-29T01:59:59.5+01:00,1\n2026-03-29T01:00:00.25Z,2\n2026-03-29 03:00:01+02:00,3\n"
    assert read(tmp_path, text).times_s.tolist() == pytest.approx([0, 0.75, 1.5])


def test_a_heading_in_the_code_page_of_an_older_spreadsheet_is_read(tmp_path):
    assert read(tmp_path, b"time_s,volume [\xb5L]\n0,1\n1,2\n2,3\n").unit == "µL"


def test_lines_of_comment_and_a_byte_order_mark_are_passed_over(tmp_path):
    recording = read(tmp_path, "\ufeff# made by hand\n\n" + TABLE)
    assert (recording.first_line, recording.columns) == (4, ("time_s", "mass [g]"))


def test_a_rate_is_not_taken_for_a_time_or_a_volume(tmp_path):
    recording = read(tmp_path, "time_s,flow_ml_h,rate_ul_per_h,volume_ul\n0,9,9,1\n1,9,9,2\n2,9,9,3\n")
    assert recording.columns == ("time_s", "volume_ul")


@pytest.mark.parametrize("heading", ["flow_ml_h", "rate_ul_per_h", "flow [mL/h]", "volume_ml_per_h"])
def test_a_table_with_a_rate_and_no_time_is_refused(tmp_path, heading):
    assert "choose the column of time" in refused(tmp_path, f"{heading},volume_ul\n0,1\n1,2\n2,3\n")


@pytest.mark.parametrize("twice", range(1, 40))
def test_time_is_watched_from_block_to_block(tmp_path, monkeypatch, twice):
    monkeypatch.setattr(text_table, "BLOCK_BYTES", 32)
    rows = [f"{number - 2 * (number >= twice)},1.0" for number in range(40)]
    message = refused(tmp_path, "time_s,mass_g\n" + "\n".join(rows))
    assert f"line {twice + 2}: its time lies 1 s before that of line {twice + 1}: time runs backwards" in message


def test_columns_without_heading_are_chosen_by_number(tmp_path):
    text = "0,7,1\n1,7,2\n2,7,3\n"
    recording = read(tmp_path, text, time="1", time_unit="s", volume="3", volume_unit="ml")
    assert (recording.amounts.tolist(), recording.first_line) == ([1000, 2000, 3000], 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("time_s,mass_g\n0,1\n2,2\n1,3\n", ["line 4", "1 s before that of line 3", "backwards"]),
        ("time_s,mass_g\n0,1\n1,2\n1,3\n", ["2 readings"]),
        ("time_s,mass_g\n0,1\n1,\n2,3\n", ["line 3", "'mass_g'", "missing value"]),
        ("time_s,mass_g\n0,1\n,2\n2,3\n", ["line 3", "'time_s'", "missing value"]),
        ("time_s,mass_g\n0,1\n1,NaN\n2,3\n", ["line 3", "'NaN' is a missing value"]),
        ("time_s,mass_g\n0,1\n1,inf\n2,3\n", ["line 3", "'inf' is not finite"]),
        (
            "time_s;mass_mg\n0;1,500\n1;2,500\n2;3,500\n",
            ["'1,500' can be 1500 or 1.500", "--thousands , or --decimal ,"],
        ),
        ("time_s,mass_g\n0,1\n1,2,5\n2,3\n", ["line 3 has 3 cells", "decimal marks", "--pass-over any"]),
        ("time_s,mass_g\n0,1\n1\n2,3\n", ["line 3 has 1 cells"]),
        ("time_s,mass_g\n0,1 g\n1,2 mg\n2,3 g\n", ["line 3", "the unit changes from g to mg", "--convert-units"]),
        ("time_s,mass_g\n0,1\n1,2\n2,S D\n", ["line 4", "'S D' is not what"]),
        ("time,mass_g\n0,1\n1,2\n2,3\n", ["'time' names no unit of time", "--time-unit"]),
        ("time_s,mass\n0,1\n1,2\n2,3\n", ["'mass' names no unit of mass", "--mass-unit"]),
        ("time_s,mass [momme]\n0,1\n1,2\n2,3\n", ["'mass [momme]' is in 'momme', no unit of mass"]),
        ("0,1\n1,2\n2,3\n", ["among '1', '2'"]),
        ("time_s,mass_g,volume_ml\n0,1,1\n1,2,2\n2,3,3\n", ["both a mass and a volume", "--mass or --volume"]),
        ("time_s,left_g,right_g\n0,1,1\n1,2,2\n2,3,3\n", ["several could be meant: 'left_g', 'right_g'"]),
        ("time_s,temperature\n0,1\n1,2\n2,3\n", ["neither mass nor volume"]),
        ("time_s,mass_g\n", ["1 line: no readings"]),
        ("time_s,mass_g\n0,1\n", ["1 reading."]),
        ("", ["0 lines"]),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ["binary"]),
        ("time_s,mass_g\n0,1\n".encode("utf-16"), ["1 reading."]),
        (b"time_s,mass_g\n0,1\n1,2\n2,\xff\xfe\n", ["line 4", "'ÿþ' is not what"]),
        ("x" * 200_000, ["first line does not end"]),
        ("when,mass_g\n2026-01-01T00:00:00Z,1\n2026-01-01T00:00:01,2\n2026-01-01T00:00:02Z,3\n", ["line 3", "zone"]),
        ("when,mass_g\n2026-01-01T00:00:00,1\n2026-13-01T00:00:01,2\n2026-01-01T00:00:02,3\n", ["line 3", "2026-13"]),
        ("when,mass_g\n2026-01-01T00:00:00,1\n2026-01-01,2\n2026-01-01T00:00:02,3\n", ["line 3", "'2026-01-01'"]),
    ],
)
def test_what_is_no_recording_is_refused_by_line_and_value(tmp_path, text, told):
    message = refused(tmp_path, text)
    assert not [part for part in told if part not in message], message


def test_two_units_for_one_column_are_refused(tmp_path):
    assert "mixed units" in refused(tmp_path, TABLE, mass_unit="mg")


def test_a_file_that_is_none_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.csv", Path("/dev/zero")):
        with pytest.raises(PlanError, match="open"):
            read_csv(path)


def test_what_a_file_holds_is_shown_and_not_obeyed(tmp_path):
    assert "\x1b" not in refused(tmp_path, "time_s,mass_g\n0,1\n1,\x1b[31m\n2,3\n")


def test_the_line_is_right_in_a_file_of_many_blocks(tmp_path):
    count = 400_000
    rows = [f"{number},{number}.000000000" for number in range(count)]
    rows[350_000] = "350000,oops"
    assert "line 350002" in refused(tmp_path, "time_s,volume_ul\n" + "\n".join(rows))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.text("0123456789.,;\nets_gn-", max_size=80).map(lambda text: ("time_s,mass_g\n" + text).encode()),
    )
)
def test_whatever_stands_in_a_file_is_read_or_refused(tmp_path, content):
    try:
        recording = read(tmp_path, content)
    except PlanError:
        return
    assert all(math.isfinite(value) for value in recording.amounts)
    assert np.all(np.diff(recording.times_s) > 0)
