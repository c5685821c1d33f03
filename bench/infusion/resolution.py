# SPDX-License-Identifier: Apache-2.0
"""What this infusion can resolve: before hours are spent, what the balance cannot tell is refused."""

from bench.capability import CapabilityGate, slowest_rate_ul_per_h
from bench.infusion.pump_time import PumpTime
from bench.infusion.setting import Setting
from bench.journal import Result
from bench.therapy import OnBasal, Therapy
from bench.weighing import Weighing

CAPABILITY = (
    "At {rate_ul_per_h:g} µL/h {judged_as} is judged; {duration_s:.6g} s have a TUR of {uncertainty_ratio:.2f}; in any "
    "window a burst of {excess_found_ul:.3g} µL and an interruption of {interruption_found_s:.3g} s are found"
)


class Resolution:
    """Asks the capability gate for one infusion; made when the run's blank is known."""

    def __init__(self, setting: Setting, time: PumpTime) -> None:
        run = setting.run
        to_come = Weighing(setting.bench, run.evaporation(), run.repeatability())  # it holds no knock of the past
        self._setting = setting
        self._activities = setting.activities
        self._time = time
        self._gate = CapabilityGate(to_come, setting.profile, setting.interval_s, between=time.catch_up)

    def require(self, shortest_window_s: float | None, therapy: Therapy | None = None) -> None:
        """Refuse, before the pump is programmed, a therapy whose slowest rate this bench cannot resolve.

        Args:
            shortest_window_s: the shortest window that the test is going to judge; None for any that resolves.
            therapy: what is going to be programmed; None for what is.

        Raises:
            BenchFault: it cannot.
        """
        therapy = self._setting.schedule.in_force if therapy is None else therapy
        if (rate_ul_per_h := slowest_rate_ul_per_h(therapy)) is not None:
            self._activities.do(
                "capability",
                lambda: self._worth(rate_ul_per_h, shortest_window_s, therapy),
                CAPABILITY,
                infusion=self._setting.name,
            )

    def _worth(self, rate_ul_per_h: float, shortest_window_s: float | None, therapy: Therapy) -> Result:
        found = self._gate.require(rate_ul_per_h, shortest_window_s)
        if isinstance(therapy, OnBasal):
            self._gate.require_bolus(rate_ul_per_h, *therapy.one_bolus)
        judged_as = self._gate.judged_as(rate_ul_per_h)
        any_window = self._gate.require_any_window(rate_ul_per_h)
        return {**any_window.as_dict(), "judged_as": judged_as, **found.as_dict()}

    def shortest_s(self, at_least_s: float, *, stopped: bool) -> float:
        """Return how long a window at the present rate must be for the balance to resolve the pump's accuracy.

        Args:
            at_least_s: what the protocol asks for anyway.
            stopped: for a window without flow; the rate is then what the pump would give.

        Raises:
            BenchFault: no window resolves it.
        """
        rate_ul_per_h = self._rate_ul_per_h(stopped=stopped)
        result = self._activities.do(
            "duration", lambda: {"shortest_s": self._gate.require(rate_ul_per_h, stopped=stopped).duration_s}
        )
        return float(max(at_least_s, result["shortest_s"]))

    def refuse_unresolved(self, duration_s: float, *, stopped: bool = False) -> None:
        """Refuse a window that is too short to resolve the accuracy at the present rate.

        Raises:
            BenchFault: it is.
        """
        if not self._activities.replaying:  # what was done once was not refused then
            self._gate.require(self._rate_ul_per_h(stopped=stopped), duration_s, stopped=stopped)

    def _rate_ul_per_h(self, *, stopped: bool) -> float:
        return self._time.rate_if_running_ul_per_h if stopped else self._time.rate_ul_per_h
