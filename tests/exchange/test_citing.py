"""Citations: what is written is what other programs read again, whatever a title holds."""

import datetime
import json
import re
from typing import Any

import bibtexparser
import pytest
import rispy
from django.utils.translation import override

from engagement.exchange.citing import STYLES, Citation, bibtex, csl, csl_json, latex, plainly, ris, text

DAY = datetime.date(2026, 3, 9)
URL = "https://register.example/organizations/invented-body/"
TITLES = [
    "Invented body",
    "50 % of A & B_c #1 costs $5 ~ 2^3 | <x>",
    "Braces } that { do not match {{",
    r"A back\slash and \textbf{a command}",
    "Ärzte für Œuvre – “çédille” Ł Ж",
    "منظمة العمل الدولية",
    "虚构组织 한국",
    "Quotes \" and ' and , and @misc{x, title = {y}}",
    "ER  - TY  - an end inside",
]
HOSTILE = "A\r\nER  - \r\nTY  - JOUR\tB\x00\x1b\u2028C\u202eD\ud800E\u0085F"


def citation(**fields: Any) -> Citation:
    return Citation(**{"title": "Invented body", "url": URL, "accessed": DAY, "revision": 37,
                       "register": "Invented register", **fields})  # fmt: skip


# -- Text ----------------------------------------------------------------------------------------------------------


def test_a_citation_in_words_says_register_title_revision_address_and_day() -> None:
    assert text(citation()) == (
        "Invented register, “Invented body”, revision 37, "
        "https://register.example/organizations/invented-body/, accessed 9 March 2026."
    )


def test_a_citation_in_words_says_who_publishes_and_as_of_when() -> None:
    said = text(citation(publisher="The Invented Institute", as_of=datetime.date(2006, 11, 15)))
    assert "”, The Invented Institute, revision 37, as of 15 November 2006, https" in said


def test_a_citation_in_words_speaks_the_language_of_the_page() -> None:
    with override("fr"):
        assert "9 mars 2026" in text(citation())


def test_what_is_no_text_is_left_out_of_titles_and_they_stay_on_one_line() -> None:
    assert plainly(HOSTILE) == "A ER - TY - JOUR B CDE F"
    assert plainly("  e\u0301 \n x\u200cy ") == "é x\u200cy"


# -- Keys ----------------------------------------------------------------------------------------------------------


def test_keys_are_ascii_the_same_for_the_same_and_another_for_any_other() -> None:
    one = citation()
    others = [
        citation(url=URL + "?on=2006-11-15"),
        citation(url=URL.replace("invented", "Invented")),
        citation(url="https://register.example/" + "x" * 90 + "a/"),
        citation(url="https://register.example/" + "x" * 90 + "b/"),
        citation(url="https://register.example/"),
        citation(url="https://register.example/組織/"),
        citation(revision=38),
    ]
    keys = [each.key for each in (one, *others)]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", key) for key in keys)
    assert one.key == citation(title="Renamed", accessed=datetime.date(2027, 1, 1)).key


def test_the_address_is_ascii_and_holds_no_brace_quote_or_line() -> None:
    address = citation(url='https://register.example/?q=a{b}"c\\d<e>\n é|^`').address
    assert address == "https://register.example/?q=a%7Bb%7D%22c%5Cd%3Ce%3E%0A%20%C3%A9%7C%5E%60"
    assert citation(url=address).address == address


# -- BibTeX --------------------------------------------------------------------------------------------------------


def read_latex(value: str) -> str:
    """What LaTeX prints of text that `latex` wrote."""
    signs = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^",
             "less": "<", "greater": ">", "bar": "|"}  # fmt: skip
    pattern = re.compile(r"\{\\text([a-z]+)\}|\\([&%$#_])")
    return pattern.sub(lambda found: signs[found.group(1)] if found.group(1) else found.group(2), value)


@pytest.mark.parametrize("title", TITLES)
def test_bibtex_is_read_again_with_the_title_as_it_was(title: str) -> None:
    library = bibtexparser.parse_string(bibtex(citation(title=title, publisher="A {& B")))
    assert library.failed_blocks == []
    (entry,) = library.entries
    fields = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("misc", citation().key)
    assert fields["title"].startswith("{") and fields["title"].endswith("}")
    assert read_latex(fields["title"][1:-1]) == plainly(title)
    assert read_latex(fields["author"][1:-1]) == "A {& B"
    assert (fields["url"], fields["urldate"]) == (URL, "2026-03-09")
    assert fields["note"] == "revision 37"


@pytest.mark.parametrize("title", [*TITLES, HOSTILE])
def test_braces_of_bibtex_match_whatever_the_title(title: str) -> None:
    written = bibtex(citation(title=title))
    depth = 0
    for sign in written:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0 and len(written.splitlines()) == 8
    assert written.encode()


def test_every_special_character_of_latex_is_written_as_a_command() -> None:
    written = latex("\\{}~^<>|&%$#_")
    assert not re.search(r"(?<!\\)[&%$#_]|[~^<>|]", written)
    assert read_latex(written) == "\\{}~^<>|&%$#_"


# -- RIS -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", TITLES)
def test_ris_is_read_again_with_the_title_as_it_was(title: str) -> None:
    as_of = datetime.date(2006, 11, 15)
    (entry,) = rispy.loads(ris(citation(title=title, as_of=as_of, publisher="The Invented Institute")))
    assert entry == {
        "type_of_reference": "ELEC",
        "id": citation().key,
        "authors": ["The Invented Institute"],
        "title": plainly(title),
        "secondary_title": "Invented register",
        "publisher": "The Invented Institute",
        "edition": "revision 37, as of 15 November 2006",
        "urls": [URL],
        "access_date": "2026/03/09",
    }


def test_ris_ends_its_lines_as_the_format_asks_and_no_title_adds_one() -> None:
    lines = ris(citation(title=HOSTILE)).split("\r\n")
    assert lines[0] == "TY  - ELEC" and lines[-2:] == ["ER  - ", ""]
    assert [line[:6] for line in lines[:-1]] == ["TY  - ", "ID  - ", "AU  - ", "TI  - ", "T2  - ", "ET  - ", "UR  - ",
                                                 "Y2  - ", "ER  - "]  # fmt: skip
    assert not any(sign in line for line in lines for sign in "\r\n\x00\u2028\u202e")


def test_a_list_is_a_data_set_to_ris_and_csl() -> None:
    assert ris(citation(rows=True)).startswith("TY  - DATA\r\n")
    assert csl(citation(rows=True))["type"] == "dataset"


# -- CSL-JSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", TITLES)
def test_csl_says_the_same_in_the_shape_of_its_schema(title: str) -> None:
    assert json.loads(csl_json(citation(title=title))) == [
        {
            "id": citation().key,
            "type": "webpage",
            "title": plainly(title),
            "author": [{"literal": "Invented register"}],
            "container-title": "Invented register",
            "version": "37",
            "URL": URL,
            "accessed": {"date-parts": [[2026, 3, 9]]},
        }
    ]


def test_csl_says_the_publisher_and_the_day_asked_for_where_there_are_any() -> None:
    item = csl(citation(publisher="The Invented Institute", as_of=datetime.date(2006, 11, 15)))
    assert item["publisher"] == item["author"][0]["literal"] == "The Invented Institute"
    assert item["note"] == "as of 15 November 2006"


# -- All of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES.values(), ids=lambda style: style.suffix)
def test_the_same_citation_is_the_same_bytes_and_they_are_utf_8(style: Any) -> None:
    written = [style.write(citation(title=HOSTILE, register=HOSTILE, publisher=HOSTILE)) for _ in range(2)]
    assert written[0] == written[1] and written[0].encode()
