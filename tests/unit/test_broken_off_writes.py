# SPDX-License-Identifier: Apache-2.0
"""What is broken off while it writes into a run folder leaves nothing there: half a file would be told as foreign."""

from pathlib import Path
from typing import NoReturn

import pytest

from groundfloor.errors import BenchFault
from groundfloor.file_in_folder import write_in_folder
from reports import samples_parquet


def interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt("SIGINT")


def test_ctrl_c_while_a_view_is_written_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_in_folder(tmp_path, "summary.json", b"before")
    with monkeypatch.context() as at_the_worst_moment:
        at_the_worst_moment.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_in_folder(tmp_path, "summary.json", b"behind")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("summary.json", b"before")]


def test_a_table_of_samples_that_cannot_be_made_leaves_none_half_made(tmp_path: Path) -> None:
    with pytest.raises((BenchFault, OSError)):
        samples_parquet.write(tmp_path)
    assert list(tmp_path.iterdir()) == []
