# SPDX-License-Identifier: Apache-2.0
"""One question about a driver, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.conformance.drivers.device_under_trial import DeviceUnderTrial
from bench.conformance.outcome import Outcome


@dataclass(frozen=True)
class DriverTrial:
    """One question.

    Attributes:
        number: such as `D-4`.
        text: what the driver must do.
        trial: finds out, and returns what was seen; raises Differs or NotTried.
        moves: whether fluid is moved.
    """

    number: str
    text: str
    trial: Callable[[DeviceUnderTrial[Any]], str]
    moves: bool = False


@dataclass(frozen=True)
class DriverFinding:
    """What became of one question, and what was seen."""

    rule: DriverTrial
    outcome: Outcome
    seen: str
