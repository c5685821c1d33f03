# SPDX-License-Identifier: Apache-2.0
"""A notifier: who wants to hear of something subscribes, and is called with each item in the order of subscription.

It is the one way in which a part of the bench speaks to others that it does not know: samples to those who watch,
lines of the journal to a progress bar, requests of people to the journal.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Notifier(Generic[Item]):
    """Calls its subscribers; what one of them raises ends the call and reaches whoever notified."""

    def __init__(self) -> None:
        self._subscribers: tuple[Callable[[Item], object], ...] = ()

    def subscribe(self, subscriber: Callable[[Item], object]) -> Callable[[], None]:
        """Call `subscriber` with every item from now on, until the returned function is called."""
        self._subscribers += (subscriber,)

        def unsubscribe() -> None:
            self._subscribers = tuple(one for one in self._subscribers if one is not subscriber)

        return unsubscribe

    def notify(self, item: Item) -> None:
        """Give `item` to each subscriber; one who unsubscribes meanwhile is still called this time."""
        for subscriber in self._subscribers:
            subscriber(item)
