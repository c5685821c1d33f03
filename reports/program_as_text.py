# SPDX-License-Identifier: Apache-2.0
"""Makes a single-file report smaller: the viewer's program stands in it as text, not as base64, a third larger.

In the text of a script only `</script` and `<!--` mean something to a page, so those are written with a `<` in
JavaScript's own code. Where that could change the program (a look-behind `(?<!--`), or where the page is not built as
expected, it stays as it came.
"""

import base64
import binascii
import re

_EMBEDDED = re.compile(r'<script\s+src="data:text/javascript;base64,([A-Za-z0-9+/=]+)"\s*></script>')
_MEANS_SOMETHING = re.compile(r"<(?=/script|!--)", re.I)
_LOOK_BEHIND = "(?<!--"


def program_as_text(html: str) -> str:
    """Return `html` with each program that is embedded in base64 as text."""
    return _EMBEDDED.sub(_as_text, html)


def _as_text(embedded: re.Match[str]) -> str:
    try:
        program = base64.b64decode(embedded[1], validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return embedded[0]
    if _LOOK_BEHIND in program:
        return embedded[0]
    text = _MEANS_SOMETHING.sub(lambda _: r"\x3c", program)
    return f"<script>{text}</script>"
