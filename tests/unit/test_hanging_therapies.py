# SPDX-License-Identifier: Apache-2.0
"""A therapy mode or a defect of somebody else that hangs, raises or lies is named, wherever it is asked."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

import pytest

from bench.therapy import BolusOnBasal, Continuous, RunningSchedule, Therapy, WithPatientBolus, guarded_therapy
from bench.therapy.guarded_therapy import GuardedTherapy
from bench.therapy.registry import accepted_mode
from groundfloor.errors import BenchFault
from groundfloor.plug_ins import Kind, Offer
from groundfloor.plug_ins.guarded import COMPUTES
from instruments.program import Program
from instruments.simulated.specimen import defects
from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE, red
from instruments.simulated.specimen.defect import Asset, Defect
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.specimen.twin_specification import TwinSpecification

SHORT_S = 0.05
DAY_S = 86400.0
INNER = Continuous(40.0)
VERBS: Mapping[str, Callable[[Therapy], object]] = {
    "volume_ul": lambda one: one.volume_ul(0.0, DAY_S, 0.0),
    "rate_ul_per_h": lambda one: one.rate_ul_per_h(0.0, 0.0),
    "boundaries_s": lambda one: one.boundaries_s(0.0, DAY_S, 0.0),
    "program": lambda one: one.program(0.0),
    "describe": lambda one: one.describe(),
}


class Mode:
    """A mode of a lab, of which one verb is another."""

    name: ClassVar[str] = "mine"

    def __init__(self, **other: object) -> None:
        for verb in VERBS:
            setattr(self, verb, other.get(verb, getattr(INNER, verb)))

    @classmethod
    def from_description(cls, description: Mapping[str, object], /) -> Self:
        wait = description.get("wait")
        if isinstance(wait, threading.Event):
            wait.wait(30.0)
        return cls()

    program: Callable[[float], Program]
    volume_ul: Callable[..., float]
    rate_ul_per_h: Callable[..., float]
    boundaries_s: Callable[..., tuple[float, ...]]
    describe: Callable[[], dict[str, object]]


@pytest.fixture
def let_go(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What hanging code waits for; it goes on when the test is over."""
    monkeypatch.setattr(sys.modules[GuardedTherapy.__module__], "LONGEST_S", SHORT_S)
    monkeypatch.setattr(defects, "LONGEST_S", SHORT_S)
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("verb", VERBS)
def test_a_mode_that_hangs_is_given_up_and_not_asked_again(let_go: threading.Event, verb: str) -> None:
    hanging = RunningSchedule(Mode(**{verb: lambda *_: let_go.wait(30.0)})).therapy
    with pytest.raises(
        BenchFault, match=rf"therapy mode Mode \(of .*\): {verb}: it did not come back within 0\.05 s"
    ) as told:
        VERBS[verb](hanging)
    assert told.value.next_step == COMPUTES  # and nothing of a device
    with pytest.raises(BenchFault, match=f"its {verb} has still not come back, so it is not asked any more"):
        VERBS["volume_ul"](hanging)


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_mode_raises_is_no_failure_of_a_pump(verb: str) -> None:
    def breaks(*_: object) -> object:
        raise AssertionError("no such rate")

    with pytest.raises(BenchFault, match="it raised AssertionError: no such rate"):
        VERBS[verb](guarded_therapy(Mode(**{verb: breaks})))


@pytest.mark.parametrize(
    ("verb", "answer", "told"),
    [
        ("volume_ul", "960", "it returned '960', no float"),
        ("volume_ul", float("nan"), "it returned NaN"),
        ("rate_ul_per_h", float("inf"), "it returned inf, no float"),
        ("boundaries_s", [1.0], r"it returned \[1.0\], no tuple"),
        ("program", None, "it returned None, no Program"),
    ],
)
def test_an_answer_of_another_kind_never_becomes_an_expectation(verb: str, answer: object, told: str) -> None:
    with pytest.raises(BenchFault, match=told):
        VERBS[verb](guarded_therapy(Mode(**{verb: lambda *_: answer})))


def test_a_basal_therapy_that_hangs_is_given_up_too(let_go: threading.Event) -> None:
    basal = Mode(volume_ul=lambda *_: let_go.wait(30.0))
    wholes: Sequence[Therapy] = (BolusOnBasal(basal, 10.0, 60), WithPatientBolus(basal, 10.0, 60, 3600, 4))
    for whole in wholes:
        with pytest.raises(BenchFault, match=r"did not come back within 0\.05 s|is not asked any more"):
            whole.volume_ul(0.0, DAY_S, 0.0)


def test_a_guarded_therapy_is_the_therapy_and_one_of_ours_is_left_alone() -> None:
    mode = Mode()
    guarded = guarded_therapy(mode)
    assert guarded == mode
    assert mode == guarded
    assert list(dict.fromkeys((guarded, mode))) == [mode]
    assert guarded_therapy(guarded) is guarded
    assert guarded_therapy(INNER) is INNER
    assert guarded.volume_ul(0.0, DAY_S, 0.0) == 960.0
    assert isinstance(guarded, Therapy)


def test_a_mode_that_hangs_while_it_reads_a_description_is_given_up(let_go: threading.Event) -> None:
    offer = Offer(Kind.THERAPY, "mine", "mine.py:Mode", "a test", Path())
    mode = accepted_mode(offer, Mode)
    with pytest.raises(BenchFault, match=r"therapy plug-in 'mine'.*: from_description: it did not come back"):
        mode.from_description({"mode": "mine", "wait": let_go})
    assert accepted_mode(offer, Mode)().volume_ul(0.0, DAY_S, 0.0) == 960.0


@pytest.mark.parametrize("answer", ["hangs", None])
def test_a_defect_that_hangs_or_makes_no_twin_is_told(let_go: threading.Event, answer: str | None) -> None:
    def change(good: TwinSpecification, _share: float) -> TwinSpecification:
        if answer is None:
            return None  # type: ignore[return-value]  # what a slip of the pen returns
        let_go.wait(30.0)
        return good

    bad = Defect("mine", Asset.PUMP, "a test", 0.3, 0.0, 1.0, change, red(AT_HIGH_RATE, "DEL-003"))
    known = defects.accepted_defect(Offer(Kind.DEFECT, "mine", "mine.py:DEFECT", "a test", Path()), bad)
    told = "it returned None, no TwinSpecification" if answer is None else r"it did not come back within 0\.05 s"
    with pytest.raises(BenchFault, match=rf"defect plug-in 'mine'.*: change: {told}"):
        known.change(TwinSpecification(PumpModel.named("implantable-20ml")), 0.3)
