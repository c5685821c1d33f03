# SPDX-License-Identifier: Apache-2.0
"""Who signs something, as what, and when."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,30}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Signer(BaseModel):
    """Who signs, as 21 CFR 11.50 asks: printed name, date and time, and the meaning of the signature.

    Attributes:
        name: of the person.
        role: what they are in this verification, such as `tester`, `reviewer`, `approver`.
        meaning: what the signature says, such as "I carried out this run".
        signed_at: UTC, with its offset.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: Words
    role: Role
    meaning: Words
    signed_at: str
