# SPDX-License-Identifier: Apache-2.0
"""One entry of an audit trail: what is signed."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from reports.sealed.signer import Signer, Words


class AuditEntry(BaseModel):
    """One act.

    Attributes:
        version: of this form.
        number: its place in the trail, from 1.
        follows: SHA-256 of the line before it; zeros for the first.
        journal: SHA-256 of the journal that it stands beside.
        act: a disposition of an anomaly, or a review of all entries before it.
        anomaly: its id; empty for a review.
        state: of the anomaly, which the entry does not change; empty for a review.
        disposition: what was decided, or what the review found.
        why: the reason.
        by: who signs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal["1.0"] = "1.0"
    number: int
    follows: str
    journal: str
    act: Literal["disposition", "review"]
    anomaly: str = ""
    state: str = ""
    disposition: Words
    why: Words
    by: Signer
