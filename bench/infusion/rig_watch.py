# SPDX-License-Identifier: Apache-2.0
"""The rig watch: an injector that moves by itself, or a magnet that nobody asked for, ends the infusion.

What such a thing does to the pump would else be taken for the pump's own doing: a clamp that closes by itself looks
like a blocked pump, one that opens by itself during a kink like a missing alarm. And a pump whose clock leaves the
window of the pre-flight in mid-run delivers its schedule by a time that is not ours.
"""

from bench.bench_file import BenchFile
from bench.catheter import Catheter, Fault, position_percent
from bench.clock import ClockMode
from bench.sampling import Sample
from groundfloor.errors import BenchFault
from instruments.rig import RigOutputs

CLOCK_SLACK_S = 2.0
"""Two devices that are read one after the other may seem this far apart, whatever their clocks do."""
SUPPLY_SLACK_MV = 50


class RigWatch:
    """Looks at the rig and at the pump's clock with each sample; add its `look` to the watchers of a sampling.

    Attributes:
        expected: what was asked of supply and magnet; a test that moves them must say so here.
    """

    def __init__(self, file: BenchFile, catheter: Catheter) -> None:
        self.expected = RigOutputs()
        self._file = file
        self._catheter = catheter
        self._clocks: tuple[float, float] | None = None
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
            self._check_supply_and_magnet(sample)
            self._check_clock(sample)
        except BenchFault:
            self._raised = True
            raise

    def _check_injectors(self, sample: Sample) -> None:
        for fault in Fault:
            if fault is self._catheter.moving:
                continue
            wanted_percent, seen_percent = self._wanted_percent(fault), position_percent(sample.rig, fault)
            if abs(seen_percent - wanted_percent) > self._file.rig.position_tolerance_percent:
                seen = f"its sensor shows {seen_percent:g} %, it was left at {wanted_percent:g} %"
                raise BenchFault("rig", f"watch the {fault} injector", seen, "find out what moved it, then start over")

    def _wanted_percent(self, fault: Fault) -> float:
        standing = [one for one in self._catheter.injections if one.fault is fault and one.released_s is None]
        return standing[-1].percent if standing else 0.0

    def _check_supply_and_magnet(self, sample: Sample) -> None:
        rig, wanted = sample.rig, self.expected
        if rig.magnet_field_present is not wanted.magnet_field:
            seen = (
                f"{'a' if rig.magnet_field_present else 'no'} magnet field is there, the bench asked for the opposite"
            )
            raise BenchFault("rig", "watch the magnet field", seen, "take magnets away from the pump, then start over")
        if abs(rig.supply_voltage_measured_mv - wanted.supply_voltage_mv) > SUPPLY_SLACK_MV:
            seen = f"{rig.supply_voltage_measured_mv} mV are measured, {wanted.supply_voltage_mv} mV were asked for"
            raise BenchFault("rig", "watch the supply voltage", seen, "see what feeds the pump, then start over")

    def _check_clock(self, sample: Sample) -> None:
        if self._file.clock.mode is ClockMode.SCALED:  # a few milliseconds of the machine are minutes there
            return
        pair = (sample.actual_s, sample.pump.device_clock_s)
        if self._clocks is None:
            self._clocks = pair
            return
        passed_s = pair[0] - self._clocks[0]
        gained_s = pair[1] - self._clocks[1] - passed_s
        most_s = CLOCK_SLACK_S + passed_s * self._file.preflight.clock_ppm * 1e-6
        if abs(gained_s) > most_s:
            seen = f"it gained {gained_s:.2f} s on the bench's in {passed_s:.0f} s, allowed are {most_s:.2f} s"
            raise BenchFault("pump", "watch its clock", seen, "have the pump's clock looked at")
