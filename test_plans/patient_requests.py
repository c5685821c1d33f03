# SPDX-License-Identifier: Apache-2.0
"""What a request for a patient bolus declares: the answer, the line in the log, and the volume that comes of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bench.acceptance import Criterion
from bench.profile import Profile
from test_plans.criteria import answered_as_promised, logged_as_answered
from test_plans.markers import judges

Test = TypeVar("Test", bound=Callable[..., None])


Requirement = str | Sequence[str]


def judges_requests(
    requirement: Requirement | Mapping[str, Requirement],
    name: str,
    volume: Criterion | None,
    times: int | Callable[[Profile], int] = 1,
) -> Callable[[Test], Test]:
    """Declare the judgements of requests called `name`: `<name>: answer`, `<name>: log` and `<name>: volume`.

    Args:
        requirement: what they are evidence for; a table where that is not the same for `answer`, `log` and `volume`.
        name: what `patient_boluses.request` is told.
        volume: what must come of each on top of the basal rate; None where the plan weighs that otherwise.
        times: how many requests.
    """
    parts = {"volume": volume, "log": logged_as_answered, "answer": answered_as_promised}

    def declared(test: Test) -> Test:
        for part, criterion in parts.items():
            if criterion is not None:
                evidence = requirement[part] if isinstance(requirement, Mapping) else requirement
                test = judges(evidence, f"{name}: {part}", criterion, times=times)(test)
        return test

    return declared
