# SPDX-License-Identifier: Apache-2.0
"""The conformance kit finds what is wrong with a plug-in that has no wire, and nothing wrong with the examples."""

from pathlib import Path

import pytest

from bench.conformance import Outcome
from bench.conformance.parts import try_part
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer

EXAMPLES = Path(__file__).parents[2] / "examples"
PLACES = {
    Kind.INJECTOR: "supply_dip.py:INJECTOR",
    Kind.THERAPY: "ramp.py:Ramp",
    Kind.DEFECT: "worn_rotor.py:DEFECT",
    Kind.CORRECTION: "linearity_table.py:CORRECTION",
}
SPOILT = {
    "I-1": (Kind.INJECTOR, "if percent > 0.0 else 0", "if percent >= 0.0 else 0"),
    "I-3": (Kind.INJECTOR, "return replace(outputs, supply", "return RigOutputs(supply"),
    "I-4": (Kind.INJECTOR, "return None", "return PromisedEffect(1.0, 0.8)"),
    "T-1": (Kind.THERAPY, "return self.day.volume_ul(from_s", "return 1.0 + self.day.volume_ul(from_s"),
    "T-2": (Kind.THERAPY, "return self.day.rate_ul_per_h", "return 0.001 * self.day.rate_ul_per_h"),
    "T-3": (Kind.THERAPY, "return cls(float(first)", "return cls(2 * float(first)"),
    "T-4": (Kind.THERAPY, "return self.day.program(", "return self.day.programme("),
    "F-1": (Kind.DEFECT, "rate_gain=1.0 - share", "rate_gain=1.0"),
    "C-1": (Kind.CORRECTION, "Amendment(-shown", "Amendment(0.01 - shown"),
    "C-2": (
        Kind.CORRECTION,
        "shown_too_much_mg = ",
        "self.asked = getattr(self, 'asked', 0) + 1\n        shown_too_much_mg = (self.asked / 1e6) + ",
    ),
    "C-3": (Kind.CORRECTION, "Amendment(-shown", "Amendment(gain.gained_mg**2 * 1e-6 - shown"),
    "C-4": (Kind.CORRECTION, "Amendment(-shown", "Amendment(20 * gain.gained_mg - shown"),
    "F-2": (Kind.DEFECT, "most=1.0", "most=0.1"),
}


def offered(folder: Path, kind: Kind, place: str) -> Offer:
    return Offer(kind, place.rpartition(":")[2], place, "a test", folder)


@pytest.mark.parametrize("kind", PLACES)
def test_the_examples_keep_to_their_protocols(kind: Kind) -> None:
    findings = try_part(kind, offered(EXAMPLES, kind, PLACES[kind]))
    assert {one.outcome for one in findings} == {Outcome.OK}, findings


@pytest.mark.parametrize("rule", SPOILT)
def test_each_rule_finds_the_plug_in_that_breaks_it(rule: str, tmp_path: Path) -> None:
    kind, good, bad = SPOILT[rule]
    file, _, attribute = PLACES[kind].partition(":")
    source = (EXAMPLES / file).read_text(encoding="utf-8")
    assert good in source
    (tmp_path / file).write_text(source.replace(good, bad), encoding="utf-8")
    findings = try_part(kind, offered(tmp_path, kind, f"{file}:{attribute}"))
    assert rule in {one.rule.number for one in findings if one.outcome is Outcome.DIFFERS}


def test_a_unit_that_is_another_is_guessed(tmp_path: Path) -> None:
    source = (EXAMPLES / "ramp.py").read_text(encoding="utf-8")
    bad = source.replace("return self.day.rate_ul_per_h", "return 0.001 * self.day.rate_ul_per_h")
    (tmp_path / "ramp.py").write_text(bad, encoding="utf-8")
    findings = try_part(Kind.THERAPY, offered(tmp_path, Kind.THERAPY, "ramp.py:Ramp"))
    (seen,) = [one.seen for one in findings if one.rule.number == "T-2"]
    assert seen == "rates between boundaries give 1.2 µL, volume_ul 1200 µL: another unit?"


@pytest.mark.parametrize(
    ("kind", "place", "told"),
    [
        (Kind.INJECTOR, "ramp.py:Ramp", "making a Ramp raised TypeError"),
        (Kind.THERAPY, "supply_dip.py:INJECTOR", "has no example"),
        (Kind.DEFECT, "supply_dip.py:INJECTOR", "it is a SupplyDip. Next: offer a Defect"),
        (Kind.DEFECT, "no_such.py:DEFECT", "there is no file"),
    ],
)
def test_what_is_of_another_kind_is_refused_in_words(kind: Kind, place: str, told: str) -> None:
    with pytest.raises(PlanError) as refused:
        try_part(kind, offered(EXAMPLES, kind, place))
    assert told in str(refused.value)
