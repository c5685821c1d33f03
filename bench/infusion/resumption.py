# SPDX-License-Identifier: Apache-2.0
"""How an infusion goes on after its run was interrupted: accounted for, started again, and steady before it counts.

Each interruption stands in the journal as two events, the stop with what is uncertain of it and the new start. A run
that is interrupted once more takes them from there, as if they had just happened.
"""

import math
from collections.abc import Callable

from bench.infusion.interruption_account import InterruptionAccount
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.journal import JournalLine
from bench.journal.lines import Interrupted, Line, Restarted, Resumed
from groundfloor.inconclusive import Inconclusive
from groundfloor.json_number import json_number
from instruments.pump import Command, CommandResult, PumpReading

STROKES_APART = 1.5
"""Counter and schedule may differ by so many strokes over the same time."""
LEAST_STEP_MG = 20.0
"""A mass that changes by more than this and all that could have flowed has lost its zero."""


class Resumption:
    """The interruptions of one infusion, and the way out of them.

    Attributes:
        steady_from_s: bench time from which the flow is steady again after the last one.
    """

    def __init__(self, setting: Setting, session: SamplingSession) -> None:
        self.steady_from_s = 0.0
        self._setting = setting
        self._bench = setting.bench
        self._schedule = setting.schedule
        self._session = session
        self._sampling = session.sampling
        self._half_widths_ul: list[tuple[float, float]] = []
        self._open_ul = 0.0
        self._restarts: list[tuple[float, float]] = []
        self._resumed_after_s: list[float] = []
        self._stopped_at_ul: float | None = None

    @property
    def listeners(self) -> dict[str, Callable[[JournalLine], None]]:
        """Return by kind who takes the events that the journal holds already."""
        return dict.fromkeys(("interruption", "restart", Resumed.kind), self._recall)

    @property
    def resumed_after_s(self) -> tuple[float, ...]:
        """Return bench time of the last sample before each resume so far."""
        return tuple(self._resumed_after_s)

    @property
    def half_widths_ul(self) -> tuple[tuple[float, float], ...]:
        """Return bench time and ± µL of each interruption so far."""
        return tuple(self._half_widths_ul)

    def half_width_ul(self, from_device_s: float, to_device_s: float) -> float:
        """Return how much volume is uncertain because of the interruptions between two instants of the pump's clock.

        The new start tells that the bench was away in between. The stop does not: its instant is an estimate, and may
        seem to lie before a mark that was taken while the pump still ran.
        """
        return math.fsum(half for at_s, half in self._restarts if from_device_s < at_s <= to_device_s)

    def interrupted(self, from_device_s: float, to_device_s: float) -> bool:
        """Tell whether the run was interrupted between two instants of the pump's clock."""
        return any(from_device_s < at_s <= to_device_s for at_s, _ in self._restarts)

    def _refuse_a_lost_zero(self) -> None:
        """Refuse to go on where more, or less, stands on the balance than can have flowed."""
        last = self._sampling.last
        gained_mg = (self._bench.balance.read_mass_g().mass_g - last.mass.mass_g) * 1000
        hours = (self._bench.clock.now_s() - last.actual_s + self._setting.watchdog_s) / 3600
        most_mg = 2 * self._setting.profile.rates.greatest_ul_per_h.value * hours + LEAST_STEP_MG
        if not -LEAST_STEP_MG <= gained_mg <= most_mg:
            seen = f"the mass changed by {gained_mg:.1f} mg while nobody looked: zero and tare are gone"
            raise Inconclusive("balance", "resume", seen, "run this test again")

    def go_on(self) -> None:
        """Go on with an infusion that was interrupted: account for the stop, start the pump again, sample again.

        Raises:
            Inconclusive: zero and tare are gone, nobody can tell how long the pump ran, or it does not start again.
        """
        self._note_the_resume()
        found = self._bench.found
        if found is None or not (self._session.started or self._schedule.running):
            return
        self._refuse_a_lost_zero()
        self._session.rearm()
        self._account_for(found)
        self._session.go_on()

    def _note_the_resume(self) -> None:
        if self._sampling.has_sampled:
            self._resumed_after_s.append(self._sampling.last.actual_s)

    def _account_for(self, found: PumpReading) -> None:
        """Account for a pump that ran, and start it again; one that was stopped on purpose stays so."""
        if self._schedule.running:
            self._account_for_the_stop(found)
        elif self._stopped_at_ul is not None:
            self._refuse_what_was_delivered_meanwhile(found, self._stopped_at_ul)
        else:
            self._refuse_a_start_that_was_not_written_down(found)
        if self._stopped_at_ul is not None:
            self._start_again()

    def _account_for_the_stop(self, found: PumpReading) -> None:
        longest_unwatched_s = self._setting.watchdog_s + self._setting.interval_s
        last, now_s = self._sampling.last, self._bench.clock.now_s()
        stroke_ul = self._setting.profile.stroke_volume_ul.value
        account = InterruptionAccount.of(self._schedule, last, found, stroke_ul, longest_unwatched_s)
        self._note(
            "interruption",
            f"Interrupted for {now_s - last.actual_s:.0f} s; stop known to ±{account.half_width_s:.1f} s",
            last_sample_s=last.actual_s,
            stopped_device_s=account.stopped_device_s,
            half_width_ul=account.half_width_ul,
            counter_ul=json_number(found.counter_ul),
        )

    def _refuse_what_was_delivered_meanwhile(self, found: PumpReading, stopped_at_ul: float) -> None:
        """Refuse a run that was killed again between starting the pump and writing that down."""
        if not found.counter_ul <= stopped_at_ul:  # nor where the pump counts nothing
            seen = "the pump ran between two interruptions and nobody knows for how long"
            raise Inconclusive("pump", "account for the interruption", seen, "run this test again")

    def _refuse_a_start_that_was_not_written_down(self, found: PumpReading) -> None:
        """Refuse a run that was killed between starting the pump and writing that down: it ran, and was not to."""
        last, stroke_ul = self._sampling.last.pump, self._setting.profile.stroke_volume_ul.value
        due_ul = self._schedule.volume_ul(last.device_clock_s, max(last.device_clock_s, found.device_clock_s))
        most_ul = due_ul + STROKES_APART * stroke_ul if due_ul > 0 else 0.0
        if not found.counter_ul - last.counter_ul <= most_ul:  # nor where the pump counts nothing
            seen = "the pump ran while the bench was away, and its start is not written down"
            raise Inconclusive("pump", "account for the interruption", seen, "run this test again")

    def _start_again(self) -> None:
        answer = self._bench.pump.command(Command.START)
        if answer is not CommandResult.ACCEPTED:
            raise Inconclusive("pump", "start it again", f"it answered {answer}", "run this test again")
        started_s = self._bench.pump.read().device_clock_s
        self._note("restart", "pump started again", started_device_s=started_s)
        rate_ul_per_h = self._schedule.rate_ul_per_h(started_s)
        self.steady_from_s = self._bench.clock.now_s() + self._setting.profile.settling_time_s(rate_ul_per_h)

    def _note(self, what: str, title: str, **data: float | None) -> None:
        setting = self._setting
        self._take(setting.run.journal.write("event", what=what, title=title, infusion=setting.name, **data))

    def _recall(self, line: JournalLine) -> None:
        self._take(line.body)

    def _take(self, event: Line) -> None:
        match event:
            case Resumed():
                self._note_the_resume()
            case Interrupted():
                self._schedule.stop(event.stopped_device_s)
                self._half_widths_ul.append((event.last_sample_s, event.half_width_ul))
                self._open_ul += event.half_width_ul
                self._stopped_at_ul = math.nan if event.counter_ul is None else event.counter_ul
            case Restarted():
                self._schedule.start(event.started_device_s)
                self._restarts.append((event.started_device_s, self._open_ul))
                self._open_ul, self._stopped_at_ul = 0.0, None
