# SPDX-License-Identifier: Apache-2.0
"""What was tested, with what, by which code, from which inputs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A line of a description, such as a certificate's number."""

    name: str
    value: str


@dataclass(frozen=True)
class Instrument:
    """A device as it named itself.

    Attributes:
        role: pump, rig or balance.
        model, serial_number, firmware_version: as it answered.
        facts: what else is known of it: certificate, due date, uncertainty.
        has_certificate: whether a calibration certificate is named for it.
    """

    role: str
    model: str
    serial_number: str
    firmware_version: str
    facts: tuple[Fact, ...] = ()
    has_certificate: bool = False


@dataclass(frozen=True)
class Code:
    """Which pumpbench made the record.

    Attributes:
        version: of the distribution.
        commit: of its checkout; None outside one.
        dirty: whether tracked files differed from the commit.
        sha256: of the bench's own code, empty where the record does not keep it.
    """

    version: str
    commit: str | None
    dirty: bool
    sha256: str = ""

    @property
    def released(self) -> bool:
        """Tell whether the code can be got again from what is named here."""
        return self.commit is not None and not self.dirty


@dataclass(frozen=True)
class Input:
    """A file that the run used, kept in its folder.

    Attributes:
        name: of the file.
        role: what it is.
        sha256: of the file as it is now.
        recorded_sha256: of the file as the run began; empty where the record does not keep it.
    """

    name: str
    role: str
    sha256: str
    recorded_sha256: str = ""

    @property
    def changed(self) -> bool:
        """Tell whether the file is not what the run began with."""
        return bool(self.recorded_sha256) and self.recorded_sha256 != self.sha256
