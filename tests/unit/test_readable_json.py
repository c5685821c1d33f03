# SPDX-License-Identifier: Apache-2.0
"""What people read of a run is written fast, and as `json.dumps` writes it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.readable_json import readable_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(content=values, sort_keys=st.booleans(), ensure_ascii=st.booleans())
def test_it_is_what_the_standard_library_writes_to_the_byte(
    content: object, sort_keys: bool, ensure_ascii: bool
) -> None:
    told = readable_json(content, sort_keys=sort_keys, ensure_ascii=ensure_ascii)
    assert told == json.dumps(content, indent=2, sort_keys=sort_keys, ensure_ascii=ensure_ascii) + "\n"


def test_half_a_surrogate_pair_is_written_too() -> None:
    assert readable_json({"node": "\udc80"}) == '{\n  "node": "\udc80"\n}\n'


@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_what_is_no_number_of_json_is_refused(odd: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        readable_json([odd])
