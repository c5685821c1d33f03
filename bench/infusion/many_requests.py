# SPDX-License-Identifier: Apache-2.0
"""Many requests for a bolus of a pump that stands: each is refused, and the log tells of each, round after round."""

from dataclasses import asdict

from bench.acceptance import Standing
from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.setting import Setting
from bench.journal import Result
from groundfloor.errors import PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.pump import BolusEntry, Command, CommandResult

EVERY_S = 2.0
"""Between two requests, so that the log can tell them apart by their time."""
COUNTS = 65536


class ManyRequests:
    """Asks again and again."""

    def __init__(self, setting: Setting, control: PumpControl, judging: Judging) -> None:
        self._setting = setting
        self._activities = setting.activities
        self._control = control
        self._judging = judging

    def fill(self, declared: str, count: int) -> None:
        """Ask a pump that stands for so many boluses; judge that its log tells of each, in order, to the last.

        Args:
            declared: the name under which the test declared it.
            count: how many.

        Raises:
            Inconclusive: the run was interrupted meanwhile.
        """
        self._judging.bring_in(Standing.BOLUS_COURSE)
        self._setting.step(f"Ask for {count} boluses")
        resumed = self._activities.replaying
        self._activities.do("frames begun", dict)
        found = self._activities.do(
            "requests",
            lambda: self._asked(count, resumed=resumed),
            "{logged_more} requests logged",
            infusion=self._setting.name,
        )
        for one in found["requests"]:
            self._control.note_given(Command.PATIENT_BOLUS, CommandResult(one["answer"]), one)
        wrong = list(_wrong(found, count))
        seen = "; ".join(wrong) or f"{count} requests, {count} lines, the newest of each round in its place"
        self._judging.judge_that(declared, not wrong, seen, "bolus log after many requests", "bolus log")

    def _asked(self, count: int, *, resumed: bool) -> Result:
        if resumed:
            seen = "the run was interrupted while boluses were asked for, and nobody knows how many"
            raise Inconclusive("pump", "ask for many boluses", seen, "run this test again")
        bench, pump = self._setting.bench, self._setting.bench.pump
        before, requests = pump.read(), []
        for _ in range(count):
            sent_s = bench.clock.now_s()
            answer = pump.command(Command.PATIENT_BOLUS)
            device_clock_s = pump.read().device_clock_s
            answered_s = bench.clock.now_s()
            told = {"answer": answer, "sent_s": sent_s, "answered_s": answered_s, "device_clock_s": device_clock_s}
            requests.append(told)
            bench.scheduler.pass_for(EVERY_S)
        after = pump.read()
        trouble, logged = "", tuple[BolusEntry, ...]()
        try:
            logged = pump.bolus_log(since=before.bolus_log_count)
        except PumpFailure as failure:
            trouble = failure.finding
        more = (after.bolus_log_count - before.bolus_log_count) % COUNTS
        return {
            "requests": requests,
            "logged_more": more,
            "logged": [asdict(entry) for entry in logged],
            "trouble": trouble,
        }


def _wrong(found: Result, count: int) -> list[str]:
    """Return what is wrong with a log after so many requests, a phrase each."""
    wrong = [found["trouble"]] if found["trouble"] else []
    if found["logged_more"] != count:
        wrong.append(f"{count} requests were made, the log grew by {found['logged_more']}")
    newest = found["requests"][-len(found["logged"]) :] if found["logged"] else []
    for entry, request in zip(found["logged"], newest, strict=True):
        late_s = entry["requested_s"] - request["device_clock_s"]
        if abs(late_s) > EVERY_S / 2 or entry["outcome"] != request["answer"]:
            told = f"line {entry['number']} tells {entry['outcome']} at {entry['requested_s']:.2f} s"
            wrong.append(f"{told}, it answered {request['answer']} at {request['device_clock_s']:.2f} s")
    if not found["trouble"] and not found["logged"]:
        wrong.append("the log holds none of them")
    return wrong
