# SPDX-License-Identifier: Apache-2.0
"""The documentation table says what the maps say."""

from pathlib import Path

import pytest

from instruments.register_map.map import RegisterMap
from instruments.register_map.table import markdown, page

PAGE = Path(__file__).parents[2] / "docs" / "register-maps.md"


def test_the_page_in_docs_is_the_one_that_the_maps_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m instruments.register_map.table > docs/register-maps.md"
    )


@pytest.mark.parametrize("name", ["pump", "rig"])
def test_every_point_has_its_row(name: str) -> None:
    register_map = RegisterMap.named(name)
    table = markdown(register_map)
    for point in register_map.points.values():
        start, bracket, member = point.name.partition("[")
        shown = f"{start}[n].{member.partition('].')[2]}" if bracket else start
        assert table.count(f"| `{shown}` |") == 1


@pytest.mark.parametrize(
    "row",
    [
        "| 32 to 33 | `device_clock_s` | uint32 | s | 100 | r |",
        "| 3 + 3·n, n = 0 to 12 | `steps[n].rate_ul_per_h` | float32 | uL/h |  | rw |",
        "| 12 to 19 | `serial_number` | string of 16 |",
        "(0 stopped, 1 infusing, 2 bolus, 3 priming, 4 alarm_stopped) |",
    ],
)
def test_rows_tell_address_type_unit_divisor_and_codes(row: str) -> None:
    assert row in markdown(RegisterMap.named("pump"))


def test_word_orders_are_told_by_map() -> None:
    assert "word order big" in markdown(RegisterMap.named("pump"))
    assert "word order little" in markdown(RegisterMap.named("rig"))
