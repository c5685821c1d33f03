# SPDX-License-Identifier: Apache-2.0
"""Whatever stands in a bench file, a register map, a profile or a baseline: it loads, or a PlanError says why not."""

import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from bench.bench_file import BenchFile
from bench.profile import Profile
from bench.trace import Requirements
from groundfloor.errors import PlanError
from instruments.register_map.map import RegisterMap
from tests.unit.fuzzing import bounded, spoiled, spoiled_bytes

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "test_plans"
Load = Callable[[Path], object]

GUIDE = (ROOT / "docs" / "how-to" / "bench-file.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
GOOD: dict[str, tuple[str, Load]] = {
    "bench file": (GUIDE, BenchFile.load),
    "pump map": ((ROOT / "instruments/maps/pump.toml").read_text(encoding="utf-8"), RegisterMap.load),
    "rig map": ((ROOT / "instruments/maps/rig.toml").read_text(encoding="utf-8"), RegisterMap.load),
    "profile": ((PLANS / "profiles/implantable-20ml.toml").read_text(encoding="utf-8"), Profile.load),
    "requirements": ((PLANS / "requirements.toml").read_text(encoding="utf-8"), Requirements.load),
}
SHARE = {"pump map": 0.3, "rig map": 0.3}
"""The maps are long, so that they are tried less often."""


def load(path: Path, content: bytes, loader: Load) -> bool:
    """Whether the content loads; any other error than a PlanError leaves this."""
    path.write_bytes(content)
    told = ""
    try:
        loader(path)
    except PlanError as wrong:
        told = str(wrong)
    assert len(told) < 50_000
    assert "\x1b" not in told
    return not told


@pytest.mark.parametrize("kind", GOOD)
def test_the_good_file_loads(tmp_path: Path, kind: str) -> None:
    text, loader = GOOD[kind]
    assert load(tmp_path / "file.toml", text.encode(), loader)


@pytest.mark.parametrize("kind", GOOD)
def test_fuzz_a_file_with_odd_values_loads_or_is_a_plan_error(tmp_path: Path, kind: str) -> None:
    text, loader = GOOD[kind]

    @bounded(SHARE.get(kind, 1.0))
    @given(spoiled(tomllib.loads(text)))
    def try_one(content: dict[str, Any]) -> None:
        try:
            written = tomli_w.dumps(content).encode("utf-8", "surrogatepass")
        except (TypeError, ValueError):  # what TOML cannot say cannot be in a file
            return
        load(tmp_path / "file.toml", written, loader)

    try_one()


@pytest.mark.parametrize("kind", GOOD)
def test_fuzz_a_file_with_odd_bytes_loads_or_is_a_plan_error(tmp_path: Path, kind: str) -> None:
    text, loader = GOOD[kind]

    @bounded(SHARE.get(kind, 1.0))
    @given(spoiled_bytes(text.encode("utf-8")))
    def try_one(content: bytes) -> None:
        load(tmp_path / "file.toml", content, loader)

    try_one()


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"a = " + b"[" * 100_000,
        b"a = " + b"{b = " * 5_000,
        b"a." * 5_000 + b"b = 1",
        b"a = " + b"9" * 10_000,
        b"a = 1e" + b"9" * 10_000,
        b"a = 9999-99-99",
        b"[" + b"x" * 1_000_000 + b"]",
        b"\0" * 10_000,
        b"#" * 2_000_000,
    ],
    ids=lambda content: ascii(content[:12]),
)
def test_content_that_is_made_to_break_a_parser_is_a_plan_error(tmp_path: Path, kind: str, content: bytes) -> None:
    assert not load(tmp_path / "file.toml", content, GOOD[kind][1])


@bounded()
@given(st.binary(max_size=200))
def test_fuzz_bytes_of_any_kind_are_no_bench_file(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert not load(Path(folder) / "file.toml", content, BenchFile.load)
