# SPDX-License-Identifier: Apache-2.0
"""What a rig can do beyond what every rig must: it holds the pump, numbers its orders, limits the step of a token."""

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import RATE_UL_PER_H, TrialBench, continuous
from bench.conformance.trials.fencing import ASTRAY, MOST_SEQUENCE, REFUSED, order, told
from instruments.modbus.registers import TAKEN
from instruments.modbus.rig_abilities import SEQUENCE
from instruments.pump import Command, PumpState
from instruments.rig import RigOutputs


def pump_is_held(bench: TrialBench) -> str:
    """Start and prime the pump while the rig is in its safe state."""
    _refuse_without(bench, "pump_hold", "it stops the pump once, and a keeper has to watch the pump")
    abilities = bench.rig.abilities()
    if not abilities.holds_pump:
        raise Differs("pump_hold says none: it stops the pump once, and one that is started then runs")
    bench.at_rest()
    bench.pump.load(continuous(RATE_UL_PER_H))
    bench.rig.go_safe()
    runs: list[str] = []
    for command, argument in ((Command.START, 0.0), (Command.PRIME, bench.prime_ul)):
        answer = bench.pump.command(command, argument)
        bench.pass_for(abilities.pump_hold_limit_s)
        if (state := bench.pump.read().state) is not PumpState.STOPPED:
            runs.append(f"after {command}, answered {answer}, it is {state}")
            bench.pump.command(Command.STOP)
    bench.rig.leave_safe_state()
    bench.at_rest()
    if runs:
        raise Differs(
            f"{'; '.join(runs)}, {abilities.pump_hold_limit_s:g} s later; pump_hold says {abilities.pump_hold}"
        )
    return f"started and primed, the pump stands within {abilities.pump_hold_limit_s:g} s, by {abilities.pump_hold}"


def late_orders_move_nothing(bench: TrialBench) -> str:
    """Send the last number once more with another position, then an older number."""
    _refuse_without(bench, SEQUENCE, "an order that was lost is not sent again")
    bench.at_rest()
    bench.rig.write(RigOutputs())
    last = int(bench.rig_words.number(SEQUENCE))
    older = (last - 2) % MOST_SEQUENCE + 1
    answers: list[int] = []
    for number in (last, older):
        answers.append(bench.rig_words.write({**order(bench, bench.rig.fencing_token, ASTRAY), SEQUENCE: number}))
        if (outputs := bench.rig.outputs()) != RigOutputs():
            bench.rig.write(RigOutputs())
            raise Differs(f"number {number} behind {last}: {told(answers[-1])}, and the outputs are now {outputs}")
    seen = f"the last number again: {told(answers[0])}; an older one: {told(answers[1])}"
    if answers != [TAKEN, REFUSED]:
        raise Differs(seen)
    return f"{seen}; nothing moved"


def tokens_rise_by_steps(bench: TrialBench) -> str:
    """Write a token that rises by more than the rig says."""
    _refuse_without(bench, "most_token_step", "one write of the highest token would lock every session out")
    bench.at_rest()
    step = bench.rig.abilities().most_token_step
    code = bench.rig_words.write({"fencing_token": bench.rig.fencing_token + step + 1})
    if code != REFUSED:
        bench.lease.leave_rig()
        bench.fence()
        raise Differs(f"a token {step + 1} above the highest: {told(code)}, wanted is exception {REFUSED}")
    return f"{step + 1} above the highest: exception {REFUSED}"


def _refuse_without(bench: TrialBench, point: str, what_follows: str) -> None:
    if point not in bench.rig_words.map.points:
        raise NotTried(f"the map has no {point}: {what_follows}")


RULES = (
    Rule(
        "R-84",
        "a pump that is started in the safe state stands again",
        pump_is_held,
        moves=True,
        needs=("R-51", "R-52"),
    ),
    Rule("R-85", "an order behind a later one moves nothing", late_orders_move_nothing, moves=True, needs=("R-40",)),
    Rule("R-86", "a token that rises too far is refused with exception 3", tokens_rise_by_steps, moves=True),
)
