# SPDX-License-Identifier: Apache-2.0
"""Finds a flow that dies away towards the end of a record: a reservoir that runs dry does not stop at once.

The record is cut into stretches; a decline is a row of them at the end, each below all that came before and below the
one in front of it, by far more than stretches differ otherwise. A pump gives strokes: two stretches of one flow may
differ by one of them, although most are alike.
"""

import numpy as np

from metrology.recording.readings_as_one import readings_as_one
from metrology.recording.recording import Floats

_STRETCHES = (24, 16, 10)
"""Tried from fine to coarse: noise hides a decline in short ones."""
_READINGS_A_STRETCH = 4
_BEGINNING = 0.1
_LONGEST = 0.6
_LEAST_FALL = 0.12
_SIGMAS = 6.0
_MAD = 1.4826
_LUMPS = 1.25
_BEND_READINGS, _FEWEST_FOR_BEND = 400, 20
_KNOTS = tuple(np.linspace(0.35, 0.95, 25).tolist())
_SIGMAS_OF_BEND, _BENT = 5.0, 0.7
_STRETCHES_BEFORE, _KNOT_BEFORE = 2, 0.12


def decline(times_s: Floats, amounts: Floats) -> tuple[int, float] | None:
    """Return the reading from which the flow dies away, and the share of it that is left in the end; None for none."""
    for stretches in _STRETCHES:
        if stretches * _READINGS_A_STRETCH < len(times_s):
            found = _decline(times_s, amounts, stretches)
            if found is not None:
                return found
    return _bend(times_s, amounts)


def _bend(times_s: Floats, amounts: Floats) -> tuple[int, float] | None:
    """Return where a straight line bends downwards, which noise hides in every stretch but not in all of them.

    Behind the bend the flow is less and stays so, or falls evenly to the end: a line, or a parabola.
    """
    every = -(-len(times_s) // _BEND_READINGS)
    at, level = times_s[::every] - times_s[0], amounts[::every] - amounts[0]
    if len(at) < _FEWEST_FOR_BEND:
        return None
    whole_s = float(at[-1])
    fits = []
    for knot in (int(knot * (len(at) - 1)) for knot in _KNOTS):
        behind = np.maximum(at - at[knot], 0.0)
        for bend, slope_in_the_end in ((behind, 1.0), (behind**2 / whole_s, 2 * float(behind[-1]) / whole_s)):
            columns = np.stack([np.ones(len(at)), at, bend], axis=1)
            factors, *_ = np.linalg.lstsq(columns, level, rcond=None)
            rest = level - columns @ factors
            fits.append((float(rest @ rest), knot, slope_in_the_end, factors, columns, rest))
    left_over, knot, slope_in_the_end, factors, columns, rest = min(fits, key=lambda fit: fit[0])
    variance = left_over / (len(at) - 4) * readings_as_one(rest)
    bend_u = float(np.sqrt(variance * np.linalg.inv(columns.T @ columns)[2, 2]))
    if factors[1] <= 0 or factors[2] > -_SIGMAS_OF_BEND * bend_u:
        return None
    left = float((factors[1] + slope_in_the_end * factors[2]) / factors[1])
    began = int(max(knot - _KNOT_BEFORE * len(at), 1))
    return (began * every, max(left, 0.0)) if left < _BENT else None


def _decline(times_s: Floats, amounts: Floats, stretches: int) -> tuple[int, float] | None:
    edges_s = np.linspace(times_s[0], times_s[-1], stretches + 1)
    gained = np.diff(np.interp(edges_s, times_s, amounts))
    begin = int(np.ceil(_BEGINNING * stretches))
    usual = float(np.median(gained[begin : begin + (stretches - begin) // 2]))
    if usual <= 0:
        return None
    early = gained[begin : begin + (stretches - begin) * 2 // 5]
    scatter = _MAD * float(np.median(np.abs(early - np.median(early))))
    low = gained < usual - max(_SIGMAS * scatter, _LEAST_FALL / 2 * usual, _LUMPS * _lump(amounts, stretches))
    tail = 0
    while tail < stretches - begin and low[stretches - 1 - tail]:
        tail += 1
    if tail < 2 or tail > _LONGEST * stretches:
        return None
    dying = gained[stretches - tail :]
    falls = bool(np.all(np.diff(dying) <= _SIGMAS * scatter + _LEAST_FALL / 2 * usual))
    left = float(np.mean(dying[-max(tail // 2, 1) :])) / usual
    if not falls or left > 1 - _LEAST_FALL:
        return None
    # It began in the stretches before the first that is surely low.
    began_s = edges_s[max(stretches - tail - _STRETCHES_BEFORE, 1)]
    return int(np.searchsorted(times_s, began_s)), left


def _lump(amounts: Floats, stretches: int) -> float:
    """Return what comes at once between two readings, at least in every other stretch."""
    return float(np.sort(np.diff(amounts))[-max(stretches // 2, 1)])
