"""The columns that other languages have beside the English one."""

import pytest
from django.utils.translation import override

from engagement.directories.documents import DOCUMENTS
from engagement.models import ConsultativeStatus, Country, Instrument, PartialDate, Theme
from engagement.models.citations import records_by_pk
from engagement.models.languages import OTHERS, InLanguage, in_every_language, in_language, language_of
from tests.factories import make_status

pytestmark = pytest.mark.django_db


def test_a_text_is_in_the_language_of_the_page_or_else_in_english() -> None:
    theme = Theme(name="fishing", name_fr="pêche")
    with override("fr"):
        assert (in_language(theme, "name"), language_of(theme, "name"), str(theme)) == ("pêche", "fr", "pêche")
    for language in ("es", "vo", "en"):
        with override(language):
            assert (in_language(theme, "name"), language_of(theme, "name")) == ("fishing", "en")
    assert in_every_language(theme, "name") == ["fishing", "pêche"]


@pytest.mark.parametrize("language", ["en", "vo"])
def test_a_language_without_columns_is_ordered_as_english_is(language: str) -> None:
    with override(language):
        assert InLanguage("country__sort_name").column == "country__sort_name"


@pytest.mark.parametrize("language", OTHERS)
def test_countries_are_in_the_order_of_the_language(language: str) -> None:
    with override(language):
        assert InLanguage("sort_name").column == f"sort_name_{language}"
        names = list(Country.objects.by_name().values_list(f"sort_name_{language}", flat=True))
    by_english = list(Country.objects.by_name().values_list(f"sort_name_{language}", flat=True))
    assert names == sorted(names) and names != by_english


def test_a_record_is_called_in_the_language_of_the_page_where_others_point_at_it() -> None:
    germany, status = Country.objects.get(iso2="DE"), make_status()
    with override("fr"):
        cited = records_by_pk({Country: [germany.pk], ConsultativeStatus: [status.pk]})
        assert cited[Country, germany.pk].label == "Allemagne"
        assert cited[ConsultativeStatus, status.pk].label.endswith(f" · {status.category.local_name}")
    assert records_by_pk({Country: [germany.pk]})[Country, germany.pk].label == "Germany"


@pytest.mark.parametrize("collection", DOCUMENTS)
def test_what_the_search_knows_does_not_depend_on_who_is_at_work(collection: str) -> None:
    in_english = list(DOCUMENTS[collection](None))[:40]
    with override("fr"):
        assert list(DOCUMENTS[collection](None))[:40] == in_english


def test_an_instrument_is_found_by_its_kind_in_every_language() -> None:
    convention = Instrument.objects.get(code="C087")
    (document,) = DOCUMENTS["instruments"]([convention.pk])
    assert {"Convention 87", "Convention No. 87", "Convenio 87"} <= set(document.names)


@pytest.mark.parametrize(
    ("text", "french", "spanish"),
    [
        ("2006-11", "novembre 2006", "noviembre de 2006"),
        ("2006-11-01", "1er novembre 2006", "1 de noviembre de 2006"),
        ("1997", "1997", "1997"),
    ],
)
def test_a_partial_date_is_written_as_the_language_writes_it(text: str, french: str, spanish: str) -> None:
    with override("fr"):
        assert str(PartialDate(text)) == french
    with override("es"):
        assert str(PartialDate(text)) == spanish


@pytest.mark.parametrize("text", ["194X", "2014~", "2014?", "../2022", "2022/..", "2011/2013"])
def test_no_word_of_a_partial_date_stays_english(text: str) -> None:
    english = str(PartialDate(text))
    for language in OTHERS:
        with override(language):
            said = str(PartialDate(text))
        assert said and (said != english or (text, language) == ("2014~", "es"))


def test_what_is_wrong_with_a_date_is_said_in_the_language_of_the_form() -> None:
    said = set()
    for language in ("en", *OTHERS):
        with override(language), pytest.raises(ValueError, match="2006-02-30") as error:
            PartialDate.parse("2006-02-30")
        said.add(str(error.value))
    assert len(said) == 3
