# SPDX-License-Identifier: Apache-2.0
"""Somebody at the bench, who is asked to do something by hand and says when it is done."""

from typing import Protocol, runtime_checkable


class Attendant(Protocol):
    """Whoever is there; the one who asks lets bench time pass until there is an answer, or it is too late."""

    def ask(self, request: str) -> bool:
        """Show a request; tell whether there is anybody to read it."""
        ...

    def answered(self) -> bool:
        """Tell, without waiting, whether the last request was answered with "done"."""
        ...

    def give_up(self) -> None:
        """Wait no more for an answer to the last request; one that comes later counts for nothing."""
        ...


@runtime_checkable
class AskedByHand(Protocol):
    """A rig that a person moves: its driver asks whom the bench asks.

    Attributes:
        attendant: who that is.
    """

    attendant: Attendant


class Nobody:
    """The `Attendant` of a run that nobody watches."""

    def ask(self, request: str) -> bool:  # noqa: ARG002  # there is nobody to show it to
        """Tell that nobody is there."""
        return False

    def answered(self) -> bool:
        """Tell that nothing was done."""
        return False

    def give_up(self) -> None:
        """Do nothing: nobody was asked."""
