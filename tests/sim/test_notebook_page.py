# SPDX-License-Identifier: Apache-2.0
"""The page on notebooks does what it shows: a minute is weighed, judged and read back from the journal."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "from-a-notebook.md").read_text(encoding="utf-8")
CODE = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
PUBLIC = re.findall(r"^\| (`.+?) \| (`.+`) \|$", PAGE, re.MULTILINE)


def test_a_minute_is_weighed_from_the_page(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", CODE],
        cwd=tmp_path,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "PUMPBENCH_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert shown.returncode == 0, shown.stderr
    weighed = re.search(r"weighed ([\d.]+) ± ([\d.]+) µL, programmed ([\d.]+) µL", shown.stdout)
    assert weighed is not None, shown.stdout
    value_ul, expanded_ul, programmed_ul = map(float, weighed.groups())
    assert programmed_ul == pytest.approx(1000 / 60, abs=0.6)  # whole strokes, of 0.5 µL
    assert abs(value_ul - programmed_ul) < 0.145 * programmed_ul
    assert 0 < expanded_ul < 1.0
    assert re.search(r"^J-\d{4} PASS minute", shown.stdout, re.MULTILINE)


@pytest.mark.parametrize(("names", "modules"), PUBLIC, ids=[names for names, _ in PUBLIC])
def test_every_public_name_is_where_the_page_says(names: str, modules: str) -> None:
    found = re.findall(r"`([\w.]+)`", modules)
    full = [name if not name.startswith(".") else found[0].rpartition(".")[0] + name for name in found]
    doors = [importlib.import_module(name) for name in full]
    for name in re.findall(r"`(\w+)`", names):
        assert any(hasattr(door, name) for door in doors), name
