# SPDX-License-Identifier: Apache-2.0
"""What the first page of an Allure report says of a run: devices, calibration, profile, decision rule, software."""

from reports.run_info import DeviceInfo, RunInfo


def environment_of(run: RunInfo) -> dict[str, str]:
    """Return names and values, short enough to be shown whole."""
    balance, commit = run.balance, run.software.commit
    speed = f", speed {run.clock.speed:g}" if run.clock.speed is not None and run.clock.mode == "scaled" else ""
    return {
        "Evidence": "SIMULATED: devices are twins" if run.simulated else "measured on real devices",
        "Pump": _device(run.pump),
        "Pump firmware": _firmware(run.pump),
        "Profile": run.profile,
        "Liquid": run.liquid,
        "Bench": run.bench,
        "Rig": _device(run.rig),
        "Rig firmware": _firmware(run.rig),
        "Balance": _device(balance),
        "Balance firmware": _firmware(balance),
        "Certificate": balance.certificate if balance is not None else "unknown",
        "Calibration due": balance.calibration_due if balance is not None else "unknown",
        "Decision rule": run.decision_rule,
        "Clock": f"{run.clock.mode}{speed}",
        "Seed": "none" if run.seed is None else str(run.seed),
        "Bench time zero": run.epoch_utc or "unknown",
        "Software": f"pumpbench {run.software.version}",
        "Commit": commit or "unknown",
    }


def _device(device: DeviceInfo | None) -> str:
    return f"{device.model}, {device.serial_number}" if device is not None else "not identified"


def _firmware(device: DeviceInfo | None) -> str:
    return device.firmware_version if device is not None else "unknown"
