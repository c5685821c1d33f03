# SPDX-License-Identifier: Apache-2.0
"""`pumpbench doctor --conformance`: the twin keeps every rule, nothing moves unasked, and the bench is left safe."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.conformance import RULES, Outcome, RuleFinding, try_rules
from bench.lease import Holder, Lease, LeaseHeld, LeaseLost, LeaseStore, lease_key, make_free
from bench.profile import Profile
from groundfloor.errors import BenchFault, PlanError
from groundfloor.wall_clock import Deadline
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.pump import Command, CommandResult, PumpState
from instruments.rig import RigOutputs
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import PROGRAM
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from tests.sim.bench_run import LIMIT_S, PUMPBENCH, started
from tests.sim.conformance_trial import EMPTY, SCALED, STEPPED_ONLY, differing, not_ok, twin
from tests.sim.foreign_modbus_server import FOREIGN_PROGRAM
from tests.sim.nonconforming_twin import NONCONFORMING_PROGRAM, OTHER_GOOD_PUMPS
from tests.sim.simulated_lab import onlooker
from tests.sim.started_process import StartedProcess


@pytest.mark.parametrize(
    ("options", "program", "not_tried"),
    [
        (TwinOptions(), PROGRAM, {SCALED, EMPTY}),
        (TwinOptions(model="implantable-40ml", seed=7), PROGRAM, {SCALED, EMPTY}),
        (TwinOptions(wire=Wire.PTY), PROGRAM, {SCALED, EMPTY, "R-07"}),
        (TwinOptions(), FOREIGN_PROGRAM, {SCALED, EMPTY}),
    ],
    ids=["tcp", "40 mL", "pty", "pyModbusTCP"],
)
def test_a_stepped_twin_keeps_every_rule(options: TwinOptions, program: Sequence[str], not_tried: set[str]) -> None:
    with twin(options, program) as file:
        findings = try_rules(file, move=True)
    assert [finding.rule for finding in findings] == list(RULES)
    assert set(not_ok(findings)) == not_tried, not_ok(findings)


@pytest.mark.parametrize("kind", OTHER_GOOD_PUMPS)
def test_a_pump_that_does_otherwise_and_may_keeps_every_rule(kind: str) -> None:
    with twin(program=(*NONCONFORMING_PROGRAM, kind)) as file:
        findings = try_rules(file, move=True)
    assert set(not_ok(findings)) == {SCALED, EMPTY}, not_ok(findings)


PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
UP_TO_67 = [rule for rule in RULES if rule.number in ("R-64", "R-67")]
STANDING_ONLY = "load_refused_while_infusing"


@pytest.mark.parametrize(
    ("kind", "promised", "says"),
    [
        (None, True, ""),
        (STANDING_ONLY, False, ""),
        (None, False, "load_program while infusing: accepted, and its profile has no [programming]"),
        (STANDING_ONLY, True, "load_program while infusing: wrong_state, and its profile promises"),
    ],
    ids=["takes and promises", "refuses as promised", "takes and does not promise", "refuses and promises"],
)
def test_whether_a_program_is_taken_while_infusing_is_what_the_profile_promises(
    kind: str | None, promised: bool, says: str
) -> None:
    profile = Profile.named("implantable-20ml", PROFILES)
    if not promised:
        profile = profile.model_copy(update={"programming": None})
    with twin(program=PROGRAM if kind is None else (*NONCONFORMING_PROGRAM, kind)) as file:
        findings = try_rules(file, move=True, rules=UP_TO_67, profile=profile)
    seen = {finding.rule.number: finding.seen for finding in findings}
    assert differing(findings) == ["R-67"] * bool(says)
    assert seen["R-67"].startswith(says or "load_program while infusing")


def test_a_pump_without_a_pressure_sensor_is_told_nothing_about_its_alarms() -> None:
    with twin(TwinOptions(model="implantable-20ml-no-catheter-sensor")) as file:
        findings = try_rules(file, move=True)
    alarms = {f"R-{number}" for number in range(77, 84)}
    assert set(not_ok(findings)) == {SCALED, *alarms, "R-94"}
    assert not differing(findings)


def test_the_rules_about_seconds_hold_on_the_real_clock() -> None:
    about_seconds = [rule for rule in RULES if "R-31" <= rule.number <= "R-61"]
    with twin(TwinOptions(clock=ClockMode.REAL)) as file:
        findings = try_rules(file, move=True, rules=about_seconds)
    # a heartbeat that this machine gives too late tells nothing about the watchdog
    assert set(not_ok(findings)) - {"R-57"} == {"R-34", SCALED, *STEPPED_ONLY}, not_ok(findings)
    assert not differing(findings), not_ok(findings)


def test_a_scaled_twin_keeps_every_rule() -> None:
    with twin(TwinOptions(clock=ClockMode.SCALED, speed=30.0)) as file:
        findings = try_rules(file, move=True)
    assert set(not_ok(findings)) - {"R-57"} == {*STEPPED_ONLY, EMPTY}, not_ok(findings)
    assert not differing(findings), not_ok(findings)


def test_a_speed_that_a_lease_cannot_last_for_is_told() -> None:
    with twin(TwinOptions(clock=ClockMode.SCALED, speed=600.0)) as file:
        findings = try_rules(file, move=False, rules=[rule for rule in RULES if rule.number == SCALED])
    assert differing(findings) == [SCALED]
    assert "600, at most" in findings[0].seen


def test_nothing_is_written_to_pump_and_rig_unasked() -> None:
    with twin() as file:
        findings = try_rules(file, move=False)
        with onlooker(file.rig.address) as (pump, rig):
            assert pump._sequence == 0  # no command was ever carried out
            assert rig.fencing_token == 1  # nobody has taken a token
            assert pump.read().counter_ul == 0.0
    assert not differing(findings)
    assert {finding.rule.number for finding in findings if finding.rule.moves} <= set(not_ok(findings))


@pytest.mark.parametrize("last", ["R-46", "R-51", "R-69", "R-77"])
def test_trials_that_break_off_leave_the_bench_safe(last: str) -> None:
    def interrupt(finding: RuleFinding) -> None:
        if finding.rule.number == last:
            raise KeyboardInterrupt

    with twin() as file:
        with pytest.raises(KeyboardInterrupt):
            try_rules(file, move=True, on_finding=interrupt)
        check_left_safe(file)


@pytest.mark.parametrize("number", [1, 4, 9])
def test_a_trial_that_breaks_off_in_its_midst_leaves_the_bench_safe(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = count(1)
    command = ModbusPump.command

    def interrupted(pump: ModbusPump, which: Command, argument: float = 0.0) -> CommandResult:
        result = command(pump, which, argument)
        if which is Command.START and next(starts) == number:
            assert pump.read().state is PumpState.INFUSING
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(ModbusPump, "command", interrupted)
    with twin() as file:
        with pytest.raises(KeyboardInterrupt):
            try_rules(file, move=True)
        check_left_safe(file)


def check_left_safe(file: BenchFile) -> None:
    with onlooker(file.rig.address) as (pump, rig):
        assert pump.read().state is PumpState.STOPPED
        assert rig.outputs() == RigOutputs()
        assert not rig.read().watchdog_tripped
    Lease.acquire(file, reason="it was given back").release()


def test_a_pump_that_refuses_a_stop_is_stopped_by_the_rig() -> None:
    def interrupt(finding: RuleFinding) -> None:
        if finding.rule.number == "R-69":
            assert finding.outcome is Outcome.DIFFERS
            raise KeyboardInterrupt  # in the state in which it takes no stop

    with twin(program=(*NONCONFORMING_PROGRAM, "stop_refused_while_priming")) as file:
        with pytest.raises(KeyboardInterrupt):
            try_rules(file, move=True, on_finding=interrupt)
        with onlooker(file.rig.address) as (pump, _rig):
            assert pump.read().state is PumpState.STOPPED


def test_a_trial_whose_bench_is_released_moves_nothing_more() -> None:
    tried: list[str] = []

    def release(finding: RuleFinding) -> None:
        tried.append(finding.rule.number)
        if finding.rule.number == "R-66":
            store = LeaseStore(lease_key(file))
            assert store.kick(str(Holder.here()), "ben@lab-3") is not None
            make_free(file, "released by ben@lab-3")

    with twin() as file:
        with pytest.raises(LeaseLost, match="ben@lab-3"):
            try_rules(file, move=True, on_finding=release)
        with onlooker(file.rig.address) as (pump, rig):
            assert pump.read().state is PumpState.STOPPED
            log = rig.safe_log()
            assert log is not None
            assert log.entries[-1].left_s is None  # whoever released it made it safe, and nobody left that
    assert tried[-1] == "R-66"


def test_a_bench_that_somebody_holds_is_left_alone() -> None:
    with twin() as file:
        lease = Lease.acquire(file, reason="a run")
        with pytest.raises(LeaseHeld):
            try_rules(file, move=True)
        lease.release()


def test_a_bench_of_another_kind_is_refused() -> None:
    with twin() as file:
        other = file.model_copy(update={"balance": file.balance.model_copy(update={"dialect": "sbi"})})
        with pytest.raises(PlanError, match="'sbi'"):
            try_rules(other, move=False)


def test_a_line_that_leads_nowhere_is_the_benchs_trouble() -> None:
    with twin() as file:
        gone = file.model_copy(update={"rig": file.rig.model_copy(update={"address": "tcp://127.0.0.1:1"})})
        with pytest.raises(BenchFault):
            try_rules(gone, move=False)


def doctor(*arguments: str) -> tuple[int, str, str]:
    with started([PUMPBENCH, "doctor", *arguments]) as process:
        printed, errors = process.communicate(timeout=LIMIT_S)
        return process.returncode, printed, errors


def test_the_command_shows_a_table_and_ends_with_0_on_the_twin() -> None:
    exit_code, printed, errors = doctor("simulated", "--conformance", "--move")
    assert (exit_code, errors) == (0, "")
    assert f"simulated (SIMULATED): {len(RULES) - 2} ok, 0 differs, 2 not tried" in printed
    assert printed.count("│ R-") == len(RULES)


def test_the_command_ends_with_3_and_leads_to_the_page_when_a_rule_is_broken(tmp_path: Path) -> None:
    with twin(program=(*NONCONFORMING_PROGRAM, "supply_of_3010_mv")) as file:
        file.write(tmp_path / "bench.toml")
        exit_code, printed, _ = doctor(str(tmp_path / "bench.toml"), "--conformance")
    assert exit_code == 3
    assert "✗ R-11" in printed
    assert "See docs/how-to/build-a-rig.md#r-11" in printed
    assert f"36 ok, 1 differs, {len(RULES) - 37} not tried" in printed


def test_asked_to_move_what_cannot_be_moved_it_does_not_end_with_0(tmp_path: Path) -> None:
    with twin(program=(*NONCONFORMING_PROGRAM, "hardware_on_a_stepped_clock")) as file:
        file.write(tmp_path / "bench.toml")
        assert doctor(str(tmp_path / "bench.toml"), "--conformance", "--move")[0] == 3


def test_move_alone_is_wrong_use() -> None:
    exit_code, _, errors = doctor("simulated", "--move")
    assert exit_code == 2
    assert "--conformance" in errors


KEEPER_S = 60.0
"""Of the machine's time for a keeper to have made a bench safe."""


@contextmanager
def alarmed_trial(file: BenchFile, path: Path) -> Iterator[tuple[StartedProcess, ModbusPump, ModbusRig]]:
    """A trial as a process of its own, from the moment at which the clamp is shut and the alarm stands."""
    file.write(path)
    with (
        started([PUMPBENCH, "doctor", str(path), "--conformance", "--move"]) as process,
        onlooker(file.rig.address) as (pump, rig),
    ):
        while pump.read().state is not PumpState.ALARM_STOPPED:
            assert process.poll() is None, process.communicate()
        assert rig.outputs().kink_clamp_percent == 100.0
        yield process, pump, rig


def test_a_trial_that_is_killed_leaves_the_bench_to_a_keeper(tmp_path: Path) -> None:
    with twin(TwinOptions(clock=ClockMode.SCALED, speed=20.0)) as good:
        file = good.model_copy(update={"rig": good.rig.model_copy(update={"has_watchdog": False})})
        with alarmed_trial(file, tmp_path / "bench.toml") as (process, pump, rig):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(LIMIT_S)
            patience = Deadline(KEEPER_S)
            while rig.outputs() != RigOutputs():
                assert not patience.passed()
            assert pump.read().active_rate_ul_per_h == 0.0
            assert not rig.read().watchdog_tripped


def test_ctrl_c_shows_what_was_found_leaves_the_bench_safe_and_tells_the_signal(tmp_path: Path) -> None:
    with (
        twin(TwinOptions(clock=ClockMode.SCALED, speed=20.0)) as file,
        alarmed_trial(file, tmp_path / "bench.toml") as (process, pump, rig),
    ):
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 128 + signal.SIGINT
        assert "│ R-76 │" in printed
        assert rig.outputs() == RigOutputs()
        assert pump.read().state is PumpState.STOPPED
