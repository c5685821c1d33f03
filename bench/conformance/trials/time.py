# SPDX-License-Identifier: Apache-2.0
"""Whose seconds count: the clocks of pump and rig, and what a scaled or a stepped clock needs."""

from datetime import UTC, datetime

from bench.clock import ClockMode, bench_date
from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import Timed, TrialBench
from bench.conformance.trials.balance import open_line, text_of
from bench.lease.lease import LEASE_S, MOST_RIG_S
from bench.sampling.snapshot import Snapshot
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import monotonic_s
from instruments.control_line_client import ControlLine

COMPARED_S = 5.0
SLACK_SHARE = 0.01
SLACK_S = 0.1
BACK_US = 1000
SNAPSHOTS = 5
SHORTEST_SPACING_S = 1.0
"""Bench time between two readings of a series of weighings; a snapshot has to be done within it."""
BENCH_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def refuse_another_pace(what: str, first: Timed[float], last: Timed[float]) -> str:
    """Compare how far a clock of the bench went with how far bench time went, which is known between two bounds.

    Raises:
        Differs: it went further or less far.
    """
    went_s = last.observed - first.observed
    least_s = last.before_s - first.after_s - SLACK_S - SLACK_SHARE * COMPARED_S
    most_s = last.after_s - first.before_s + SLACK_S + SLACK_SHARE * COMPARED_S
    seen = f"{what} went {went_s:.2f} s in {last.before_s - first.after_s:.2f} s of bench time"
    if not least_s <= went_s <= most_s:
        raise Differs(seen)
    return seen


def device_clock_runs(bench: TrialBench) -> str:
    """Compare the pump's clock with bench time."""
    first = bench.timed(lambda: bench.pump_words.number("device_clock_s"))
    bench.pass_for(COMPARED_S)
    return refuse_another_pace("device_clock_s", first, bench.timed(lambda: bench.pump_words.number("device_clock_s")))


def rig_clock_runs(bench: TrialBench) -> str:
    """Compare the rig's clock with bench time."""
    if "rig_clock_s" not in bench.rig_words.map.points:
        raise NotTried("the map has no rig_clock_s")
    first = bench.timed(lambda: bench.rig_words.number("rig_clock_s"))
    bench.pass_for(COMPARED_S)
    return refuse_another_pace("rig_clock_s", first, bench.timed(lambda: bench.rig_words.number("rig_clock_s")))


def age_of_the_heartbeat_runs(bench: TrialBench) -> str:
    """Compare how the age of the last heartbeat grows with bench time."""
    first = bench.timed(lambda: bench.rig_words.number("heartbeat_age_s"))
    bench.pass_for(COMPARED_S)
    return refuse_another_pace("heartbeat_age_s", first, bench.timed(lambda: bench.rig_words.number("heartbeat_age_s")))


def only_twins_run_on_another_clock(bench: TrialBench) -> str:
    """Look whether everything on a bench that is not in real time is a twin."""
    if bench.clock.mode is ClockMode.REAL:
        raise NotTried("the clock is real")
    with open_line(bench) as balance:
        versions = {"balance": text_of(balance.ask("I3"), "I3")}
    versions |= {
        "pump": str(bench.pump_words.read("firmware_version")["firmware_version"]),
        "rig": str(bench.rig_words.read("rig_firmware_version")["rig_firmware_version"]),
    }
    strange = [f"{asset} {version!r}" for asset, version in versions.items() if not version.endswith("-twin")]
    if strange:
        raise Differs(f"the clock is {bench.clock.mode}, and no firmware ends in -twin of: {', '.join(strange)}")
    return f"{bench.clock.mode}, all twins"


def speed_is_workable(bench: TrialBench) -> str:
    """Take a few snapshots by the machine's clock and tell how fast a scaled clock may run."""
    if bench.clock.mode is not ClockMode.SCALED:
        raise NotTried(f"the clock is {bench.clock.mode}")
    spent_s = []
    with bench.open_balance() as devices:
        for _ in range(SNAPSHOTS):
            began_s = monotonic_s()
            Snapshot.at(devices)
            spent_s.append(monotonic_s() - began_s)
    by_wire = SHORTEST_SPACING_S / sorted(spent_s)[SNAPSHOTS // 2]
    highest = min(by_wire, MOST_RIG_S / LEASE_S)
    seen = f"{bench.clock.speed:g}, at most {highest:.0f} on this wire"
    if bench.clock.speed > highest:
        raise Differs(seen)
    return seen


def control_line_says_what_it_is(bench: TrialBench) -> str:
    """Ask HELLO."""
    hello = _control(bench).hello()
    if hello.mode != bench.clock.mode:
        raise Differs(f"the twin says mode={hello.mode}, the bench file {bench.clock.mode}")
    return f"mode={hello.mode} speed={hello.speed:g} seed={hello.seed} model={hello.model}"


def control_line_moves_everything(bench: TrialBench) -> str:
    """Advance, and look at every clock of the bench."""
    control = _control(bench)
    began_us = control.now_us()
    before = _clocks(bench)
    bench.pass_for(COMPARED_S)
    went_s = {name: at_s - before[name] for name, at_s in _clocks(bench).items()}
    went_s["control line"] = (control.now_us() - began_us) / 1e6
    wrong = [f"{name} {value:.3f} s" for name, value in went_s.items() if abs(value - COMPARED_S) > SLACK_S]
    if wrong:
        raise Differs(f"after ADV by {COMPARED_S:g} s went: {', '.join(wrong)}")
    if _clocks(bench) != {name: before[name] + value for name, value in went_s.items() if name in before}:
        raise Differs("a clock went on although nobody moved it")
    return f"all went {COMPARED_S:g} s, and stand"


def control_line_refuses_the_past(bench: TrialBench) -> str:
    """Ask to go back, and look whether time stays and the line lives."""
    now_us = _control(bench).now_us()
    if now_us < BACK_US:
        raise NotTried("time stands at its beginning")
    control = ControlLine.open(str(bench.file.clock.control))  # one of its own: it may be closed by what comes back
    try:
        control.advance_to_us(now_us - BACK_US)
    except BenchFault as refused:
        if not refused.seen.startswith("refused"):
            raise Differs(refused.seen) from refused
    else:
        raise Differs("ADV into the past is taken")
    finally:
        control.close()
    if _control(bench).now_us() != now_us:
        raise Differs("refused, and time moved all the same")
    return "refused, time stands"


def certificate_holds_at_the_bench_date(bench: TrialBench) -> str:
    """Hold the certificate of the balance against the date of bench time."""
    today, calibration = bench_date(bench.clock).date(), bench.file.balance.calibration
    seen = f"today is {today} on this bench, the certificate holds from {calibration.date} to {calibration.due}"
    if bench.clock.mode is ClockMode.STEPPED and bench.clock.epoch_utc != BENCH_EPOCH:
        raise Differs(f"a stepped bench lives on {bench.clock.epoch_utc.date()}")
    if not calibration.date <= today <= calibration.due:
        raise Differs(seen)
    return seen


def _control(bench: TrialBench) -> ControlLine:
    if bench.clock.mode is not ClockMode.STEPPED or bench.control is None:
        raise NotTried(f"the clock is {bench.clock.mode}")
    return bench.control


def _clocks(bench: TrialBench) -> dict[str, float]:
    clocks = {"device_clock_s": bench.pump_words.number("device_clock_s")}
    if "rig_clock_s" in bench.rig_words.map.points:
        clocks["rig_clock_s"] = bench.rig_words.number("rig_clock_s")
    return clocks


RULES = (
    Rule("R-31", "device_clock_s counts seconds of bench time", device_clock_runs),
    Rule("R-32", "rig_clock_s counts seconds of bench time", rig_clock_runs),
    Rule("R-33", "heartbeat_age_s counts seconds of bench time", age_of_the_heartbeat_runs),
    Rule("R-34", "only twins run on another clock than the real one", only_twins_run_on_another_clock),
    Rule("R-35", "a scaled clock is no faster than the wire allows", speed_is_workable),
    Rule("R-36", "a stepped twin's control line tells what it is", control_line_says_what_it_is),
    Rule(
        "R-37",
        "the control line moves every clock, and nothing else does",
        control_line_moves_everything,
        needs=("R-31", "R-32"),
    ),
    Rule("R-38", "the control line refuses to go back", control_line_refuses_the_past),
    Rule("R-39", "the certificate holds at the date of bench time", certificate_holds_at_the_bench_date),
)
