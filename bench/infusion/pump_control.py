# SPDX-License-Identifier: Apache-2.0
"""The control of the pump: its program, and the commands that it must accept.

A refusal of what the profile promises is the pump's failure. Each command is an activity, with the pump's state and
clock just after it.
"""

from collections.abc import Sequence

from bench.acceptance import Standing
from bench.account import CountedBefore, GivenCommand
from bench.infusion.judging import Judging
from bench.infusion.setting import Setting
from bench.journal import Result
from bench.therapy import SingleBolus
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.json_number import json_number
from instruments.program import Program
from instruments.pump import Alarm, Command, CommandResult, PumpState
from instruments.pump_feature import PumpFeature


class PumpControl:
    """Programs and commands the pump of one infusion.

    Attributes:
        given: every command of this infusion, in order.
        before: what the pump had counted before its program was loaded; None where nobody looked.
        programs_coming: programs that may be in force already, while they are sent; empty at any other time.
        programmed: whether the journal has this infusion, from the load of its program on.
    """

    def __init__(self, setting: Setting, judging: Judging) -> None:
        self._setting = setting
        self._activities = setting.activities
        self._pump = setting.bench.pump
        self._schedule = setting.schedule
        self._judging = judging
        self._stopped_by_alarm = False
        self._lets_be_read = setting.profile.has(PumpFeature.READ_BACK)
        self.given: list[GivenCommand] = []
        self.before: CountedBefore | None = None
        self.programs_coming: tuple[Program, ...] = ()
        self.programmed = False

    def refuse_other_rates(self) -> None:
        """Refuse a therapy whose rates the profile does not have.

        Raises:
            PlanError: the therapy has one.
        """
        self._setting.profile.rates.refuse_others(step.rate_ul_per_h for step in self.program_wanted.all_steps)

    def program(self) -> None:
        """Acknowledge what stands, load the program and read it back.

        Raises:
            BenchFault: somebody left its reservoir empty.
            PumpFailure: the pump refuses it, or reads back another one.
        """
        found = self.state()
        self._refuse_an_empty_reservoir(found)
        self.before = CountedBefore.of(self._clear_alarms(found))
        setting, program = self._setting, self.program_wanted
        if isinstance(setting.schedule.therapy, SingleBolus):
            self._judging.bring_in(Standing.BOLUS_COURSE)
        therapy = setting.schedule.therapy.describe()
        self._activities.note("infusion-started", infusion=setting.name, therapy=therapy, interval_s=setting.interval_s)
        self.programmed = True
        found = self._activities.do("programmed", lambda: self._load(program))
        answer, differences = found["answer"], found.get("differences", ())
        taken = CommandResult(answer) is CommandResult.ACCEPTED
        observed = _read_back(differences) if differences else f"it answered {answer}"
        name = "the pump takes the program and reads it back"
        if self._lets_be_read:
            self._judging.standing_required(Standing.PROGRAM, name, taken and not differences, observed)
        else:
            self._judging.standing_required(Standing.COMMANDS, "the pump takes the program", taken, observed)
        if not taken:
            raise PumpFailure("pump", "load the program", observed, "does the profile promise this?")
        if differences:
            raise PumpFailure("pump", "load the program", observed, "do not start it; check its map and firmware")

    def _refuse_an_empty_reservoir(self, found: Result) -> None:
        """Refuse to begin with a pump that somebody left empty: it can be neither acknowledged nor started.

        Raises:
            BenchFault: its empty alarm stands.
        """
        if Alarm.RESERVOIR_EMPTY in found["alarms"]:
            seen = "its reservoir was empty before this infusion began"
            raise BenchFault("pump", "start an infusion", seen, "refill the pump, then run it again")

    def _load(self, program: Program) -> Result:
        answer = self._pump.load(program)
        differences = self._pump.differences(program) if answer is CommandResult.ACCEPTED else ()
        return {"answer": answer, "differences": differences}

    def judge_program_again(self) -> None:
        """Read the program in force once more and judge that it is still the one that was loaded.

        Nothing is judged of a pump that does not let it be read.
        """
        if not self._lets_be_read:
            return
        program = self.program_wanted
        found = self._activities.do("program read again", lambda: {"differences": self._pump.differences(program)})
        differences, name = found["differences"], "the program in force is still the one that was loaded"
        observed = _read_back(differences) if differences else "nothing differs"
        self._judging.standing_required(Standing.PROGRAM, name, not differences, observed)

    @property
    def program_wanted(self) -> Program:
        """Return the program that is to be in force."""
        return self._schedule.in_force.program(self._setting.profile.low_reservoir_alarm_ul.value)

    def start(self) -> None:
        """Start the pump with the program it has.

        Raises:
            PumpFailure: it refuses.
        """
        self._schedule.start(self._demand(Command.START))
        self._stopped_by_alarm = False

    def prime(self, volume_ul: float) -> float:
        """Give a priming bolus with the pump stopped; return the pump's clock just after the command.

        Raises:
            PumpFailure: it refuses.
        """
        return float(self.demand(Command.PRIME, volume_ul)["device_clock_s"])

    def stop(self) -> None:
        """Stop the pump.

        Raises:
            PumpFailure: it refuses.
        """
        self._schedule.stop(self._demand(Command.STOP))

    def note_stop_by_alarm(self, device_clock_s: float) -> None:
        """Take note that from this instant on the pump has promised to stand, because of an alarm."""
        self._schedule.stop(device_clock_s)
        self._stopped_by_alarm = True

    def resume(self) -> None:
        """Acknowledge what stands, and start the pump again if an alarm had stopped it, as a clinician would.

        Raises:
            PumpFailure: it refuses.
        """
        found = self.state()
        self.clear_alarms()
        if self._stopped_by_alarm or found["state"] == PumpState.ALARM_STOPPED:
            self._schedule.stop(found["device_clock_s"])
            self.start()

    def acknowledge(self) -> None:
        """Acknowledge what stands; a pump that an alarm had stopped stands on.

        Raises:
            PumpFailure: it refuses.
        """
        found = self.clear_alarms()
        if self._stopped_by_alarm or found["state"] == PumpState.ALARM_STOPPED:
            self._schedule.stop(found["device_clock_s"])

    def clear_alarms(self) -> Result:
        """Acknowledge the alarms that stand, if any do; return what the pump was found in.

        Raises:
            PumpFailure: the pump refuses.
        """
        return self._clear_alarms(self.state())

    def _clear_alarms(self, found: Result) -> Result:
        if found["alarms"] or found["state"] == PumpState.ALARM_STOPPED:
            self._demand(Command.ACKNOWLEDGE)
        return found

    def judge_failure(self, failure: PumpFailure | None) -> None:
        """Judge a failure of the pump that the plan went on after, and that nothing else tells of."""
        if failure is not None:
            name = f"{self._setting.name}: a failure of the pump, whatever the plan made of it"
            self._judging.standing_required(Standing.COMMANDS, name, False, str(failure))

    def state(self) -> Result:
        """Return the pump's state, rate, clock and standing alarms, as an activity."""
        return self._activities.do("pump looked at", self.found)

    def demand(self, command: Command, argument: float = 0.0) -> Result:
        """Give a command that must be accepted; return what the pump was found in just after it.

        Raises:
            PumpFailure: it refuses.
        """
        result = self._give(command, argument)
        accepted = result["answer"] == CommandResult.ACCEPTED
        self._judging.standing_required(
            Standing.COMMANDS, f"{command} accepted", accepted, f"it answered {result['answer']}"
        )
        if not accepted:
            raise PumpFailure("pump", command, f"it answered {result['answer']}")
        return result

    def _demand(self, command: Command) -> float:
        return float(self.demand(command)["device_clock_s"])

    def ask(self, command: Command, argument: float = 0.0) -> CommandResult:
        """Give a command whose answer is somebody else's to judge, and return the answer."""
        return CommandResult(self._give(command, argument)["answer"])

    def _give(self, command: Command, argument: float = 0.0) -> Result:
        result = self._activities.do(
            "command", lambda: self._command(command, argument), f"{command}: {{answer}}", infusion=self._setting.name
        )
        self.note_given(command, CommandResult(result["answer"]), result)
        return result

    def note_given(self, command: Command, answer: CommandResult, result: Result) -> None:
        """Keep a command; an older journal tells only the time of the line that it stands in."""
        now_s = self._activities.now_s()
        sent_s, answered_s = result.get("sent_s"), result.get("answered_s")
        self.given.append(
            GivenCommand(
                command,
                answer,
                now_s if sent_s is None else sent_s,
                now_s if answered_s is None else answered_s,
                result["device_clock_s"],
            )
        )

    def _command(self, command: Command, argument: float) -> Result:
        clock = self._setting.bench.clock
        sent_s = clock.now_s()
        answer = self._pump.command(command, argument)
        return {"answer": answer, "sent_s": sent_s, "answered_s": clock.now_s(), **self.found()}

    def found(self) -> Result:
        """Return the pump's state, rate, clock, counts and standing alarms, read now."""
        reading = self._pump.read()
        return {
            "state": reading.state,
            "rate_ul_per_h": reading.active_rate_ul_per_h,
            "device_clock_s": reading.device_clock_s,
            "alarms": sorted(reading.alarms),
            "counter_ul": json_number(reading.counter_ul),
            "reservoir_ul": json_number(reading.reservoir_volume_ul),
            "alarm_log_count": reading.alarm_log_count,
            "bolus_log_count": reading.bolus_log_count,
            "battery_percent": json_number(reading.battery_percent),
        }


def _read_back(differences: Sequence[str]) -> str:
    return f"its read-back differs: {'; '.join(differences)}"
