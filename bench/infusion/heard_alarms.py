# SPDX-License-Identifier: Apache-2.0
"""The alarms of one infusion as somebody who stands by meets them: heard, silenced, heard again, and acknowledged.

What the rig's microphone kept is measured from the alarm's own line in the log. An interrogation and a silence leave
the alarm, the rate and the log as they are; both are given as commands, and looked at right before and after.
"""

from bench.account.sounds import may_be_of, wrong_pattern
from bench.alarms import AlarmObservation, HeardSound
from bench.infusion.course import Course
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.profile import Tone
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from instruments.pump import Command, CommandResult
from instruments.sound_channel import no_sound
from metrology.latency import latency
from metrology.latency.bracket import Bracket
from metrology.uncertainty import Influence, quantity_from
from metrology.verdict import Limits, Measurement

ONSET_TO_S = 0.02
"""Log and microphone count hundredths."""
LEVEL_TO_DB = 1.0
"""How well a microphone tells a level (assumed)."""
KEPT = ("state", "rate_ul_per_h", "alarms", "alarm_log_count")


class HeardAlarms:
    """Listens to the pump of one infusion."""

    def __init__(self, course: Course, session: SamplingSession, control: PumpControl) -> None:
        self._course = course
        self._session = session
        self._control = control
        self._silenced_s: float | None = None

    def require(self) -> None:
        """Refuse a bench that does not hear the pump.

        Raises:
            BenchFault: its rig has no sound channel.
        """
        if not self._session.sounds.hears:
            raise no_sound("rig")

    def first_tone(self, observation: AlarmObservation) -> Measurement:
        """Return the time from an alarm's line in the log to the first tone of it.

        Raises:
            Inconclusive: nothing was heard by a microphone that may have missed it.
        """
        tone, onset_s = self._tone(observation), observation.alarm.onset_s
        name, limits = "time from the alarm to its tone", Limits(None, tone.begins_max_s.value, "s", self._source)
        bursts = self._since(observation)
        heard_s = bursts[0].onset_s if bursts else self._course.setting.activities.now_s()
        began, heard = Bracket.around(onset_s, ONSET_TO_S), Bracket.around(heard_s, ONSET_TO_S)
        quantity = latency(began, heard, observation.clocks_half_width_s)
        return Measurement(f"{name}{'' if bursts else ', none came'}", quantity, limits, measurand=name)

    def spacing(self, observation: AlarmObservation) -> Measurement:
        """Return the mean time from tone to tone of an alarm; the time since the last one where no more came.

        Raises:
            Inconclusive: nothing more was heard by a microphone that may have missed it.
        """
        tone, bursts, name = self._tone(observation), self._since(observation), "time from tone to tone"
        if len(bursts) > 1:
            mean_s = (bursts[-1].onset_s - bursts[0].onset_s) / (len(bursts) - 1)
        else:
            last_s = bursts[0].onset_s if bursts else observation.alarm.onset_s
            mean_s = self._course.setting.activities.now_s() - last_s
        every_s, share = tone.repeats_every_s.value, tone.timing_percent.value / 100
        limits = Limits(every_s * (1 - share), every_s * (1 + share), "s", self._source)
        instants = Influence.rectangular("instants of two tones", mean_s, "s", 2 * ONSET_TO_S)
        quantity = quantity_from(instants.number, "s", (instants,))
        return Measurement(f"{name}{'' if len(bursts) > 1 else ', none came'}", quantity, limits, measurand=name)

    def judge_level(self, declared: str, observation: AlarmObservation) -> None:
        """Judge the least level of an alarm's tones; no figure of an implant is public, so it is the profile's own.

        Raises:
            PlanError: the profile promises no level.
            Inconclusive: nothing was heard by a microphone that may have missed it.
        """
        promised, bursts, name = self._tone(observation).level_min_db, self._since(observation), "level of the tones"
        if promised is None:
            raise PlanError(self._course.setting.name, "judge the level", "none is promised", "leave it out")
        if not bursts:
            self._course.judging.judge_that(declared, False, "nothing was heard of the alarm", name, name)
            return
        least_db = min(one.level_db for one in bursts)
        microphone = Influence.rectangular("microphone", least_db, "dB", LEVEL_TO_DB)
        limits = Limits(promised.value, None, "dB", self._source)
        measured = Measurement(name, quantity_from(microphone.number, "dB", (microphone,)), limits, measurand=name)
        self._course.judging.judge(declared, measured)

    def leaves_all(self, declared: str, command: Command) -> None:
        """Give a command that is to change nothing but what is heard; judge that it is accepted and changes nothing."""
        before = self._control.state()
        answer = self._control.ask(command)
        if command is Command.SILENCE:
            self._silenced_s = self._control.given[-1].answered_s
        after = self._control.state()
        changed = [f"{name} from {before[name]} to {after[name]}" for name in KEPT if before[name] != after[name]]
        told = f"it changed {', '.join(changed)}" if changed else "nothing changed"
        happened = answer is CommandResult.ACCEPTED and not changed
        self._course.judging.judge_that(declared, happened, f"{command}: {answer}, {told}", f"{command} leaves all")

    def silence_nothing(self, declared: str) -> None:
        """Ask for a silence while no alarm stands; judge that it is accepted and changes nothing.

        That it silences nothing later, what is heard of the next alarm tells.
        """
        silenced_s = self._silenced_s
        self.leaves_all(declared, Command.SILENCE)
        self._silenced_s = silenced_s

    def judge_silence(self, declared: str) -> None:
        """Judge that nothing was heard for as long as a silence lasts, and that the alarm was heard again then.

        Raises:
            PlanError: nothing was silenced, or the profile promises no silence.
        """
        course, silence = self._course, self._course.setting.profile.silence
        if self._silenced_s is None or silence is None:
            seen = "nothing was silenced" if silence is not None else "no silence is promised"
            raise PlanError(course.setting.name, "judge a silence", seen, "silence an alarm first")
        from_s, to_s = self._silenced_s + self._slack_s, self._silenced_s + silence.lasts_s.value
        begins_s = max(tone.begins_max_s.value for tone in course.setting.profile.tones.values())
        early = [one for one in self._heard if from_s <= one.onset_s < to_s - self._slack_s]
        again = [one for one in self._heard if to_s - self._slack_s <= one.onset_s <= to_s + begins_s + self._slack_s]
        told = f"{len(early)} tones in its {silence.lasts_s.value:g} s, {'one' if again else 'none'} when it was over"
        name = "quiet in the silence, heard after it"
        doubts = [f"{one} is none of the pump's tones" for one in early if not self._is_own(one)]
        if doubts and again and len(doubts) == len(early):
            course.judging.leave_undecided(declared, f"{told}; {'; '.join(doubts)}", name, name)
        elif (early or again) or not self._doubts:
            course.judging.judge_that(declared, not early and bool(again), told, name)
        else:
            course.judging.leave_undecided(declared, f"{told}; {'; '.join(self._doubts)}", name, name)

    def judge_heard_in_silence(self, declared: str, observation: AlarmObservation) -> None:
        """Judge that an alarm which came in the silence of another one was heard at once."""
        tone, onset_s = self._tone(observation), observation.alarm.onset_s
        within_s = tone.begins_max_s.value + self._slack_s
        heard = [one for one in self._heard if onset_s - self._slack_s <= one.onset_s <= onset_s + within_s]
        told = f"it came at {onset_s:.0f} s, " + (f"heard was {heard[0]}" if heard else "nothing was heard")
        self._course.judging.judge_that(declared, bool(heard), told, f"{observation.alarm.entry.alarm} alarm heard")

    def judge_highest(self, declared: str, observation: AlarmObservation) -> None:
        """Judge that since an alarm came nothing was heard but its tone, though a lower one stands beside it.

        Raises:
            Inconclusive: nothing was heard by a microphone that may have missed it.
        """
        tone, bursts = self._tone(observation), self._since(observation)
        others = [one for one in bursts if wrong_pattern(one, tone)]
        told = f"{len(bursts)} tones were heard" + (f", among them {others[0]}" if others else "")
        name = f"the {observation.alarm.entry.alarm} alarm is the one that is heard"
        self._course.judging.judge_that(declared, bool(bursts) and not others, told, name)

    def judge_start_refused(self, declared: str) -> None:
        """Ask the pump to start while an alarm stands that stopped it; judge that it refuses, and stands on."""
        answer = self._control.ask(Command.START)
        found = self._control.state()
        refused = answer is not CommandResult.ACCEPTED and found["rate_ul_per_h"] == 0
        told = f"it answered {answer}, its state is {found['state']}, its rate {found['rate_ul_per_h']:g} µL/h"
        self._course.judging.judge_that(declared, refused, told, "start while the alarm stands")

    def judge_acknowledge_refused(self, declared: str, observation: AlarmObservation) -> None:
        """Acknowledge an alarm whose cause is there; judge that the pump refuses, and that the alarm stands on."""
        alarm, answer = observation.alarm.entry.alarm, self._control.ask(Command.ACKNOWLEDGE)
        found = self._control.state()
        stands = str(alarm) in found["alarms"]
        told = f"it answered {answer}, its state is {found['state']}, the alarm {'stands' if stands else 'is gone'}"
        refused = answer is not CommandResult.ACCEPTED and stands
        self._course.judging.judge_that(declared, refused, told, "acknowledge while the cause is there")

    def judge_stands(self, declared: str, observation: AlarmObservation, *, stands: bool) -> None:
        """Judge whether an alarm stands, by its bit; `stands` is what is wanted."""
        alarm, found = observation.alarm.entry.alarm, self._control.state()
        is_set = str(alarm) in found["alarms"]
        reason = f"its bit is {'set' if is_set else 'not set'}, its state {found['state']}"
        wanted = "stands" if stands else "is gone"
        self._course.judging.judge_that(declared, is_set is stands, reason, f"the {alarm} alarm {wanted}")

    @property
    def _heard(self) -> tuple[HeardSound, ...]:
        sounds = self._session.sounds
        self._session.hear_the_end()
        if sounds.sounds is None:
            raise no_sound("rig")
        return sounds.sounds.heard

    @property
    def _doubts(self) -> tuple[str, ...]:
        sounds = self._session.sounds.sounds
        return () if sounds is None else sounds.doubts

    def _since(self, observation: AlarmObservation) -> tuple[HeardSound, ...]:
        """Return what was heard since an alarm came, and before anybody silenced it.

        Beside tones that may be the pump's those that cannot are the room's; the account of sounds tells of them.
        """
        until_s = float("inf") if self._silenced_s is None else self._silenced_s
        from_s = observation.alarm.onset_s - self._slack_s
        bursts = tuple(one for one in self._heard if from_s <= one.onset_s < until_s)
        if not bursts and self._doubts:
            raise Inconclusive("rig", "hear an alarm", "; ".join(self._doubts), "see what the microphone hears")
        return tuple(one for one in bursts if self._is_own(one)) or bursts

    def _is_own(self, one: HeardSound) -> bool:
        return any(may_be_of(one, tone) for tone in self._course.setting.profile.tones.values())

    def _tone(self, observation: AlarmObservation) -> Tone:
        profile, alarm = self._course.setting.profile, observation.alarm.entry.alarm
        name = profile.alarms[alarm].tone
        if name is None:
            raise PlanError(
                f"profile {profile.name}", f"hear the {alarm} alarm", "it has no tone", "do not wait for it"
            )
        return profile.tones[name]

    @property
    def _slack_s(self) -> float:
        return self._course.setting.profile.registers_follow_s.value

    @property
    def _source(self) -> str:
        return f"profile {self._course.setting.profile.name}: tones"
