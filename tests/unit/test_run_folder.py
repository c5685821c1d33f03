# SPDX-License-Identifier: Apache-2.0
"""Every run has a folder of its own, wherever its names would lead."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.run_folder import RunFolder, _plain
from groundfloor.errors import PlanError


def test_two_runs_in_the_same_second_have_two_folders(tmp_path: Path) -> None:
    folders = {RunFolder.create(tmp_path, "lab", "SN1").path for _ in range(5)}
    assert len(folders) == 5


@given(st.text())
def test_no_name_leads_out_of_the_runs_folder(name: str) -> None:
    plain = _plain(name)
    assert plain
    assert Path("runs", plain).parent == Path("runs")
    assert plain not in {".", ".."}


def test_a_folder_that_cannot_be_made_is_told_with_what_to_do(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(PlanError, match="--out"):
        RunFolder.create(blocked / "runs", "lab", "SN1")
