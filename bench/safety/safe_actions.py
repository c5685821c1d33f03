# SPDX-License-Identifier: Apache-2.0
"""What the words of a safe-state list do, and taking them one by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bench.bench_file import SafeAction, SafeStep
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import monotonic_s, time_limit
from instruments.catheter_line import CatheterLine, CatheterLineState
from instruments.chamber import OFF, chamber_of
from instruments.pump import Command, CommandResult, Pump
from instruments.refill_port import port_of
from instruments.rig import Rig, RigOutputs

Change = Callable[[RigOutputs], RigOutputs]
_SAFE = RigOutputs()
_CHANGES: Mapping[SafeAction, Change] = {
    SafeAction.OPEN_CLAMP: lambda outputs: replace(outputs, kink_clamp_percent=_SAFE.kink_clamp_percent),
    SafeAction.CONNECT_CATHETER: lambda outputs: replace(outputs, disconnect_valve=_SAFE.disconnect_valve),
    SafeAction.CLOSE_LEAK: lambda outputs: replace(outputs, leak_valve_percent=_SAFE.leak_valve_percent),
    SafeAction.FIELD_OFF: lambda outputs: replace(outputs, magnet_field=_SAFE.magnet_field),
    SafeAction.SUPPLY_NOMINAL: lambda outputs: replace(outputs, supply_voltage_mv=_SAFE.supply_voltage_mv),
}


@dataclass(frozen=True)
class StepTaken:
    """What came of one step; `fault` is None when it worked."""

    action: SafeAction
    took_s: float
    fault: BenchFault | None


class SafeActions:
    """The actions of one way to the safe state.

    The rig takes all its actuators in one request. So each step of the rig sends what the steps before it have made
    safe as well: one whose request was lost on the way must not be undone by the next one's.

    Args:
        pump: gives the pump, or raises `BenchFault` where it cannot be reached; likewise
        rig: gives the rig.
        stays_safe: whether the rig stays in its own safe state at the end, and holds the pump there if it can.
    """

    def __init__(self, pump: Callable[[], Pump], rig: Callable[[], Rig], *, stays_safe: bool = False) -> None:
        self._pump = pump
        self._rig = rig
        self._stays_safe = stays_safe
        self._made_safe: list[Change] = []
        self._verbs: Mapping[SafeAction, Callable[[], None]] = {
            SafeAction.STOP_PUMP: self._stop_pump,
            SafeAction.RIG_SAFE: lambda: self._rig().go_safe(),
            SafeAction.DISARM_WATCHDOG: self._disarm_watchdog,
            SafeAction.NEEDLE_OUT: self._needle_out,
            SafeAction.CHAMBER_OFF: self._chamber_off,
            **{action: partial(self._make_safe, change) for action, change in _CHANGES.items()},
            SafeAction.CONNECT_CATHETER: self._connect_catheter,
        }

    def take(self, steps: Sequence[SafeStep]) -> tuple[StepTaken, ...]:
        """Take the steps in their order, each whatever became of the others; the watchdog's only if all worked."""
        taken: list[StepTaken] = []
        for step in steps:
            if step.do is SafeAction.DISARM_WATCHDOG and any(one.fault is not None for one in taken):
                continue
            started_s = monotonic_s()
            fault = self._try(step)
            taken.append(StepTaken(step.do, monotonic_s() - started_s, fault))
        return tuple(taken)

    def _try(self, step: SafeStep) -> BenchFault | None:
        with time_limit(step.limit_s) as deadline:
            try:
                self._verbs[step.do]()
            except BenchFault as fault:
                late = f" (its {step.limit_s:g} s were used up)" if deadline.passed() else ""
                seen = f"{fault.operation}: {fault.seen}{late}"
                return BenchFault(fault.asset, step.do.words, seen, fault.next_step)
            except Exception as slip:  # noqa: BLE001  whatever a step breaks with, the next one has to be taken
                return BenchFault("bench", step.do.words, f"{type(slip).__name__}: {slip}", "report this")
        return None

    def _stop_pump(self) -> None:
        result = self._pump().command(Command.STOP)
        if result not in (CommandResult.ACCEPTED, CommandResult.WRONG_STATE):
            raise BenchFault("pump", "stop", f"it answered {result}", "stop it by hand")

    def _make_safe(self, change: Change) -> None:
        self._made_safe.append(change)
        rig = self._rig()
        outputs = rig.outputs()
        for one in self._made_safe:
            outputs = one(outputs)
        rig.write(outputs)

    def _needle_out(self) -> None:
        rig = self._rig()
        if not rig.abilities().refill_port:
            return
        port = port_of(rig)
        reading = port.read_refill_port()
        if reading.needle_in or reading.busy:
            port.order_refill(needle_in=False, volume_ul=0.0)

    def _chamber_off(self) -> None:
        rig = self._rig()
        if rig.abilities().chamber:
            chamber_of(rig).order_chamber(OFF, OFF)

    def _connect_catheter(self) -> None:
        """Close the valve at the pump; bring outlet, mid-catheter valve and sensor relay to rest where there are."""
        self._make_safe(_CHANGES[SafeAction.CONNECT_CATHETER])
        rig = self._rig()
        able = rig.abilities()
        if isinstance(rig, CatheterLine) and (able.outlet_lift or able.mid_catheter_valve or able.sensor_relay):
            rig.order_catheter_line(CatheterLineState())

    def _disarm_watchdog(self) -> None:
        """Take the guard over from the rig: nothing moves any more, so it need not hold its own safe state either.

        Whoever does this for a bench that is gone hands the guard to nobody: there the rig stays safe.
        """
        rig = self._rig()
        if self._stays_safe:
            rig.go_safe()
        rig.arm_watchdog(0)
        if not self._stays_safe:
            rig.leave_safe_state()
