# SPDX-License-Identifier: Apache-2.0
"""How a row of the catalogue makes a bad specification of a good one: it sets one fault."""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce

from instruments.simulated.specimen.alarm_faults import AlarmFaults
from instruments.simulated.specimen.bolus_faults import BolusFaults
from instruments.simulated.specimen.climate_faults import ClimateFaults
from instruments.simulated.specimen.clock_faults import ClockFaults
from instruments.simulated.specimen.defect import Change
from instruments.simulated.specimen.firmware_faults import FirmwareFaults
from instruments.simulated.specimen.interaction_faults import InteractionFaults
from instruments.simulated.specimen.motor_faults import MotorFaults
from instruments.simulated.specimen.power_faults import PowerFaults
from instruments.simulated.specimen.programming_faults import ProgrammingFaults
from instruments.simulated.specimen.register_faults import RegisterFaults
from instruments.simulated.specimen.reservoir_faults import ReservoirFaults
from instruments.simulated.specimen.rig_faults import RigFaults
from instruments.simulated.specimen.room_faults import RoomFaults
from instruments.simulated.specimen.second_instrument import SecondInstrument
from instruments.simulated.specimen.sensor_faults import SensorFaults
from instruments.simulated.specimen.sound_faults import SoundFaults
from instruments.simulated.specimen.stall_faults import StallFaults
from instruments.simulated.specimen.therapy_faults import TherapyFaults
from instruments.simulated.specimen.update_faults import UpdateFaults
from instruments.simulated.specimen.vessel_faults import VesselFaults
from instruments.simulated.specimen.weighing_faults import WeighingFaults


def in_firmware(change: Callable[[FirmwareFaults, float], FirmwareFaults]) -> Change:
    """Change the firmware."""
    return lambda good, x: replace(good, firmware=change(good.firmware, x))


def in_motor(change: Callable[[MotorFaults, float], MotorFaults]) -> Change:
    """Change the motor."""
    return lambda good, x: replace(good, motor=change(good.motor, x))


def in_boluses(change: Callable[[BolusFaults, float], BolusFaults]) -> Change:
    """Change boluses and their log."""
    return lambda good, x: replace(good, boluses=change(good.boluses, x))


def in_alarms(change: Callable[[AlarmFaults, float], AlarmFaults]) -> Change:
    """Change alarms and their log."""
    return lambda good, x: replace(good, alarms=change(good.alarms, x))


def in_programming(change: Callable[[ProgrammingFaults, float], ProgrammingFaults]) -> Change:
    """Change how it is programmed and spoken to."""
    return lambda good, x: replace(good, programming=change(good.programming, x))


def in_therapy(change: Callable[[TherapyFaults, float], TherapyFaults]) -> Change:
    """Change the bridge between two concentrations, and the minimum rate."""
    return lambda good, x: replace(good, therapy=change(good.therapy, x))


def in_update(change: Callable[[UpdateFaults, float], UpdateFaults]) -> Change:
    """Change how another firmware is taken."""
    return lambda good, x: replace(good, update=change(good.update, x))


def in_interaction(change: Callable[[InteractionFaults, float], InteractionFaults]) -> Change:
    """Change what one event spoils in another function."""
    return lambda good, x: replace(good, interaction=change(good.interaction, x))


def in_stall(change: Callable[[StallFaults, float], StallFaults]) -> Change:
    """Change the rotor in a magnetic field, and the stall alarm."""
    return lambda good, x: replace(good, stall=change(good.stall, x))


def in_sensor(change: Callable[[SensorFaults, float], SensorFaults]) -> Change:
    """Change what it makes of a sensor that has failed."""
    return lambda good, x: replace(good, sensor=change(good.sensor, x))


def in_sound(change: Callable[[SoundFaults, float], SoundFaults]) -> Change:
    """Change how alarms sound."""
    return lambda good, x: replace(good, sound=change(good.sound, x))


def in_registers(change: Callable[[RegisterFaults, float], RegisterFaults]) -> Change:
    """Change what registers show."""
    return lambda good, x: replace(good, registers=change(good.registers, x))


def in_clock(change: Callable[[ClockFaults, float], ClockFaults]) -> Change:
    """Change the pump's clock."""
    return lambda good, x: replace(good, clock=change(good.clock, x))


def in_climate(change: Callable[[ClimateFaults, float], ClimateFaults]) -> Change:
    """Change how the pump answers to its climate."""
    return lambda good, x: replace(good, climate=change(good.climate, x))


def in_power(change: Callable[[PowerFaults, float], PowerFaults]) -> Change:
    """Change battery and resets."""
    return lambda good, x: replace(good, power=change(good.power, x))


def in_reservoir(change: Callable[[ReservoirFaults, float], ReservoirFaults]) -> Change:
    """Change the reservoir."""
    return lambda good, x: replace(good, reservoir=change(good.reservoir, x))


def in_weighing(change: Callable[[WeighingFaults, float], WeighingFaults]) -> Change:
    """Change the balance."""
    return lambda good, x: replace(good, weighing=change(good.weighing, x))


def in_second(change: Callable[[SecondInstrument, float], SecondInstrument]) -> Change:
    """Change the second measure of the flow."""
    return lambda good, x: replace(good, second=change(good.second, x))


def in_vessel(change: Callable[[VesselFaults, float], VesselFaults]) -> Change:
    """Change the vessel and the outlet."""
    return lambda good, x: replace(good, vessel=change(good.vessel, x))


def in_rig(change: Callable[[RigFaults, float], RigFaults]) -> Change:
    """Change the rig."""
    return lambda good, x: replace(good, rig=change(good.rig, x))


def in_room(change: Callable[[RoomFaults, float], RoomFaults]) -> Change:
    """Change the room."""
    return lambda good, x: replace(good, room=change(good.room, x))


def all_of(*changes: Change) -> Change:
    """Change several parts at once."""
    return lambda good, x: reduce(lambda so_far, change: change(so_far, x), changes, good)
