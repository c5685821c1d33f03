# SPDX-License-Identifier: Apache-2.0
"""Where a running twin can be reached, and what it is: the one line that its process prints when it is ready."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True)
class TwinAddresses:
    """Addresses as a bench file writes them, and the facts that go into a run's header.

    Attributes:
        pump: Modbus address, `tcp://host:port` or `rtu://device?baudrate=n`; the pump is unit 1.
        rig: Modbus address; the rig is unit 2.
        balance: VISA resource name of the balance.
        control: `host:port` of the control line.
        clock: real, scaled or stepped.
        speed: twin seconds per second of wall time.
        seed: seed of all noise.
        model: pump model.
        pump_serial: serial number of the pump; so the next two.
        rig_serial: serial number of the rig controller.
        balance_serial: serial number of the balance.
        defects: what is wrong with this twin.
        dialect: what the balance speaks.
        second: VISA resource name of the second measure of the flow; empty for none. So the next two.
        second_serial: its serial number.
        second_model: what it says it is.
        map: the register map of the pump, by its name or its path.
        figures: of the model that are otherwise than its file says.
    """

    pump: str
    rig: str
    balance: str
    control: str
    clock: str
    speed: float
    seed: int
    model: str
    pump_serial: str
    rig_serial: str
    balance_serial: str
    defects: tuple[str, ...]
    dialect: str = "mt-sics"
    map: str = "pump"
    second: str = ""
    second_serial: str = ""
    second_model: str = ""
    figures: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the addresses as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: the line is not that.
        """
        facts = json.loads(line)
        if not isinstance(facts, dict) or set(facts) != set(cls.__dataclass_fields__):
            raise ValueError("the line does not tell a twin's addresses")
        return cls(**{**facts, "defects": tuple(facts["defects"]), "figures": tuple(facts["figures"])})
