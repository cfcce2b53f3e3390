"""How days, numbers and texts in other languages are written."""

import datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from engagement.models import ConsultativeCategory
from engagement.templatetags.register import figure

NARROW = "\u202f"


def written(template: str, language: str, **context: object) -> str:
    with override(language):
        return Template("{% load register %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("language", "first", "other"),
    [
        ("en", "1 November 2026", "21 November 2026"),
        ("fr", "1er novembre 2026", "21 novembre 2026"),
        ("es", "1 de noviembre de 2026", "21 de noviembre de 2026"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language: str, first: str, other: str) -> None:
    assert written("{{ on|day }}", language, on=datetime.date(2026, 11, 1)) == first
    assert written("{{ on|day }}", language, on=datetime.date(2026, 11, 21)) == other
    moment = datetime.datetime(2026, 11, 21, 8, 30, tzinfo=datetime.UTC)
    assert written("{{ at|day }}", language, at=moment) == other
    assert written("{{ on|day }}", language, on=None) == ""


@pytest.mark.parametrize(
    ("language", "number"), [("en", "10,572.5"), ("fr", f"10{NARROW}572,5"), ("es", f"10{NARROW}572,5")]
)
def test_a_number_is_grouped_as_the_language_groups_it(language: str, number: str) -> None:
    with override(language):
        assert figure("10572.5000") == number


def test_a_text_is_marked_where_it_speaks_another_language_than_the_page() -> None:
    assert written("{{ text|english }}", "fr", text="A <note>") == '<span lang="en">A &lt;note&gt;</span>'
    assert written("{{ text|english }}", "en", text="A <note>") == "A &lt;note&gt;"
    assert written('{{ "Une note"|lang:"fr" }}', "fr") == "Une note"
    assert written('{{ "Title"|lang:"" }}', "en") == '<span lang="">Title</span>'
    assert written('{{ ""|english }}{{ none|english|default:"" }}', "fr", none=None) == ""


def test_what_the_register_words_itself_is_english_where_the_language_has_no_text() -> None:
    category = ConsultativeCategory(name="Special List", name_fr="Liste spéciale")
    said = {
        language: written('{{ category|local:"name" }}', language, category=category) for language in ("en", "fr", "es")
    }
    assert said == {"en": "Special List", "fr": "Liste spéciale", "es": '<span lang="en">Special List</span>'}


def test_french_sets_a_space_before_a_colon_and_a_semicolon() -> None:
    assert written("a{% colon %}b{% semicolon %}c", "en") == "a: b; c"
    assert written("a{% colon %}b{% semicolon %}c", "es") == "a: b; c"
    french = written("a{% colon %}b{% semicolon %}c", "fr")
    assert [sign for sign in french if sign in ":;"] == [":", ";"]
    assert french.replace("\u00a0", " ").replace(NARROW, " ") == "a : b ; c" and "a :" not in french
