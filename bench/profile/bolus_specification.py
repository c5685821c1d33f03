# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about patient boluses, with one bolus as the example that is tested."""

from typing import Self

from bench.profile.sourced import Sourced, SourcedCount, SourcedFlag
from bench.therapy import Therapy, WithPatientBolus
from groundfloor.toml_file import TomlModel

START_OF_A_GOOD_PUMP = Sourced(value=60, source="assumed: a minute from the button to the first stroke's beginning")
SECONDS_PER_HOUR = 3600.0
DURATION_OF_A_GOOD_PUMP = Sourced(value=20, source="assumed: a bolus of ten minutes within two")
NOT_SLOWED = SourcedFlag(value=False, source="assumed: nothing is promised of a bolus over the greatest rate")

NOT_RESUMED = SourcedFlag(value=False, source="assumed: a stop ends a bolus, and whoever starts again asks anew")


class BolusSpecification(TomlModel):
    """The example bolus, how exact its volume is, and when it comes.

    Attributes:
        accuracy_percent: greatest error of its volume.
        volume_ul, duration_s, lockout_s, max_per_day: of the example.
        start_max_s: greatest time from the request to the begin of its delivery.
        duration_accuracy_percent: greatest error of the time over which it is delivered.
        slowed_at_greatest_rate: whether basal rate and bolus together stay under the pump's greatest rate, and all of
            the bolus comes, in a longer time.
        resumed_after_stop: whether a start takes up what a stop, or an alarm that stops, left of a bolus; otherwise
            that ends it.
    """

    accuracy_percent: Sourced
    volume_ul: Sourced
    duration_s: SourcedCount
    lockout_s: SourcedCount
    max_per_day: SourcedCount
    start_max_s: Sourced = START_OF_A_GOOD_PUMP
    duration_accuracy_percent: Sourced = DURATION_OF_A_GOOD_PUMP
    slowed_at_greatest_rate: SourcedFlag = NOT_SLOWED
    resumed_after_stop: SourcedFlag = NOT_RESUMED

    def at_rate(self, rate_ul_per_h: float) -> Self:
        """Return the example with another volume: as much as comes at a rate in its duration."""
        volume_ul = rate_ul_per_h * self.duration_s.value / SECONDS_PER_HOUR
        source = f"{rate_ul_per_h:g} µL/h for the duration of the example"
        return self.model_copy(update={"volume_ul": Sourced(value=volume_ul, source=source)})

    def longer_max_s(self, duration_s: float) -> float:
        """Return how much longer, or shorter, than programmed a bolus may take."""
        return duration_s * self.duration_accuracy_percent.value / 100

    def on_top_of(self, basal: Therapy, greatest_rate_ul_per_h: float | None = None) -> WithPatientBolus:
        """Return `basal` with the example bolus allowed.

        Args:
            basal: what runs beside it.
            greatest_rate_ul_per_h: of the pump; it counts where the pump promises to keep to it.

        Raises:
            PlanError: the numbers make no therapy.
        """
        greatest = greatest_rate_ul_per_h if self.slowed_at_greatest_rate.value else None
        return WithPatientBolus(
            basal,
            self.volume_ul.value,
            self.duration_s.value,
            self.lockout_s.value,
            self.max_per_day.value,
            greatest,
        )
