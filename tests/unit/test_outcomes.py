# SPDX-License-Identifier: Apache-2.0
"""What the terminal tells of an error, and which tests count as the pump's failures."""

import json
from contextlib import ExitStack

import pytest

from fixtures.outcomes import pytest_report_teststatus, reason_of
from groundfloor.errors import BenchFault, PumpFailure
from metrology.verdict import Verdict


def on_the_way_out(error: BaseException) -> BaseException:
    """Raise `error` as a `with` block does that fails on its way out of another error."""

    def break_off() -> None:
        with ExitStack() as ends:
            ends.callback(_raise, error)
            _raise(BenchFault("balance", "read the mass", "no answer", "check the cable"))

    with pytest.raises((BenchFault, PumpFailure)) as raised:
        break_off()
    return raised.value


def _raise(error: BaseException) -> None:
    raise error


def report(verdict: Verdict, longrepr: object) -> pytest.TestReport:
    return pytest.TestReport(
        "a", ("a.py", 1, "a"), {}, "failed", longrepr, "call", user_properties=[("verdict", verdict)]  # type: ignore[arg-type]
    )  # fmt: skip


def test_an_error_is_told_with_its_notes() -> None:
    fault = BenchFault("balance", "read the mass", "no answer", "check the cable")
    fault.add_note("tried 3 times")
    assert reason_of(fault) == "balance: read the mass: no answer. Next: check the cable; tried 3 times"


def test_an_error_on_the_way_out_of_another_one_does_not_hide_it() -> None:
    error = on_the_way_out(BenchFault("bench", "enter the safe state", "no answer", "stop the pump by hand"))
    assert reason_of(error) == (
        "bench: enter the safe state: no answer. Next: stop the pump by hand; "
        "it began with: balance: read the mass: no answer"
    )


def test_a_failure_of_the_pump_does_not_begin_with_the_bench() -> None:
    assert reason_of(on_the_way_out(PumpFailure("pump", "judge", "too much"))) == "pump: judge: too much"


@pytest.mark.parametrize(
    ("verdict", "counted"), [(Verdict.BLOCKED, ("blocked", "B")), (Verdict.INCONCLUSIVE, ("inconclusive", "I"))]
)
def test_what_the_bench_could_not_tell_is_not_counted_as_a_failure(verdict: Verdict, counted: tuple[str, str]) -> None:
    status = pytest_report_teststatus(report(verdict, "test_a.py:1\nbalance: no answer"))
    assert status is not None
    assert status[:2] == counted


def test_failures_of_the_pump_and_tracebacks_are_left_to_pytest() -> None:
    assert pytest_report_teststatus(report(Verdict.FAIL, "test_a.py:1\npump: judge: too much")) is None
    assert pytest_report_teststatus(report(Verdict.BLOCKED, None)) is None


def test_an_error_that_is_nobodys_sentence_says_whose_code_was_at_work() -> None:
    def rate_ul_per_h(rates: dict[str, float]) -> float:
        return rates["x"]

    def reads_a_file() -> None:
        json.loads("{")

    with pytest.raises(KeyError) as missing:
        rate_ul_per_h({})
    with pytest.raises(ValueError, match="Expecting property name") as strange:
        reads_a_file()
    told = "it was raised in {} of test_outcomes.py, or in what that called"
    assert reason_of(missing.value) == f"KeyError: 'x'; {told.format('rate_ul_per_h')}"
    assert reason_of(strange.value).startswith("JSONDecodeError: Expecting property name")
    assert reason_of(strange.value).endswith(told.format("reads_a_file"))


def test_an_error_of_ours_and_a_check_of_a_plan_stay_as_they_are() -> None:
    fault = BenchFault("rig", "read", "silence", "look at it")
    assert reason_of(fault) == str(fault)
    assert reason_of(AssertionError("assert 1 == 2")) == "assert 1 == 2"
