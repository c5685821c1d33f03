# SPDX-License-Identifier: Apache-2.0
"""A snapshot asks every device before it hears the first, and takes every answer whatever became of the others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bench.sampling.snapshot import Devices, Snapshot
from groundfloor.errors import BenchFault, NoAnswer
from instruments.balance import MassReading
from tests.readings import pump_reading, rig_reading

READINGS = {"pump": pump_reading(), "rig": rig_reading(), "balance": MassReading(1.0, stable=True)}


@dataclass
class Asked:
    """A device that can be asked ahead, and notes what is done to it."""

    name: str
    done: list[str]
    fault: BenchFault | None = None

    def ask_ahead(self) -> Callable[[], Any]:
        self.done.append(f"ask {self.name}")
        return self.read

    def read(self) -> Any:
        self.done.append(f"take {self.name}")
        if self.fault is not None:
            raise self.fault
        return READINGS[self.name]

    read_mass_g = read

    def send_heartbeat(self) -> None:
        self.done.append("heartbeat")


@dataclass
class Beating(Asked):
    """A rig that takes heartbeat and question in one request."""

    def beat_ahead(self) -> Callable[[], Any]:
        self.done.append("beat rig")
        return self.read


class Plain:
    """A driver that cannot be asked ahead."""

    def __init__(self, device: Asked) -> None:
        self.read, self.read_mass_g, self.send_heartbeat = device.read, device.read_mass_g, device.send_heartbeat


@dataclass
class Three:
    done: list[str] = field(default_factory=list)
    faults: dict[str, BenchFault] = field(default_factory=dict)
    beats: bool = False

    def __post_init__(self) -> None:
        rig = Beating if self.beats else Asked
        self.pump = Asked("pump", self.done, self.faults.get("pump"))
        self.rig = rig("rig", self.done, self.faults.get("rig"))
        self.balance = Asked("balance", self.done, self.faults.get("balance"))


def devices(**settings: Any) -> tuple[Devices, list[str]]:
    three = Three(**settings)
    return cast(Devices, three), three.done


def test_every_device_is_asked_before_the_first_answer_is_taken() -> None:
    three, done = devices()
    assert Snapshot.at(three) == Snapshot(READINGS["pump"], READINGS["rig"], READINGS["balance"])
    assert {one.partition(" ")[0] for one in done[:3]} == {"ask"}
    assert sorted(done[3:]) == ["take balance", "take pump", "take rig"]


def test_the_heartbeat_goes_with_the_question_where_the_rig_can_and_before_it_where_not() -> None:
    three, done = devices(beats=True)
    Snapshot.with_heartbeat(three)
    assert done[0] == "beat rig"
    assert "heartbeat" not in done
    three, done = devices()
    Snapshot.with_heartbeat(three)
    assert done[:2] == ["heartbeat", "ask rig"]


@pytest.mark.parametrize("name", READINGS)
def test_a_fault_of_one_takes_no_answer_from_the_others(name: str) -> None:
    fault = NoAnswer(name, "read", "silence", "look")
    three, done = devices(faults={name: fault})
    with pytest.raises(NoAnswer) as raised:
        Snapshot.at(three)
    assert raised.value is fault
    assert sorted(done[3:]) == ["take balance", "take pump", "take rig"]


def test_of_two_faults_the_one_that_does_not_pass_by_itself_is_raised_with_the_other_in_its_notes() -> None:
    passing, lasting = NoAnswer("rig", "read", "silence", "look"), BenchFault("balance", "read", "no unit", "see")
    three, _ = devices(faults={"rig": passing, "balance": lasting})
    with pytest.raises(BenchFault, match="no unit") as raised:
        Snapshot.at(three)
    assert raised.value.__notes__ == [f"and {passing}"]


def test_a_driver_that_cannot_be_asked_ahead_is_read() -> None:
    three = Three()
    for name in READINGS:
        setattr(three, name, Plain(getattr(three, name)))
    assert Snapshot.with_heartbeat(cast(Devices, three)).mass == READINGS["balance"]
    assert sorted(three.done) == ["heartbeat", "take balance", "take pump", "take rig"]
