# SPDX-License-Identifier: Apache-2.0
"""A needle in the septum, a syringe drive behind it, and between them a sensor of the flow."""

from collections.abc import Callable, Mapping

from instruments.register_map.codec import Value
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.rig.order_number import OrderNumber
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

POINTS = ("refill_token", "refill_number", "refill_needle", "refill_volume_ul")
FLOW_UL_PER_S = 300.0
"""18 mL/min, so that a person would call it slow."""
NEEDLE_TRAVEL_S = 1.0
LEFT_BY_THE_NEEDLE_UL = 20.0
"""What no needle gets out of a reservoir."""


class RefillPort:
    """Moves fluid when it is told to under a number that it has not had.

    Args:
        timeline: the twin's time.
        hydraulics: whose reservoir it stands in.
        dead: whether its drive moves nothing.
        shown_gain: volume that its flow sensor shows per volume that moved; it moves what the sensor is to show.
    """

    def __init__(self, timeline: Timeline, hydraulics: Hydraulics, *, dead: bool, shown_gain: float = 1.0) -> None:
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._dead = dead
        self._shown_gain = shown_gain
        self._orders = OrderNumber()
        self._needle, self._volume_ul = False, 0.0
        self._needle_in = False
        self._begun_s, self._moving_ul = 0.0, 0.0
        self._moved_ul = 0.0
        self._needle_timer = Timer(timeline, self._needle_arrives)
        self._drive_timer = Timer(timeline, self._settle)

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what its registers show."""
        return {
            "refill_number": lambda: self._orders.last,
            "refill_needle": lambda: self._needle,
            "refill_volume_ul": lambda: self._volume_ul,
            "refill_needle_in": lambda: self._needle_in,
            "refill_moved_ul": lambda: self._moved_ul + self._on_its_way_ul(),
            "refill_busy": lambda: self._moving_ul != 0.0 or self._needle_in is not self._needle,
        }

    def write(self, values: Mapping[str, Value], highest_token: int, *, safe: bool) -> None:
        """Take an order.

        Raises:
            ValueError: its parts do not come together, the token is stale, the rig is safe, the number lies behind the
                last one, or a volume is to move without the needle.
        """
        token, number, needle, volume_ul = (values.get(name) for name in POINTS)
        if not isinstance(token, int) or not isinstance(number, int) or not isinstance(volume_ul, int | float):
            raise ValueError("rig: an order to the refill port comes in one request")  # noqa: TRY004  a part is missing
        if token < highest_token:
            raise ValueError(f"rig: fencing token {token} is stale, {highest_token} was seen")
        if safe and (needle or volume_ul):
            raise ValueError("rig: the refill port does not move in the safe state")
        if self._orders.repeats(token, number):
            return
        if volume_ul and not (needle and self._needle_in):
            raise ValueError("rig: nothing moves through the refill port without its needle in the septum")
        self._orders.take(token, number)
        self._stop()
        self._needle, self._volume_ul, self._moved_ul = bool(needle), float(volume_ul), 0.0
        if self._dead:
            return
        self._needle_timer.set_at(self._timeline.now_s + NEEDLE_TRAVEL_S)
        if volume_ul:
            self._begun_s, self._moving_ul = self._timeline.now_s, self._bounded(float(volume_ul))
            self._drive_timer.set_at(self._begun_s + abs(self._moving_ul) / FLOW_UL_PER_S)
            if volume_ul > self._moving_ul:
                self._hydraulics.overfilled.notify(self._begun_s)

    def go_safe(self) -> None:
        """Stop the drive and take the needle out."""
        self._stop()
        self._needle, self._volume_ul, self._needle_in = False, 0.0, False

    def _bounded(self, volume_ul: float) -> float:
        filled_ul = self._hydraulics.volumes().reservoir_ul
        there_ul, room_ul = max(0.0, filled_ul - LEFT_BY_THE_NEEDLE_UL), max(0.0, self._hydraulics.holds_ul - filled_ul)
        return min(max(volume_ul, -there_ul * self._shown_gain), room_ul * self._shown_gain)

    def _needle_arrives(self) -> None:
        self._needle_in = self._needle

    def _on_its_way_ul(self) -> float:
        if not self._moving_ul:
            return 0.0
        most_ul = abs(self._moving_ul)
        gone_ul = min(most_ul, (self._timeline.now_s - self._begun_s) * FLOW_UL_PER_S)
        return gone_ul if self._moving_ul > 0 else -gone_ul

    def _stop(self) -> None:
        self._needle_timer.drop()
        self._drive_timer.drop()
        self._settle()

    def _settle(self) -> None:
        gone_ul = self._on_its_way_ul()
        self._moving_ul = 0.0
        self._moved_ul += gone_ul
        if gone_ul:
            moved_ul = gone_ul / self._shown_gain
            self._hydraulics.fill(max(0.0, self._hydraulics.volumes().reservoir_ul + moved_ul))
