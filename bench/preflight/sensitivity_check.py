# SPDX-License-Identifier: Apache-2.0
"""A balance must show a gram as a gram, before the first infusion and after the last.

Blank, noise and zero say nothing of that: a balance that shows a fifth too much repeats as well as any, and makes a
good pump fail and a bad one pass. Program and counter cannot tell either, because a pump may be wrong by the same
factor. So the balance weighs something that is known: the weight that it has built in, or one that a person puts on
when asked. Where neither is there, scale rests on the certificate alone, and the record says so.
"""

import datetime
from collections.abc import Callable
from typing import NoReturn

from bench.attendance import Attendant
from bench.bench_file import BalanceDevice, CheckName
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.scheduler import Scheduler
from bench.weighing import BalanceSeries
from groundfloor.errors import BenchFault, NoAnswer
from instruments.balance import Balance
from instruments.internal_test import InternalTest, SelfTestingBalance
from metrology.verdict import Limits

READINGS = 10
SPACING_S = 1.0
SETTLING_S = 15.0
POLL_S = 1.0
TRIES = 3
MOVED_MG = 2.0
"""The load may seem to have moved by this and ten times the repeatability while it was tested."""


class SensitivityCheck:
    """Weighs something that is known.

    Args:
        device: what the bench file says of the balance.
        balance: the balance.
        series: reads it.
        scheduler: passes bench time.
        attendant: who can be asked to put a weight on.
        today: the day of the check.
    """

    name = CheckName.SENSITIVITY

    def __init__(
        self,
        device: BalanceDevice,
        balance: Balance,
        series: BalanceSeries,
        scheduler: Scheduler,
        attendant: Attendant,
        today: datetime.date,
    ) -> None:
        most = device.sensitivity.tolerance_percent
        self.limits = Limits(-most, most, "%", "bench file, [balance.sensitivity] tolerance_percent")
        self._device = device
        self._settings = device.sensitivity
        self._balance = balance
        self._series = series
        self._scheduler = scheduler
        self._attendant = attendant
        self._today = today

    def run(self) -> CheckFinding:
        """Return by how many per cent the balance shows too much; outside the tolerance it blocks.

        Raises:
            BenchFault: it can be checked and was not: the balance broke its test off, or the load was moved.
        """
        if self._settings.check == "internal":
            return self._internal()
        if self._settings.check == "check_weight":
            return self._with_check_weight()
        return self._by_certificate("the bench file asks for no check")

    # --- the balance's own weight -------------------------------------------------------------------------------------

    def _internal(self) -> CheckFinding:
        if not isinstance(self._balance, SelfTestingBalance):
            return self._by_certificate(f"the driver of dialect {self._device.dialect} knows no internal test")
        empty = self._settings.pan == "empty"
        if empty and not self._attended("take the vessel off the pan of the balance"):
            return self._by_certificate("nobody was there to take the vessel off for the internal test")
        try:
            test, moved_mg = self._tested(self._balance)
        finally:
            if empty and not self._attended("put the vessel back onto the pan"):
                self._refuse("nobody said that the vessel is back on the pan", "put it back, then start again")
        if test is None:
            return self._by_certificate("the balance has no internal weight")
        self._refuse_a_moved_load(moved_mg)
        weight_g = self._settings.internal_weight_g or test.weight_g
        if weight_g is None:
            self._refuse("the balance does not tell its internal weight", "say internal_weight_g in its bench file")
        percent = 100.0 * test.deviation_g / weight_g
        noise_percent = self._device.repeatability_mg * 2**0.5 / 10.0 / weight_g
        off = f"{1000 * test.deviation_g:+.2f} mg ({percent:+.4f} %)"
        seen = f"it shows its internal weight of {weight_g:g} g with a deviation of {off}"
        return self._finding(percent, noise_percent, seen, "test itself with its internal weight")

    def _tested(self, balance: SelfTestingBalance) -> tuple[InternalTest | None, float]:
        """Return what came of the test, and how far the load seems to have moved meanwhile."""
        before_g = self._mean_g()
        ends_s = self._scheduler.clock.now_s() + self._settings.limit_s

        def wait() -> bool:
            self._scheduler.pass_for(POLL_S)
            return self._scheduler.clock.now_s() < ends_s

        test = self._in_spite_of_the_wire(lambda: balance.test_internally(wait))
        if test is None:
            return None, 0.0
        self._scheduler.pass_for(SETTLING_S)
        return test, 1000 * (self._mean_g() - before_g)

    def _in_spite_of_the_wire(self, test: Callable[[], InternalTest | None]) -> InternalTest | None:
        """Make the test again where nothing was answered: it moves nothing that lies on the pan."""
        for _ in range(TRIES - 1):
            try:
                return test()
            except NoAnswer:
                self._scheduler.pass_for(POLL_S)
        return test()

    # --- a weight that a person puts on -------------------------------------------------------------------------------

    def _with_check_weight(self) -> CheckFinding:
        weight = self._device.check_weight
        assert weight is not None  # the bench file was refused without
        who = f"the check weight of {weight.mass_g:g} g (certificate {weight.certificate})"
        if weight.due < self._today:
            self._refuse(f"{who} was due on {weight.due}", "have it calibrated, or use another")
        before_g = self._mean_g()
        if not self._attended(f"put {who} onto the pan beside the vessel, and close the draught shield"):
            return self._by_certificate(f"nobody was there to put on {who}")
        self._scheduler.pass_for(SETTLING_S)
        with_g = self._mean_g()
        if not self._attended(f"take {who} off the pan, and close the draught shield"):
            self._refuse(f"nobody said that {who} is off the pan", "take it off, then start again")
        self._scheduler.pass_for(SETTLING_S)
        after_g = self._mean_g()
        self._refuse_a_moved_load(1000 * (after_g - before_g))
        deviation_g = with_g - (before_g + after_g) / 2 - weight.mass_g
        percent = 100 * deviation_g / weight.mass_g
        noise_mg = self._device.repeatability_mg * 1.5**0.5
        uncertainty_percent = ((weight.expanded_uncertainty_mg / 2) ** 2 + noise_mg**2) ** 0.5 / 10 / weight.mass_g
        seen = f"it shows {who} with a deviation of {1000 * deviation_g:+.2f} mg ({percent:+.4f} %)"
        return self._finding(percent, uncertainty_percent, seen, "weigh a check weight")

    # --- what both need -----------------------------------------------------------------------------------------------

    def _mean_g(self) -> float:
        masses_g = self._series.read(READINGS, SPACING_S, after_s=SPACING_S).masses_g
        return sum(masses_g) / len(masses_g)

    def _attended(self, request: str) -> bool:
        """Ask for something to be done by hand; tell whether somebody did it in time."""
        if not self._attendant.ask(request):
            return False
        ends_s = self._scheduler.clock.now_s() + self._settings.attendance_s
        while not self._attendant.answered():
            if self._scheduler.clock.now_s() >= ends_s:
                self._attendant.give_up()
                return False
            self._scheduler.pass_for(POLL_S)
        return True

    def _refuse_a_moved_load(self, moved_mg: float) -> None:
        if abs(moved_mg) > MOVED_MG + 10 * self._device.repeatability_mg:
            seen = f"the load seems to have moved by {moved_mg:+.2f} mg meanwhile"
            self._refuse(seen, "see that nothing touches the vessel, and that the balance keeps its zero")

    def _refuse(self, seen: str, next_step: str) -> NoReturn:
        raise BenchFault("balance", "check the sensitivity", seen, next_step)

    def _finding(self, percent: float, uncertainty_percent: float, seen: str, operation: str) -> CheckFinding:
        state = CheckState.judged(percent, uncertainty_percent, self.limits)
        next_step = ""
        if state is not CheckState.OK:
            seen += f"; allowed are {self.limits}"
            next_step = "have it adjusted and calibrated; nothing that it weighed counts"
        return CheckFinding(
            self.name, "balance", operation, state, seen, self.limits, percent, uncertainty_percent, next_step
        )

    def _by_certificate(self, why: str) -> CheckFinding:
        certificate = self._device.calibration.certificate
        told = f"sensitivity of the balance was not checked ({why}): its scale rests on certificate {certificate} alone"
        next_step = "check it by its internal weight or a check weight: [balance.sensitivity] of the bench file"
        return CheckFinding(
            self.name, "balance", "check the sensitivity", CheckState.WARN, told, self.limits,
            next_step=next_step, deviation=told,
        )  # fmt: skip
