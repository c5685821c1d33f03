# SPDX-License-Identifier: Apache-2.0
"""Numbers of orders to the actuators: an order that lies behind a later one of the same token does nothing.

A gateway may keep a request for a while, or send it twice. What comes late moves nothing.
"""

_NUMBERS = 65536


class OrderNumber:
    """Remembers under which token the last order came, and which number it had.

    Attributes:
        last: that number; 0 before the first order.
    """

    def __init__(self) -> None:
        self.last = 0
        self._token = 0

    def repeats(self, token: int, number: int) -> bool:
        """Tell whether an order is the last one once more: confirmed, and not carried out.

        Raises:
            ValueError: it lies behind the last one.
        """
        if token != self._token or self.last == 0:
            return False
        if number == self.last:
            return True
        if (number - self.last) % _NUMBERS >= _NUMBERS // 2:
            raise ValueError(f"rig: order {number} comes behind order {self.last}")
        return False

    def take(self, token: int, number: int) -> None:
        """Remember an order that is carried out."""
        self._token, self.last = token, number
