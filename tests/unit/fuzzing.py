# SPDX-License-Identifier: Apache-2.0
"""How much is tried, and how good content is made bad.

The suite tries the same few hundred examples each time. `PUMPBENCH_FUZZ_EXAMPLES=100000 pytest tests -k fuzz` tries
more, and others each time.
"""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("PUMPBENCH_FUZZ_EXAMPLES", "0"))
SUITE_EXAMPLES = 100


def bounded(share: float = 1.0) -> settings:
    """Settings of one fuzz test; `share` of the usual number of examples."""
    return settings(
        max_examples=max(10, round((EXAMPLES or SUITE_EXAMPLES) * share)),
        derandomize=not EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "..", "../../x", "\x1b[2J", "[bold]", "=1+1", "nan", "inf", "1e999", "0x10", "x" * 5000, "\u202e"]
    ),
)
NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from([0, -1, 2**63, -(2**63), 1e308, -0.0, 65535, 65536]),
)
SCALARS = st.one_of(WORDS, NUMBERS, st.booleans(), st.dates(), st.datetimes())
ODD_VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(st.text(max_size=8), inside, max_size=4)),
    max_leaves=8,
)


def places(content: object, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in nested tables and lists."""
    found = [here] if here else []
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        found += places(value, (*here, key))
    return found


@st.composite
def spoiled(draw: st.DrawFn, good: dict[str, Any]) -> dict[str, Any]:
    """`good` with one to three values replaced, taken out, doubled or renamed."""
    content: dict[str, Any] = _copied(good)
    for _ in range(draw(st.integers(1, 3))):
        all_places = places(content)
        if not all_places:
            break
        *way, last = draw(st.sampled_from(all_places))
        holder: Any = content
        for step in way:
            holder = holder[step]
        _spoil(draw, holder, last)
    return content


def _spoil(draw: st.DrawFn, holder: Any, last: Any) -> None:
    match draw(st.sampled_from(["replace", "replace", "remove", "double", "rename"])):
        case "remove":
            del holder[last]
        case "double" if isinstance(holder, list):
            holder.append(holder[last])
        case "rename" if isinstance(holder, dict):
            holder[draw(WORDS)] = holder.pop(last)
        case _:
            holder[last] = draw(ODD_VALUES)


def _copied(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _copied(value) for key, value in content.items()}
    return [_copied(value) for value in content] if isinstance(content, list | tuple) else content


@st.composite
def spoiled_bytes(draw: st.DrawFn, good: bytes) -> bytes:
    """`good` with stretches cut, repeated, or replaced by other bytes."""
    content = good
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.integers(0, 40)))
        middle = draw(st.one_of(st.binary(max_size=20), st.just(content[begin:end] * draw(st.integers(0, 3)))))
        content = content[:begin] + middle + content[end:]
    return content
