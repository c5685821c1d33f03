# SPDX-License-Identifier: Apache-2.0
"""A valve block that fills reservoir or catheter with another concentration, and a drug sensor at the outlet."""

from collections.abc import Callable, Mapping

from instruments.register_map.codec import Value
from instruments.simulated.physics.drug_path import DrugPath
from instruments.simulated.rig.order_number import OrderNumber
from instruments.simulated.specimen.noise import Noise
from instruments.simulated.time.timeline import Timeline

FILL_TAKES_S = 5.0
SENSOR_SD = 0.005
"""Of the reading."""
POINTS = ("exchange_token", "exchange_number", "exchange_part", "exchange_ug_per_ml")
PARTS = ("catheter", "reservoir")


class DrugExchange:
    """Fills when it is told to under a number that it has not had."""

    def __init__(self, timeline: Timeline, path: DrugPath, noise: Noise, *, dead: bool) -> None:
        self._timeline = timeline
        self._path = path
        self._noise = noise
        self._dead = dead
        self._orders = OrderNumber()
        self._told: dict[str, Value] = {"exchange_part": "none", "exchange_ug_per_ml": 0.0}
        self._done = 0

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what its registers show."""
        return {
            "exchange_number": lambda: self._orders.last,
            "exchange_part": lambda: self._told["exchange_part"],
            "exchange_ug_per_ml": lambda: self._told["exchange_ug_per_ml"],
            "exchanges_done": lambda: self._done % 65536,
            "drug_concentration_ug_per_ml": self._shown_ug_per_ml,
        }

    def write(self, values: Mapping[str, Value], highest_token: int, *, safe: bool) -> None:
        """Take an order to fill.

        Raises:
            ValueError: the four do not come together, the token is stale, the rig is safe, the part is none that can be
                filled, or the number lies behind the last one.
        """
        token, number, part, drug = (values.get(name) for name in POINTS)
        if not isinstance(token, int) or not isinstance(number, int) or not isinstance(drug, float):
            raise ValueError("rig: an exchange, its token and its number are written together")  # noqa: TRY004  one is missing
        if part not in PARTS or not drug >= 0.0:
            raise ValueError(f"rig: {part} cannot be filled with {drug} µg/mL")
        if token < highest_token:
            raise ValueError(f"rig: fencing token {token} is stale, {highest_token} was seen")
        if safe:
            raise ValueError("rig: nothing is filled in the safe state")
        if self._orders.repeats(token, number):
            return
        self._orders.take(token, number)
        self._told = {"exchange_part": str(part), "exchange_ug_per_ml": drug}
        if not self._dead:
            fill = self._path.fill_path if part == "catheter" else self._path.fill_reservoir
            self._timeline.at(self._timeline.now_s + FILL_TAKES_S, lambda: self._fill(fill, drug))

    def _fill(self, fill: Callable[[float], None], drug_ug_per_ml: float) -> None:
        self._done += 1
        fill(drug_ug_per_ml)

    def _shown_ug_per_ml(self) -> float:
        return self._path.concentration_ug_per_ml() * (1.0 + SENSOR_SD * self._noise.normal(self._timeline.now_s))
