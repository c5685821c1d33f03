# SPDX-License-Identifier: Apache-2.0
"""The same seed gives the same readings, and asking changes nothing."""

from instruments.program import Mode, Program, Step
from instruments.register_map.codec import Value
from instruments.simulated.served.devices import Weighing
from tests.unit.simulated.operated_twin import PUMP_MAP, RIG_MAP, OperatedTwin

FLEX = Program(
    Mode.FLEX, (Step(0, 300.0), Step(540, 41.67), Step(600, 1000.0)),
    ptm_volume_ul=10.0, ptm_duration_s=300, ptm_lockout_s=3600, ptm_max_per_day=4, low_reservoir_alarm_ul=19_000.0,
)  # fmt: skip


def everything(bench: OperatedTwin) -> tuple[dict[str, Value], dict[str, Value], Weighing]:
    return (
        bench.twin.pump.read(list(PUMP_MAP.points)),
        bench.twin.rig.read(list(RIG_MAP.points)),
        bench.twin.cell.weigh(),
    )


def eventful_day(bench: OperatedTwin, asks: int) -> None:
    def live(duration_s: float) -> None:
        start_s = bench.now_s
        for number in range(1, asks + 1):
            bench.to(start_s + duration_s * number / asks)
            bench.twin.pump.read(["catheter_pressure_kpa", "delivered_volume_ul", "state"])
            bench.twin.cell.weigh()
            bench.twin.cell.stable_at_s()

    bench.run(FLEX)
    live(5000.0)
    bench.command("patient_bolus")
    live(4000.0)
    bench.set_rig(kink_clamp_percent=100.0)
    live(4000.0)
    bench.set_rig(kink_clamp_percent=70.0)
    live(100.0)
    bench.command("acknowledge")
    bench.command("start")
    live(4000.0)
    bench.set_rig(kink_clamp_percent=0.0, leak_valve_percent=20.0)
    live(9000.0)


def test_asking_once_or_ten_thousand_times_gives_identical_states() -> None:
    often, seldom = OperatedTwin(), OperatedTwin()
    eventful_day(often, 1667)
    eventful_day(seldom, 1)
    assert everything(often) == everything(seldom)
    assert often.fluid.volumes() == seldom.fluid.volumes()
    assert often.pump("alarm_log_count") == 2


def test_the_same_seed_gives_the_same_readings_and_another_seed_others() -> None:
    first, second, other = OperatedTwin(seed=5), OperatedTwin(seed=5), OperatedTwin(seed=6)
    for bench in (first, second, other):
        eventful_day(bench, 2)
    assert everything(first) == everything(second)
    assert first.rig("temperature_c") != other.rig("temperature_c")
    assert first.twin.cell.weigh() != other.twin.cell.weigh()


def test_a_month_leaves_few_events_behind() -> None:
    bench = OperatedTwin("implantable-40ml")
    bench.run(FLEX)
    for day in range(1, 31):
        bench.to(day * 86_400.0)
    assert len(bench.twin.timeline._events) < 200
