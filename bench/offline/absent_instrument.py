# SPDX-License-Identifier: Apache-2.0
"""An instrument of a stored run: it is not there, and whoever asks it something is told so."""

from collections.abc import Callable
from typing import Any, NoReturn

from bench.offline.not_recorded import NotRecorded


class AbsentInstrument:
    """Stands in the place of a driver.

    Args:
        asset: what it was.
        known: by name of an operation, what it answers from the record of the run.
    """

    def __init__(self, asset: str, **known: object) -> None:
        self._asset = asset
        self._known = known

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """Return an operation, which raises NotRecorded unless its answer is known."""
        if operation.startswith("_"):
            raise AttributeError(operation)
        if operation in self._known:
            return lambda *_, **__: self._known[operation]

        def refuse(*_: object, **__: object) -> NoReturn:
            raise NotRecorded(self._asset, operation.replace("_", " "), "the journal does not tell what it answered")

        return refuse
