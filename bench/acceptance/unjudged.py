# SPDX-License-Identifier: Apache-2.0
"""What no infusion judges of a pump that promises less: what would have to be read is not there."""

from collections.abc import Collection, Mapping

from bench.acceptance.standing import Standing
from instruments.pump_feature import PumpFeature

NEEDS: Mapping[Standing, PumpFeature] = {
    Standing.PROGRAM: PumpFeature.READ_BACK,
    Standing.THREE_VOLUMES: PumpFeature.COUNTER,
    Standing.COUNTER: PumpFeature.COUNTER,
    Standing.RESERVOIR: PumpFeature.RESERVOIR,
    Standing.BATTERY: PumpFeature.BATTERY,
    Standing.PRESSURE: PumpFeature.PRESSURE,
    Standing.ALARM_LOG: PumpFeature.ALARM_LOG,
    Standing.BOLUS_LOG: PumpFeature.BOLUS_LOG,
    Standing.SOUNDS: PumpFeature.ALARM_LOG,  # two samples tell no onset that a tone is due within seconds of
}
"""By standing judgement, the feature without which nothing of it can be judged.

What can be judged without stays: the pump's answer to its program is judged with the commands, balance against program
in every phase, and alarms by the bits in each sample.
"""


def unjudged(without: Collection[PumpFeature]) -> Mapping[Standing, PumpFeature]:
    """Return what is not judged of a pump that promises no feature of `without`, and which one it would need."""
    return {standing: feature for standing, feature in NEEDS.items() if feature in without}
