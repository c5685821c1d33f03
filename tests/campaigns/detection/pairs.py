# SPDX-License-Identifier: Apache-2.0
"""Pairs: a bad instrument that hides a bad pump."""

from collections.abc import Mapping

PAIRS: Mapping[tuple[str, str], str] = {
    ("rate_bias=-0.17", "balance_scale=0.2"): "the scale adds what the pump leaves out",
    ("rate_bias=0.2", "balance_scale=-0.1667"): "the scale takes off what the pump gives too much",
    ("rate_bias=0.2", "rig_leaks=0.17"): "what the pump gives too much leaks out between pump and clamp",
    ("rate_bias=0.2", "balance_drift=-200"): "the balance drifts by what the pump gives too much at 1 mL/day",
    ("rate_bias=0.25", "cover_off_at_h=2"): "the vessel loses what the pump gives too much at the low rate",
    ("burst_in_1_s_ul=15", "pendant_drop_ul=15"): "a burst looks like a drop that falls",
    ("burst_in_1_s_ul=20", "balance_knock_mg=-20"): "a knock takes off the burst in the one sample that shows it",
    ("burst_in_1_s_ul=20", "balance_steps_mg=-20"): "the balance steps down as the first burst comes",
    ("burst_in_1_min_ul=20", "table_vibrates_mg=5"): "the table vibrates whenever a burst comes",
    ("stall_min=17", "drop_falls_at_h=2.8"): "a drop falls in as soon as a stall has left it out",
    ("stall_min=20", "balance_wanders_mg=0.5"): "the balance wanders by as much as a stall leaves out",
    ("stall_at_h=3", "balance_freezes_at_h=3"): "the display is held from when the motor stalls",
    ("wave_12_h=0.6", "balance_drifts_at_night_mg_per_h=16"): "the balance drifts against the wave",
    ("no_occlusion_alarm", "dead_kink_clamp"): "the clamp does not close, so nobody waits for the alarm",
    ("no_occlusion_alarm", "kink_sensor_echoes"): "the clamp's sensor shows a kink that is none",
    ("no_occlusion_alarm", "kink_clamp_closes_to_percent=60"): "the kink is too weak for an alarm",
    ("occlusion_alarm_keeps_pumping", "kink_clamp_opens_to_percent=100"): "what is pumped stays in the catheter",
    ("no_disconnect_alarm", "disconnect_valve_half"): "the catheter does not come off",
    ("no_disconnect_alarm", "disconnect_sensor_echoes"): "the valve's sensor shows a catheter off that is on",
    ("rate_bias=-0.17", "leak_valve_share=0.3"): "what leaks too little is left out by the pump",
    ("rate_bias=0.2", "room_swings_far_c"): "the room moves too far for a weighing",
    ("rate_bias=0.2", "balance_one_behind"): "each reading is that of the question before",
    ("restarts_at_h=2.5", "rig_restarts_at_h=2.5"): "pump and rig lose power together",
    ("clock_jumps_s=60", "rig_clock_gain=0.5"): "pump and rig keep no time",
}
"""By the defects, why each might hide."""

NOT_KNOWABLE: Mapping[tuple[str, ...], str] = {
    ("rate_bias=0.2", "balance_scale=-0.1667", "no_internal_weight"): (
        "program, counter and balance agree, and the balance has no weight to test itself with: only a check weight "
        "that a person puts on, or a second measure of the flow, tells; the record says that the scale rests on its "
        "certificate alone"
    ),
    ("stall_at_h=2", "balance_sticks_at_h=2", "no_internal_weight"): (
        "a balance that sticks shows neither what the pump gives nor what evaporates, so nobody sees that the pump "
        "gives nothing; it ends INCONCLUSIVE, and an internal or a check weight after the run would tell"
    ),
    ("rate_per_kelvin=0.02", "chamber_echoes"): (
        "nothing but the chamber's own sensors tells what climate the pump is in: where they show what was ordered, "
        "the pump was tested in the room; a thermometer of its own beside the pump would tell"
    ),
}
"""What the physics lets nobody know: by the defects, why, and what would tell."""

ALIKE: Mapping[str, str] = {
    "balance_drifts_at_night_mg_per_h=16": (
        "where strokes run into each other, a display that drifts only at night and only while no blank is taken is a "
        "pump that gives more at night: its counter and its program agree in both, and so little flow moves the "
        "pressure by less than its sensor is off; a good pump fails. At rates whose strokes stand apart it is told: "
        "a drift goes on between strokes, and ends INCONCLUSIVE. A second balance, or a blank at night, would tell"
    ),
    "button_strikes=2": (
        "a solenoid that presses twice for one order, while its sensor counts one, is a controller whose key bounces: "
        "its log tells of two requests in both; a good pump fails. A person who presses the button would tell"
    ),
    "microphone_dull_db=10": (
        "a microphone that takes every tone for softer is a pump that sounds softer: the room tells nothing of its "
        "scale; a good pump fails once its tones seem softer than promised. A calibrated source of sound would tell"
    ),
    "leak_valve_worn_share=0.2": (
        "a leak valve that has leaked since before the first weighing is a pump that counts what it does not give: no "
        "weighing with a tight catheter is left to compare with; a good pump fails, and a small leak takes off what a "
        "pump gives too much. One that begins to leak while it is used is told by the flow before and after. A second "
        "measure of the flow at the pump would tell"
    ),
    "rig_leak_opens_share=0.2": (
        "a leak that opens in the rig after the pressure was held, and stays under the alarm of a catheter that is "
        "off, is a pump that counts what it does not give; a good pump fails. Pressure held again after the run would "
        "tell"
    ),
    "supply_high_mv=80": (
        "a supply that gives a little more than its sensor shows is a pump that takes its battery for fuller than it "
        "is: both show too much of what was asked for, and no low-battery alarm comes; a good pump fails. One that is "
        "far off is told, because the pump then shows what a good battery has. A voltmeter at the pump would tell"
    ),
}
"""Bad instruments that nobody can tell from a bad pump: why, and what would tell."""

NOT_TRIED: Mapping[str, str] = {
    "a band of rates that no lot falls into": (
        "48 rates are drawn by lot in each run, from about 9 µL/h to the greatest, one in each tenth by ratio; a band "
        "from a to b is met in one run with a probability near ln(b/a)/ln 1.1, so one of 37 to 39 µL/h in half of all "
        "runs. From 5 to 9 µL/h four are drawn; under that the rates are the same in each run, because a balance "
        "needs hours for each"
    ),
    "an alarm that is missing in a narrow band of rates": (
        "kinks, disconnections and fields come at the three rates that every test knows and at five rates of the grid "
        "between them: a band that holds none of these is met by nobody"
    ),
    "a register that is wrong between two samples": (
        "a sample is taken each half minute, at the same place of it: what is wrong for less than that, always between "
        "two samples, is seen by nobody; what it does to counter, logs and volume is"
    ),
    "two boluses at once": (
        "a therapy has a clinician's bolus on top of its basal rate or a patient's, as this bench has it, so that none "
        "is asked for while the other runs: a pump that drops one of the two is met by nobody"
    ),
    "a pump that errs only while nobody reads it, and is stopped, faulty or at another rate than the intermediate": (
        "one night at the intermediate rate goes by unread; every other hour of a protocol the pump is read each five "
        "minutes at the latest, because what comes unseen between two samples decides nothing"
    ),
    "what begins after more than a chapter makes": (
        "the longest chapter runs a month and 30 mL, and none raises more than a few dozen alarms, starts or boluses: "
        "what begins after 2^16 strokes, or in the second month, is met by nobody"
    ),
    "three conditions at once": (
        "each condition is tried with each function, and alarms beside alarms; what needs two conditions and a third "
        "event together is met by chance only"
    ),
}
"""Bad pumps that no run meets for sure: why, and what would."""
