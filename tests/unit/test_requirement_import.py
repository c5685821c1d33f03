# SPDX-License-Identifier: Apache-2.0
"""Requirements of three makers' exports and of tables are read under their own numbers; what cannot be is told."""

import zipfile
from pathlib import Path

import pytest

from bench.requirement_import import Columns, Imported, read_csv, read_reqif
from bench.trace import Requirements
from groundfloor.errors import PlanError
from tests.unit.reqif_exports import DOORS, ENTERPRISE_ARCHITECT, POLARION, reqif


def export(folder: Path, text: str, name: str = "export.reqif") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(imported: Imported) -> list[tuple[str, int, str, str, tuple[str, ...]]]:
    return [(one.id, one.revision, one.feature, one.text, one.risk_controls) for one in imported.requirements]


def test_doors_texts_are_flattened_enumerations_are_named_and_headings_left_out(tmp_path: Path) -> None:
    imported = read_reqif(export(tmp_path, DOORS), Columns(feature="Group"))
    assert told(imported) == [
        ("SRS_4711", 3, "Delivery", "The pump shall deliver 1 mL per day.", ("RC-1", "RC/2")),
        ("SRS_4712", 1, "Imported", "The pump shall sound an alarm.", ()),
    ]
    assert imported.skipped == ("object 1 (_head): it has no text, as a heading has none",)


def test_polarion_objects_without_values_or_type_cost_themselves_and_no_others(tmp_path: Path) -> None:
    imported = read_reqif(export(tmp_path, POLARION), Columns())
    assert [one[0] for one in told(imported)] == ["PUMP-12"]
    assert len(imported.skipped) == 2
    assert imported.skipped[0].startswith("object 2 (rmf-2): it cannot be read (")
    assert imported.skipped[1].startswith("object 3 (rmf-3): it cannot be read (NotImplementedError")


def test_an_architects_types_each_have_a_text_of_their_own(tmp_path: Path) -> None:
    path = export(tmp_path, ENTERPRISE_ARCHITECT)
    with pytest.raises(PlanError, match="no column for the text; there is: FUNC-TXT, ID, PERF-TXT"):
        read_reqif(path, Columns())
    imported = read_reqif(path, Columns(text="FUNC-TXT|PERF-TXT"))
    assert [(one.id, one.text) for one in imported.requirements] == [("R001", "It pumps."), ("R002", "It pumps fast.")]
    assert not imported.skipped


def test_an_export_without_ids_keeps_those_of_its_objects(tmp_path: Path) -> None:
    text = reqif([("t", "ReqIF.Text", "STRING")], '<ATTRIBUTE-VALUE-STRING THE-VALUE="It pumps."><DEFINITION>'
                 "<ATTRIBUTE-DEFINITION-STRING-REF>t</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION>"
                 "</ATTRIBUTE-VALUE-STRING>")  # fmt: skip
    assert [one.id for one in read_reqif(export(tmp_path, text), Columns()).requirements] == ["_1"]


def test_a_packed_export_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "export.reqifz"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("picture.png", b"x")
        packed.writestr("inside.reqif", DOORS)
    assert len(read_reqif(path, Columns()).requirements) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Document is empty"),
        ("<REQ-IF>", "Premature end of data in tag REQ-IF"),
        ("<html/>", "its root is html, not REQ-IF"),
        ("<REQ-IF/>", "it has no CORE-CONTENT/REQ-IF-CONTENT"),
    ],
)
def test_what_is_no_reqif_is_refused_in_words(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PlanError) as wrong:
        read_reqif(export(tmp_path, text), Columns())
    assert told in str(wrong.value)


def test_an_export_that_may_name_other_files_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret", encoding="utf-8")
    head = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>'
    text = head + DOORS.partition("?>")[2].replace("deliver 1 mL", "deliver &x; 1 mL")
    with pytest.raises(PlanError, match="it has a DOCTYPE") as refused:
        read_reqif(export(tmp_path, text), Columns())
    assert "the secret" not in str(refused.value)


CSV = """ID;Text;Version;Risk Control;Feature
PUMP/REQ 4.2.1;The pump shall pump.;v2.0;RC-1, RC-2;Delivery
PUMP/REQ 4.2.1;Again.;1;;
;Without a number.;1;;
A,B;Two ids in one.;1;;
H1;;1;;
X2;"Two
lines.";;;
too;many;columns;in;this;line
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("between", [";", "\t"])
def test_a_table_is_read_whatever_a_spreadsheet_made_of_it(tmp_path: Path, encoding: str, between: str) -> None:
    path = tmp_path / "export.csv"
    text = CSV.replace(";", between).replace("shall pump", "shall pump µL")
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    imported = read_csv(path, Columns())
    assert told(imported) == [
        ("PUMP/REQ 4.2.1", 2, "Delivery", "The pump shall pump µL.", ("RC-1", "RC-2")),
        ("X2", 1, "Imported", "Two lines.", ()),
    ]
    assert [one.partition(":")[0] for one in imported.skipped] == ["row 8", "row 3", "row 4", "row 5", "row 6"]


def test_what_is_no_table_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b'ID;Text\n1;"' + b"x" * 200_000)
    with pytest.raises(PlanError, match="it is no table: field larger than field limit"):
        read_csv(path, Columns())


def test_a_table_without_a_column_for_texts_is_told_with_those_it_has(tmp_path: Path) -> None:
    path = export(tmp_path, "Nr,What\n1,pump\n", "export.csv")
    with pytest.raises(PlanError, match=r"no column for the id; there is: Nr, What\. Next: name it with --id-column"):
        read_csv(path, Columns())
    assert [one.id for one in read_csv(path, Columns(id="Nr", text="What")).requirements] == ["1"]


def test_the_baseline_that_is_made_is_one_that_a_run_reads(tmp_path: Path) -> None:
    path = tmp_path / "requirements.toml"
    made = read_reqif(export(tmp_path, DOORS), Columns()).baseline("SRS")
    path.write_text(made.to_toml(), encoding="utf-8")
    again = Requirements.load(path)
    assert again == made
    assert [one.id for one in again.risk_control] == ["RC-1", "RC/2"]


def test_a_file_with_no_requirement_makes_no_baseline(tmp_path: Path) -> None:
    path = export(tmp_path, "ID,Text\n1,\n", "export.csv")
    with pytest.raises(PlanError, match="row 2: it has no text"):
        read_csv(path, Columns()).baseline("X")
