# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about patient boluses, with one bolus as the example that is tested."""

from bench.profile.sourced import Sourced, SourcedCount
from bench.therapy import Therapy, WithPatientBolus
from groundfloor.toml_file import TomlModel


class BolusSpecification(TomlModel):
    """The example bolus, and how exact its volume is."""

    accuracy_percent: Sourced
    volume_ul: Sourced
    duration_s: SourcedCount
    lockout_s: SourcedCount
    max_per_day: SourcedCount

    def on_top_of(self, basal: Therapy) -> WithPatientBolus:
        """Return `basal` with the example bolus allowed.

        Raises:
            PlanError: the numbers make no therapy.
        """
        return WithPatientBolus(
            basal, self.volume_ul.value, self.duration_s.value, self.lockout_s.value, self.max_per_day.value
        )
