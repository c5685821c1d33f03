# SPDX-License-Identifier: Apache-2.0
"""The stretches of samples in which something holds without a break."""

import numpy as np

from bench.account.sample_table import Truths


def stretches(holds: Truths) -> list[tuple[int, int]]:
    """Return the first place of each stretch in which something holds, and the place after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], holds, [False])).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
