"""What texts name: keys, names in any language, acronyms that are one body's alone; what is meant where none fits."""

import pytest

from engagement.exchange.importing.base import Wrong
from engagement.exchange.importing.resolving import Book, Names
from engagement.models import Country, MeetingBody, Organization, OrganizationName, Region, Source, Theme
from tests.admin.rows import make
from tests.factories import make_organization, make_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["CH", "ch", "CHE", "Switzerland", "switzerland", "Suisse", "suiza"])
def test_a_country_is_known_by_its_codes_and_its_names(text: str) -> None:
    names = Names(Country)
    assert names.key_of(names.find(text)) == "CH"


def test_marks_and_case_do_not_matter_in_names() -> None:
    names = Names(Country)
    assert names.find("cote d'ivoire") == names.find("Côte d’Ivoire") == names.find("CI")


def test_an_organization_is_known_by_slug_names_and_an_acronym_of_its_own() -> None:
    body = make_organization(name="Invented Union of Bakers", acronym="IUBX")
    make(OrganizationName, organization=body, name="Invented League of Bakers", kind="former")
    make(OrganizationName, organization=body, name="IUB/X", kind="acronym")
    names = Names(Organization)
    for text in (body.slug, "invented union of bakers", "Invented League of Bakers", "iubx", "IUB X"):
        assert names.find(text) == body.pk, text


def test_a_name_comes_before_an_acronym_and_a_key_before_both() -> None:
    named = make_organization(name="INVX")
    make_organization(name="Quite another exchange", acronym="INVX")
    keyed = make_organization(name="Invented other", slug="invented-exchange")
    names = Names(Organization)
    assert names.find("INVX") == named.pk
    assert names.find("invented-exchange") == keyed.pk


def test_a_name_of_several_names_none_and_says_whose_it_is() -> None:
    for slug in ("invented-b", "invented-a"):
        make_organization(name="Invented Twin", slug=slug)
    with pytest.raises(Wrong) as wrong:
        Names(Organization).find("Invented twin")
    assert (wrong.value.rule, wrong.value.suggestion) == ("several", "invented-a, invented-b")


def test_an_unknown_text_gets_the_nearest_for_a_suggestion() -> None:
    make_source(slug="invented-directory-2024", title="Invented directory of bodies")
    with pytest.raises(Wrong) as by_title:
        Names(Source).find("Invented directory of bodys")
    with pytest.raises(Wrong) as by_key:
        Names(Source).find("invented-directory-2025")
    with pytest.raises(Wrong) as far:
        Names(Theme).find("zzzzzz")
    assert by_title.value.suggestion == by_key.value.suggestion == "invented-directory-2024"
    assert by_title.value.rule == "unknown-source" and far.value.suggestion == ""


def test_regions_and_bodies_are_known_by_what_they_are_called() -> None:
    region, body = Region.objects.all()[0], MeetingBody.objects.exclude(acronym="")[0]
    assert Names(Region).find(region.name_fr or region.name) == region.pk
    assert Names(MeetingBody).find(body.acronym.lower()) == body.pk


def test_a_vocabulary_is_read_once_for_however_many_texts(django_assert_num_queries: object) -> None:
    book = Book()
    with django_assert_num_queries(2):  # type: ignore[operator]  # organizations, and their other names
        for number in range(20):
            book.names(Organization)
            with pytest.raises(Wrong):
                book.names(Organization).find(f"Invented nobody {number}")
