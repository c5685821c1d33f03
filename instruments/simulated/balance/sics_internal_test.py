# SPDX-License-Identifier: Apache-2.0
"""`TST3`: the balance puts its own weight on and tells by how much it shows another mass than that is marked with.

It measures as it is: what falsifies its readings falsifies the test. What lies on the pan, zero and tare stay as they
are. While it goes on the balance does nothing else; it answers twice, `TST3 B` when it begins, `TST3 A` with the
deviation when it is over, or `TST3 N` where it was not stable or out of range. How long it takes is assumed.

Source: Mettler-Toledo, MT-SICS Interface Command for Weigh Modules, 11781363: the command, and that it answers twice.
The layout of the second answer was seen in a program that speaks to such a module.
"""

from collections.abc import Callable

from instruments.simulated.balance.sics_commands import INTERNAL_TEST
from instruments.simulated.balance.sics_weight import SicsWeight
from instruments.simulated.served.devices import LoadStatus, WeighingCell
from instruments.simulated.served.twin import ServedTimeline

TEST_S = 20.0


class SicsInternalTest:
    """One test that goes on.

    Args:
        cell: what is tested.
        weight: words the deviation.
        timeline: where its end is an event.
        finish: takes the last answer.
    """

    def __init__(
        self, cell: WeighingCell, weight: SicsWeight, timeline: ServedTimeline, finish: Callable[[str], None]
    ) -> None:
        self._cell = cell
        self._weight = weight
        self._finish = finish
        self._restarts = cell.restarts
        self._over = False
        self._stable = cell.weigh().stable
        self._before_g = weight.net_g()
        cell.put_on_internal_weight()
        timeline.at(timeline.now_s + TEST_S, self._end)

    def cancel(self) -> None:
        """Break it off: the weight is lifted, and nothing more is told."""
        if not self._over:
            self._over = True
            self._cell.lift_internal_weight()

    def _end(self) -> None:
        if self._over or self._cell.restarts != self._restarts:
            return
        self._over = True
        weighing, shown_g = self._cell.weigh(), self._weight.net_g() - self._before_g
        self._cell.lift_internal_weight()
        if not (self._stable and weighing.stable and weighing.status is LoadStatus.IN_RANGE):
            self._finish(f"{INTERNAL_TEST} N")
        else:
            deviation = self._weight.text(shown_g - (self._cell.internal_weight_g or 0.0))
            self._finish(f"{INTERNAL_TEST} A {deviation}")
