# SPDX-License-Identifier: Apache-2.0
"""Tells where a flow changes for a while, or for good: a mean over both says little of either.

A straight line through the record is held against lines with two bends. Where the bends explain far more than noise, as
it goes on from reading to reading, the rates between them are told. Nothing is left out for it, and no figure changes:
a pump may have done so as well as the room.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from metrology.recording.readings_as_one import readings_as_one
from metrology.recording.recording import Floats

_READINGS, _FEWEST = 300, 20
_PLACES = 33
_SIGMAS, _LEAST_CHANGE = 8.0, 0.05
_EXPLAINED = 30.0
"""How much more than noise the two bends must explain, each of their terms."""


@dataclass(frozen=True)
class FlowStretch:
    """A part with one flow: instants in s of the record, and its rate in the unit of the amounts a second."""

    from_s: float
    to_s: float
    rate: float


def uneven_flow(times_s: Floats, amounts: Floats, digit: float = 0.0) -> tuple[FlowStretch, ...]:
    """Return the two or three stretches of different flow that a record shows; empty where it shows one flow.

    Args:
        times_s: increasing; shape (n,).
        amounts: what had come; shape (n,).
        digit: of the display.
    """
    every = -(-len(times_s) // _READINGS)
    at, level = times_s[::every], amounts[::every]
    if len(at) < _FEWEST:
        return ()
    best = _bent(at, level)
    straight_rest, _, _, _ = _fit(at, level, ())
    left_over, factors, u, rest = _fit(at, level, best)
    free = len(at) / readings_as_one(rest) - len(factors)
    if free <= 1 or (straight_rest - left_over) / 4 < _EXPLAINED * left_over / free:
        return ()
    gained = np.diff(level)
    # A stroke more or less between two readings is no change; lines that bend near it make twice as much of it.
    lump = 2.5 * float(np.max(np.abs(gained - np.median(gained)))) + digit
    edges = (float(at[0]), *(float(at[place]) for place in best), float(at[-1]))
    rates = np.cumsum(factors[1:])
    found = [FlowStretch(edges[0], edges[1], float(rates[0]))]
    mean = abs(float(level[-1] - level[0]) / float(at[-1] - at[0]))
    for place in (1, 2):
        change = abs(float(rates[place]) - found[-1].rate)
        shorter_s = min(edges[place + 1] - edges[place], found[-1].to_s - found[-1].from_s)
        if change > max(_LEAST_CHANGE * mean, _SIGMAS * u[place + 1], lump / shorter_s):
            found.append(FlowStretch(edges[place], edges[place + 1], float(rates[place])))
        else:
            found[-1] = FlowStretch(found[-1].from_s, edges[place + 1], found[-1].rate)
    return tuple(found) if len(found) > 1 else ()


def _bent(at: Floats, level: Floats) -> tuple[int, int]:
    """Return the two bends that leave least over: among coarse places first, then near these."""
    places = np.unique(np.linspace(2, len(at) - 3, min(_PLACES, len(at) - 4)).astype(int)).tolist()
    first, second = min(combinations(places, 2), key=lambda pair: _fit(at, level, pair)[0])
    step = max((len(at) - 5) // _PLACES + 1, 1)
    near = [
        (one, other)
        for one in range(max(first - step, 2), min(first + step, len(at) - 4) + 1)
        for other in range(max(second - step, one + 2), min(second + step, len(at) - 3) + 1)
    ]
    return min(near, key=lambda pair: _fit(at, level, pair)[0], default=(first, second))


def _fit(at: Floats, level: Floats, bends: tuple[int, ...]) -> tuple[float, Floats, Floats, Floats]:
    """Return what is left over beside lines with these bends, their factors with u, and the rest."""
    scale = float(at[-1] - at[0])
    x = (at - at[0]) / scale
    columns = np.stack([np.ones(len(at)), x, *(np.maximum(x - x[bend], 0.0) for bend in bends)], axis=1)
    inverse = np.linalg.pinv(columns.T @ columns)
    factors: Floats = inverse @ (columns.T @ (level - level[0]))
    rest: Floats = level - level[0] - columns @ factors
    left_over = float(rest @ rest)
    variance = left_over / max(len(at) - columns.shape[1], 1)
    u: Floats = np.sqrt(np.maximum(variance * np.diag(inverse), 0.0)) / scale
    return left_over, np.concatenate([factors[:1], factors[1:] / scale]), u, rest
