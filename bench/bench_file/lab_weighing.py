# SPDX-License-Identifier: Apache-2.0
"""What a lab adds to the way in which a mass becomes a volume."""

from typing import Annotated

from pydantic import Field, StringConstraints

from groundfloor.toml_file import TomlModel

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class LabWeighing(TomlModel):
    """The table `[weighing]`.

    Attributes:
        corrections: the lab's own, by the names of their plug-ins, in the order in which they are made.
    """

    corrections: Annotated[tuple[Name, ...], Field(strict=False)] = ()
