# SPDX-License-Identifier: Apache-2.0
"""What `SR` sends: the weight when it leaves its last stable value, and again when it has come to rest."""

from instruments.simulated.balance.sics_commands import SicsCommands
from instruments.simulated.served.devices import WeighingCell

SHARE_OF_LAST_WEIGHT = 0.125
LEAST_CHANGE_DIGITS = 30


class SicsChangeWatch:
    """Says `D` once when the weight has left the last stable one, `S` when it is stable again.

    Args:
        cell: what is weighed on.
        commands: the balance's commands and memory.
        change_g: how far is gone; None takes 12.5 % of the last stable weight, at least 30 digits.
    """

    def __init__(self, cell: WeighingCell, commands: SicsCommands, change_g: float | None) -> None:
        self._cell = cell
        self._commands = commands
        self._change_g = change_g
        self._last_stable_g: float | None = None
        self._left = True

    def __call__(self) -> str | None:
        """Look once; return the line to send, if there is one."""
        net_g, stable = self._commands.weight.net_g(), self._cell.weigh().stable
        if not self._left and self._last_stable_g is not None:
            if abs(net_g - self._last_stable_g) < self._threshold_g(self._last_stable_g):
                return None
            self._left = True
            return self._commands.weight.line("S")
        if not stable:
            return None
        self._left = False
        self._last_stable_g = net_g
        return self._commands.weight.line("S")

    def _threshold_g(self, last_stable_g: float) -> float:
        if self._change_g is not None:
            return self._change_g
        return max(SHARE_OF_LAST_WEIGHT * abs(last_stable_g), LEAST_CHANGE_DIGITS * self._cell.readability_g)
