# SPDX-License-Identifier: Apache-2.0
"""What goes into the pump's reservoir and what is taken out of it: through the rig's refill port, or by a person.

The port's own flow sensor tells what has moved. A person who is asked at the terminal tells only that it is done; so
what was taken out is known with a port alone.
"""

from collections.abc import Callable

from bench.bench import Bench
from bench.infusion.setting import Setting
from bench.journal import Result
from groundfloor.errors import BenchFault
from groundfloor.inconclusive import Inconclusive
from groundfloor.notifier import Notifier
from instruments.refill_port import NAME, no_port, port_of

POLL_S = 1.0
BY_HAND_S = 3600.0
"""So long a person may take."""
ALL_UL = 1e6
"""More than any reservoir holds."""


class Refilling:
    """Fills and empties the reservoir of one pump.

    Attributes:
        moved: tells the bench time at which something was put in or taken out.
    """

    def __init__(self, setting: Setting) -> None:
        self.moved: Notifier[float] = Notifier()
        self._setting = setting
        self._bench: Bench = setting.bench

    @property
    def _has_port(self) -> bool:
        return self._bench.rig.abilities().refill_port

    def require_port(self) -> None:
        """Refuse a bench whose rig cannot fill and empty the pump.

        Raises:
            BenchFault: it has no refill port.
        """
        if not self._has_port:
            raise no_port("rig")

    def fill_empty(self, volume_ul: float) -> float:
        """Empty the reservoir and put `volume_ul` into it; return what went in, in µL.

        Raises:
            BenchFault: the port did not do it, or there is neither a port nor a person.
            Inconclusive: the run was interrupted while it was being done.
        """
        if not self._has_port:
            return self._once("filled by hand", lambda: self._by_hand(volume_ul))
        return self._once("filled", lambda: self._through_the_needle(-ALL_UL, volume_ul))

    def press_in(self, volume_ul: float) -> float:
        """Empty the reservoir and put in as much of `volume_ul` as it takes; return what went in, in µL.

        Raises:
            BenchFault: there is no port, or it did not do it.
            Inconclusive: the run was interrupted while it was being done.
        """
        self.require_port()
        return self._once("pressed in", lambda: self._through_the_needle(-ALL_UL, volume_ul, may_stop_short=True))

    def take_out(self, volume_ul: float = ALL_UL) -> float:
        """Take a volume out of the reservoir, all of it by default; return what came, in µL.

        Raises:
            BenchFault: there is no port, or it did not do it.
            Inconclusive: the run was interrupted while it was being done.
        """
        self.require_port()
        return -self._once("taken out", lambda: self._through_the_needle(-volume_ul))

    def put_in(self, volume_ul: float) -> float:
        """Put a volume into the reservoir, on top of what is there; return what went in, in µL.

        Raises:
            BenchFault: there is no port, or it did not do it.
            Inconclusive: the run was interrupted while it was being done.
        """
        self.require_port()
        return self._once("put in", lambda: self._through_the_needle(volume_ul))

    def _once(self, what: str, act: Callable[[], float]) -> float:
        """Do what must not be done twice; a run that was killed meanwhile cannot tell how much has moved."""
        activities = self._setting.activities
        activities.on_resuming_live(self._refuse_twice)
        title = f"reservoir {what}: {{moved_ul:.0f}} µL"
        moved = activities.do("refill", lambda: _told(act()), title, infusion=self._setting.name)["moved_ul"]
        activities.forget(self._refuse_twice)
        self.moved.notify(activities.now_s())
        return float(moved)

    def _refuse_twice(self) -> None:
        seen = "the run was interrupted while the reservoir was filled or emptied, and how much moved is not known"
        raise Inconclusive("rig", "use the refill port", seen, "run this test again")

    def _through_the_needle(self, *volumes_ul: float, may_stop_short: bool = False) -> float:
        """Put the needle in, move one volume after the other, take it out; return what the last one moved."""
        moved_ul = 0.0
        self._order(needle_in=True)
        try:
            for volume_ul in volumes_ul:
                moved_ul = self._order(needle_in=True, volume_ul=volume_ul)
        finally:
            with self._bench.scheduler.undisturbed():
                self._order(needle_in=False)
        if may_stop_short:
            return moved_ul
        if 0 < volumes_ul[-1] != moved_ul and abs(moved_ul - volumes_ul[-1]) > self._doubt_ul(volumes_ul[-1]):
            seen = f"{moved_ul:.0f} µL passed its sensor, {volumes_ul[-1]:.0f} µL were ordered"
            raise BenchFault("rig", f"use the {NAME}", seen, "check its syringe, its drive and its sensor")
        return moved_ul

    def _doubt_ul(self, volume_ul: float) -> float:
        return volume_ul * self._bench.file.rig.refill_expanded_uncertainty_percent / 100

    def _order(self, *, needle_in: bool, volume_ul: float = 0.0) -> float:
        """Give one order and wait until its sensors show it done; return what has moved."""
        port, bench = port_of(self._bench.rig), self._bench
        port.order_refill(needle_in, volume_ul)
        limit_s = bench.file.rig.injector_time_limit_s
        moving_s, moved_ul = bench.clock.now_s(), 0.0
        while (reading := port.read_refill_port()).busy or reading.needle_in is not needle_in:
            if reading.moved_ul != moved_ul:
                moving_s, moved_ul = bench.clock.now_s(), reading.moved_ul
            if bench.clock.now_s() - moving_s >= limit_s:
                where = "in" if reading.needle_in else "out"
                seen = f"its needle is {where}, {reading.moved_ul:.0f} µL have moved, nothing for {limit_s:g} s"
                raise BenchFault("rig", f"move the {NAME}", seen, "check its needle, its drive and its sensors")
            bench.scheduler.pass_for(POLL_S)
        return reading.moved_ul

    def _by_hand(self, volume_ul: float) -> float:
        attendant, bench = self._bench.attendant, self._bench
        if not attendant.ask(f"Empty the pump's reservoir by needle and inject {volume_ul / 1000:.2f} mL"):
            raise no_port("rig")
        end_s = bench.clock.now_s() + BY_HAND_S
        while not attendant.answered():
            if bench.clock.now_s() >= end_s:
                seen = f"nobody said that it is done in {BY_HAND_S / 60:.0f} min"
                raise BenchFault("rig", "refill the pump by hand", seen, "run it when somebody is there")
            bench.scheduler.pass_for(POLL_S)
        return volume_ul


def _told(moved_ul: float) -> Result:
    return {"moved_ul": moved_ul}
