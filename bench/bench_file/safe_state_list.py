# SPDX-License-Identifier: Apache-2.0
"""The way to the safe state, as data: which steps are taken, in which order, and how long each may take.

The words are fixed, the order is the bench's own: where a supply has to stay on until the clamp is open, its file says
so. A list that would leave something moving is refused.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from groundfloor.toml_file import TomlModel


class SafeAction(StrEnum):
    """What a step does."""

    STOP_PUMP = "stop_pump"
    OPEN_CLAMP = "open_clamp"
    CONNECT_CATHETER = "connect_catheter"
    CLOSE_LEAK = "close_leak"
    FIELD_OFF = "field_off"
    SUPPLY_NOMINAL = "supply_nominal"
    NEEDLE_OUT = "needle_out"
    CHAMBER_OFF = "chamber_off"
    RIG_SAFE = "rig_safe"
    DISARM_WATCHDOG = "disarm_watchdog"

    @property
    def words(self) -> str:
        """Return the step as a person calls it."""
        return _WORDS[self]


_WORDS: Mapping[SafeAction, str] = {
    SafeAction.STOP_PUMP: "stop the pump",
    SafeAction.OPEN_CLAMP: "open the clamp",
    SafeAction.CONNECT_CATHETER: "connect the catheter",
    SafeAction.CLOSE_LEAK: "close the leak",
    SafeAction.FIELD_OFF: "switch the field off",
    SafeAction.SUPPLY_NOMINAL: "leave the pump to its own supply",
    SafeAction.NEEDLE_OUT: "take the needle of the refill port out",
    SafeAction.CHAMBER_OFF: "switch the chamber off",
    SafeAction.RIG_SAFE: "let the rig make itself safe",
    SafeAction.DISARM_WATCHDOG: "disarm the watchdog",
}
_BY_THE_RIG = (
    SafeAction.OPEN_CLAMP,
    SafeAction.CONNECT_CATHETER,
    SafeAction.CLOSE_LEAK,
    SafeAction.FIELD_OFF,
    SafeAction.SUPPLY_NOMINAL,
)
_WHERE_THERE_IS_ONE = (SafeAction.NEEDLE_OUT, SafeAction.CHAMBER_OFF)
"""Steps of parts that a rig may lack; a list may leave them out, and for a rig without they do nothing."""


MOST_S = 60.0
"""Nothing that a machine does for safety takes longer."""


class SafeStep(TomlModel):
    """One step on the way to the safe state.

    Attributes:
        do: what it does.
        limit_s: the longest it may take, all repeats included; then the next step is taken. The last step may take up
            to an hour: of a rig that a person moves, it is where she is waited for.
    """

    do: SafeAction = Field(strict=False)
    limit_s: float = Field(default=5.0, gt=0, le=3600)

    @model_validator(mode="after")
    def _is_soon_over(self) -> Self:
        if self.do is not SafeAction.DISARM_WATCHDOG and self.limit_s > MOST_S:
            raise ValueError(f"{self.do} may take {MOST_S:g} s at most, seen {self.limit_s:g}")
        return self


_DEFAULT = (
    SafeStep(do=SafeAction.STOP_PUMP, limit_s=10.0),
    *(SafeStep(do=action) for action in (*_BY_THE_RIG, *_WHERE_THERE_IS_ONE, SafeAction.DISARM_WATCHDOG)),
)


class SafeStateList(TomlModel):
    """The steps in their order."""

    step: tuple[SafeStep, ...] = Field(default=_DEFAULT, strict=False)

    @model_validator(mode="after")
    def _leaves_nothing_moving(self) -> Self:
        actions = [step.do for step in self.step]
        if twice := sorted({action for action in actions if actions.count(action) > 1}):
            raise ValueError(f"{', '.join(twice)} stands in it more than once")
        if not actions or actions[-1] is not SafeAction.DISARM_WATCHDOG:
            raise ValueError("disarm_watchdog must be the last step: until all others worked it guards the bench")
        needed = (SafeAction.STOP_PUMP, *(() if SafeAction.RIG_SAFE in actions else _BY_THE_RIG))
        if missing := [action for action in needed if action not in actions]:
            raise ValueError(f"{', '.join(missing)} is missing; only rig_safe can stand for the steps of the rig")
        return self
