"""Stylesheets as they are sent: the same rules in fewer letters."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from engagement.web.stylesheets import compact

SHEETS = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a { color: red; }\n\nb,\ni { margin: 0 1px }", "a{color:red}b,i{margin:0 1px}"),
        ("/* why; it's so */ a { /* { */ color: red; /* } */ }", "a{color:red}"),
        ("a /* within */ b > i + u { top: 0 }", "a b > i + u{top:0}"),
        ("a :hover, a:hover { top: 0 }", "a :hover,a:hover{top:0}"),
        ('a::after { content: " ;  /* no comment */ } \\" : "; }', 'a::after{content:" ;  /* no comment */ } \\" : "}'),
        ("a::after { content: '{ , }'; }", "a::after{content:'{ , }'}"),
        ("a { background: url(data:image/png;base64,AA==) }", "a{background:url(data:image/png;base64,AA==)}"),
        ("a { width: calc(1px + 2 * 3px); font: 1rem / 2 serif }", "a{width:calc(1px + 2 * 3px);font:1rem / 2 serif}"),
        (
            "@media (min-width: 5rem) and (hover) {\n  a { top: 0; }\n}\n",
            "@media (min-width:5rem) and (hover){a{top:0}}",
        ),
        ("@layer a, b;\n", "@layer a,b;"),
    ],
)
def test_only_comments_and_blanks_without_meaning_go(written: str, sent: str) -> None:
    assert compact(written) == sent


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_of_each_sheet_the_words_stay_and_the_weight_falls(path: Path) -> None:
    written = path.read_text()
    sent = compact(written)
    assert compact(sent) == sent
    assert words(sent) == words(re.sub(r"/\*.*?\*/", " ", written, flags=re.DOTALL))
    assert len(brotli.compress(sent.encode())) < len(brotli.compress(written.encode()))


def words(sheet: str) -> list[str]:
    return re.findall(r"[^\s{};:,]+", sheet)
