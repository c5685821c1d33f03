# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about patient boluses, with one bolus as the example that is tested."""

from bench.profile.sourced import Sourced, SourcedCount
from bench.therapy import Therapy, WithPatientBolus
from groundfloor.toml_file import TomlModel

START_OF_A_GOOD_PUMP = Sourced(value=60, source="assumed: a minute from the button to the first stroke's beginning")
DURATION_OF_A_GOOD_PUMP = Sourced(value=20, source="assumed: a bolus of ten minutes within two")


class BolusSpecification(TomlModel):
    """The example bolus, how exact its volume is, and when it comes.

    Attributes:
        accuracy_percent: greatest error of its volume.
        volume_ul, duration_s, lockout_s, max_per_day: of the example.
        start_max_s: greatest time from the request to the begin of its delivery.
        duration_accuracy_percent: greatest error of the time over which it is delivered.
    """

    accuracy_percent: Sourced
    volume_ul: Sourced
    duration_s: SourcedCount
    lockout_s: SourcedCount
    max_per_day: SourcedCount
    start_max_s: Sourced = START_OF_A_GOOD_PUMP
    duration_accuracy_percent: Sourced = DURATION_OF_A_GOOD_PUMP

    def longer_max_s(self, duration_s: float) -> float:
        """Return how much longer, or shorter, than programmed a bolus may take."""
        return duration_s * self.duration_accuracy_percent.value / 100

    def on_top_of(self, basal: Therapy) -> WithPatientBolus:
        """Return `basal` with the example bolus allowed.

        Raises:
            PlanError: the numbers make no therapy.
        """
        return WithPatientBolus(
            basal, self.volume_ul.value, self.duration_s.value, self.lockout_s.value, self.max_per_day.value
        )
