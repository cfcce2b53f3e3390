"""Names and wordings in the languages of the interface."""

import pytest
from django.http import QueryDict
from django.utils.translation import override

from engagement.directories import countries
from engagement.models import Country, Theme
from engagement.models.languages import InLanguage, in_language, language_of
from tests.factories import make_country


def test_a_text_is_given_in_the_language_of_the_page_and_says_which_that_is() -> None:
    theme = Theme(name="child labour", name_fr="travail des enfants")
    with override("fr"):
        assert (str(theme), language_of(theme, "name")) == ("travail des enfants", "fr")
    with override("en"):
        assert (str(theme), language_of(theme, "name")) == ("child labour", "en")


def test_a_text_that_is_missing_in_a_language_is_given_in_english_and_says_so() -> None:
    theme = Theme(name="child labour", name_fr="travail des enfants")
    with override("es"):
        assert (in_language(theme, "name"), language_of(theme, "name")) == ("child labour", "en")


def test_a_column_that_other_languages_have_beside_it_is_chosen_by_the_language_of_the_page() -> None:
    with override("fr"):
        assert InLanguage("country__sort_name").column == "country__sort_name_fr"
    with override("en"):
        assert InLanguage("country__sort_name").column == "country__sort_name"


@pytest.mark.django_db
def test_countries_are_sorted_by_their_name_in_the_language_of_the_page() -> None:
    def names() -> list[str]:
        return [str(country) for country in countries.rows(countries.ask(QueryDict("")))]

    with override("en"):
        english = names()
    with override("fr"):
        french = names()
    assert english.index("Germany") > english.index("France")
    assert french.index("Allemagne") < french.index("France")
    assert french[0] == "Afghanistan" and french[1] == "Afrique du Sud"


@pytest.mark.django_db
def test_a_country_without_a_name_in_a_language_is_sorted_by_its_english_one() -> None:
    make_country("XA", name="Éland", name_fr="Zéland")
    saved = Country.objects.get(iso2="XA")
    assert (saved.sort_name, saved.sort_name_fr, saved.sort_name_es) == ("eland", "zeland", "eland")
