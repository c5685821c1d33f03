# SPDX-License-Identifier: Apache-2.0
"""How a balance is reached: what its section of a bench file tells its driver."""

from dataclasses import dataclass

from instruments.visa.port import SerialSettings


@dataclass(frozen=True)
class BalanceAccess:
    """The way to a balance, whatever dialect it speaks.

    Attributes:
        resource: PyVISA name, `TCPIP::host::port::SOCKET` or `ASRL/dev/…::INSTR`.
        timeout_s: limit for one answer, counted from the command.
        stable_timeout_s: limit for an answer that waits for a stable load; must exceed the balance's own.
        serial: how a serial line is set; None for the dialect's usual setting.
        accept_unverified_settings: open a balance that does not tell its settings.
        capacity_g: the weighing range, for a balance that does not tell it.
    """

    resource: str
    timeout_s: float = 1.0
    stable_timeout_s: float = 15.0
    serial: SerialSettings | None = None
    accept_unverified_settings: bool = False
    capacity_g: float | None = None
