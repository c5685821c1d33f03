# SPDX-License-Identifier: Apache-2.0
"""Goes through one test of a plan with the figures of profile and bench file, and asks no instrument."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from bench.bench_file import BenchFile
from bench.capability import CapabilityGate
from bench.capability.planned_weighing import planned_weighing
from bench.injectors import Catheter, LineFault
from bench.injectors.injector import FULLY, Injector
from bench.profile import Profile
from bench.rehearsal.finding_to_come import FindingToCome
from bench.rehearsal.planned_time import PlannedTime
from bench.rehearsal.rehearsed_infusion import RehearsedInfusion
from bench.rehearsal.unknown_until_run import UnknownUntilRun
from bench.therapy import Therapy
from groundfloor.errors import BenchFault, PlanError
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs

DEFAULT_INTERVAL_S = 30.0
SAFE = RigOutputs()


@dataclass(frozen=True)
class Rehearsed:
    """What came of it.

    Attributes:
        time: how long the test is going to take.
        needs: injectors and other outputs of the rig that it asked for, each once.
        blocked: why this bench cannot run it; empty where nothing is known to stand in the way.
    """

    time: PlannedTime
    needs: tuple[str, ...] = ()
    blocked: str = ""


@dataclass
class _NotedInjectors:
    """Stands for the injectors of a run: notes which are moved, and moves none."""

    rehearsal: "Rehearsal"

    @contextmanager
    def injected(self, injector: Injector | LineFault, percent: float) -> Iterator[FindingToCome]:
        self.rehearsal.need(injector.name, _points_of(injector, percent))
        yield FindingToCome(injector.name)

    @contextmanager
    def growing(self, injector: Injector | LineFault) -> Iterator[FindingToCome]:
        with self.injected(injector, FULLY) as fault:
            yield fault


@dataclass
class Rehearsal:
    """Rehearses the tests of a plan, one by one.

    Attributes:
        profile: what the pump promises.
        file: the bench.
    """

    profile: Profile
    file: BenchFile
    _needs: dict[str, None] = field(default_factory=dict)
    _infusions: list[RehearsedInfusion] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._weighing = planned_weighing(self.file)
        self._points = self._points_of_the_rig()

    def rehearse(self, test: Callable[..., object], fixtures: Mapping[str, object]) -> Rehearsed:
        """Go through a test.

        Args:
            test: the function.
            fixtures: its arguments by their names, but for those that `fixtures` of a run give.
        """
        self._needs.clear()
        self._infusions.clear()
        unknown = blocked = ""
        try:
            test(**fixtures)
        except UnknownUntilRun as end:
            unknown = end.by
        except BenchFault as fault:
            blocked = str(fault)
        except PlanError as misfit:
            unknown = f"the plan was refused: {misfit}"
        except Exception as trouble:  # noqa: BLE001  a plan of somebody's, whatever it does with what it has not
            unknown = f"{type(trouble).__name__}: {trouble}"
        seconds = sum(one.taken_s for one in self._infusions)
        return Rehearsed(PlannedTime(seconds, unknown), tuple(self._needs), blocked)

    def infusion(
        self,
        therapy: Therapy,
        name: str = "",  # noqa: ARG002  as the fixture has it
        interval_s: float = DEFAULT_INTERVAL_S,
        shortest_window_s: float | None = None,
        patient_boluses: int | None = None,  # noqa: ARG002
    ) -> RehearsedInfusion:
        """Return an infusion to rehearse; arguments as those of the fixture `infusion`."""
        gate = self.gate(interval_s)
        made = RehearsedInfusion(therapy, self.profile, self.file.limits, gate, self.need, shortest_window_s)
        self._infusions.append(made)
        return made

    def gate(self, interval_s: float = DEFAULT_INTERVAL_S) -> CapabilityGate:
        """Return the capability gate of an infusion that is sampled every `interval_s`."""
        return CapabilityGate(self._weighing, self.profile, interval_s)

    @property
    def catheter(self) -> Catheter:
        """Return a catheter that notes what is done to it."""
        return Catheter(_NotedInjectors(self))  # type: ignore[arg-type]

    def need(self, name: str, points: tuple[str, ...]) -> None:
        """Note that the rig must have an output.

        Raises:
            BenchFault: it has not.
        """
        self._needs[name] = None
        if self._points is not None and (lacking := [one for one in points if one not in self._points]):
            seen = f"its register map {self.file.rig.map!r} has no point {', '.join(lacking)}"
            raise BenchFault("rig", f"use its {name.replace('_', ' ')}", seen, "add them to rig and map")

    def _points_of_the_rig(self) -> frozenset[str] | None:
        """Return the points of the rig's map; None for a rig that is spoken to otherwise."""
        if self.file.rig.driver != "modbus":
            return None
        return frozenset(RegisterMap.find(self.file.rig.map).points)


def _points_of(injector: Injector | LineFault, percent: float) -> tuple[str, ...]:
    """Return the outputs of the rig that an injector moves."""
    if isinstance(injector, LineFault):
        return injector.points
    moved = injector.moved(replace(SAFE), percent or FULLY)
    return tuple(name for name in vars(SAFE) if getattr(moved, name) != getattr(SAFE, name))
