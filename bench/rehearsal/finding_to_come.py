# SPDX-License-Identifier: Apache-2.0
"""What a rehearsal gives a plan in the place of a finding: it can be handed on, and nothing can be made of it."""

from types import TracebackType
from typing import NoReturn, Self

from bench.rehearsal.unknown_until_run import UnknownUntilRun


class FindingToCome:
    """A finding, or a part of one, that nobody has made yet.

    Args:
        name: what it is, for a person.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, part: str) -> "FindingToCome":
        if part.startswith("__"):
            raise AttributeError(part)
        return FindingToCome(f"{self._name}.{part}")

    def __call__(self, *_args: object, **_words: object) -> "FindingToCome":
        """Return what comes of a call of it."""
        return FindingToCome(f"{self._name}()")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def _refuse(self, *_others: object) -> NoReturn:
        raise UnknownUntilRun(self._name)

    __bool__ = __float__ = __int__ = __iter__ = __len__ = __getitem__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = _refuse
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
