# SPDX-License-Identifier: Apache-2.0
"""Each instrument must be the one that the bench file names, with the firmware that it names."""

from bench.bench_file import BenchFile, CheckName
from bench.devices import SECOND, Finding
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState

NAMES = {
    "pump": CheckName.PUMP_IDENTITY,
    "rig": CheckName.RIG_IDENTITY,
    "balance": CheckName.BALANCE_IDENTITY,
    SECOND: CheckName.SECOND_IDENTITY,
}


class IdentityCheck:
    """Compares what an instrument said when it was opened with the bench file; serial numbers were refused then."""

    limits = None

    def __init__(self, found: Finding, file: BenchFile) -> None:
        self.name = NAMES[found.asset]
        self._found = found
        self._simulated = file.simulated
        self._wanted = {
            "pump": file.pump.firmware_version,
            "rig": file.rig.firmware_version,
            "balance": file.balance.firmware_version,
            SECOND: None if file.second_measure is None else file.second_measure.instrument.firmware_version,
        }[found.asset]

    def run(self) -> CheckFinding:
        """Return who answered; it blocks on another firmware, and warns where twin and bench file do not agree."""
        asset, who = self._found.asset, self._found.identity
        if who is None:
            trouble = self._found.trouble
            return CheckFinding(
                self.name, asset, "identify", CheckState.BLOCK,
                trouble.seen if trouble is not None else "nobody answered",
                next_step=trouble.next_step if trouble is not None else "",
            )  # fmt: skip
        seen = f"{who.model}, serial number {who.serial_number}, firmware {who.firmware_version}"
        state, next_step, told = CheckState.OK, "", ""
        if self._wanted is not None and who.firmware_version != self._wanted:
            seen = f"firmware {who.firmware_version!r} answers, the bench file says {self._wanted!r}"
            state, next_step = CheckState.BLOCK, f"load {self._wanted!r}, or correct the bench file"
        elif self._found.tells_what_it_is and self._found.is_twin is not self._simulated:
            seen += ", a twin" if self._found.is_twin else ", which is no twin though the bench file has [simulation]"
            state, next_step = CheckState.WARN, "all evidence is stamped SIMULATED; see whether you want that"
        if not who.serial_number and state is not CheckState.BLOCK:
            named = f" ({who.model})" if who.model else ""
            seen = told = f"the {asset}{named} tells no serial number: which one it is rests on the bench file"
            state, next_step = CheckState.WARN, "compare the number on its plate with bench file and certificate"
        return CheckFinding(self.name, asset, "identify", state, seen, next_step=next_step, deviation=told)
