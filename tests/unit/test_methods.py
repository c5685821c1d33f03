# SPDX-License-Identifier: Apache-2.0
"""No method changes silently: its code is held against its version, and a run tells with which it was judged."""

from dataclasses import replace

import pytest

from bench.journal.lines import Judgement
from bench.methods import METHODS, KnownCode, changed_methods, method_versions
from bench.methods.code_sha256 import code_sha256, said_by
from groundfloor.errors import PlanError
from metrology.verdict import Verdict

JUDGEMENT = Judgement(name="first day", declared="first day", verdict=Verdict.PASS, reason="inside", value=1.0)


def test_the_code_of_each_method_is_that_of_its_version() -> None:
    assert not (troubles := list(KnownCode.read().troubles())), "\n".join(troubles)


def test_code_that_was_changed_under_one_version_is_told_with_what_to_do() -> None:
    known = KnownCode({**KnownCode.read().methods, "buoyancy": ("1.0", "0" * 64)})
    trouble, *others = known.troubles()
    assert not others
    assert "'buoyancy' was changed, and its version is still 1.0" in trouble
    assert "raise it in bench/methods/table.py" in trouble
    with pytest.raises(PlanError, match="raise the version first"):
        known.with_todays()


def test_a_version_that_was_raised_can_be_written_down() -> None:
    known = KnownCode({**KnownCode.read().methods, "buoyancy": ("0.9", "0" * 64)})
    assert 'version = "1.0"' in known.with_todays()


def test_comments_docstrings_and_layout_are_no_code() -> None:
    bare = said_by("def rate(x):\n    return 2 * x\n")
    assert bare == said_by('"""Rates."""\n\ndef rate(\n    x,\n):\n    """Tell it."""\n    # twice\n    return 2 * x\n')
    assert bare != said_by("def rate(x):\n    return 3 * x\n")


def test_a_method_that_names_no_module_is_an_error() -> None:
    with pytest.raises(PlanError, match="no module"):
        code_sha256(("metrology.gravimetry.alchemy",))


def test_only_another_major_version_changes_figures() -> None:
    then = method_versions()
    assert changed_methods(then) == ()
    assert changed_methods({**then, "density": "1.7"}) == ()
    ((method, version),) = changed_methods({**then, "density": "0.3"})
    assert (method.name, version) == ("density", "0.3")
    assert changed_methods({}) == ()  # an older journal; the hash of its code tells


def test_what_rests_on_a_method_follows_from_budget_name_and_figure() -> None:
    by_name = {one.name: one for one in METHODS}
    assert by_name["decision rule"].is_under(JUDGEMENT)
    assert by_name["uncertainty"].is_under(JUDGEMENT)
    assert not by_name["any window"].is_under(JUDGEMENT)
    assert not by_name["density"].is_under(JUDGEMENT)
    assert not replace(by_name["uncertainty"]).is_under(Judgement(name="x", verdict=Verdict.PASS, reason="it happened"))
