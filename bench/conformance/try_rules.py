# SPDX-License-Identifier: Apache-2.0
"""Trying a bench against the rules, one after the other, with the bench left safe whatever comes."""

from collections.abc import Callable, Iterable, Sequence

from bench.bench_file import BenchFile
from bench.conformance.outcome import Differs, NotTried, Outcome
from bench.conformance.rule import Rule, RuleFinding
from bench.conformance.rules import RULES
from bench.conformance.trial_bench import TrialBench
from bench.conformance.trials import actuators, commands, watchdog
from bench.lease import LeaseLost
from bench.profile import Profile
from groundfloor.errors import BenchFault

KEPT = actuators.RULES[0].number
"""From here on the fencing token stays what it is, and a keeper can watch."""
GUARDED = commands.RULES[0].number
"""From here on things run for longer, guarded by a watchdog that was tried before."""
OnFinding = Callable[[RuleFinding], None]


def try_rules(
    file: BenchFile,
    *,
    move: bool,
    rules: Iterable[Rule] = RULES,
    profile: Profile | None = None,
    on_finding: OnFinding = lambda _finding: None,
) -> tuple[RuleFinding, ...]:
    """Try every rule: first those that only read, then, if `move`, those that write to the bench.

    Args:
        file: the bench.
        move: whether injectors, fluid, lease and tare may be moved.
        rules: which to try.
        profile: what the pump promises; None where a rule may take either of what a pump may promise.
        on_finding: is told of each rule as soon as it is decided.

    Raises:
        LeaseHeld: somebody else has the bench.
        LeaseLost: somebody took it meanwhile.
        BenchFault: a line cannot be opened, or the bench was not left safe.
        PlanError: the bench is of another kind than the rules are about.
    """
    rules = tuple(rules)
    findings: dict[str, RuleFinding] = {}

    def settle(finding: RuleFinding) -> None:
        findings[finding.rule.number] = finding
        on_finding(finding)

    takes = None if profile is None else profile.programming is not None
    with TrialBench(file, takes_while_infusing=takes) as bench:
        for rule in rules:
            if not rule.moves:
                settle(_tried(rule, bench, findings))
        moving = [rule for rule in rules if rule.moves]
        why_not = _why_not_moved(bench, moving, move=move)
        for rule in moving:
            if why_not:
                settle(RuleFinding(rule, Outcome.NOT_TRIED, why_not))
                continue
            _guard(rule, bench, findings)
            settle(_tried(rule, bench, findings))
    return tuple(findings[rule.number] for rule in rules)


def _why_not_moved(bench: TrialBench, moving: Sequence[Rule], *, move: bool) -> str:
    """Make the bench ready to be moved; return why it is not."""
    if not move:
        return "it moves something: --move"
    if not moving:
        return ""
    try:
        bench.begin_to_move()
    except NotTried as why:
        return str(why)
    except BenchFault as fault:
        return f"the bench could not be made ready to be moved: {fault.finding}"
    return ""


def _guard(rule: Rule, bench: TrialBench, findings: dict[str, RuleFinding]) -> None:
    """See to what guards the bench before a rule is tried."""
    if rule.number == KEPT:
        bench.let_a_keeper_watch()
    if rule.number == GUARDED and _hold(watchdog.RULES, findings):
        bench.let_the_watchdog_guard()


def _tried(rule: Rule, bench: TrialBench, findings: dict[str, RuleFinding]) -> RuleFinding:
    differing = [number for number in rule.needs if _differs(findings.get(number))]
    if differing:
        return RuleFinding(rule, Outcome.NOT_TRIED, f"it rests on {', '.join(differing)}")
    try:
        return RuleFinding(rule, Outcome.OK, rule.trial(bench))
    except Differs as seen:
        return RuleFinding(rule, Outcome.DIFFERS, str(seen))
    except NotTried as why:
        return RuleFinding(rule, Outcome.NOT_TRIED, str(why))
    except LeaseLost:  # nothing on it is ours to try any more
        raise
    except BenchFault as fault:
        return RuleFinding(rule, Outcome.DIFFERS, fault.finding)


def _hold(rules: Iterable[Rule], findings: dict[str, RuleFinding]) -> bool:
    """Tell whether all of some rules were tried and hold."""
    found = [findings.get(rule.number) for rule in rules]
    return all(one is not None and one.outcome is Outcome.OK for one in found)


def _differs(finding: RuleFinding | None) -> bool:
    return finding is not None and finding.outcome is Outcome.DIFFERS
