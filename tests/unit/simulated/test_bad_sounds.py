# SPDX-License-Identifier: Apache-2.0
"""What the rig's microphone hears of a good pump's alarms, and of each pump whose alarms sound wrongly."""

from collections.abc import Callable

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous

MINUTE_S, LOW_MV = 60.0, 2440
HALF_AN_HOUR_S = 29 * MINUTE_S
"""A minute less, so that no third tone comes at its very end."""


def heard(bench: OperatedTwin) -> int:
    count = bench.rig("sound_count")
    assert isinstance(count, int)
    return count


def last(bench: OperatedTwin, member: str) -> float:
    return float(str(bench.rig(f"sound_log[{(heard(bench) - 1) % 4}].{member}")))


def alarming(bench: OperatedTwin) -> OperatedTwin:
    """An occlusion alarm that came a moment ago."""
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    while not bench.pump("alarm_bits"):
        bench.go(5.0)
    bench.go(5.0)
    return bench


def in_half_an_hour(bench: OperatedTwin) -> int:
    alarming(bench).go(HALF_AN_HOUR_S)
    return heard(bench)


def silenced(bench: OperatedTwin) -> tuple[int, int]:
    """What is heard in the half hour of a silence, and in the next."""
    before = heard(alarming(bench))
    bench.command("silence")
    bench.go(HALF_AN_HOUR_S)
    then = heard(bench)
    bench.go(HALF_AN_HOUR_S)
    return then - before, heard(bench) - then


def second_in_the_silence(bench: OperatedTwin) -> tuple[object, int]:
    """A magnet stalls the rotor in the silence of a disconnect alarm: what stands, and what is heard of it."""
    bench.run(continuous(1000.0))
    bench.set_rig(disconnect_valve=True, magnet_field=True)
    bench.go(5 * MINUTE_S)
    bench.command("silence")
    before = heard(bench)
    bench.go(15 * MINUTE_S)
    return bench.pump("alarm_bits"), heard(bench) - before


def second_of_a_low_battery(bench: OperatedTwin) -> int:
    """The frequency that is heard when an occlusion alarm comes beside that of a low battery."""
    bench.run(continuous(1000.0))
    bench.set_rig(supply_voltage_mv=LOW_MV)
    while bench.pump("alarm_bits") != frozenset({"low_battery"}):
        bench.go(60.0)
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(5 * MINUTE_S)
    return round(last(bench, "high_hz"), -1)  # type: ignore[return-value]


def after_an_acknowledge(bench: OperatedTwin) -> int:
    alarming(bench).command("acknowledge")
    before = heard(bench)
    bench.go(HALF_AN_HOUR_S)
    return heard(bench) - before


def interrogated(bench: OperatedTwin) -> int:
    before = heard(alarming(bench))
    bench.command("interrogate")
    bench.go(HALF_AN_HOUR_S)
    return heard(bench) - before


def stands_when_silenced(bench: OperatedTwin) -> object:
    alarming(bench).command("silence")
    return bench.pump("alarm_bits")


def stands_when_interrogated(bench: OperatedTwin) -> object:
    alarming(bench).command("interrogate")
    return bench.pump("alarm_bits")


def at_a_low_reservoir(bench: OperatedTwin) -> int:
    bench.refill(2010.0)
    bench.run(continuous(100.0, low_reservoir_alarm_ul=2000.0))
    bench.go(HALF_AN_HOUR_S)
    return heard(bench)


def at_an_empty_reservoir(bench: OperatedTwin) -> int:
    bench.fluid.fill(10.0)
    bench.run(continuous(1000.0))
    bench.go(HALF_AN_HOUR_S)
    return heard(bench)


def after_a_failure(bench: OperatedTwin) -> int:
    bench.run(continuous(100.0))
    bench.set_rig(supply_voltage_mv=1500)
    bench.go(5.0)
    bench.set_rig(supply_voltage_mv=0)
    bench.go(HALF_AN_HOUR_S)
    return heard(bench)


def of_the_tone(member: str, digits: int = -1) -> Callable[[OperatedTwin], object]:
    return lambda bench: round(last(alarming(bench), member), digits)


def alone(bench: OperatedTwin) -> int:
    bench.run(continuous(100.0))
    bench.go(9 * 3600.0)
    return heard(bench)


BOTH = frozenset({"disconnect", "stall"})
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("silent_alarms", in_half_an_hour, 3, 0),
    ("tone_without_alarm", alone, 0, 2),
    ("tone_is_single", of_the_tone("high_hz"), 1000, 750),
    ("tone_length_gain", of_the_tone("duration_s", 0), 3, 1),
    ("tone_spacing_gain", in_half_an_hour, 3, 2),
    ("tone_softer_db", of_the_tone("level_db"), 60, 40),
    ("tone_frequency_gain", of_the_tone("low_hz"), 750, 980),
    ("tone_stays", after_an_acknowledge, 0, 2),
    ("silence_ignored", silenced, (0, 3), (2, 3)),
    ("silence_for_ever", silenced, (0, 3), (0, 0)),
    ("silence_gain", silenced, (0, 3), (2, 3)),
    ("silence_of_all", second_in_the_silence, (BOTH, 1), (BOTH, 0)),
    ("lowest_is_heard", second_of_a_low_battery, 1000, 750),
    ("silence_clears", stands_when_silenced, frozenset({"occlusion"}), frozenset()),
    ("interrogation_clears", stands_when_interrogated, frozenset({"occlusion"}), frozenset()),
    ("interrogation_silences", interrogated, 2, 0),
    ("silent_at_low_reservoir", at_a_low_reservoir, 1, 0),
    ("silent_when_empty", at_an_empty_reservoir, 3, 0),
    ("silent_after_failure", after_a_failure, 3, 0),
    ("microphone_deaf", lambda bench: round(float(str(bench.rig("sound_level_db"))), -1), 40, 0),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_sound_is_bad_in_its_own_way(
    name: str, observe: Callable[..., object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_a_microphone_shows_level_and_frequency_while_a_tone_lasts_and_the_room_else() -> None:
    bench = OperatedTwin()
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    while not heard(bench):
        bench.go(1.0)
    assert bench.rig("sound_frequency_hz") == pytest.approx(1000, rel=0.02)
    assert float(str(bench.rig("sound_level_db"))) > 50
    bench.go(5.0)
    assert bench.rig("sound_frequency_hz") == 0
    assert float(str(bench.rig("sound_level_db"))) == pytest.approx(38, abs=4)


def test_the_ring_keeps_the_last_four_bursts() -> None:
    bench = OperatedTwin()
    alarming(bench).go(59 * MINUTE_S)
    onsets_s = [float(str(bench.rig(f"sound_log[{slot}].onset_s"))) for slot in range(4)]
    assert heard(bench) == 6
    assert (
        sorted(later - earlier for earlier, later in zip(sorted(onsets_s), sorted(onsets_s)[1:], strict=False))
        == [pytest.approx(600.0)] * 3
    )
