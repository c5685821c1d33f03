# SPDX-License-Identifier: Apache-2.0
"""The modes there are. A new mode is one file beside this one and one line here."""

import difflib
from collections.abc import Callable, Mapping

from bench.therapy.continuous import Continuous
from bench.therapy.description import Description
from bench.therapy.flex import Flex
from bench.therapy.patient_bolus import WithPatientBolus
from bench.therapy.single_bolus import SingleBolus
from bench.therapy.therapy import Therapy
from groundfloor.errors import PlanError

MODES: Mapping[str, Callable[[Description], Therapy]] = {
    Continuous.name: Continuous.from_description,
    Flex.name: Flex.from_description,
    SingleBolus.name: SingleBolus.from_description,
    WithPatientBolus.name: lambda told: WithPatientBolus.from_description(told, therapy_from(_inner(told, "basal"))),
}
"""By the mode's name, what makes a therapy of its description."""


def therapy_from(description: Description) -> Therapy:
    """Make the therapy that `Therapy.describe` spoke of.

    Raises:
        PlanError: the mode is unknown, a number is missing or wrong, or there is more in it than the mode has.
    """
    mode = description.get("mode")
    if not isinstance(mode, str) or mode not in MODES:
        close = difflib.get_close_matches(str(mode), MODES, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"modes are {', '.join(MODES)}"
        raise PlanError("therapy", "read a description", f"unknown mode {mode!r}", hint)
    therapy = MODES[mode](description)
    if therapy.describe() != description:
        seen = f"{dict(description)} was told, {therapy.describe()} was understood"
        raise PlanError(f"therapy {mode}", "read a description", seen, "remove what the mode does not have")
    return therapy


def _inner(description: Description, key: str) -> Description:
    inner = description.get(key)
    if not isinstance(inner, Mapping):
        raise PlanError(f"therapy {description.get('mode')}", f"read {key}", f"{inner!r} is no therapy")
    return inner
