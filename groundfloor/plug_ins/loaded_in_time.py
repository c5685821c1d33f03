# SPDX-License-Identifier: Apache-2.0
"""Imports code of somebody else, or makes its object, within a limit: a start waits for nothing that hangs."""

import threading
from collections.abc import Callable
from typing import TypeVar

from groundfloor.errors import PlanError

T = TypeVar("T")
LIMIT_S = 30.0
"""Heavy libraries take seconds to import, from a slow disk some more."""


def loaded_in_time(told: str, verb: str, load: Callable[[], T]) -> T:
    """Return what `load` returns, or raise what it raises.

    Args:
        told: what the plug-in is called in an error.
        verb: what is done with it.
        load: imports it, or makes an object of it.

    Raises:
        PlanError: it has not come back in time.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(load())
        except BaseException as raised:  # noqa: BLE001  # it is raised again in the thread that waits
            errors.append(raised)

    thread = threading.Thread(target=work, name=f"plug-in: {verb}", daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    if thread.is_alive():
        next_step = "let its module and its class only define things; whatever waits belongs into `open` or a verb"
        raise PlanError(told, verb, f"it did not come back within {LIMIT_S:g} s", next_step)
    if errors:
        raise errors[0]
    return results[0]
