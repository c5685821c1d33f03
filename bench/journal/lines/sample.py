# SPDX-License-Identifier: Apache-2.0
"""A sample: what all devices said at one instant.

This is the one table of a sample's columns: the journal's line, the DataFrame, the Parquet and CSV files and the
foretold length of a journal follow from its fields. A column that is added in a minor version of the format has a
default, so that older journals can be read.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec

from bench.journal.lines.growth import GrowsWith, Growth
from bench.journal.lines.line import Count, Line, Number


def _grows(growth: Growth) -> msgspec.Meta:
    return msgspec.Meta(extra={Growth.__name__: growth})


_TIME_US = _grows(Growth(GrowsWith.TIME, 6))
_TIME_10_MS = _grows(Growth(GrowsWith.TIME, 2))
_VOLUME = _grows(Growth(GrowsWith.VOLUME, 4))
_MASS = _grows(Growth(GrowsWith.VOLUME, 5, per_unit=1e-3))
_EMPTIED = _grows(Growth(GrowsWith.VOLUME, 4, per_unit=-1.0, least=0.0))


class Sample(Line, frozen=True, kw_only=True):
    """One sample, flat; what is not measured, or came as no number, is None.

    Attributes:
        planned_s: bench time at which it was due.
        infusion: id of the infusion.
        device_clock_s: the pump's clock.
        state, rate_ul_per_h, counter_ul, reservoir_ul, battery_percent, pressure_kpa, alarms, alarm_log_count,
            bolus_log_count: what the pump said.
        kink_percent, disconnected, leak_percent, magnet, supply_mv, outlet_kpa, temperature_c, air_pressure_hpa,
            humidity_percent, watchdog_tripped: what the rig's sensors said.
        mass_g, stable: what the balance showed.
        expected_ul: scheduled volume since the infusion began.
        weighed_ul: the balance's live figure, nothing corrected.
    """

    kind: ClassVar[str] = "sample"

    planned_s: Annotated[Number, _TIME_US]
    infusion: str
    device_clock_s: Annotated[Number, _TIME_10_MS]
    state: str
    rate_ul_per_h: Number
    counter_ul: Annotated[Number | None, _VOLUME]
    reservoir_ul: Annotated[Number | None, _EMPTIED]
    battery_percent: Number | None
    pressure_kpa: Number | None
    alarms: tuple[str, ...]
    alarm_log_count: Count
    bolus_log_count: Count
    kink_percent: Number
    disconnected: bool
    leak_percent: Number
    magnet: bool
    supply_mv: Number
    outlet_kpa: Number
    temperature_c: Number | None
    air_pressure_hpa: Number | None
    humidity_percent: Number | None
    watchdog_tripped: bool
    mass_g: Annotated[Number | None, _MASS]
    stable: bool
    expected_ul: Annotated[Number, _VOLUME]
    weighed_ul: Annotated[Number | None, _VOLUME]

    @property
    def forced(self) -> bool:
        """Return False: a sample is not taken back by the next, and a second of them may be lost."""
        return False


def growths() -> Mapping[str, Growth]:
    """Return the fields whose figures grow, and how."""
    found = {}
    for field in msgspec.structs.fields(Sample):
        for note in getattr(field.type, "__metadata__", ()):
            if isinstance(note, msgspec.Meta) and note.extra is not None and Growth.__name__ in note.extra:
                found[field.name] = note.extra[Growth.__name__]
    return found
