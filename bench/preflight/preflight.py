# SPDX-License-Identifier: Apache-2.0
"""The pre-flight: what must be right with the bench before the first infusion, checked once per run.

All checks are made and all troubles are told at once; only what takes long is left out when the bench is blocked
already. A bench that does not pass blocks every test of the run, with that reason. The blank is measured here and
nowhere else: the volumes are corrected with the very readings that were checked. So is the balance's repeatability.
"""

from collections.abc import Iterable, Mapping, Sequence

from bench.acceptance import Standing
from bench.bench import Bench
from bench.clock import bench_date
from bench.injectors import Catheter, Injectors
from bench.journal import UnwrittenActivities
from bench.preflight.check import Check
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_round import Note, look_at, trouble_of, without_looking
from bench.preflight.check_state import CheckState
from bench.preflight.checks import (
    LONG,
    MOVING,
    OF_THE_BLANK,
    all_checks,
    looking_checks,
    paper_checks,
    reading_checks,
)
from bench.preflight.guarded import guarded
from bench.preflight.leak_check import NARROW_S
from bench.preflight.noise_check import NoiseCheck
from bench.sampling import ClockComparison
from bench.weighing import Blank, measure_blank
from groundfloor.errors import BenchFault, PumpFailure
from instruments.pump_feature import PumpFeature
from metrology.gravimetry import Evaporation, Repeatability


class Preflight:
    """The pre-flight of one run.

    Args:
        bench: open.
        note: takes what is found.
        time_constant_s: the greatest R·C of the catheter.
        pressure_error_kpa: by how much the pump's sensor of its pressure may be off; None where no profile tells.
        without: what the pump does not promise to tell or to keep.

    Attributes:
        findings: what was found, in the order of the checks.
        done: whether it was made.
        note: takes what is found.
        recalled: what a resumed run had found before it was interrupted, by check; it moves nothing to find it again.
    """

    def __init__(
        self,
        bench: Bench,
        note: Note,
        time_constant_s: float = NARROW_S,
        pressure_error_kpa: float | None = None,
        without: Sequence[PumpFeature] = (),
    ) -> None:
        self.findings: list[CheckFinding] = []
        self.done = False
        self.recalled: Mapping[str, float] = {}
        self._bench = bench
        self.note = note
        self._blank: Blank | None = None
        self._evaporation: Evaporation | None = None
        self._noise: Repeatability | None = None
        self._repeatability: Repeatability | None = None
        self._trouble: BenchFault | None = None
        self._unsettled = False
        self._time_constant_s = time_constant_s
        self._pressure_error_kpa = pressure_error_kpa
        self._without = without

    def blank(self) -> Blank:
        """Return the blank; measured at the first call.

        Raises:
            BenchFault: the pump is not stopped, or the balance fails.
        """
        if self._blank is None:
            self._blank = measure_blank(self._bench, self._bench.file.evaporation.blank_s)
            self.note("blank", self._blank.as_dict())
        return self._blank

    def evaporation(self) -> Evaporation:
        """Return how fast the vessel loses mass with the pump stopped.

        Raises:
            BenchFault: it has not been measured yet, and cannot be.
        """
        if self._evaporation is None:
            self._evaporation = self.blank().evaporation
        return self._evaporation

    @property
    def clocks(self) -> ClockComparison | None:
        """Return both clocks as they were at the blank's ends; None where no blank was measured here."""
        return self._blank.clocks if self._blank is not None else None

    def repeatability(self, recalled: Repeatability | None = None) -> Repeatability:
        """Return how well the balance repeats today: the worst of the readings for its noise and those of the blank.

        Args:
            recalled: what was found before the run was interrupted.

        Raises:
            BenchFault: there is no blank yet, and it cannot be measured.
        """
        if self._repeatability is None:
            known = [self._noise, recalled]
            if self._blank is not None or recalled is None:
                blank = self.blank()
                known.append(Repeatability.from_readings(blank.times_s, blank.masses_g))
            first, *others = [one for one in known if one is not None]
            found = self._repeatability = first.or_worse(*others)
            title = f"Repeatability on this day: {found.standard_deviation_mg:.4f} mg, {found.dof} degrees of freedom"
            self.note("repeatability", {"title": title, **found.as_dict()})
        return self._repeatability

    def recall(self, evaporation: Evaporation, repeatability: Repeatability) -> None:
        """Take it as made: a stored run is gone through once more, and this is what its own pre-flight had found."""
        self._evaporation, self._repeatability, self.done = evaporation, repeatability, True

    def require(self) -> None:
        """Make every check at the first call; later calls give the same answer.

        Raises:
            BenchFault: the bench cannot test; everything that is wrong is named.
            PumpFailure: the bench could, but the pump does not stand still, or says that it does not.
        """
        if not self.done:
            bench = self._bench
            catheter = Catheter(Injectors(bench, UnwrittenActivities(bench.clock)))
            promised = self._time_constant_s, self._pressure_error_kpa, self._without
            self._make(all_checks(bench, catheter, self.blank, *promised))
        self._raise()

    def require_after_interruption(self, evaporation: Evaporation) -> None:
        """Make the checks that move nothing and leave the tare alone, in a run that goes on after an interruption.

        Args:
            evaporation: from the blank before the first infusion; it still counts.

        Raises:
            BenchFault: as `require`.
        """
        if not self.done:
            bench = self._bench
            self._evaporation = evaporation
            checks = paper_checks(bench.file, bench.findings, bench_date(bench.clock).date())
            checks += reading_checks(bench.pump, bench.rig, self._without)
            self._make([*checks, *looking_checks(bench.file, bench.rig, bench.balance, bench.scheduler)])
        self._raise()

    def _make(self, checks: Iterable[Check]) -> None:
        for check in checks:
            finding = self._look(check)
            if isinstance(check, NoiseCheck):
                self._noise = check.measured
            self.findings.append(finding)
            self.note("preflight", finding.as_dict())
            if finding.state is CheckState.OFF:
                self.note("deviation", {"title": f"pre-flight check {check.name} was switched off in the bench file"})
            elif finding.deviation:
                self.note("deviation", {"title": finding.deviation})
        self._trouble = trouble_of(self.findings, self._bench.file.bench.name, "pre-flight")
        self.done = True

    def _look(self, check: Check) -> CheckFinding:
        off = self._bench.file.preflight.off
        blocked = any(finding.state is CheckState.BLOCK for finding in self.findings)
        moves = any(one.state is CheckState.BLOCK for one in self.against_pump) and check.name in MOVING
        if check.name not in off and blocked and (self._takes_long(check) or moves or self._bench.poisoned):
            return without_looking(check, CheckState.SKIPPED, "not done: the bench is blocked already")
        if check.name not in off and check.name in MOVING:
            self._unsettled = True
            return self._check_guarded(check)
        if self._unsettled and not blocked:
            self._unsettled = False
            self._bench.scheduler.pass_for(self._bench.file.preflight.settle_s)
        return look_at(check, off)

    def _takes_long(self, check: Check) -> bool:
        return check.name in LONG and (check.name not in OF_THE_BLANK or self._blank is None)

    def _check_guarded(self, check: Check) -> CheckFinding:
        try:
            with guarded(self._bench):
                return check.run()
        except BenchFault as fault:
            return CheckFinding.of_fault(check.name, fault)
        except PumpFailure as failure:
            self._bench.enter_safe_state()  # it moves when it was not told to
            return CheckFinding.of_failure(check.name, failure, Standing.STATE)

    @property
    def against_pump(self) -> tuple[CheckFinding, ...]:
        """Return what is the pump's own, and to be judged by whoever judges it next."""
        return tuple(one for one in self.findings if one.against_pump is not None)

    def _raise(self) -> None:
        if self._trouble is not None:
            raise self._trouble
        if (own := next((one for one in self.against_pump if one.state is CheckState.BLOCK), None)) is not None:
            raise own.failure
