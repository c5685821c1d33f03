# SPDX-License-Identifier: Apache-2.0
"""The schedule of a pump that runs, stops and starts again: what the therapy asks for, by the pump's own clock."""

import math
from collections.abc import Sequence

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.bolus_parts import bolus_parts
from bench.therapy.bridge import Bridge
from bench.therapy.changed_therapy import ChangedTherapy
from bench.therapy.guarded_therapy import guarded_therapy
from bench.therapy.interval import between
from bench.therapy.prime import Prime
from bench.therapy.spans_at import spans_at
from bench.therapy.taken_up import taken_up
from bench.therapy.therapy import Therapy


class RunningSchedule:
    """A therapy with the times during which the pump ran, and the boluses that it accepted.

    Attributes:
        therapy: what was programmed, every change of it included; see `in_force`.
        started_s: device clock at the last start; infinite while the pump is stopped.
        boluses: accepted boluses, whole; see `boluses_due`.
        primes: priming boluses, which a stopped pump gives; each is a span in which it is scheduled to run.
        resumes_boluses: whether a start takes up what a stop left of a bolus; otherwise a stop ends it.
    """

    def __init__(self, therapy: Therapy, *, resumes_boluses: bool = False) -> None:
        self.therapy = guarded_therapy(therapy)
        self.resumes_boluses = resumes_boluses
        self.started_s = math.inf
        self.boluses: list[AcceptedBolus] = []
        self.primes: list[AcceptedBolus] = []
        self._ran: list[tuple[float, float]] = []

    @property
    def running(self) -> bool:
        """Tell whether the pump is started."""
        return math.isfinite(self.started_s)

    @property
    def in_force(self) -> Therapy:
        """Return what is programmed now: the therapy itself, or what it was changed to last."""
        return self.therapy.newest if isinstance(self.therapy, ChangedTherapy) else self.therapy

    @property
    def programmed(self) -> tuple[Therapy, ...]:
        """Return everything that was programmed, in order."""
        return self.therapy.parts if isinstance(self.therapy, ChangedTherapy) else (self.therapy,)

    @property
    def changed_s(self) -> tuple[float, ...]:
        """Return the instants at which another program came into force, by the pump's own clock."""
        return self.therapy.changed_s if isinstance(self.therapy, ChangedTherapy) else ()

    def change(self, therapy: Therapy, device_clock_s: float) -> None:
        """Note that another program came into force; the pump runs on, or stands on.

        Raises:
            PlanError: the last change came after it.
        """
        before = self.therapy if isinstance(self.therapy, ChangedTherapy) else ChangedTherapy(self.therapy, ())
        self.therapy = before.changed_to(guarded_therapy(therapy), device_clock_s)

    def start(self, device_clock_s: float) -> None:
        """Note that the pump was started."""
        self.started_s = device_clock_s

    def stop(self, device_clock_s: float) -> None:
        """Note that the pump was stopped: nothing more is scheduled."""
        if self.running:
            self._ran.append((self.started_s, max(self.started_s, device_clock_s)))
        self.started_s = math.inf

    def prime(self, device_clock_s: float, volume_ul: float, duration_s: float) -> None:
        """Note that the stopped pump was told to prime."""
        self.primes.append(AcceptedBolus(device_clock_s, volume_ul, duration_s))

    def therapy_of(self, started_s: float) -> Therapy | Prime:
        """Return what runs in the span that began at an instant: the therapy as it goes on then, or a priming bolus."""
        for prime in self.primes:
            if prime.started_s == started_s:
                return Prime(prime.volume_ul, prime.duration_s)
        return self._taken_up(started_s)

    def goes_on_with(self, device_clock_s: float) -> Therapy:
        """Return what is programmed now, as a start at an instant would take it up."""
        taken = self._taken_up(device_clock_s)
        return taken.newest if isinstance(taken, ChangedTherapy) else taken

    def _taken_up(self, started_s: float) -> Therapy:
        if not (
            self.therapy.has_bridge if isinstance(self.therapy, ChangedTherapy) else isinstance(self.therapy, Bridge)
        ):
            return self.therapy
        return taken_up(self.therapy, started_s, self.therapy_spans_s, self.primes)

    @property
    def therapy_spans_s(self) -> tuple[tuple[float, float], ...]:
        """Return from when to when the pump was scheduled to run its therapy, priming left out."""
        return (*self._ran, (self.started_s, math.inf)) if self.running else tuple(self._ran)

    @property
    def spans_s(self) -> tuple[tuple[float, float], ...]:
        """Return from when to when the pump was scheduled to run, by its own clock; the end of the last may be inf."""
        if not self.primes:
            return self.therapy_spans_s
        primed = ((one.started_s, one.ends_s) for one in self.primes)
        return tuple(sorted((*self.therapy_spans_s, *primed)))

    @property
    def boluses_due(self) -> tuple[AcceptedBolus, ...]:
        """Return of each accepted bolus what comes: until the next stop, and the rest where a start takes it up."""
        if not self.boluses:  # as for nearly every sample, which asks several times
            return ()
        spans_s, resumed = self.therapy_spans_s, self.resumes_boluses
        return tuple(part for one in self.boluses for part in bolus_parts(one, spans_s, resumed=resumed))

    def until_the_stop(self, bolus: AcceptedBolus) -> AcceptedBolus:
        """Return what of a bolus comes before the next stop; nothing of one that began while the pump stood."""
        ends_s = next(
            (to_s for from_s, to_s in self.therapy_spans_s if from_s <= bolus.started_s < to_s), bolus.started_s
        )
        return bolus.until(ends_s)

    def rate_steps(self, from_s: float, to_s: float, *, boluses: bool = True) -> tuple[tuple[float, float], ...]:
        """Return the scheduled rate between two instants as steps, starts and stops included.

        Args:
            from_s: instant of the pump's clock.
            to_s: a later one.
            boluses: whether accepted patient boluses are in it.

        Returns:
            Instant and rate in µL/h from it on; the first instant is `from_s`.
        """
        given = self.boluses_due if boluses else ()
        spans_s = [span for span in self.spans_s if span[0] <= to_s and span[1] >= from_s]
        edges_s: list[float] = []
        for started_s, stopped_s in spans_s:
            edges_s += [started_s, stopped_s]
            first_s, last_s = max(from_s, started_s), min(to_s, stopped_s)
            if first_s < last_s:
                edges_s += self.therapy_of(started_s).boundaries_s(first_s, last_s, started_s, given)
        instants_s = (from_s, *between(from_s, to_s, *edges_s))
        held = spans_at(spans_s, instants_s)
        return tuple(
            (at_s, self.therapy_of(span[0]).rate_ul_per_h(at_s, span[0], given) if span else 0.0)
            for at_s, span in zip(instants_s, held, strict=True)
        )

    def volume_ul(self, from_s: float, to_s: float) -> float:
        """Return the volume scheduled between two instants, while the pump ran."""
        given = self.boluses_due
        volume_ul = 0.0
        for started_s, stopped_s in self.spans_s:  # asked for each sample
            first_s, last_s = max(from_s, started_s), min(to_s, stopped_s)
            if first_s < last_s:
                volume_ul += self.therapy_of(started_s).volume_ul(first_s, last_s, started_s, given)
        return volume_ul

    def since_beginning_ul(self, device_clock_s: float) -> float:
        """Return the volume scheduled since the first start, pauses left out."""
        return self.volume_ul(0.0, device_clock_s)

    def rate_ul_per_h(self, device_clock_s: float) -> float:
        """Return the scheduled rate at an instant of the present running, boluses included; zero while stopped."""
        return self._taken_up(self.started_s).rate_ul_per_h(device_clock_s, self.started_s, self.boluses_due)

    def rate_if_running_ul_per_h(self, device_clock_s: float) -> float:
        """Return the rate that the therapy would ask for at an instant if the pump were not stopped."""
        if isinstance(self.in_force, Bridge):
            from_s = self.started_s if self.running else device_clock_s
            return self._taken_up(from_s).rate_ul_per_h(device_clock_s, from_s)
        return self.therapy.rate_ul_per_h(device_clock_s, -math.inf, self.boluses_due)

    def changes_s(self, from_s: float, to_s: float) -> Sequence[float]:
        """Return the instants between two others at which the rate of the present running changes."""
        return self._taken_up(self.started_s).boundaries_s(from_s, to_s, self.started_s, self.boluses_due)
