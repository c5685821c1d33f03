# SPDX-License-Identifier: Apache-2.0
"""The balance of a bench file: where it hangs, how good it is, and what its calibration certificate says."""

import datetime
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pyvisa.constants import ControlFlow, Parity, StopBits

from bench.bench_file.driven_device import SerialNumber, known_driver
from bench.bench_file.sensitivity import CheckWeight, Sensitivity
from groundfloor.toml_file import TomlModel
from instruments.balance_access import BalanceAccess
from instruments.drivers.table import BALANCE_DIALECTS
from instruments.visa.port import SerialSettings


class Calibration(TomlModel):
    """The balance's calibration.

    Certificates name days. The day on which it is due still counts, to its end: a laboratory that has an instrument
    calibrated "by the 14th" uses it on the 14th. Days are those of UTC, as all dates of a run are.

    Attributes:
        certificate: number of the certificate.
        date: the day it was calibrated.
        due: the last day on which the certificate counts.
        expanded_uncertainty_mg: as the certificate states it for the load of the vessel, with coverage factor 2.
    """

    certificate: str = Field(min_length=1)
    date: datetime.date
    due: datetime.date
    expanded_uncertainty_mg: float = Field(gt=0)

    @property
    def ends_utc(self) -> datetime.datetime:
        """Return the first instant at which the certificate does not count any more."""
        return datetime.datetime.combine(self.due + datetime.timedelta(days=1), datetime.time(), datetime.UTC)

    @model_validator(mode="after")
    def _is_due_later(self) -> Self:
        if self.due <= self.date:
            raise ValueError(f"due {self.due} is not after date {self.date}")
        return self


class SerialLine(TomlModel):
    """How the balance's serial line is set; what is left out of it is the factory setting of MT-SICS balances."""

    baud_rate: int = Field(default=9600, ge=300, le=921600)
    data_bits: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    flow_control: Literal["none", "rts_cts", "xon_xoff"] = "none"

    @property
    def settings(self) -> SerialSettings:
        """Return the same in the words of the driver."""
        return SerialSettings(
            self.baud_rate,
            self.data_bits,
            Parity[self.parity],
            StopBits.one if self.stop_bits == 1 else StopBits.two,
            ControlFlow[self.flow_control],
        )


class BalanceDevice(TomlModel):
    """The balance.

    Attributes:
        resource: PyVISA resource, `TCPIP::host::port::SOCKET` or `ASRL/dev/ttyX::INSTR`.
        dialect: the commands it understands, a row of `instruments/drivers/table.py`.
        serial_number: what the balance itself must say.
        firmware_version: the same, if it is to be checked.
        serial: how a serial line is set; as is usual for the dialect if left out; not looked at for a socket.
        timeout_s: longest wait for one answer.
        stable_timeout_s: longest wait for a stable load; must exceed the balance's own.
        readability_mg: the last digit.
        repeatability_mg: standard deviation of repeated weighings, from data sheet or own tests.
        linearity_mg: greatest deviation over the range.
        drift_mg_per_day: greatest drift of the reading with the load on, from own tests; about the steady one.
        sensitivity_ppm_per_c: how far its sensitivity may move with the room's temperature, millionths of the load per
            °C, ±. Data sheets of semi-micro balances say 1 to 1.5 (assumed: nobody's was at hand).
        steady_drift_mg_per_day: what it gains day after day under a dry load, which loses nothing; 0 if nobody knows.
        calibration: its certificate.
        sensitivity: how it proves that it shows a gram as a gram.
        check_weight: the weight that a person puts on it for that.
        accept_unverified_settings: go on with a balance that cannot tell whether auto-zero and automatic adjustment
            are off. Somebody must have looked at its menu.
        capacity_g: the weighing range, for a balance that does not tell it.
    """

    resource: str = Field(pattern=r"^(TCPIP\d*::\S+::\d+::SOCKET|ASRL\S+::INSTR)$")
    dialect: Annotated[str, AfterValidator(partial(known_driver, BALANCE_DIALECTS))] = "mt-sics"
    serial_number: SerialNumber
    firmware_version: str | None = Field(default=None, min_length=1)
    serial: SerialLine | None = None
    timeout_s: float = Field(default=2.0, gt=0, le=60)
    stable_timeout_s: float = Field(default=15.0, gt=0, le=300)
    readability_mg: float = Field(gt=0)
    repeatability_mg: float = Field(gt=0)
    linearity_mg: float = Field(ge=0)
    drift_mg_per_day: float = Field(ge=0)
    sensitivity_ppm_per_c: float = Field(default=1.5, ge=0)
    steady_drift_mg_per_day: float = 0.0
    calibration: Calibration
    sensitivity: Sensitivity = Sensitivity()
    check_weight: CheckWeight | None = None
    accept_unverified_settings: bool = False
    capacity_g: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _can_prove_itself(self) -> Self:
        self.sensitivity.refuse_unfit(self.check_weight)
        return self

    @property
    def access(self) -> BalanceAccess:
        """Return what the driver needs of it."""
        return BalanceAccess(
            self.resource,
            self.timeout_s,
            self.stable_timeout_s,
            None if self.serial is None else self.serial.settings,
            self.accept_unverified_settings,
            self.capacity_g,
        )
