# SPDX-License-Identifier: Apache-2.0
"""The post-flight: noise and blank once more when the last infusion is over, and who answers.

A balance that went bad during the run may have let a bad pump pass, and nobody can say since when. So whatever blocks
here is a trouble of the whole run, and the run does not pass. With the second blank evaporation is known twice, and
whatever was judged with the first alone is judged again. A balance that does not show a gram as a gram any more, or not
so that anybody could tell, takes all verdicts with it that rest on it (`distrust.py`).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from bench.bench import Bench
from bench.devices.finding import SECOND, Identity
from bench.preflight.blank_change_check import BlankChangeCheck
from bench.preflight.blank_check import BlankCheck
from bench.preflight.check import Check
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_round import look_at
from bench.preflight.check_state import CheckState
from bench.preflight.checks import sensitivity_check
from bench.preflight.distrust import Distrust
from bench.preflight.noise_check import NoiseCheck
from bench.preflight.preflight import Preflight
from bench.preflight.pump_clock_check import PumpClockCheck
from bench.preflight.rejudging import Rejudging
from bench.preflight.same_instrument_check import SameInstrumentCheck
from bench.preflight.thermometer_check import ThermometerCheck
from bench.weighing import BalanceSeries, Blank, Weighing, measure_blank
from groundfloor.errors import BenchFault
from metrology.verdict import DecisionRule, Verdict

DOUBTFUL = "every volume of this run is in doubt"


class Postflight:
    """The post-flight of one run.

    Attributes:
        findings: what was found.
    """

    def __init__(self, bench: Bench, before: Preflight, settling_s: float) -> None:
        self.findings: list[CheckFinding] = []
        self._bench = bench
        self._before = before
        self._settling_s = settling_s
        self._note = before.note
        self._blank: Blank | None = None
        self._fault: BenchFault | None = None

    def run(self) -> tuple[str, ...]:
        """Let the catheter run empty, make the checks and write each beside what the pre-flight found.

        Returns:
            A sentence for everything that blocks.
        """
        self._bench.scheduler.pass_for(self._settling_s)
        for check in self._checks():
            finding = look_at(check, self._bench.file.preflight.off)
            self.findings.append(finding)
            self._note("postflight", {**finding.as_dict(), **self._difference(finding)})
            if finding.deviation:
                self._note("deviation", {"title": finding.deviation})
        blocked = [one for one in self.findings if one.state is CheckState.BLOCK]
        told = [f"post-flight: {one.fault.finding}; {DOUBTFUL}. Next: {one.next_step}" for one in blocked]
        return tuple(dict.fromkeys(told))  # a silent balance stops every check, and is told once

    def judge_again(self, journal: Path, rule: DecisionRule) -> tuple[str, ...]:
        """Judge the run again with evaporation as both blanks tell it, and write down what moved.

        Without a blank after, or with one that blocks, every volume is in doubt anyway, and nothing is judged again.

        Returns:
            A sentence for every pass that does not stand.
        """
        if self._blank is None or any(one.state is CheckState.BLOCK for one in self.findings):
            return ()
        setup, after = Weighing(self._bench, self._before.evaporation()).setup, self._blank.evaporation
        again = Rejudging(setup, after, rule).of_run(journal)
        moved = [one for one in again if one.moved]
        rates = f"{setup.evaporation.rate_mg_per_h:.4f} and {after.rate_mg_per_h:.4f} mg/h"
        title = f"{len(again)} values judged again with both blanks, {rates}: {len(moved)} moved"
        self._note("judged-again", {"title": title, "moved": [one.as_dict() for one in moved]})
        lost = [one for one in moved if one.first is Verdict.PASS]
        return tuple(f"post-flight: {one.second.verdict} with both blanks: {one.second.reason}" for one in lost)

    def distrust(self, journal: Path) -> tuple[str, ...]:
        """Let what rests on the balance count no more, if the balance is wrong or was not shown to be right.

        Returns:
            A sentence if anything counts no more.
        """
        distrust = Distrust.of(self.findings, journal)
        if distrust is None or not (spoilt := distrust.spoilt(journal)):
            return ()
        self._note("balance-distrusted", distrust.as_dict(spoilt))
        return (f"post-flight: {len(spoilt)} values count no more: {distrust.reason}",)

    def blank(self) -> Blank:
        """Return the blank after the last infusion; it is tried once.

        Raises:
            BenchFault: the balance fails; every later call tells the same.
        """
        if self._fault is not None:
            raise self._fault
        if self._blank is None:
            try:
                self._blank = measure_blank(self._bench, self._bench.file.preflight.postflight_blank_s)
            except BenchFault as fault:
                self._fault = fault
                raise
            self._note("blank-after", self._blank.as_dict())
        return self._blank

    def _checks(self) -> tuple[Check, ...]:
        bench, settings, device = self._bench, self._bench.file.preflight, self._bench.file.balance
        identify: Mapping[str, Callable[[], Identity]] = {
            "pump": bench.pump.identify,
            "rig": bench.rig.identify,
            "balance": bench.balance.identify,
            **({} if bench.second is None else {SECOND: bench.second.identify}),
        }
        return (
            *(SameInstrumentCheck(one, identify[one.asset]) for one in bench.findings),
            BlankCheck(device, settings, self.blank),
            BlankChangeCheck(settings, self._before.evaporation(), self.blank),
            PumpClockCheck(settings, self.blank),
            ThermometerCheck(settings, bench.rig, bench.balance),
            NoiseCheck(device, settings, BalanceSeries.on(bench)),  # it vouches for the blank as well
            sensitivity_check(bench),  # last: it may move the load
        )

    def _difference(self, finding: CheckFinding) -> dict[str, object]:
        known = (one.value for one in self._before.findings if one.check == finding.check and one.value is not None)
        before = next(known, self._before.recalled.get(finding.check))
        if before is None or finding.value is None:
            return {}
        return {"before": before, "difference": finding.value - before}
