"""Periods in words: what is known of the start and the end, in the language of the page, as HTML."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.translation import override


def written(template: str, language: str = "en", **said: str) -> str:
    with override(language):
        return Template("{% load periods %}" + template).render(Context({"it": SimpleNamespace(**said)}))


@pytest.mark.parametrize(
    ("start", "end", "words", "of_a_meeting"),
    [
        ("2006-11-15", "2006-11-15", "15 November 2006", "15 November 2006"),
        ("2006", "2008-02", "2006 – February 2008", "2006 – February 2008"),
        ("2006", "", "from 2006, end not recorded", "2006"),
        ("", "2008", "until 2008, start not recorded", "until 2008, start not recorded"),
        ("", "", "dates not recorded", "date not published"),
    ],
)
def test_what_is_not_known_of_a_period_is_said(start: str, end: str, words: str, of_a_meeting: str) -> None:
    assert written("{{ it|period }}", start=start, end=end) == words
    assert written("{{ it|period:True }}", start=start, end=end) == of_a_meeting


@pytest.mark.parametrize(
    ("granted", "ended", "as_of", "words"),
    [
        ("1997-10", "2001", "2002", "October 1997 – 2001"),
        ("1997", "", "2002", "from 1997, end not recorded"),
        ("", "2001", "", "until 2001, start not recorded"),
        ("", "", "2002", "as stated, 2002"),
        ("", "", "", "undated"),
    ],
)
def test_a_status_without_dates_of_its_own_is_stated_or_undated(
    granted: str, ended: str, as_of: str, words: str
) -> None:
    assert written("{{ it|status_period }}", granted=granted, ended=ended, as_of=as_of) == words


def test_each_language_has_its_own_words_for_the_same_dates() -> None:
    assert written("{{ it|as_of }}", as_of="1997-10") == "as of October 1997"
    assert written("{{ it|as_of }}", "fr", as_of="1997-10").endswith("octobre 1997")
    assert written("{{ it|as_of }}", "es", as_of="1997-10").endswith("octubre de 1997")
    assert written("{{ it|as_of }}", as_of="") == "date not stated"
