# SPDX-License-Identifier: Apache-2.0
"""Raised where a plan goes on by something that only a run will tell."""


class UnknownUntilRun(Exception):
    """A rehearsal cannot go on.

    Attributes:
        by: what only a run will tell.
    """

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by
