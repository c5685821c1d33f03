# SPDX-License-Identifier: Apache-2.0
"""Firmware images of a bench, and maps that have no points for an update, a refill date, or a mode."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bench.bench_file.firmware_images import FirmwareImage, FirmwareImages
from groundfloor.errors import BenchFault
from instruments.firmware_update import UpdatePart, firmware_of
from instruments.modbus.firmware_update import FirmwareUpdatePoints
from instruments.modbus.pump_needs import half_there, lacking
from instruments.pump import Command, CommandResult
from instruments.refill_date import refill_due_s
from instruments.register_map.map import RegisterMap

MAP = RegisterMap.named("pump")
TEXT = (Path(__file__).parents[2] / "instruments" / "maps" / "pump.toml").read_text(encoding="utf-8")


def changed_map(folder: Path, *changes: tuple[str, str]) -> RegisterMap:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "old.toml"
    path.write_text(text, encoding="utf-8")
    return RegisterMap.load(path)


def without(section: str, following: str) -> tuple[str, str]:
    return TEXT[TEXT.index(section) : TEXT.index(following)], ""


def test_an_image_is_a_file_or_its_content(tmp_path: Path) -> None:
    (tmp_path / "pump.bin").write_bytes(b"\x01\x02")
    image = FirmwareImage(version="2", file="pump.bin").found_from(tmp_path)
    assert image.content() == b"\x01\x02" == FirmwareImage(version="2", content_hex="0102").content()
    images = FirmwareImages(present=image, newer=image, older=FirmwareImage(version="1", file="gone.bin"))
    with pytest.raises(BenchFault, match=r"gone\.bin.*\[firmware_images\]"):
        images.found_from(tmp_path).older.content()


@pytest.mark.parametrize("wrong", [{"version": "1"}, {"version": "1", "file": "a", "content_hex": "00"}])
def test_an_image_that_is_nowhere_or_in_two_places_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either a file or content_hex"):
        FirmwareImage(**wrong)


def test_an_image_is_carried_over_block_by_block_and_the_last_is_padded() -> None:
    sent: list[object] = []

    def write(_block: object, values: dict[str, object]) -> None:
        sent.append((values["update_block_number"], values["update_words[0].word"], values["update_words[31].word"]))

    def send(command: Command, argument: float) -> CommandResult:
        sent.append((command, argument))
        return CommandResult.ACCEPTED

    image = bytes(range(1, 131))
    messages = FirmwareUpdatePoints(MAP, "pump").messages(image, write, send, authorised=False)
    assert [one.part for one in messages] == [
        UpdatePart.BEGIN, UpdatePart.FIRST_HALF, UpdatePart.REST, UpdatePart.REST, UpdatePart.FINISH,
    ]  # fmt: skip
    assert [one.send() for one in messages] == [CommandResult.ACCEPTED] * 5
    assert sent == [
        (Command.UPDATE_BEGIN, 130.0),
        (0, 0x0102, 0x3F40), (Command.UPDATE_BLOCK, 0.0),
        (1, 0x4142, 0x7F80), (Command.UPDATE_BLOCK, 1.0),
        (2, 0x8182, 0), (Command.UPDATE_BLOCK, 2.0),
        (Command.UPDATE_FINISH, 0.0),
    ]  # fmt: skip
    begin = FirmwareUpdatePoints(MAP, "pump").messages(image, write, send, authorised=True)[0]
    begin.send()
    assert sent[-1] == (Command.UPDATE_BEGIN_AUTHORISED, 130.0)


def test_an_older_map_still_serves_and_says_what_it_lacks(tmp_path: Path) -> None:
    old = changed_map(
        tmp_path,
        without("# --- refill date", "# --- alarm and bolus logs"),
        (", update_begin = 20, update_begin_authorised = 21, update_block = 22, update_finish = 23", ""),
        (", bridge = 5, minimum_rate = 6", ""),
    )
    assert half_there(old) == ()
    found = lacking(old)
    assert found["bridge"] == ("a code for bridge in mode",)
    assert found["minimum_rate"] == ("a code for minimum_rate in mode",)
    assert found["refill_date"] == ("refill_due_s",)
    assert "a code for update_begin in command" in found["firmware_update"]
    assert {"bridge", "minimum_rate", "refill_date", "firmware_update"}.isdisjoint(lacking(MAP))
    with pytest.raises(BenchFault, match="firmware_crc"):
        FirmwareUpdatePoints(old, "pump")


def test_a_driver_that_cannot_is_a_bench_that_does_not_test() -> None:
    with pytest.raises(BenchFault, match="no `update`"):
        firmware_of(object())
    with pytest.raises(BenchFault, match="no `refill_due_s`"):
        refill_due_s(object())
