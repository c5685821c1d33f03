# SPDX-License-Identifier: Apache-2.0
"""The table of examiners: each asks one question of an infusion that is over.

An examiner is a function in a file of its own. It answers for every infusion, however short: where there is nothing to
be said it says so, because a question that nobody answered is UNSET, and keeps the test from passing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from bench.acceptance import Standing
from bench.account.bolus_examiner import examine_boluses
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.phases_examiner import examine_phases

Examiner = Callable[[InfusionRecord], Iterable[Finding]]

EXAMINERS: Mapping[Standing, Examiner] = {
    Standing.PHASES: examine_phases,
    Standing.BOLUS_COURSE: examine_boluses,
}
"""By what each is evidence for, in the order in which people read them; `EXAMINED` and `OCCASIONAL` list the same."""


def examine(record: InfusionRecord) -> Iterator[Finding]:
    """Yield what every examiner finds."""
    for examiner in EXAMINERS.values():
        yield from examiner(record)
