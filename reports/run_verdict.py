# SPDX-License-Identifier: Apache-2.0
"""The one verdict over a run: that of its tests, or INVALID where results are missing.

FAIL speaks for a run even then, because a failure that was judged stays one; that the run is INVALID as well is told
beside it. Every other verdict gives way to INVALID, whatever the tests that are there say.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from groundfloor.exit_code import ExitCode
from metrology.verdict import Verdict, worst


class Invalid(StrEnum):
    """No verdict of a test: what ran is not what was collected."""

    INVALID = "INVALID"


def _capitals(word: object) -> object:
    return word.upper() if isinstance(word, str) else word


RunVerdict = Annotated[Verdict | Invalid, BeforeValidator(_capitals), PlainSerializer(lambda verdict: verdict.name)]
"""A verdict over a run that is written in capitals and read in any case."""


def verdict_of_run(
    tests: Collection[Verdict], *, troubled: bool, reconciled: bool
) -> tuple[Verdict | Invalid, ExitCode]:
    """Return the verdict over a run, and the exit code that it asks for.

    Args:
        tests: the verdicts of its tests.
        troubled: whether anything is wrong with the run itself.
        reconciled: whether every collected test has a result, and every result a collected test.
    """
    verdict = worst(tests)
    if verdict is Verdict.FAIL:
        return verdict, ExitCode.FAILED
    if not reconciled:
        return Invalid.INVALID, ExitCode.INVALID
    if verdict is Verdict.UNSET or troubled:
        verdict = worst((verdict, Verdict.BLOCKED))
    return verdict, ExitCode.PASSED if verdict is Verdict.PASS else ExitCode.NOT_TESTED
