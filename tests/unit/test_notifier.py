# SPDX-License-Identifier: Apache-2.0
"""One style of observer: subscribe, be called in order, unsubscribe."""

from groundfloor.notifier import Notifier


def test_subscribers_are_called_in_order_until_they_unsubscribe() -> None:
    heard: list[str] = []
    notifier: Notifier[int] = Notifier()
    first = notifier.subscribe(lambda item: heard.append(f"first {item}"))
    notifier.subscribe(lambda item: heard.append(f"second {item}"))
    notifier.notify(1)
    first()
    notifier.notify(2)
    assert heard == ["first 1", "second 1", "second 2"]


def test_one_who_unsubscribes_while_being_called_keeps_nobody_else_from_being_called() -> None:
    heard: list[int] = []
    notifier: Notifier[int] = Notifier()
    leave = notifier.subscribe(lambda _item: leave())
    notifier.subscribe(heard.append)
    notifier.notify(1)
    notifier.notify(2)
    assert heard == [1, 2]
