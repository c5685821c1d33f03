# SPDX-License-Identifier: Apache-2.0
"""The table of examiners: each asks one question of an infusion that is over.

An examiner is a function in a file of its own. It answers for every infusion, however short: where there is nothing to
be said it says so, because a question that nobody answered is UNSET, and keeps the test from passing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from bench.acceptance import Standing
from bench.account.any_window import examine_excess, examine_shortfall
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.run_down import examine_run_down
from bench.account.start_up import examine_start_up

Examiner = Callable[[InfusionRecord], Iterable[Finding]]

EXAMINERS: Mapping[Standing, Examiner] = {
    Standing.EXCESS: examine_excess,
    Standing.SHORTFALL: examine_shortfall,
    Standing.START_UP: examine_start_up,
    Standing.RUN_DOWN: examine_run_down,
}
"""By what each is evidence for, in the order in which people read the answers; `EXAMINED` lists the same."""


def examine(record: InfusionRecord) -> Iterator[Finding]:
    """Yield what every examiner finds."""
    for examiner in EXAMINERS.values():
        yield from examiner(record)
