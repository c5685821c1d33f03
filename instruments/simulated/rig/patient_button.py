# SPDX-License-Identifier: Apache-2.0
"""A solenoid that presses the patient's controller, and a switch under it that counts the presses it feels."""

from collections.abc import Callable, Mapping

from instruments.register_map.codec import Value
from instruments.simulated.rig.order_number import OrderNumber
from instruments.simulated.time.timeline import Timeline

TRAVEL_S = 0.2
POINTS = ("press_token", "press_number")


class PatientButton:
    """Presses when it is told to under a number that it has not had.

    Args:
        timeline: the twin's time.
        pressed: what a press does at the controller.
        dead: whether the solenoid moves nothing.
        strikes: how often it presses for one order.
    """

    def __init__(self, timeline: Timeline, pressed: Callable[[], None], *, dead: bool, strikes: int = 1) -> None:
        self._timeline = timeline
        self._pressed = pressed
        self._dead = dead
        self._strikes = strikes
        self._orders = OrderNumber()
        self._presses = 0

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what its registers show."""
        return {"press_number": lambda: self._orders.last, "button_presses": lambda: self._presses % 65536}

    def write(self, values: Mapping[str, Value], highest_token: int, *, safe: bool) -> None:
        """Take an order to press.

        Raises:
            ValueError: token and number do not come together, the token is stale, the rig is safe, or the number lies
                behind the last one.
        """
        token, number = (values.get(name) for name in POINTS)
        if not isinstance(token, int) or not isinstance(number, int):
            raise ValueError("rig: a press, its token and its number are written together")  # noqa: TRY004  one is missing
        if token < highest_token:
            raise ValueError(f"rig: fencing token {token} is stale, {highest_token} was seen")
        if safe:
            raise ValueError("rig: the patient button is not pressed in the safe state")
        if self._orders.repeats(token, number):
            return
        self._orders.take(token, number)
        if not self._dead:
            self._timeline.at(self._timeline.now_s + TRAVEL_S, self._press)

    def _press(self) -> None:
        self._presses += 1
        for _ in range(self._strikes):
            self._pressed()
