# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with the rig controller."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class RigFaults:
    """Faults of the rig; the defaults are a good one.

    Attributes:
        dead_actuators: outputs that move nothing.
        holds_pump: False if it stops the pump once on going safe, and lets it run when it is started then.
        watchdog: False if it takes heartbeats and never trips.
        restarts_at_s: when the controller loses power and comes back.
        clamp_closings: how often the kink clamp closes before it sticks and does not open any more.
        clamp_creeps_at_s: when the kink clamp closes by itself.
        magnet_comes_at_s: when a magnet comes near by itself.
        echoing_sensors: outputs whose sensor shows what was ordered, wherever the actuator is.
        departures: by output, how often its actuator leaves its rest before it sticks and does not come back.
        leak_share: share of the flow through an open catheter that leaks out between pump and clamp.
        temperature_off_c: by how much the sensor of temperature shows too much.
        temperature_stuck_c: what that sensor shows all the time; None for one that measures.
        humidity_missing_at_s: from this instant on the sensor of humidity gives no number.
        clamp_effect: share of its way that the kink clamp really goes; its sensor shows all of it.
        clamp_leaves_percent: how far the clamp stays shut after it was shut once; its sensor shows it open.
        clamp_opens_short_after: after which of its closings the clamp stays partly shut; its sensor shows it open.
        clamp_opens_short_percent: how far it then stays shut, until it is shut again.
        clamp_narrows_at_s: from when on the clamp is partly shut by itself; its sensor shows it open.
        clamp_narrows_percent: how far it then is shut.
        leak_effect: share that really leaks per share that the leak valve's sensor shows.
        disconnect_is_half: half of the flow goes on to the vessel while the valve's sensor shows it open.
        supply_at_rest_mv: what the sensor of the supply shows while nothing is asked of it.
        stray_magnet: whether a magnet stands near from the beginning.
        watchdog_most_s: the longest time that the watchdog waits, whatever it is armed with.
        clamp_travel_s: how long the kink clamp takes for its way; 0 for the usual time.
        feedback_late_s: how late the sensors of the injectors follow them.
        air_pressure_held: whether the sensor of air pressure always shows what it showed first.
        outlet_off_kpa: by how much the sensor of the outlet's pressure shows too much.
        outlet_moves_kpa: by how much it does for an hour, after two and a half hours.
        closes_late_s: by output, how much later than its sensor shows it an actuator is back at its rest.
        catheter_off_at_s: from when on the catheter is off for a quarter of an hour; the valve's sensor shows it on.
        drug_sensor_stuck_ug_per_ml: what the drug sensor shows all the time; None for one that measures.
        microphone_deaf: whether the microphone hears nothing, not even the room.
        clock_gain: seconds that the rig counts in one second.
        lets_go_s: by output, after how long an actuator is back at its rest by itself; its sensor shows where it was.
        supply_high_mv: by how much the supply gives more than its sensor shows.
        refill_meter_gain: volume that the flow sensor of the refill port shows per volume that moved.
        foreign_tone_every_s: how often something else in the room sounds; 0 for never.
        microphone_dull_db: by how much the microphone takes tones for softer.
        chamber_echoes: whether the chamber's sensors show what was ordered.
        leak_opens_share: share of the flow that leaks out between pump and clamp after two and a half hours.
        leak_leaves_share: share of the flow that the leak valve lets out though shut, once it was opened often enough.
        leak_leaves_after: how often that is; 1 is the opening at rest before a run.
        chatters: whether the disconnect valve closes for a minute of every four; its sensor shows it open.
        lift_share: share of its way that the outlet really moves; both of the rig's sensors show all of it.
        button_strikes: how often the solenoid presses the button at each order; its sensor counts one.
    """

    dead_actuators: frozenset[str] = frozenset()
    holds_pump: bool = True
    watchdog: bool = True
    restarts_at_s: float = math.inf
    clamp_closings: float = math.inf
    echoing_sensors: frozenset[str] = frozenset()
    departures: tuple[tuple[str, float], ...] = ()
    leak_share: float = 0.0
    temperature_off_c: float = 0.0
    temperature_stuck_c: float | None = None
    clamp_creeps_at_s: float = math.inf
    magnet_comes_at_s: float = math.inf
    humidity_missing_at_s: float = math.inf
    clamp_effect: float = 1.0
    clamp_leaves_percent: float = 0.0
    clamp_opens_short_after: int = 0
    clamp_opens_short_percent: float = 70.0
    clamp_narrows_at_s: float = math.inf
    clamp_narrows_percent: float = 70.0
    leak_effect: float = 1.0
    disconnect_is_half: bool = False
    supply_at_rest_mv: float = 0.0
    stray_magnet: bool = False
    watchdog_most_s: float = math.inf
    clamp_travel_s: float = 0.0
    feedback_late_s: float = 0.0
    air_pressure_held: bool = False
    outlet_off_kpa: float = 0.0
    outlet_moves_kpa: float = 0.0
    closes_late_s: tuple[tuple[str, float], ...] = ()
    catheter_off_at_s: float = math.inf
    drug_sensor_stuck_ug_per_ml: float | None = None
    microphone_deaf: bool = False
    clock_gain: float = 1.0
    lets_go_s: tuple[tuple[str, float], ...] = ()
    supply_high_mv: float = 0.0
    refill_meter_gain: float = 1.0
    foreign_tone_every_s: float = 0.0
    microphone_dull_db: float = 0.0
    chamber_echoes: bool = False
    chatters: bool = False
    lift_share: float = 1.0
    button_strikes: int = 1
    leak_opens_share: float = 0.0
    leak_leaves_share: float = 0.0
    leak_leaves_after: int = 1
