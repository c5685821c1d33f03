# SPDX-License-Identifier: Apache-2.0
"""The patient's button: one press is one request, and a number that was used presses nothing."""

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import RATE_UL_PER_H, TrialBench
from bench.conformance.trials.fencing import REFUSED, told
from instruments.modbus.patient_button import NUMBER, TOKEN
from instruments.modbus.registers import TAKEN
from instruments.patient_button import NAME, button_of
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult

BOLUS_UL, BOLUS_S, LOCKOUT_S, MOST_PER_DAY = 1.0, 60, 3600, 24
WITH_PATIENT_BOLUS = Program(
    Mode.CONTINUOUS,
    (Step(0, RATE_UL_PER_H),),
    ptm_volume_ul=BOLUS_UL,
    ptm_duration_s=BOLUS_S,
    ptm_lockout_s=LOCKOUT_S,
    ptm_max_per_day=MOST_PER_DAY,
)
LOGGED_WITHIN_S = 60.0
NOTHING_FOR_S = 3.0


def one_press_is_one_request(bench: TrialBench) -> str:
    """Press once; then send the same number again, and a press with a token that is stale."""
    if NUMBER not in bench.rig_words.map.points:
        raise NotTried(f"the map has no {NUMBER}: the {NAME} is left out, and boluses are asked for by command alone")
    bench.at_rest()
    answers = [bench.pump.load(WITH_PATIENT_BOLUS), bench.pump.command(Command.START)]
    if set(answers) != {CommandResult.ACCEPTED}:
        raise NotTried(f"the pump was not started with a patient bolus: it answered {', '.join(answers)}")
    button, logged = button_of(bench.rig), bench.pump.read().bolus_log_count
    felt = button.patient_button_presses()
    button.press_patient_button()
    limit_s = bench.file.rig.injector_time_limit_s
    if not bench.wait_until(lambda: button.patient_button_presses() != felt, limit_s):
        raise Differs(f"a press was taken, and its sensor felt none in {limit_s:g} s")
    if not bench.wait_until(lambda: bench.pump.read().bolus_log_count != logged, LOGGED_WITHIN_S):
        raise Differs(f"the button was pressed, and the pump logged no request in {LOGGED_WITHIN_S:g} s")
    number, token = int(bench.rig_words.number(NUMBER)), bench.rig.fencing_token
    codes = [bench.rig_words.write({TOKEN: token - stale, NUMBER: number + stale}) for stale in (0, 1)]
    bench.pass_for(NOTHING_FOR_S)
    presses = (button.patient_button_presses() - felt) % 65536
    requests = bench.pump.read().bolus_log_count - logged
    bench.at_rest()
    if (presses, requests) != (1, 1) or codes != [TAKEN, REFUSED]:
        said = f"the same number again: {told(codes[0])}, a stale token: {told(codes[1])}"
        raise Differs(f"one press: its sensor felt {presses}, the pump logged {requests}; {said}")
    return "one press felt and one request logged; the same number again and a stale token press nothing"


RULES = (
    Rule(
        "R-87",
        "one press of the patient's button is one request, and a number that was used presses nothing",
        one_press_is_one_request,
        moves=True,
        needs=("R-40", "R-72", "R-73", "R-85", "R-86"),
    ),
)
