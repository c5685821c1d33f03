# SPDX-License-Identifier: Apache-2.0
"""The sampling session: the samples of one infusion, and everyone who watches them.

It begins with a first sample and an armed watchdog, before the pump is started; the regular samples come after that.
In a run that was interrupted it takes from the journal what it had then, and goes on at the instants planned before.
"""

import math
from collections.abc import Callable, Mapping

from bench.alarms import AlarmWatch
from bench.alarms.sound_watch import SoundWatch
from bench.infusion.free_way import FreeWay
from bench.infusion.injector_effects import InjectorEffects
from bench.infusion.rig_watch import RigWatch
from bench.infusion.setting import Setting
from bench.journal import JournalLine, Result
from bench.sampling import RECALLED, AmbientWatch, BalanceWatch, SafeWatch, Sampling, SecondWatch
from bench.weighing import tare
from instruments.pump_feature import PumpFeature


class SamplingSession:
    """Samples and their watches.

    Attributes:
        sampling: takes the samples.
        alarms: follows the pump's alarm log.
        sounds: follows what is heard of it.
        effects: follows what the injectors do.
        way: watches that nothing else holds the flow back.
    """

    def __init__(self, setting: Setting) -> None:
        bench, journal, name = setting.bench, setting.run.journal, setting.name
        self._setting = setting
        expected_ul = setting.schedule.since_beginning_ul
        self.sampling = Sampling(bench, journal, name, setting.interval_s, expected_ul)
        keeps_log = setting.profile.has(PumpFeature.ALARM_LOG)
        self.alarms = AlarmWatch(bench, self.sampling, journal, keeps_log=keeps_log)
        self.sounds = SoundWatch(bench, journal)
        self.effects = InjectorEffects(setting, self.sampling)
        self.way = FreeWay(setting)
        self._ambient = AmbientWatch(bench.file.ambient, name, journal)
        self._safe = SafeWatch(bench, lambda: setting.schedule.running)
        self._balance: BalanceWatch | None = None
        self._since_s = math.inf
        self.sampling.samples.subscribe(self.sounds.on_sample)
        self.sampling.samples.subscribe(self._ambient.on_sample)
        self.sampling.samples.subscribe(self._safe.on_sample)
        self.sampling.samples.subscribe(RigWatch(bench.file, setting.run.injectors).on_sample)
        self.sampling.samples.subscribe(self.way.on_sample)
        if bench.second is not None:
            self.sampling.samples.subscribe(SecondWatch(bench, journal, name).on_sample)
        self.sampling.recalled.subscribe(self.way.recall)

    def watch_balance(self, watch: BalanceWatch) -> None:
        """Let `watch` look at the balance in each sample from now on."""
        self._balance = watch
        self.sampling.samples.subscribe(watch.on_sample)

    @property
    def listeners(self) -> Mapping[str, Callable[[JournalLine], None]]:
        """Return by kind who takes the lines that came by themselves before an interruption."""
        ours: dict[str, Callable[[JournalLine], None]] = {
            "sample": self._recall_sample,
            "alarm": self.alarms.recall,
            "alarm-log-changed": self.alarms.recall,
            "listening": self.sounds.recall,
            "sound": self.sounds.recall,
            "sound-doubted": self.sounds.recall,
            "excursion": self._ambient.recall,
            "held-sensor": self._ambient.recall,
            "gap": self.sampling.gaps.recall,
        }
        return ours if self._balance is None else {**ours, **dict.fromkeys(RECALLED, self._balance.recall)}

    def _recall_sample(self, line: JournalLine) -> None:
        self.sampling.recall(line)
        if self._balance is not None:
            self._balance.recall_sample(self.sampling.last)

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Return what spoils everything that is weighed in this infusion, a phrase each."""
        return self._ambient.qualifiers + (self._balance.qualifiers if self._balance is not None else ())

    @property
    def started(self) -> bool:
        """Tell whether regular samples were ever begun."""
        return math.isfinite(self._since_s)

    def begin(self) -> None:
        """Tare, take the first sample, arm the rig's watchdog, and count alarms from now on.

        Raises:
            BenchFault: the load does not come to rest, or a device does not answer.
        """
        activities = self._setting.activities
        activities.do("tared", self._tare)
        begun = activities.do("sampling begun", self._begin)
        self.sampling.first_mass_g = begun["mass_g"]
        self.alarms.begin(begun["alarm_log_count"])

    def _tare(self) -> Result:
        """Tare once what the catheter stored behind the last fault is out; a test that broke off did not wait."""
        bench, injections = self._setting.bench, self._setting.run.injectors.injections
        released_s = [one.released_s for one in injections if one.released_s is not None]
        if released_s:
            bench.scheduler.pass_until(max(released_s) + self._setting.shortest_settling_s)
        tare(bench)
        return {}

    def _begin(self) -> Result:
        mass_g = self.sampling.begin()
        self.sounds.begin()
        self.rearm()
        return {"mass_g": mass_g, "alarm_log_count": self.sampling.last.pump.alarm_log_count}

    def rearm(self) -> None:
        """Arm the rig's watchdog, and count its stays in the safe state from now on."""
        self._setting.bench.rig.arm_watchdog(self._setting.watchdog_s)
        self._setting.bench.scheduler.absence.begin()
        self._safe.begin()

    def start(self) -> None:
        """Begin the regular samples."""
        activities = self._setting.activities
        since = activities.do("sampling", lambda: {"since_s": self._setting.bench.clock.now_s()})
        self._since_s = since["since_s"]
        if not activities.replaying:
            self.go_on()

    def go_on(self) -> None:
        """Take samples at the instants planned at the start, from the next one on."""
        if self.started:
            self.sampling.start(self._since_s)

    def watch_closely(self) -> None:
        """Take more samples for two minutes after a command; during replay they are in the journal."""
        if self.started and not self._setting.activities.replaying:
            self.sampling.watch_closely()

    def hear_the_end(self) -> None:
        """Ask the microphone once more; during replay what it told then is in the journal."""
        if self.sounds.hears:
            self._setting.activities.do("listened", lambda: {"count": self.sounds.read_once_more()})

    def end(self) -> None:
        """End the regular samples."""
        self.sampling.stop()
