# SPDX-License-Identifier: Apache-2.0
"""A rig whose watchdog is a keeper as well: whatever arms, feeds or disarms the one does so with the other."""

from collections.abc import Callable

from bench.safety.keeper.link import KeeperLink
from instruments.asks_ahead import asked, beaten
from instruments.catheter_line import CatheterLineState, catheter_line_of
from instruments.chamber import ChamberReading, chamber_of
from instruments.drug_path import Filled, drug_path_of
from instruments.patient_button import button_of
from instruments.refill_port import RefillReading, port_of
from instruments.rig import Rig, RigIdentity, RigOutputs, RigReading
from instruments.rig_abilities import RigAbilities
from instruments.rig_guard import GuardState, SafeLog
from instruments.sound_channel import SoundReading, sound_channel_of


class KeptRig:
    """A rig, as `instruments.rig.Rig` describes it.

    Attributes:
        keeper: hears what the watchdog hears; None before it is started.
    """

    def __init__(self, rig: Rig) -> None:
        self.keeper: KeeperLink | None = None
        self._rig = rig

    @property
    def fencing_token(self) -> int:
        """Return what every actuator write carries."""
        return self._rig.fencing_token

    @fencing_token.setter
    def fencing_token(self, token: int) -> None:
        self._rig.fencing_token = token

    def identify(self) -> RigIdentity:
        """Ask the controller who it is."""
        return self._rig.identify()

    def abilities(self) -> RigAbilities:
        """Return what it can do beyond what every rig must."""
        return self._rig.abilities()

    def read(self) -> RigReading:
        """Return one snapshot of all sensors."""
        return self._rig.read()

    def ask_ahead(self) -> Callable[[], RigReading]:
        """Ask for a snapshot if the driver can, and return what takes it."""
        return asked(self._rig, self._rig.read)

    def beat_ahead(self) -> Callable[[], RigReading] | None:
        """Give watchdog and keeper their heartbeat and ask for a snapshot in one request, if driver and rig can."""
        take: Callable[[], RigReading] | None = beaten(self._rig)
        if take is None:
            return None

        def taken() -> RigReading:
            reading = take()
            if self.keeper is not None:
                self.keeper.send_heartbeat()
            return reading

        return taken

    def outputs(self) -> RigOutputs:
        """Read back what the actuators were told."""
        return self._rig.outputs()

    def write(self, outputs: RigOutputs) -> None:
        """Tell all actuators at once."""
        self._rig.write(outputs)

    def press_patient_button(self) -> None:
        """Press the patient's button once, if driver and rig can."""
        button_of(self._rig).press_patient_button()

    def drug_concentration_ug_per_ml(self) -> float:
        """Return the concentration at the outlet, if driver and rig can."""
        return drug_path_of(self._rig).drug_concentration_ug_per_ml()

    def fill_with_drug(self, part: Filled, concentration_ug_per_ml: float) -> None:
        """Fill a part with another concentration, if driver and rig can."""
        drug_path_of(self._rig).fill_with_drug(part, concentration_ug_per_ml)

    def drug_fillings(self) -> int:
        """Return how many fillings are done."""
        return drug_path_of(self._rig).drug_fillings()

    def patient_button_presses(self) -> int:
        """Return how many presses of the patient's button its sensor has felt."""
        return button_of(self._rig).patient_button_presses()

    def read_sounds(self, since: int) -> SoundReading:
        """Return what was heard of the pump from burst `since` on."""
        return sound_channel_of(self._rig).read_sounds(since)

    def order_refill(self, needle_in: bool, volume_ul: float) -> None:
        """Give the refill port one order, if driver and rig can."""
        port_of(self._rig).order_refill(needle_in, volume_ul)

    def read_refill_port(self) -> RefillReading:
        """Read the sensors of the refill port."""
        return port_of(self._rig).read_refill_port()

    def order_chamber(self, temperature_c: float, air_pressure_hpa: float) -> None:
        """Give the chamber an order, if driver and rig can."""
        chamber_of(self._rig).order_chamber(temperature_c, air_pressure_hpa)

    def read_chamber(self) -> ChamberReading:
        """Read the sensors of the chamber."""
        return chamber_of(self._rig).read_chamber()

    def order_catheter_line(self, wanted: CatheterLineState) -> None:
        """Tell outlet, mid-catheter valve and sensor relay where to go, if driver and rig can."""
        catheter_line_of(self._rig).order_catheter_line(wanted)

    def ordered_catheter_line(self) -> CatheterLineState:
        """Read back what outlet, mid-catheter valve and sensor relay were told."""
        return catheter_line_of(self._rig).ordered_catheter_line()

    def observed_catheter_line(self) -> CatheterLineState:
        """Return where outlet, mid-catheter valve and sensor relay are, by sensors of their own."""
        return catheter_line_of(self._rig).observed_catheter_line()

    def send_heartbeat(self) -> None:
        """Give watchdog and keeper their heartbeat."""
        self._rig.send_heartbeat()
        if self.keeper is not None:
            self.keeper.send_heartbeat()

    def arm_watchdog(self, timeout_s: int) -> None:
        """Arm or disarm both: the keeper before the rig, and the rig before the keeper."""
        if self.keeper is not None and timeout_s:
            self.keeper.arm(timeout_s)
        self._rig.arm_watchdog(timeout_s)
        if self.keeper is not None and not timeout_s:
            self.keeper.arm(0)

    def guard_state(self) -> GuardState:
        """Return whether watchdog and safe state are as a bench needs them before anything moves."""
        return self._rig.guard_state()

    def go_safe(self) -> None:
        """Make the rig go to its safe state by itself."""
        self._rig.go_safe()

    def leave_safe_state(self) -> None:
        """Let the actuators move again."""
        self._rig.leave_safe_state()

    def safe_log(self, since: int = 0) -> SafeLog | None:
        """Return the stays in the safe state from number `since` on."""
        return self._rig.safe_log(since)
