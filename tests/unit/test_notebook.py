# SPDX-License-Identifier: Apache-2.0
"""The mathematics is pleasant in a notebook: the example of its front page does what the page says."""

import importlib
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import metrology

ROOT = Path(__file__).parents[2]
ROOMS = ("any_window", "delivery", "gravimetry", "latency", "phases", "recording", "uncertainty", "verdict")
PAGE = str(metrology.__doc__)
EXAMPLE = textwrap.dedent(PAGE.split("with its budget:\n")[1].split("It prints:\n")[0])
PRINTED = textwrap.dedent(PAGE.split("It prints:\n")[1].split("Windows of one")[0])


def test_the_example_on_the_front_page_prints_what_the_page_shows_and_needs_no_bench() -> None:
    no_bench = "\nimport sys\nassert not {'bench', 'instruments', 'fixtures', 'pytest'} & set(sys.modules)\n"
    shown = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", EXAMPLE + no_bench], cwd=ROOT, capture_output=True, text=True,
        encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    assert shown.stdout.strip() == PRINTED.strip()
    assert 10 <= len(EXAMPLE.strip().splitlines()) <= 15


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_at_its_door_what_it_offers(room: str) -> None:
    door = importlib.import_module(f"metrology.{room}")
    assert door.__doc__
    assert door.__all__ == sorted(door.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert all(hasattr(door, name) for name in door.__all__)
    assert room in str(metrology.__doc__)


def test_every_room_is_named() -> None:
    assert sorted(path.parent.name for path in (ROOT / "metrology").glob("*/__init__.py")) == list(ROOMS)
