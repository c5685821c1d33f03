# SPDX-License-Identifier: Apache-2.0
"""JSON that people read: indented, one value a line."""

import json

import msgspec


def readable_json(content: object, *, sort_keys: bool = False, ensure_ascii: bool = False) -> str:
    """Return what `json.dumps` makes with an indent of two, to the byte, in a third of its time.

    Python's own encoder is slow as soon as it indents; a summary of a protocol has more than ten megabytes.

    Args:
        content: what JSON can say.
        sort_keys: in the order of their names.
        ensure_ascii: write whatever is not ASCII as an escape.

    Raises:
        ValueError: it holds NaN or an infinity, which JSON cannot say.
    """
    options = {"sort_keys": sort_keys, "ensure_ascii": ensure_ascii, "allow_nan": False}
    plain = json.dumps(content, separators=(",", ":"), **options)  # type: ignore[arg-type]
    try:
        return msgspec.json.format(plain, indent=2) + "\n"
    except UnicodeEncodeError:  # half a surrogate pair, which no UTF-8 can say: of a file name, mostly
        return json.dumps(content, indent=2, **options) + "\n"  # type: ignore[arg-type]
