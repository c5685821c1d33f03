# SPDX-License-Identifier: Apache-2.0
"""The instruments of a run, with what their record and the kept bench file say of their calibration."""

from collections.abc import Sequence

from bench.bench_file import BenchFile
from reports.page.journal_of_page import JournalOfPage
from reports.page.subject import Fact, Instrument
from reports.run_info import BalanceInfo, DeviceInfo, RunInfo


def identified_device(
    role: str, device: DeviceInfo | None, facts: Sequence[Fact] = (), *, certified: bool = False
) -> Instrument:
    """Return a device as it told who it is; where it told nothing, the page says so."""
    if device is None:
        return Instrument(role, "not identified", "–", "–", tuple(facts), certified)
    return Instrument(
        role, device.model, device.serial_number, device.firmware_version, tuple(facts), has_certificate=certified
    )


def used_instruments(run: RunInfo | None, file: BenchFile | None, journal: JournalOfPage) -> tuple[Instrument, ...]:
    """Return balance and rig; what the bench file would tell is left out where it cannot be read."""
    if run is None:
        return ()
    sensors = [Fact("Room sensors, half widths in the budgets", journal.sensors)] if journal.sensors else []
    balance = identified_device("balance", run.balance, _balance_facts(run.balance, file, journal), certified=True)
    return balance, identified_device("rig", run.rig, sensors)


def _balance_facts(balance: BalanceInfo | None, file: BenchFile | None, journal: JournalOfPage) -> list[Fact]:
    facts = []
    if balance is not None:
        facts += [
            Fact("Calibration certificate", balance.certificate),
            Fact("Calibration due", balance.calibration_due),
            Fact("Capacity", f"{balance.capacity_g:g} g"),
        ]
    if file is not None:
        device = file.balance
        facts += [
            Fact("Calibrated on", str(device.calibration.date)),
            Fact("U of the calibration (k = 2)", f"{device.calibration.expanded_uncertainty_mg:g} mg"),
            Fact("Readability", f"{device.readability_mg:g} mg"),
            Fact("Repeatability, stated", f"{device.repeatability_mg:g} mg"),
            Fact("Linearity, greatest deviation", f"{device.linearity_mg:g} mg"),
            Fact("Drift, at most", f"{device.drift_mg_per_day:g} mg/day"),
        ]
    return [*facts, Fact("Measured in this run", journal.repeatability)] if journal.repeatability else facts
