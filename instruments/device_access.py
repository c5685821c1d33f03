# SPDX-License-Identifier: Apache-2.0
"""How a pump or a rig is reached: what its section of a bench file tells its driver."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeviceAccess:
    """The way to a device that serves a register map.

    Attributes:
        address: where it hangs, in the words of its driver; devices on one address share one line.
        map: name of a map that comes with the bench, or path of a TOML file.
        unit_id: its number on the line; None for the one that the map names.
        timeout_s: longest wait for one answer.
        session_code: what a pump asks for with each command; None where it asks for nothing.
    """

    address: str
    map: str
    unit_id: int | None = None
    timeout_s: float = 2.0
    session_code: int | None = None
