# SPDX-License-Identifier: Apache-2.0
"""Updates of the pump's firmware in one infusion: whole ones, those that are cut off, and those that must be refused.

Which firmware runs is told twice: by the version that the pump shows, and by the CRC-32 of the image that it computes
itself. Both have to be those of one image. Everything else has to be as it was, and the therapy goes on.
"""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from enum import StrEnum

from bench.bench_file.firmware_images import FirmwareImage, FirmwareImages
from bench.infusion.course import Course
from bench.infusion.pump_control import PumpControl
from bench.journal import Result
from bench.profile import FirmwareUpdateSpecification
from groundfloor.errors import BenchFault, PlanError
from groundfloor.inconclusive import Inconclusive
from instruments.firmware_update import UpdatePart, firmware_of
from instruments.pump import CommandResult

KEPT = ("state", "rate_ul_per_h", "alarms", "alarm_log_count", "bolus_log_count")
"""What a new firmware must take over as it is; clock, counter and reservoir go on."""
SECONDS_PER_HOUR = 3600.0
HALF = 0.5
ONE_BIT = 1


class Unfit(StrEnum):
    """Images that a pump must refuse; the value is what people read."""

    ALTERED = "an image with one bit altered"
    CUT_SHORT = "an image cut short"
    OLDER = "an older image, without authority"
    OTHER_MODEL = "an image for another model"


class FirmwareUpdates:
    """Updates the firmware of one infusion's pump."""

    def __init__(self, course: Course, control: PumpControl) -> None:
        self._course = course
        self._control = control
        self._activities = course.setting.activities
        self._pump = course.setting.bench.pump

    def require_images(self) -> None:
        """Go on only where the bench has images, and the pump runs the one that it is to run.

        Raises:
            BenchFault: it has none, or the pump runs another one.
        """
        present, found = self._images.present, self._identity()
        if not _runs(found, present):
            seen = f"it runs {_told(found)}, the bench file's present image is {present.version}"
            raise BenchFault("pump", "find its firmware", seen, "install that image, or correct [firmware_images]")

    def update(self, declared: str) -> None:
        """Install the newer image; judge that it runs, and that everything else is as it was.

        Args:
            declared: the test declared `<declared>: firmware` and `<declared>: kept`.

        Raises:
            Inconclusive: the run was interrupted in it.
        """
        self._install(declared, self._images.newer, authorised=False)

    def make_present_again(self) -> None:
        """Install the present image again, with authority, where another one runs; nothing is judged.

        Raises:
            BenchFault: another one runs all the same.
            Inconclusive: the run was interrupted in it.
        """
        if _runs(self._identity(), self._images.present):
            return
        self._send("Install the present firmware", self._images.present.content(), list(UpdatePart), authorised=True)
        self._course.time.wait(self._promised.runs_within_s.value)
        self.require_images()

    def return_to_present(self, declared: str) -> None:
        """Install the present image again, with authority; judged as `update`.

        Raises:
            Inconclusive: the run was interrupted in it.
        """
        self._install(declared, self._images.present, authorised=True)

    def send_until(self, last: UpdatePart) -> None:
        """Send the messages that install the newer image, up to the last of a part; nothing is judged.

        Raises:
            BenchFault: the pump's driver cannot update it.
            Inconclusive: the run was interrupted in it.
        """
        parts = list(UpdatePart)
        self._send(f"Update until {last}", self._images.newer.content(), parts[: parts.index(last) + 1])

    def judge_old(self, declared: str, name: str) -> None:
        """Judge that the present image runs, in whole."""
        found, images = self._identity(), self._images
        self._course.judging.judge_that(declared, _runs(found, images.present), f"it runs {_told(found)}", name)

    def judge_old_or_new(self, declared: str, name: str) -> None:
        """Judge that either the present or the newer image runs, in whole."""
        found, images = self._identity(), self._images
        whole = _runs(found, images.present) or _runs(found, images.newer)
        self._course.judging.judge_that(declared, whole, f"it runs {_told(found)}", name)

    def refuse(self, declared: str, unfit: Unfit) -> None:
        """Offer an image that must be refused; judge that it is, and that the present one goes on.

        Args:
            declared: the test declared it so.
            unfit: what is wrong with the image.

        Raises:
            BenchFault: the bench has no image for another model.
            Inconclusive: the run was interrupted in it.
        """
        answers = self._send(f"Offer {unfit}", self._unfit(unfit), list(UpdatePart))
        self._course.time.wait(self._promised.runs_within_s.value)
        found, refused = self._identity(), set(answers) != {CommandResult.ACCEPTED}
        seen = f"it answered {', '.join(dict.fromkeys(answers))}, and runs {_told(found)}"
        self._course.judging.judge_that(declared, refused and _runs(found, self._images.present), seen, str(unfit))

    def _unfit(self, unfit: Unfit) -> bytes:
        images, newer = self._images, self._images.newer.content()
        match unfit:
            case Unfit.ALTERED:
                place = round(HALF * len(newer))
                return bytes([*newer[:place], newer[place] ^ ONE_BIT, *newer[place + 1 :]])
            case Unfit.CUT_SHORT:
                return newer[: round(HALF * len(newer))]
            case Unfit.OLDER:
                return images.older.content()
            case Unfit.OTHER_MODEL:
                if images.other_model is None:
                    next_step = "name one in the bench file: [firmware_images.other_model]"
                    raise BenchFault("bench", "offer an image for another model", "there is none", next_step)
                return images.other_model.content()

    def _install(self, declared: str, image: FirmwareImage, *, authorised: bool) -> None:
        before = self._looked_at()
        self._send(f"Install firmware {image.version}", image.content(), list(UpdatePart), authorised=authorised)
        self._course.time.wait(self._promised.runs_within_s.value)
        found, after = self._identity(), self._looked_at()
        judging = self._course.judging
        judging.judge_that(f"{declared}: firmware", _runs(found, image), f"it runs {_told(found)}", declared)
        kept, told = self._kept(before, after)
        judging.judge_that(f"{declared}: kept", kept, told, declared)

    def _kept(self, before: Result, after: Result) -> tuple[bool, str]:
        """Tell whether everything but the firmware is as it was, and what is not."""
        profile = self._course.setting.profile
        passed_s = after["device_clock_s"] - before["device_clock_s"]
        most_ul = profile.rates.greatest_ul_per_h.value * max(0.0, passed_s) / SECONDS_PER_HOUR
        most_ul += profile.stroke_volume_ul.value
        grown = {name: after[name] - before[name] for name in ("counter_ul", "reservoir_ul")}
        changed = [f"{name} {before[name]} -> {after[name]}" for name in KEPT if before[name] != after[name]]
        changed += [] if passed_s > 0 else [f"its clock went on by {passed_s:.1f} s"]
        changed += [] if 0 <= grown["counter_ul"] <= most_ul else [f"its counter grew by {grown['counter_ul']:g} µL"]
        if not -most_ul <= grown["reservoir_ul"] <= 0:
            changed.append(f"its reservoir volume grew by {grown['reservoir_ul']:g} µL")
        changed += list(after["differences"])
        return not changed, "; ".join(changed) or "nothing else changed"

    def _looked_at(self) -> Result:
        program, pump = self._control.program_wanted, self._pump
        read = self._activities.do("program read again", lambda: {"differences": pump.differences(program)})
        return {**self._control.state(), **read}

    def _identity(self) -> Result:
        return self._activities.do("firmware looked at", self._ask)

    def _ask(self) -> Result:
        who = self._pump.identify()
        crc = firmware_of(self._pump).firmware_crc()
        return {"firmware_version": who.firmware_version, "firmware_crc": crc}

    def _send(
        self, step: str, content: bytes, parts: Sequence[UpdatePart], *, authorised: bool = False
    ) -> tuple[CommandResult, ...]:
        """Send the messages of some parts as one activity; a run that was interrupted in it knows nothing of it."""
        self._course.time.safe_point()
        self._course.setting.step(step)
        resumed = self._activities.replaying
        self._activities.do("firmware update begun", dict)
        found = self._activities.do(
            "firmware update",
            self._sent(content, parts, resumed=resumed, authorised=authorised),
            f"{step}: {{answers}}",
        )
        return tuple(CommandResult(answer) for answer in found["answers"])

    def _sent(
        self, content: bytes, parts: Sequence[UpdatePart], *, resumed: bool, authorised: bool
    ) -> Callable[[], Result]:
        def send() -> Result:
            if resumed:
                seen = "the run was interrupted in an update, and nobody knows what was sent"
                raise Inconclusive("pump", "update the firmware", seen, "run this test again")
            messages = firmware_of(self._pump).update(content, authorised=authorised)
            answers = [message.send() for message in messages if message.part in parts]
            return {"answers": answers, "image_sha256": hashlib.sha256(content).hexdigest()}

        return send

    @property
    def _images(self) -> FirmwareImages:
        images = self._course.setting.bench.file.firmware_images
        if images is None:
            next_step = "name them in the bench file: [firmware_images.present], [.newer], [.older]"
            raise BenchFault("bench", "update the firmware", "nobody has told its firmware images", next_step)
        return images

    @property
    def _promised(self) -> FirmwareUpdateSpecification:
        promised = self._course.setting.profile.firmware_update
        if promised is None:
            seen = f"profile {self._course.setting.profile.name} promises no update of its firmware"
            raise PlanError(
                self._course.setting.name, "update the firmware", seen, 'mark it only_with("firmware_update")'
            )
        return promised


def _runs(found: Result, image: FirmwareImage) -> bool:
    crc = zlib.crc32(image.content())
    return bool(found["firmware_version"] == image.version and found["firmware_crc"] == crc)


def _told(found: Result) -> str:
    return f"{found['firmware_version']} (CRC {found['firmware_crc']:08x})"
