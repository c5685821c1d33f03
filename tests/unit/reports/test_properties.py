# SPDX-License-Identifier: Apache-2.0
import re

from hypothesis import given
from hypothesis import strategies as st

from reports.properties import properties_text

NAMED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


def read_properties(text):
    """Read what java.util.Properties.load reads, as its documentation has it, for one entry a line."""
    values = {}
    for line in text.split("\n"):
        if not line:
            continue
        body = line.lstrip(" \t\f")
        assert body[0] not in "#!"
        found = re.match(r"((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)$", body, re.S)
        values[unescaped(found[1])] = unescaped(found[2])
    return values


def unescaped(text):
    units = re.sub(r"\\u([0-9a-f]{4})|\\(.)", lambda m: chr(int(m[1], 16)) if m[1] else NAMED.get(m[2], m[2]), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def test_signs_with_a_meaning_are_escaped():
    assert properties_text({"a b": "x=1: #!\\"}) == "a\\ b = x\\=1\\: \\#\\!\\\\\n"


def test_a_device_cannot_smuggle_in_a_second_line():
    text = properties_text({"Pump": "TP\nEvidence = measured on real devices\r\n"})
    assert text.count("\n") == 1
    assert list(read_properties(text)) == ["Pump"]


def test_what_is_not_ascii_is_written_as_code_units():
    assert properties_text({"U": "µL 𝄞"}) == "U = \\u00b5L \\ud834\\udd1e\n"


@given(values=st.dictionaries(st.text(min_size=1), st.text(), max_size=4))
def test_a_reader_gets_back_what_was_put_in(values):
    text = properties_text(values)
    assert text.isascii()
    assert read_properties(text) == values
