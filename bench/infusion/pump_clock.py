# SPDX-License-Identifier: Apache-2.0
"""The pump's clock in an infusion: it keeps the rate that the profile promises, without a jump, and never restarts.

A pump whose clock leaves its promise in mid-run delivers its schedule by a time that is not ours, so the infusion ends
there. It is the pump's failure, unless the bench's own clock is the one that went wrong: a computer that slept loses
its monotonic time, and its wall clock then agrees with the pump.

What the clock gained is held against the promise from every sample to every later one. A clock that jumps by less than
a day's drift, that stands for a while and catches up, or that is fast by day and slow by night keeps its promise from
the beginning to the end and misses it in between. One pass is enough: of all the samples to begin with, the one that
leaves the least room for a gain, and the one that leaves the least for a loss, are kept. The first sample is held
against the last one of the infusion before: nobody looks while a program is loaded.
"""

from bench.acceptance import Standing
from bench.clock import ClockMode
from bench.infusion.judging import Judging
from bench.infusion.setting import Setting
from bench.journal import Result
from bench.sampling import Sample
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive
from groundfloor.wall_clock import utc_now

CLOCK_SLACK_S = 2.0
"""Two devices that are read one after the other may seem this far apart, whatever their clocks do."""
STILL_SLACK_S = 0.05
"""The same while time stands still: pumps tell their clock in hundredths."""
BEYOND_DOUBT = 4.0
"""Standard uncertainties by which the clock must miss its promise over the blank."""
A_READING_TAKES_S = 0.1
"""Machine time that lies between two readings; on a scaled clock that is much more of the bench's."""


class PumpClock:
    """Compares the pump's clock with the bench's at each sample, and judges it when the infusion ends."""

    def __init__(self, setting: Setting, judging: Judging) -> None:
        self._setting = setting
        self._judging = judging
        self._first: tuple[float, float, float] | None = None
        self._last_device_s = 0.0
        self._last: tuple[float, float, float] | None = None
        self._behind: tuple[float, float, float] | None = None
        self._ahead: tuple[float, float, float] | None = None
        self._gained_s, self._allowed_s = 0.0, self._slack_s
        self._failed = False

    def on_sample(self, sample: Sample) -> None:
        """Compare both clocks; once it has raised it leaves the ending alone.

        Raises:
            PumpFailure: the pump's clock left its promise, or the pump restarted.
            BenchFault: the bench's own clock stood still.
            Inconclusive: the clocks differ, and the bench's cannot tell which is right.
        """
        bench_s, device_s, wall_s = sample.actual_s, sample.pump.device_clock_s, utc_now().timestamp()
        before_s, self._last_device_s = self._last_device_s, device_s
        earlier, self._setting.run.clock_seen = self._setting.run.clock_seen, (bench_s, device_s, wall_s)
        if self._failed:
            return
        if device_s < before_s:
            self._fail(Standing.NO_RESTART, f"its clock went back from {before_s:.2f} s to {device_s:.2f} s")
        if self._first is None:
            self._first = self._last = self._behind = self._ahead = (bench_s, device_s, wall_s)
            self._compare_with_the_infusion_before(earlier, self._first)
            return
        before, self._last = self._last, (bench_s, device_s, wall_s)
        passed_s = bench_s - self._first[0]
        self._gained_s = device_s - self._first[1] - passed_s
        self._allowed_s = self._slack_s + passed_s * self._promised
        if abs(self._gained_s) > self._allowed_s:
            wall_gained_s = wall_s - self._first[2] - passed_s
            self._refuse_a_bench_clock_that_went_wrong(wall_gained_s, self._gained_s, self._allowed_s, self._account)
            self._fail(Standing.CLOCK, f"in {passed_s:.0f} s {self._account}")
        if before is not None:
            self._check(before, self._last, "from one sample to the next, in {:.2f} s, it went on by {:.2f} s")
        for since in (self._behind, self._ahead):
            if since is not None:
                self._check(since, self._last, f"since {since[0]:.0f} s, in {{:.2f}} s, it went on by {{:.2f}} s")
        self._keep_the_sharpest(self._last)

    def _compare_with_the_infusion_before(
        self, seen: tuple[float, float, float] | None, now: tuple[float, float, float]
    ) -> None:
        if seen is None:
            return
        if now[1] < seen[1]:
            told = f"its clock went back from {seen[1]:.2f} s to {now[1]:.2f} s since the infusion before"
            self._fail(Standing.NO_RESTART, told)
        self._check(seen, now, "since the infusion before, in {:.2f} s, it went on by {:.2f} s")

    def _check(self, since: tuple[float, float, float], now: tuple[float, float, float], told: str) -> None:
        """Compare both clocks from one sample to a later one; bench, pump and wall clock of each."""
        passed_s, went_on_s, wall_s = (later - earlier for earlier, later in zip(since, now, strict=True))
        gained_s, allowed_s = went_on_s - passed_s, self._slack_s + passed_s * self._promised
        if abs(gained_s) > allowed_s:
            account = told.format(passed_s, went_on_s)
            self._refuse_a_bench_clock_that_went_wrong(wall_s - passed_s, gained_s, allowed_s, account)
            self._fail(Standing.CLOCK, account)

    def _keep_the_sharpest(self, now: tuple[float, float, float]) -> None:
        """Keep a sample from which on less may be gained, or lost, than from the one that was kept."""
        (bench_s, device_s, _), promised = now, self._promised
        if (
            self._behind is None
            or device_s - (1 + promised) * bench_s < self._behind[1] - (1 + promised) * self._behind[0]
        ):
            self._behind = now
        if (
            self._ahead is None
            or device_s - (1 - promised) * bench_s > self._ahead[1] - (1 - promised) * self._ahead[0]
        ):
            self._ahead = now

    @property
    def _promised(self) -> float:
        """Return by which share of the time the clock may gain or lose."""
        return self._setting.profile.clock_ppm.value * 1e-6

    def recall(self, sample: Sample) -> None:
        """Take the pump's clock from before an interruption: the bench's stood still meanwhile, the pump's must not."""
        self._last_device_s = sample.pump.device_clock_s
        self._setting.run.clock_seen = None

    @property
    def _slack_s(self) -> float:
        clock = self._setting.bench.clock
        if clock.mode is ClockMode.STEPPED:
            return STILL_SLACK_S
        return max(CLOCK_SLACK_S, 2 * A_READING_TAKES_S * clock.speed)

    @property
    def _account(self) -> str:
        return f"it gained {self._gained_s:.2f} s on the bench's, allowed are {self._allowed_s:.2f} s"

    def _refuse_a_bench_clock_that_went_wrong(
        self, wall_gained_s: float, gained_s: float, allowed_s: float, account: str
    ) -> None:
        mode = self._setting.bench.clock.mode
        if mode is ClockMode.SCALED:
            seen = f"{account}; a scaled clock cannot tell whose fault that is"
            raise Inconclusive("bench", "compare the pump's clock", seen, "run it on a real or a stepped clock")
        if mode is ClockMode.REAL and abs(wall_gained_s - gained_s) <= allowed_s:
            seen = f"{account}, and so did the computer's wall clock: the bench's time stood still"
            next_step = "keep the computer of the bench from sleeping, then run it again"
            raise BenchFault("bench", "keep time", seen, next_step)

    def _fail(self, standing: Standing, reason: str) -> None:
        self._failed = True
        self._judging.standing_required(standing, standing.words, False, reason)
        raise PumpFailure("pump", "watch its clock", reason)

    def judge(self) -> None:
        """Judge that the clock kept its promise up to the end, unless it is judged already."""
        if self._failed:
            return
        found = self._setting.activities.do("clocks compared", self._compared)
        kept = abs(found["gained_s"]) <= found["allowed_s"] and found["within_promise_at_the_blank"]
        reason = f"it gained {found['gained_s']:.2f} s on the bench's, allowed are {found['allowed_s']:.2f} s"
        reason += "" if found["within_promise_at_the_blank"] else "; over the blank it missed its promise beyond doubt"
        self._judging.standing_required(Standing.CLOCK, Standing.CLOCK.words, kept, reason)
        restart = "its clock never went back"
        self._judging.standing_required(Standing.NO_RESTART, Standing.NO_RESTART.words, True, restart)

    def _compared(self) -> Result:
        return {
            "gained_s": round(self._gained_s, 3),
            "allowed_s": round(self._allowed_s, 3),
            "within_promise_at_the_blank": self._kept_over_the_blank(),
        }

    def _kept_over_the_blank(self) -> bool:
        clocks = self._setting.run.clocks
        if clocks is None:
            return True
        most_ppm = self._setting.profile.clock_ppm.value + BEYOND_DOUBT * clocks.standard_uncertainty_ppm
        return abs(clocks.error_ppm) <= most_ppm
