# SPDX-License-Identifier: Apache-2.0
"""What became of a rule that was tried, and the two ways in which a trial ends other than well."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a rule."""

    OK = "ok"
    DIFFERS = "differs"
    NOT_TRIED = "not tried"


class Differs(Exception):
    """The bench does otherwise than the rule says; the text tells what was seen."""


class NotTried(Exception):
    """Nothing was found out about the rule; the text tells why."""
