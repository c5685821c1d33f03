# SPDX-License-Identifier: Apache-2.0
"""The twin's firmware: an update block by block, and which image runs whatever is cut when."""

import struct
import zlib
from collections.abc import Callable

import pytest

from instruments.simulated.specimen.firmware_image import FirmwareImage
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

MODEL, OLD, NEW, OLDER = "Implantable-20", "3.1.0-twin", "3.10.0-twin", "2.9.9-twin"
BLOCK, CHECKED_S = 64, 6.0


def image(version: str = NEW, model: str = MODEL) -> bytes:
    return FirmwareImage.made(model, version).content


def crc(version: str) -> int:
    return zlib.crc32(image(version))


def runs(bench: OperatedTwin) -> tuple[object, object]:
    return bench.pump("firmware_version"), bench.pump("firmware_crc")


def send_block(bench: OperatedTwin, number: int, content: bytes) -> str:
    words = struct.unpack(">32H", content[number * BLOCK : (number + 1) * BLOCK].ljust(BLOCK, b"\0"))
    bench.twin.pump.write(
        {"update_block_number": number, **{f"update_words[{place}].word": word for place, word in enumerate(words)}}
    )
    return bench.command("update_block", float(number))


def sent(bench: OperatedTwin, content: bytes, *, begin: str = "update_begin", blocks: int = 99) -> list[str]:
    """Send an image, or so many of its blocks and no more; return the answers."""
    answers = [bench.command(begin, float(len(content)))]
    count = -(-len(content) // BLOCK)
    answers += [send_block(bench, number, content) for number in range(min(blocks, count))]
    return [*answers, bench.command("update_finish")] if blocks >= count else answers


def lose_power(bench: OperatedTwin) -> None:
    for millivolts in (1000, 0):
        bench.set_rig(supply_voltage_mv=millivolts, fencing_token=1)
        bench.go(2.0)


def test_a_newer_image_runs_when_it_is_whole_and_the_therapy_goes_on() -> None:
    bench = OperatedTwin()
    bench.run(continuous(100.0))
    bench.go(3600.0)
    assert runs(bench) == (OLD, crc(OLD))
    assert set(sent(bench, image())) == {"accepted"}
    assert runs(bench) == (OLD, crc(OLD))
    bench.go(CHECKED_S)
    assert runs(bench) == (NEW, crc(NEW))
    assert (bench.pump("state"), bench.pump("active_rate_ul_per_h")) == ("infusing", 100.0)
    assert bench.pump("delivered_volume_ul") == pytest.approx(100.0, abs=0.7)


@pytest.mark.parametrize("blocks", [0, 1, 2, 3, 99])
def test_a_loss_of_power_leaves_the_old_image(blocks: int) -> None:
    bench = OperatedTwin()
    sent(bench, image(), blocks=blocks)
    lose_power(bench)
    bench.go(CHECKED_S)
    assert runs(bench) == (OLD, crc(OLD))
    assert bench.command("update_finish") == "wrong_state"


def test_an_update_that_broke_off_is_begun_anew() -> None:
    bench = OperatedTwin()
    sent(bench, image("3.2.0-twin"), blocks=2)
    assert set(sent(bench, image())) == {"accepted"}
    bench.go(CHECKED_S)
    assert runs(bench) == (NEW, crc(NEW))


@pytest.mark.parametrize(
    "content",
    [
        image()[:100],
        image()[:-1] + bytes([image()[-1] ^ 1]),
        image(model="Implantable-40"),
        image(OLDER),
        b"\xff" * 240,
        b"\0" * 240,
    ],
    ids=["cut short", "altered", "other model", "older", "no text", "empty"],
)
def test_an_unfit_image_is_refused_and_forgotten(content: bytes) -> None:
    bench = OperatedTwin()
    assert sent(bench, content)[-1] == "bad_checksum"
    bench.go(CHECKED_S)
    assert runs(bench) == (OLD, crc(OLD))
    assert bench.command("update_finish") == "wrong_state"


def test_an_older_image_runs_with_authority() -> None:
    bench = OperatedTwin()
    assert set(sent(bench, image(OLDER), begin="update_begin_authorised")) == {"accepted"}
    bench.go(CHECKED_S)
    assert runs(bench) == (OLDER, crc(OLDER))


def test_a_block_that_is_not_the_one_in_the_registers_is_refused() -> None:
    bench = OperatedTwin()
    assert send_block(bench, 0, image()) == "wrong_state"
    bench.command("update_begin", 240.0)
    send_block(bench, 1, image())
    assert bench.command("update_block", 2.0) == "bad_checksum"
    assert send_block(bench, 9, image()) == "bad_checksum"
    assert bench.command("update_begin", 0.0) == "bad_checksum"


def updated(bench: OperatedTwin) -> OperatedTwin:
    bench.run(continuous(100.0))
    bench.go(3600.0)
    sent(bench, image())
    bench.go(CHECKED_S)
    return bench


def counted(bench: OperatedTwin) -> bool:
    return float(str(updated(bench).pump("delivered_volume_ul"))) > 50.0


def running_after(content: bytes) -> Callable[[OperatedTwin], object]:
    def observe(bench: OperatedTwin) -> object:
        sent(bench, content)
        bench.go(CHECKED_S)
        return bench.pump("firmware_crc")

    return observe


def whole_after_a_loss(bench: OperatedTwin) -> bool:
    sent(bench, image(), blocks=2)
    lose_power(bench)
    return bench.pump("firmware_crc") in (crc(OLD), crc(NEW))


ALTERED = image()[:-1] + bytes([image()[-1] ^ 1])
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("half_image_runs", whole_after_a_loss, True, False),
    ("update_clears_counter", counted, True, False),
    ("update_clears_program", lambda bench: updated(bench).pump("active_mode"), "continuous", "none"),
    ("update_stops_therapy", lambda bench: updated(bench).pump("state"), "infusing", "stopped"),
    ("says_new_runs_old", lambda bench: runs(updated(bench)), (NEW, crc(NEW)), (NEW, crc(OLD))),
    ("older_firmware_taken", running_after(image(OLDER)), crc(OLD), crc(OLDER)),
    ("any_firmware_taken", running_after(ALTERED), crc(OLD), zlib.crc32(ALTERED)),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_update_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
