# SPDX-License-Identifier: Apache-2.0
"""Lines of a balance that answered nothing: counted one by one, and told so that nobody drowns in them.

A print key sends one. A balance that was left in its streaming mode (`SIR`) sends some twenty a second for as long as
it has power, so after the first of them only their number is told, once a minute and when the line is closed.
"""

import logging

from groundfloor.wall_clock import monotonic_s

TOLD_EVERY_S = 60.0
SHOWN_BYTES = 80
"""Longer than any line of a balance; a line without an end is shown by its beginning."""
_logger = logging.getLogger(__name__)


class UnsolicitedLines:
    """Keeps account of what a balance sent unasked.

    Attributes:
        count: how many lines, or halves of lines, since the line was opened.
    """

    def __init__(self, asset: str) -> None:
        self.count = 0
        self._asset = asset
        self._untold = 0
        self._newest = b""
        self._told_s: float | None = None

    def take(self, line: bytes) -> None:
        """Count a line, and tell of it unless another one was told of within the minute."""
        self.count += 1
        now_s = monotonic_s()
        if self._told_s is None or (now_s - self._told_s >= TOLD_EVERY_S and not self._untold):
            _logger.warning("%s: unsolicited line %r", self._asset, line[:SHOWN_BYTES])
            self._told_s = now_s
            return
        self._untold += 1
        self._newest = line
        if now_s - self._told_s >= TOLD_EVERY_S:
            self.tell_the_rest()
            self._told_s = now_s

    def tell_the_rest(self) -> None:
        """Tell how many came since the last time that it was told; nothing if none did."""
        if self._untold:
            told = (self._asset, self._untold, self.count, self._newest[:SHOWN_BYTES])
            _logger.warning("%s: %d more unsolicited lines, %d in all, the newest %r", *told)
        self._untold = 0
