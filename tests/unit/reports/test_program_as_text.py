# SPDX-License-Identifier: Apache-2.0
"""The viewer's program stands in the page as text, means the same, and ends where it should."""

import base64

import pytest

from reports.program_as_text import program_as_text


def page(program: bytes) -> str:
    source = f"data:text/javascript;base64,{base64.b64encode(program).decode()}"
    return f'<head><script   src="{source}"></script></head><script>d("a","Zm9v")</script>'


def test_a_program_is_a_third_smaller_as_text() -> None:
    program = "const µ = 1;" * 1000
    shown = program_as_text(page(program.encode()))
    assert shown == f'<head><script>{program}</script></head><script>d("a","Zm9v")</script>'
    assert len(shown.encode()) < 0.76 * len(page(program.encode()))


@pytest.mark.parametrize("word", ["</script>", "</SCRIPT>", "<!--"])
def test_what_would_end_or_hide_a_script_is_written_in_the_code_of_the_language(word: str) -> None:
    shown = program_as_text(page(f'const a = "{word}"; const b = 1 < 2;'.encode()))
    assert f'<script>const a = "\\x3c{word[1:]}"; const b = 1 < 2;</script>' in shown


@pytest.mark.parametrize("program", [b"/(?<!--)a/", b"\xff\xfe"])
def test_a_program_that_text_could_change_stays_as_it_came(program: bytes) -> None:
    assert program_as_text(page(program)) == page(program)


def test_a_page_of_another_build_stays_as_it_came() -> None:
    assert program_as_text("<script src='app.js'></script>") == "<script src='app.js'></script>"
