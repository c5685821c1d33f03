# SPDX-License-Identifier: Apache-2.0
"""What every line of a journal is made of: a frozen model, whose numbers JSON has a word for."""

import sys
from typing import Annotated, ClassVar

import msgspec

_GREATEST = sys.float_info.max

Number = Annotated[float, msgspec.Meta(ge=-_GREATEST, le=_GREATEST)]
"""A finite number: JSON knows neither NaN nor infinity, and what is not known is None instead."""

Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
"""How many, as eight bytes hold it."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """The data of one line.

    Attributes:
        kind: what stands as kind in the line.
        done: whether a test wrote it by what it did, so that a resumed test comes to it again.
    """

    kind: ClassVar[str]
    done: ClassVar[bool] = False

    @property
    def what(self) -> str:
        """Return which event or activity it is; empty for all other kinds."""
        return ""

    @property
    def forced(self) -> bool:
        """Return whether it is forced to the disk before another line is written; if not, it is there in a second.

        What a resumed test makes again, the same, from the lines before it need not be, and nor need a sample.
        """
        return True


class LineOfTest(Line, frozen=True, kw_only=True):
    """A line that belongs to a test, and perhaps to one of its infusions.

    Attributes:
        test: id of the test that ran; empty between tests.
        infusion: id of the infusion that ran or had just run; empty before the first of a test.
    """

    test: str = ""
    infusion: str = ""


class UnknownLine(Line, frozen=True, kw_only=True):
    """A line of a kind that this version does not know: another, newer one wrote it.

    Attributes:
        named: its kind.
        data: what it says.
    """

    kind: ClassVar[str] = "unknown"

    named: str
    data: dict[str, object]
