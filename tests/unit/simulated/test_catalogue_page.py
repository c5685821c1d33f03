# SPDX-License-Identifier: Apache-2.0
"""The page of defects in the documents is the one that the catalogue gives."""

from pathlib import Path

import pytest

from instruments.simulated.specimen.catalogue_page import page
from instruments.simulated.specimen.defects import DEFECTS

PAGE = Path(__file__).parents[3] / "docs" / "defects.md"


def test_the_page_in_docs_is_the_one_that_the_catalogue_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m instruments.simulated.specimen.catalogue_page > docs/defects.md"
    )


@pytest.mark.parametrize("name", DEFECTS)
def test_every_defect_has_its_row_with_all_that_it_reddens(name: str) -> None:
    shows = DEFECTS[name].shows
    (row,) = [line for line in page().splitlines() if line.startswith((f"| `{name}` |", f"| `{name}="))]
    assert f"| {shows.ends} | {', '.join(shows.reddens)} |" in row
