# SPDX-License-Identifier: Apache-2.0
"""What a twin is built from: a pump model, and everything that is wrong with pump and instruments."""

from dataclasses import dataclass, field

from instruments.simulated.specimen.alarm_faults import AlarmFaults
from instruments.simulated.specimen.bolus_faults import BolusFaults
from instruments.simulated.specimen.climate_faults import ClimateFaults
from instruments.simulated.specimen.clock_faults import ClockFaults
from instruments.simulated.specimen.firmware_faults import FirmwareFaults
from instruments.simulated.specimen.interaction_faults import InteractionFaults
from instruments.simulated.specimen.motor_faults import MotorFaults
from instruments.simulated.specimen.power_faults import PowerFaults
from instruments.simulated.specimen.programming_faults import ProgrammingFaults
from instruments.simulated.specimen.pump_model import PumpModel
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


@dataclass(frozen=True)
class TwinSpecification:
    """A twin before it is built; the defaults are a good one.

    Attributes:
        model: figures of the pump.
        rate_gain: what a stroke delivers per what it would deliver in a good pump.
        firmware: faults of the pump's firmware.
        motor: faults of its motor.
        stall: faults of its rotor in a magnetic field, and of its stall alarm.
        sensor: what it makes of a sensor that has failed.
        sound: faults of how its alarms sound.
        boluses: faults of its boluses and their log.
        alarms: faults of its alarms and their log.
        interaction: what one event spoils in another function.
        programming: faults of how it is programmed and spoken to.
        therapy: faults of its bridge and its minimum rate.
        update: faults of how it takes another firmware.
        registers: what its registers say wrongly.
        clock: faults of its clock.
        reservoir: faults of its reservoir.
        power: faults of its battery, and of what it does after a reset.
        climate: how it answers to warmth, cold and thin air.
        weighing: faults of the balance.
        rig: faults of the rig controller.
        room: what happens to the room.
        vessel: what is different about the vessel.
        second: the second measure of the flow.
    """

    model: PumpModel
    rate_gain: float = 1.0
    firmware: FirmwareFaults = field(default_factory=FirmwareFaults)
    motor: MotorFaults = field(default_factory=MotorFaults)
    stall: StallFaults = field(default_factory=StallFaults)
    sensor: SensorFaults = field(default_factory=SensorFaults)
    sound: SoundFaults = field(default_factory=SoundFaults)
    boluses: BolusFaults = field(default_factory=BolusFaults)
    alarms: AlarmFaults = field(default_factory=AlarmFaults)
    interaction: InteractionFaults = field(default_factory=InteractionFaults)
    programming: ProgrammingFaults = field(default_factory=ProgrammingFaults)
    therapy: TherapyFaults = field(default_factory=TherapyFaults)
    update: UpdateFaults = field(default_factory=UpdateFaults)
    registers: RegisterFaults = field(default_factory=RegisterFaults)
    clock: ClockFaults = field(default_factory=ClockFaults)
    reservoir: ReservoirFaults = field(default_factory=ReservoirFaults)
    power: PowerFaults = field(default_factory=PowerFaults)
    climate: ClimateFaults = field(default_factory=ClimateFaults)
    weighing: WeighingFaults = field(default_factory=WeighingFaults)
    rig: RigFaults = field(default_factory=RigFaults)
    room: RoomFaults = field(default_factory=RoomFaults)
    vessel: VesselFaults = field(default_factory=VesselFaults)
    second: SecondInstrument = field(default_factory=SecondInstrument)
