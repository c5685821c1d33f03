# SPDX-License-Identifier: Apache-2.0
"""The rig watch: an injector that moves by itself, or a magnet that nobody asked for, ends the infusion.

What such a thing does to the pump would else be taken for the pump's own doing: a clamp that closes by itself looks
like a blocked pump, one that opens by itself during a kink like a missing alarm.
"""

from bench.bench_file import BenchFile
from bench.injectors import INJECTORS, Whereabouts
from bench.sampling import Sample
from bench.sampling.supply_at_rest import SUPPLY_NEXT_STEP, supply_out_of_place
from groundfloor.errors import BenchFault


class RigWatch:
    """Looks at the rig with each sample; subscribe its `on_sample` to those of a sampling."""

    def __init__(self, file: BenchFile, wanted: Whereabouts) -> None:
        self._file = file
        self._wanted = wanted
        self._injectors = tuple(INJECTORS.values())  # the table is asked once, not for each sample
        self._raised = False

    def on_sample(self, sample: Sample) -> None:
        """Compare a sample with what was asked of the rig; once it has raised it leaves the ending alone.

        Raises:
            BenchFault: something is as nobody asked for.
        """
        if self._raised:
            return
        try:
            self._check_injectors(sample)
            self._check_supply(sample)
        except BenchFault:
            self._raised = True
            raise

    def _check_injectors(self, sample: Sample) -> None:
        for injector in self._injectors:
            if injector is self._wanted.moving:
                continue
            wanted_percent, observed_percent = (
                self._wanted.wanted_percent(injector),
                injector.observed_percent(sample.rig),
            )
            if abs(observed_percent - wanted_percent) > self._file.rig.position_tolerance_percent:
                seen = f"its sensor shows {observed_percent:g} %, it was left at {wanted_percent:g} %"
                raise BenchFault("rig", f"watch the {injector.name} injector", seen, injector.if_astray)

    def _check_supply(self, sample: Sample) -> None:
        wanted_mv = self._wanted.wanted_supply_mv
        if wanted_mv is not None and (seen := supply_out_of_place(sample.rig.supply_voltage_measured_mv, wanted_mv)):
            raise BenchFault("rig", "watch the supply voltage", seen, SUPPLY_NEXT_STEP)
