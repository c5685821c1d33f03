# SPDX-License-Identifier: Apache-2.0
"""Quantities as people write them on a command line: `0.5 mL/h`, `30 s`, `2.5uL`; without a unit they are refused."""

import math
import re

from groundfloor.errors import PlanError
from metrology.recording.unit import Dimension, Unit, symbols, unit_named

_WRITTEN = re.compile(r"\s*(?P<number>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)\s*(?P<unit>.*?)\s*")


def duration_s(option: str, text: str) -> float:
    """Return a time in s."""
    return _simple(option, text, Dimension.TIME)


def volume_ul(option: str, text: str) -> float:
    """Return a volume in µL."""
    return _simple(option, text, Dimension.VOLUME)


def mass_mg(option: str, text: str) -> float:
    """Return a mass in mg."""
    return _simple(option, text, Dimension.MASS)


def rate_ul_per_h(option: str, text: str) -> float:
    """Return a volume per time in µL/h."""
    return 3600 * _ratio(option, text, Dimension.VOLUME, Dimension.TIME)


def loss_mg_per_h(option: str, text: str) -> float:
    """Return a mass per time in mg/h."""
    return 3600 * _ratio(option, text, Dimension.MASS, Dimension.TIME)


def density_g_per_ml(option: str, text: str) -> float:
    """Return a mass per volume in g/mL; mg/µL is the same."""
    return _ratio(option, text, Dimension.MASS, Dimension.VOLUME)


def _simple(option: str, text: str, dimension: Dimension) -> float:
    number, written = _parts(option, text)
    return number * _unit(option, text, written, dimension).factor


def _ratio(option: str, text: str, above: Dimension, below: Dimension) -> float:
    number, written = _parts(option, text)
    upper, slash, lower = written.partition("/")
    if not slash:
        raise _wrong(option, text, f"write a {above} per {below}, such as {_example(above, below)}")
    return number * _unit(option, text, upper, above).factor / _unit(option, text, lower, below).factor


def _parts(option: str, text: str) -> tuple[float, str]:
    found = _WRITTEN.fullmatch(text)
    if found is None or not math.isfinite(number := float(found["number"])):
        raise _wrong(option, text, "write a number, with a decimal point, and its unit")
    if number < 0:
        raise _wrong(option, text, "it cannot be negative")
    return number, found["unit"]


def _unit(option: str, text: str, written: str, dimension: Dimension) -> Unit:
    unit = unit_named(written)
    if unit is None or unit.dimension is not dimension:
        raise _wrong(option, text, f"write its unit of {dimension}, one of {symbols(dimension)}")
    return unit


def _example(above: Dimension, below: Dimension) -> str:
    examples = {Dimension.VOLUME: "'0.5 mL/h'", Dimension.MASS: "'0.04 mg/h'"}
    return "'1.002 g/mL'" if below is Dimension.VOLUME else examples[above]


def _wrong(option: str, text: str, next_step: str) -> PlanError:
    return PlanError(option, "read", f"'{text}'", next_step)
