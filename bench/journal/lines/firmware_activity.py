# SPDX-License-Identifier: Apache-2.0
"""What was done to the pump's firmware, and which one runs."""

import msgspec

from bench.journal.lines.activity import Activity, ActivityTold, Nothing


class FirmwareFound(msgspec.Struct, frozen=True, kw_only=True):
    """The version that the pump shows, and the CRC-32 that it computes of the image that runs."""

    firmware_version: str
    firmware_crc: int


class FirmwareLookedAt(Activity, frozen=True, kw_only=True, tag="firmware looked at"):
    """The pump was asked which firmware it runs."""

    result: FirmwareFound


class FirmwareUpdateBegun(Activity, frozen=True, kw_only=True, tag="firmware update begun"):
    """Messages of an update are going to be sent; from here on another firmware may run."""

    result: Nothing


class AnswersToUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What the pump answered to each message, and the SHA-256 of the image that was sent, whole or in part."""

    answers: tuple[str, ...]
    image_sha256: str


class FirmwareUpdate(ActivityTold, frozen=True, kw_only=True, tag="firmware update"):
    """Messages of an update were sent, to their end or not."""

    result: AnswersToUpdate
