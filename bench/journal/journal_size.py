# SPDX-License-Identifier: Apache-2.0
"""How long a journal will become, and whether the disk has room for it.

A line's length hardly changes from one sample to the next, but figures grow: instants, counters and volumes gain digits
over a month. So real lines are made for instants spread over the time to come, with a real sample's values moved on to
where they will be then, as its model says of each, and their mean length counts.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.journal.journal_chain import Chain
from bench.journal.lines import growths
from groundfloor.errors import BenchFault

PROBES = 32
GOLDEN = 0.618034
"""Multiples of it, whole part left out, spread evenly over an interval without hitting round numbers."""
ROOM_FACTOR = 1.25
"""A quarter more than the journal: tables, plots and the report are made from it on the same disk."""
MIB = 1 << 20

_AN_ID = "I-0001"
"""As long as those of all infusions, of which a journal says no more in a sample."""


@dataclass(frozen=True)
class SamplesToCome:
    """What is going to be sampled.

    Attributes:
        duration_s: for how long.
        interval_s: time between two samples.
        volume_ul: what the pump delivers in that time.
    """

    duration_s: float
    interval_s: float
    volume_ul: float

    @property
    def count(self) -> int:
        """Return how many samples that are."""
        return int(self.duration_s / self.interval_s) + 1


def predicted_bytes(sample: Mapping[str, Any], t_s: float, sequence: int, coming: SamplesToCome) -> int:
    """Return how many bytes the samples to come add to a journal.

    Args:
        sample: the data of a real sample, the infusion's name included.
        t_s: its bench time.
        sequence: number of the next line.
        coming: what is going to be sampled.
    """
    shares = [(number * GOLDEN) % 1.0 for number in range(1, PROBES + 1)]
    lengths = [_length(sample, t_s, sequence, coming, share) for share in shares]
    return round(coming.count * sum(lengths) / PROBES)


def _length(sample: Mapping[str, Any], t_s: float, sequence: int, coming: SamplesToCome, share: float) -> int:
    passed = round(share * (coming.count - 1))
    gone_s, gone_ul = passed * coming.interval_s, share * coming.volume_ul
    chain = Chain(sequence + passed)
    return len(chain.line(t_s + gone_s, "sample", _moved(sample, gone_s, gone_ul)))


def _moved(sample: Mapping[str, Any], gone_s: float, gone_ul: float) -> dict[str, Any]:
    """Return the sample with its growing figures where they will be `gone_s` and `gone_ul` later."""
    moved = {**sample, "infusion": _AN_ID}
    for name, growth in growths().items():
        if (value := sample[name]) is not None:
            moved[name] = growth.moved(value, gone_s, gone_ul)
    return moved


def refuse_if_no_room(journal: Path, needed_bytes: int, what: str) -> None:
    """Raise if the disk of `journal` has no room for `needed_bytes` more, and for the report made of them.

    Args:
        journal: the file that will grow.
        needed_bytes: by how much.
        what: what is going to be done, for the message.

    Raises:
        BenchFault: with what is needed and what is free.
    """
    free_bytes = shutil.disk_usage(journal.parent).free
    wanted_bytes = round(needed_bytes * ROOM_FACTOR)
    if free_bytes < wanted_bytes:
        seen = (
            f"{free_bytes / MIB:.3g} MiB are free, it needs {wanted_bytes / MIB:.3g} MiB: "
            f"{needed_bytes / MIB:.3g} MiB of journal and a quarter more for what is made of it"
        )
        next_step = "make room, or choose a folder on another disk with --out"
        raise BenchFault(f"disk of {journal}", what, seen, next_step)
