# SPDX-License-Identifier: Apache-2.0
"""What the simulated rig controller stands in and is wired to."""

from collections.abc import Callable
from dataclasses import dataclass

from groundfloor.notifier import Notifier
from instruments.simulated.physics.climate import Climate
from instruments.simulated.physics.drug_path import DrugPath
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.pump.tone import Tone
from instruments.simulated.specimen.ambient import Ambient
from instruments.simulated.specimen.specimen import IDEAL, Specimen
from instruments.simulated.time.timeline import Timeline


@dataclass(frozen=True)
class RigSurroundings:
    """The twin as far as the rig meets it.

    Attributes:
        timeline: the twin's time.
        hydraulics: the fluid path that the injectors act on.
        ambient: the room that its sensors stand in.
        stop_pump: asserts the pump's stop input, and keeps it asserted; tells whether the pump stands.
        release_pump: lets the stop input go.
        drug: where which concentration stands.
        field: tells the pump whether a magnetic field is there.
        pump_sounds: tells of each tone of the pump.
        press_button: what a press of the patient's button does.
        supply_pump: takes the voltage that the rig supplies, in mV; 0 leaves the pump to its own battery.
        climate: around the pump, which a chamber may hold.
        sensor_line: tells the pump whether the line of its own sensor is open.
        seed: of the sensors' noise.
        specimen: how this individual's sensors are off.
    """

    timeline: Timeline
    hydraulics: Hydraulics
    ambient: Ambient
    stop_pump: Callable[[], bool]
    release_pump: Callable[[], None]
    drug: DrugPath
    field: Callable[[bool], None]
    pump_sounds: Notifier[Tone]
    press_button: Callable[[], None]
    supply_pump: Callable[[float], None]
    climate: Climate
    sensor_line: Callable[[bool], None]
    seed: int
    specimen: Specimen = IDEAL
