# SPDX-License-Identifier: Apache-2.0
"""The supply at rest: an infusion ends when the rig measures a voltage at the pump that nobody asked for.

What the rig was told by whoever had it before is no trouble: a run brings it to its safe state first.
"""

from bench.bench_file import CheckName
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.sampling.supply_at_rest import AT_REST, SUPPLY_NEXT_STEP, SUPPLY_SLACK_MV, supply_out_of_place
from instruments.rig import Rig
from metrology.verdict import Limits


class SupplyCheck:
    """Reads the supply voltage as each sample does."""

    name = CheckName.SUPPLY

    def __init__(self, rig: Rig) -> None:
        middle_mv = float(AT_REST.supply_voltage_mv)
        self.limits = Limits(middle_mv - SUPPLY_SLACK_MV, middle_mv + SUPPLY_SLACK_MV, "mV", "watched in each sample")
        self._rig = rig

    def run(self) -> CheckFinding:
        """Return the voltage; it blocks where an infusion would end by it.

        Raises:
            BenchFault: the rig does not answer.
        """
        told_mv, measured_mv = self._rig.outputs().supply_voltage_mv, self._rig.read().supply_voltage_measured_mv
        wrong = supply_out_of_place(measured_mv, told_mv)
        state, next_step = (CheckState.BLOCK, SUPPLY_NEXT_STEP) if wrong else (CheckState.OK, "")
        seen = wrong or f"{measured_mv} mV, as it was told"
        return CheckFinding(
            self.name, "rig", "measure the supply at rest", state, seen, self.limits, measured_mv, next_step=next_step
        )
