# SPDX-License-Identifier: Apache-2.0
"""A TOML file that an editor of Windows wrote is read; one in another encoding is named, with what to do."""

import codecs
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.profile import Profile
from bench.run import input_hashes
from bench.trace import Requirements
from groundfloor.errors import PlanError
from instruments.register_map.map import RegisterMap

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "how-to" / "bench-file.md").read_text(encoding="utf-8")
BENCH = GUIDE.split("```toml\n")[1].split("```")[0]
INPUTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "bench file": (BenchFile.load, BENCH),
    "profile": (Profile.load, (ROOT / "test_plans/profiles/implantable-20ml.toml").read_text(encoding="utf-8")),
    "register map": (RegisterMap.load, (ROOT / "instruments/maps/pump.toml").read_text(encoding="utf-8")),
    "requirements": (Requirements.load, (ROOT / "test_plans/requirements.toml").read_text(encoding="utf-8")),
}


def content_of(loaded: object) -> object:
    return vars(loaded) if isinstance(loaded, RegisterMap) else loaded


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("name", INPUTS)
def test_a_byte_order_mark_and_the_line_ends_of_windows_change_nothing(tmp_path: Path, name: str, ends: str) -> None:
    load, text = INPUTS[name]
    plain, marked = tmp_path / "plain.toml", tmp_path / "marked.toml"
    plain.write_bytes(text.encode("utf-8"))
    marked.write_bytes(codecs.BOM_UTF8 + text.replace("\n", ends).encode("utf-8"))
    assert content_of(load(marked)) == content_of(load(plain))


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-16", "UTF-16"), ("utf-32", "UTF-32"), ("cp1252", "not UTF-8: byte 0xB5 in line 1")]
)
def test_another_encoding_is_named_with_a_command_that_mends_it(
    tmp_path: Path, name: str, encoding: str, said: str
) -> None:
    load, text = INPUTS[name]
    text = f"# µL\n{text}"
    path = tmp_path / "in another.toml"
    path.write_bytes(text.encode(encoding, errors="replace"))
    with pytest.raises(PlanError) as refused:
        load(path)
    assert said in refused.value.seen
    assert "save it as UTF-8" in refused.value.next_step
    command = refused.value.next_step.partition("convert it: ")[2]
    assert shlex.quote(str(path)) in command
    if shutil.which("iconv"):
        subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True)  # the advice works when typed
        mended = (tmp_path / "utf-8.toml").read_bytes()
        assert mended.decode("utf-8-sig").startswith("# µL\n")


def test_the_addresses_of_a_twin_are_left_out_of_the_hash_with_a_byte_order_mark_as_well(tmp_path: Path) -> None:
    lines = "[pump]\naddress = {}\n[simulation]\nseed = 1\n"
    hashes = set()
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        content = lines.format(f'"tcp://127.0.0.1:{number}"').encode("utf-8")
        (folder / "bench.toml").write_bytes(codecs.BOM_UTF8 + content)
        hashes.add(input_hashes(folder)["bench.toml"])
    assert len(hashes) == 1
