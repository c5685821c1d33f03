# SPDX-License-Identifier: Apache-2.0
"""A record that says something else than what follows from it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contradiction:
    """One place where a journal contradicts itself.

    Attributes:
        id: of the judgement, window or test.
        recorded: what the journal says.
        follows: what follows from the rest of it.
    """

    id: str
    recorded: str
    follows: str

    def __str__(self) -> str:
        return f"{self.id}: recorded is {self.recorded}, what it rests on gives {self.follows}"
