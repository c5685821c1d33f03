# SPDX-License-Identifier: Apache-2.0
"""Delivery: what the pump gives at a constant rate, against what it was programmed to give."""

from itertools import combinations

import pytest

from bench.profile import GRID_PLACES, Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy, rate_accuracy
from test_plans.markers import DAY_S, HOUR_S, at_three_rates, depends_on, judges, only_with

DURATION_S = {"low": DAY_S, "intermediate": DAY_S, "high": 4 * HOUR_S}
"""What is asked for at least; at the low rate the balance may need longer to resolve the tolerance in each part."""
PARTS = 4
SPANS = PARTS * (PARTS - 1) // 2 - 1
"""Of two consecutive parts and more, the whole left out."""
NIGHT_S = 10 * HOUR_S
DRAWN, DRAWN_SLOW = 48, 4
"""Rates drawn by lot in a run; of slow ones, which take a balance hours, there are few."""
AT_RATE = {"low": "DEL-001", "intermediate": "DEL-002", "high": "DEL-003"}


@judges(AT_RATE, "each part", accuracy, times=PARTS)
@judges(AT_RATE, "parts together", accuracy, times=SPANS)
@judges(AT_RATE, "whole time", accuracy)
@judges(AT_RATE, "mean rate", rate_accuracy)
@at_three_rates
@depends_on("reservoir_ul")
def test_the_delivered_volume_follows_the_schedule(infusion: InfusionFactory, profile: Profile, rate: str) -> None:
    """A continuous infusion delivers the programmed volume.

    Purpose: show that the delivered volume stays within the labelled accuracy, over the whole time and in any part of
    it: neither early on nor later may another part make up for one that is wrong.

    Method: program the rate, read it back, start, let the flow settle. Weigh the vessel at the beginning and at the
    end of four equal parts of whole pump strokes, each so long that the balance resolves the accuracy: at the low rate
    that is the mass of a day and more. Compare balance, counter and schedule in each part, and in every span of
    consecutive parts.

    Acceptance: the volume of each part and of each span, and the mean rate, lie within the profile's accuracy by at
    least the expanded uncertainty; the pump's own counter agrees with program and balance in each of them; no alarm.
    """
    with infusion(Continuous(profile.rates.tested(rate))) as run:
        run.settle()
        part_s = run.duration_that_resolves_s(DURATION_S[rate] / PARTS)
        parts = [run.deliver(part_s, f"part {part} of {PARTS}") for part in range(1, PARTS + 1)]
        for part in parts:
            run.judge("each part", part.volume)
        for first, last in combinations(range(PARTS), 2):
            if (first, last) != (0, PARTS - 1):
                name = f"parts {first + 1} to {last + 1}"
                run.judge("parts together", run.window(parts[first].start, parts[last].end, name).volume)
        whole = run.window(parts[0].start, parts[-1].end, "whole time")
        run.judge("whole time", whole.volume)
        run.judge("mean rate", whole.rate_error)


@judges("DEL-010", "before and after a stop", accuracy, times=2)
@judges("DEL-010", "both together", accuracy)
@pytest.mark.parametrize("place", range(1, GRID_PLACES + 1))
def test_the_delivered_volume_follows_the_schedule_at_every_rate_of_a_grid(
    infusion: InfusionFactory, profile: Profile, place: int
) -> None:
    """Eight rates from the least to the greatest, by equal ratios: each delivers what was programmed.

    Purpose: find the pump that is right at the three rates that everybody tests, and wrong between them.

    Method: program the rate, start, let the flow settle and weigh for as long as the balance needs to resolve the
    accuracy. Stop, let the flow run down, start again, settle and weigh once more.

    Acceptance: the volume of each window within the accuracy, and of both together; both starts and both stops as the
    profile says; counter, program and balance agree in every span; no alarm.
    """
    with infusion(Continuous(profile.rates.grid_ul_per_h(place))) as run:
        run.settle()
        window_s = run.duration_that_resolves_s()
        before = run.deliver(window_s, "before the stop")
        run.judge("before and after a stop", before.volume)
        run.stop()
        run.start()
        run.settle()
        after = run.deliver(window_s, "after the stop")
        run.judge("before and after a stop", after.volume)
        run.judge("both together", run.window(before.start, after.end, "both together").volume)


@judges("DEL-011", "between two rates", accuracy, times=GRID_PLACES - 1)
def test_no_rate_is_wrong_between_two_that_are_right(infusion: InfusionFactory, profile: Profile) -> None:
    """The rates in the middle between those of the grid: each delivers what was programmed.

    Purpose: leave no more than half as much again between two rates that were tried.

    Method: in one infusion, from the least on: program the rate, start, let the flow settle, weigh for as long as the
    balance needs to resolve the accuracy, and stop.

    Acceptance: the volume of each window within the accuracy; counter, program and balance agree; no alarm.
    """
    rates_ul_per_h = [profile.rates.between_grid_ul_per_h(place) for place in range(1, GRID_PLACES)]
    with infusion(Continuous(rates_ul_per_h[0])) as run:
        for rate_ul_per_h in rates_ul_per_h:
            if rate_ul_per_h != rates_ul_per_h[0]:
                run.stop()
                run.change_program(Continuous(rate_ul_per_h))
                run.start()
            run.settle()
            window = run.deliver(run.duration_that_resolves_s(), f"at {rate_ul_per_h:g} µL/h")
            run.judge("between two rates", window.volume)


@judges("DEL-012", "at a rate drawn by lot", accuracy, times=DRAWN + DRAWN_SLOW)
def test_no_rate_is_wrong_that_nobody_knew_before(infusion: InfusionFactory, profile: Profile) -> None:
    """Rates that were drawn by lot for this run: each delivers what was programmed.

    Purpose: find the pump that is right at every rate that a protocol is known to try, and wrong beside them. A band of
    rates so narrow that no lot falls into it is not found; each run draws anew.

    Method: part the range up to the greatest rate into equal ratios, and draw a rate in each, by what identifies the
    run; of slow rates draw few. In one infusion, rising: program the rate, start, let the flow settle, weigh for as
    long as the balance needs to resolve the accuracy, and stop.

    Acceptance: the volume of each window within the accuracy; counter, program and balance agree; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        for rate_ul_per_h in run.drawn_rates_ul_per_h(DRAWN, DRAWN_SLOW):
            run.stop()
            run.change_program(Continuous(rate_ul_per_h))
            run.start()
            run.settle()
            window = run.deliver(run.duration_that_resolves_s(), f"at {rate_ul_per_h:g} µL/h")
            run.judge("at a rate drawn by lot", window.volume)


@judges("DEL-013", "while nobody reads", accuracy)
@judges("DEL-002", "while it is read", accuracy)
def test_a_pump_gives_the_same_while_nobody_reads_it(infusion: InfusionFactory, profile: Profile) -> None:
    """A night without a question: the pump gives what it gives while it is watched.

    Purpose: find the pump that is right because a bench reads it every few minutes, as nobody does with a pump in a
    patient.

    Method: intermediate rate; let the flow settle. Weigh before and after a night, in which neither the pump nor the
    balance is read and only the rig is kept alive. Then weigh an hour with the pump read as ever.

    Acceptance: the volume within the accuracy; counter, program and balance agree; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        run.judge("while nobody reads", run.deliver_unread(NIGHT_S, "unread").volume)
        run.judge("while it is read", run.deliver(run.duration_that_resolves_s(HOUR_S), "read").volume)


@judges("DEL-002", "before the minimum rate", accuracy)
@judges("MIN-001", "minimum rate", accuracy)
@judges("MIN-001", "after the minimum rate", accuracy)
@only_with("minimum_rate")
def test_a_pump_at_its_minimum_rate_neither_stands_nor_goes_on_as_before(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A pump that infuses is told to run at its minimum rate rather than stop, and is given a rate again later.

    Purpose: find the pump that stands where its catheter has to be kept open, and the one that goes on at the rate that
    it had.

    Method: intermediate rate; weigh an hour. Stop the pump, load the mode of the minimum rate, start, and weigh for a
    day, or for as long as this bench needs to resolve so low a rate. Stop it, load the intermediate rate again, start,
    and weigh an hour.

    Acceptance: each within the accuracy of what was programmed.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(basal_therapy, shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("before the minimum rate", run.deliver(HOUR_S, "before the minimum rate").volume)
        for therapy, declared, at_least_s in (
            (profile.at_minimum_rate(), "minimum rate", DAY_S),
            (basal_therapy, "after the minimum rate", HOUR_S),
        ):
            run.stop()
            run.change_program(therapy)
            run.start()
            run.settle()
            window = run.deliver(run.duration_that_resolves_s(at_least_s), declared)
            run.judge(declared, window.volume)
