# SPDX-License-Identifier: Apache-2.0
"""The parts of scipy that every judgement uses, loaded at a moment that is chosen and not at their first use."""

from scipy import ndimage, special


def load_what_judging_uses() -> None:
    """Load what is imported late and used by every run; takes tenths of a second, and nothing where it is loaded.

    Call it where no pump runs, or the first judgement is away from the loop for longer than a beat; and before a
    process forks others, or each of them loads it for itself.
    """
    special.ndtr  # noqa: B018  # whatever is asked of a part that is to be loaded late loads it
    ndimage.median_filter  # noqa: B018
