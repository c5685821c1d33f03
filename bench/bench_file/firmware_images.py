# SPDX-License-Identifier: Apache-2.0
"""The firmware images that a bench has for its pump: the present one, a newer one, and those that it must refuse."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from groundfloor.errors import BenchFault
from groundfloor.regular_file import read_regular
from groundfloor.toml_file import TomlModel

MOST_BYTES = 1 << 24


class FirmwareImage(TomlModel):
    """One image.

    Attributes:
        version: as the pump shows it when the image runs.
        file: where it is; a relative path counts from the folder of the bench file.
        content_hex: the image itself, in place of a file; of twins.
    """

    version: str = Field(min_length=1)
    file: str = ""
    content_hex: str = Field(default="", pattern=r"^([0-9a-f]{2})*$")

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if bool(self.file) is bool(self.content_hex):
            raise ValueError("an image has either a file or content_hex")
        return self

    def content(self) -> bytes:
        """Return the image.

        Raises:
            BenchFault: its file cannot be read.
        """
        if self.content_hex:
            return bytes.fromhex(self.content_hex)
        try:
            return read_regular(Path(self.file), MOST_BYTES)
        except OSError as trouble:
            next_step = "see [firmware_images] of the bench file"
            raise BenchFault(f"firmware image {self.file}", "read", str(trouble), next_step) from trouble

    def found_from(self, folder: Path) -> Self:
        """Return it with its path as seen from a folder."""
        return self.model_copy(update={"file": str(folder / self.file)}) if self.file else self


class FirmwareImages(TomlModel):
    """What the maker gave for the tests of an update.

    Attributes:
        present: the image that the pump runs; a test returns to it.
        newer: a later one for this model.
        older: an earlier one for this model, which the pump must not take without authority.
        other_model: one for another model; left out where there is none.
    """

    present: FirmwareImage
    newer: FirmwareImage
    older: FirmwareImage
    other_model: FirmwareImage | None = None

    def found_from(self, folder: Path) -> Self:
        """Return them with their paths as seen from a folder."""
        found = {name: image.found_from(folder) for name, image in self if isinstance(image, FirmwareImage)}
        return self.model_copy(update=found)
