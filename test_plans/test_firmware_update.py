# SPDX-License-Identifier: Apache-2.0
"""Firmware update: the pump gets another firmware after implant, and keeps everything else."""

import pytest

from bench.infusion.firmware_updates import Unfit
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.firmware_update import UpdatePart
from instruments.pump import Alarm, CommandResult
from test_plans.criteria import (
    accuracy,
    bolus_given,
    bolus_refused,
    disconnect_latency,
    kept_over_a_reset,
    kept_over_an_update,
    occlusion_latency,
    refused_as_promised,
    reset_latency,
    runs_whole_firmware,
    told_as_promised,
)
from test_plans.markers import HOUR_S, MINUTE_S, judges, only_with
from test_plans.patient_requests import judges_requests

LINK_LOST_S = 10 * MINUTE_S
"""For so long nothing more comes of an update that was begun."""
BEFORE_THE_END = [part for part in UpdatePart if part is not UpdatePart.FINISH]
POWER_GONE_S = 5.0
CUT_AFTER = {part.name.lower(): part for part in UpdatePart}


@judges("DEL-002", "before the update", accuracy)
@judges("FWU-001", "update: firmware", runs_whole_firmware)
@judges("FWU-001", "update: kept", kept_over_an_update)
@judges("FWU-003", "update and the hour after it", accuracy)
@judges("FWU-004", "return: firmware", runs_whole_firmware)
@judges("FWU-001", "return: kept", kept_over_an_update)
@only_with("firmware_update")
def test_an_update_changes_the_firmware_and_nothing_else(infusion: InfusionFactory, profile: Profile) -> None:
    """A pump that infuses gets a newer firmware, and with authority the one from before again.

    Purpose: find the pump that loses its program, its counters, its logs or its clock over an update, the one that
    stops its therapy without a word, and the one that shows the new version and runs the old firmware.

    Method: intermediate rate; weigh an hour. Send the newer image. After the promised time compare version and CRC of
    the firmware that runs with the image, and program, state, counters, logs and clock with those before. Weigh from
    before the update until an hour after it. Send the image from before again, with the authority that this needs.

    Acceptance: the newer image runs, then the one from before; everything else as it was, both times; the delivered
    volume within the accuracy, the update included.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.firmware.require_images()
        run.settle()
        before = run.deliver(HOUR_S, "before the update")
        run.judge("before the update", before.volume)
        run.firmware.update("update")
        after = run.deliver(HOUR_S, "hour after the update")
        whole = run.window(before.end, after.end, "update and the hour after it")
        run.judge("update and the hour after it", whole.volume)
        run.firmware.return_to_present("return")


@judges("DEL-002", "basal rate", accuracy)
@judges_requests("SCH-003", "given", bolus_given)
@judges("DIS-001", "catheter off", disconnect_latency)
@judges("FWU-001", "update: firmware", runs_whole_firmware)
@judges("FWU-001", "update: kept", kept_over_an_update)
@judges("FWU-005", "stands over the update", told_as_promised)
@judges_requests("FWU-005", "after an update", bolus_refused)
@judges("FWU-005", "kinked after the update", occlusion_latency)
@judges("FWU-004", "return: firmware", runs_whole_firmware)
@judges("FWU-001", "return: kept", kept_over_an_update)
@only_with("firmware_update")
@only_with("patient_bolus")
@only_with("catheter_sensor")
def test_an_update_ends_no_lockout_and_no_alarm(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A pump gets a newer firmware in a lockout and while an alarm stands; then its catheter is kinked.

    Purpose: find the pump whose new firmware knows nothing of the boluses that were given or of the alarm that stands,
    and the one that looks for no occlusion with it.

    Method: intermediate rate; weigh the basal rate and one bolus. Take the catheter off, wait for the alarm, connect it
    and leave the alarm standing. Send the newer image, look whether the alarm stands, and acknowledge it. Ask for
    another bolus and weigh that none comes. Kink the catheter, wait for the alarm, release, acknowledge, start. Send
    the image from before again.

    Acceptance: the alarm stands over the update; the request refused and logged for the lockout, and nothing comes of
    it; both alarms within their limits; everything else as it was.
    """
    therapy = profile.with_patient_bolus(Continuous(profile.rates.tested("intermediate")))
    with infusion(therapy, shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.firmware.require_images()
        run.settle()
        before = run.deliver(HOUR_S, "basal before the bolus")
        run.judge("basal rate", before.volume)
        run.patient_boluses.request("given", CommandResult.ACCEPTED, before, "bolus before the update")
        with catheter.disconnected() as off:
            found = run.expect_alarm("catheter off", Alarm.DISCONNECT, off)
        run.settle()
        run.firmware.update("update")
        run.heard.judge_stands("stands over the update", found, stands=True)
        run.resume()
        run.settle()
        run.patient_boluses.request("after an update", CommandResult.LOCKOUT, before, "bolus asked for after an update")
        with catheter.kinked() as kink:
            run.expect_alarm("kinked after the update", Alarm.OCCLUSION, kink)
        run.settle()
        run.resume()
        run.firmware.return_to_present("return")


@judges("FWU-002", "link lost", runs_whole_firmware, times=len(BEFORE_THE_END))
@judges("FWU-003", "updates that broke off", accuracy)
@only_with("firmware_update")
def test_an_update_whose_link_is_lost_changes_nothing(infusion: InfusionFactory, profile: Profile) -> None:
    """The link is lost after each part of an update, one after the other.

    Purpose: find the pump that runs an image of which only a part has come, or that a broken update stops.

    Method: intermediate rate. For each part of an update but the last, send the messages up to it and nothing more for
    ten minutes; compare version and CRC of the firmware that runs. Weigh from before the first until an hour after.

    Acceptance: the firmware from before runs each time, in whole; the delivered volume within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.firmware.require_images()
        run.settle()
        before = run.deliver(HOUR_S, "before the updates")
        for part in BEFORE_THE_END:
            run.firmware.send_until(part)
            run.wait(LINK_LOST_S)
            run.firmware.judge_old("link lost", f"link lost when {part}")
        after = run.deliver(HOUR_S, "hour after the updates")
        whole = run.window(before.start, after.end, "updates that broke off")
        run.judge("updates that broke off", whole.volume)


@judges("DEL-002", "before the update", accuracy)
@judges("PWR-002", "reset: alarm", reset_latency)
@judges("PWR-003", "reset: kept", kept_over_a_reset)
@judges("FWU-002", "power lost", runs_whole_firmware)
@judges("FWU-003", "started again", accuracy)
@only_with("firmware_update")
@only_with("power")
@pytest.mark.parametrize("part", CUT_AFTER)
def test_a_loss_of_power_in_an_update_leaves_the_old_firmware_or_the_new_one(
    infusion: InfusionFactory, profile: Profile, part: str
) -> None:
    """The supply goes after a part of an update, and comes back.

    Purpose: find the pump that comes back with half an image, or without its program.

    Method: intermediate rate; weigh an hour. Send the messages of an update up to the part, take the supply away and
    give it back. Compare version and CRC of the firmware that runs. Acknowledge, start, weigh an hour. Where the newer
    firmware runs by then, install the one from before again.

    Acceptance: the old firmware or the new one, in whole; the alarm of the reset in time; logs, counter and reservoir
    as before; the program read back at the end as it was loaded; delivery within the accuracy after the start.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.firmware.require_images()
        run.settle()
        run.judge("before the update", run.deliver(HOUR_S, "before the update").volume)
        run.firmware.send_until(CUT_AFTER[part])
        run.power.interrupt(POWER_GONE_S, "reset")
        run.firmware.judge_old_or_new("power lost", f"power lost when {CUT_AFTER[part]}")
        run.resume()
        run.settle()
        run.judge("started again", run.deliver(HOUR_S, "started again").volume)
        run.firmware.make_present_again()


@judges("FWU-004", "refused", refused_as_promised, times=len(Unfit))
@judges("FWU-003", "refused updates", accuracy)
@only_with("firmware_update")
def test_an_image_that_is_not_whole_not_newer_or_not_for_this_pump_is_refused(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """Images are offered that were altered, cut short, are older, or are for another model.

    Purpose: find the pump that takes what its maker did not give it, and the one that goes back to an older firmware
    for anybody.

    Method: intermediate rate. Offer each of them as a newer image is; compare version and CRC of the firmware that
    runs. Weigh from before the first until an hour after the last.

    Acceptance: each is refused, and the firmware from before runs; the delivered volume within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.firmware.require_images()
        run.settle()
        before = run.deliver(HOUR_S, "before the updates")
        for unfit in Unfit:
            run.firmware.refuse("refused", unfit)
        after = run.deliver(HOUR_S, "hour after the updates")
        run.judge("refused updates", run.window(before.start, after.end, "refused updates").volume)
