"""Which organizations a list of names means, and by which of their names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.documents import DOCUMENTS
from engagement.directories.recognizing import RECOGNIZABLE, Recognition, Result, Why, recognized
from engagement.models import NameKind, Organization, OrganizationName
from tests.factories import make_organization, make_source
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db

MOST_QUERIES = 9


def made_of(text: str) -> Recognition:
    (recognition,) = recognized([text])
    return recognition


def reasons(text: str) -> list[tuple[str, Why, str]]:
    return [(each.organization.name, each.why, each.alias.name) for each in made_of(text).candidates]


@pytest.fixture
def weavers() -> Organization:
    body = make_organization(name="World Council of Invented Weavers", acronym="WCIW")
    names = (
        ("IWU", NameKind.ACRONYM, "en", "1990"),
        ("Invented Weavers’ Union", NameKind.FORMER, "en", "1990-05"),
        ("Conseil mondial des tisserands inventés", NameKind.LANGUAGE, "fr", ""),
        ("المجلس العالمي للنساجين", NameKind.LANGUAGE, "ar", ""),
        ("Mirovoi sovet tkachei", NameKind.TRANSLITERATION, "", ""),
        ("Weavers of the World", NameKind.VARIANT, "en", ""),
    )
    for name, kind, lang, until in names:
        OrganizationName.objects.create(
            organization=body, name=name, kind=kind, lang=lang, until=until, source=make_source()
        )
    catch_up()
    return body


@pytest.mark.parametrize(
    ("text", "why", "alias"),
    [
        ("World Council of Invented Weavers", Why.NAME, ""),
        ("WORLD COUNCIL OF INVENTED WEAVERS", Why.SPELLING, ""),
        ("World-Council of Invented Weavers.", Why.SPELLING, ""),
        ("WCIW", Why.ACRONYM, "WCIW"),
        ("wciw", Why.ACRONYM, "WCIW"),
        ("IWU", Why.ACRONYM, "IWU"),
        ("Invented Weavers' Union", Why.FORMER, "Invented Weavers’ Union"),
        ("CONSEIL MONDIAL DES TISSERANDS INVENTES", Why.LANGUAGE, "Conseil mondial des tisserands inventés"),
        ("المجلس العالمي للنساجين", Why.LANGUAGE, "المجلس العالمي للنساجين"),
        ("Mirovoi Sovet Tkachei", Why.OTHER, "Mirovoi sovet tkachei"),
        ("Weavers of the World", Why.OTHER, "Weavers of the World"),
        ("World Council of Invented Weavers (WCIW)", Why.TOGETHER, ""),
        ("Weavers, World Council of Invented", Why.TURNED, ""),
    ],
)
def test_an_organization_is_recognized_by_each_of_its_names(
    weavers: Organization, text: str, why: Why, alias: str
) -> None:
    assert made_of(text).result is Result.RECOGNIZED
    assert reasons(text) == [(weavers.name, why, alias)]


@pytest.mark.parametrize(
    ("text", "why", "alias"),
    [
        ("Invented Council of World Weavers", Why.ORDER, ""),
        ("World Counicl of Invented Weavers", Why.NEAR, ""),
        ("Conseil mondial des tiserands inventés", Why.NEAR, "Conseil mondial des tisserands inventés"),
        ("World Council of Invented Weavers (Norway)", Why.WITHIN, ""),
        ("Invented Weavers", Why.WORDS, "World Council of Invented Weavers"),
    ],
)
def test_anything_less_than_a_name_is_only_perhaps(weavers: Organization, text: str, why: Why, alias: str) -> None:
    assert made_of(text).result is Result.PERHAPS
    assert reasons(text) == [(weavers.name, why, alias)]


def test_a_former_name_says_until_when_and_another_language_says_which(weavers: Organization) -> None:
    former, french = (made_of(text).candidates[0].alias for text in ("IWU", "Conseil mondial des tisserands inventés"))
    assert (former.until, french.lang, french.until) == ("1990", "fr", "")


def test_what_was_replaced_is_told(weavers: Organization) -> None:
    assert made_of("World Counicl of Invented Weavers").candidates[0].replaced == (("counicl", "council"),)


def test_of_several_equally_good_ones_none_is_chosen_and_all_are_shown_by_name() -> None:
    make_organization(name="Zither Weavers", acronym="ZW")
    make_organization(name="Alto Weavers", acronym="ZW")
    catch_up()
    recognition = made_of("ZW")
    assert recognition.result is Result.PERHAPS and recognition.chosen is None
    assert [each.organization.name for each in recognition.candidates] == ["Alto Weavers", "Zither Weavers"]


def test_the_present_name_of_one_that_was_a_former_name_of_another_chooses_neither(weavers: Organization) -> None:
    make_organization(name="Invented Weavers’ Union")
    catch_up()
    assert {why for _name, why, _alias in reasons("Invented Weavers’ Union")} == {Why.NAME, Why.FORMER}
    assert made_of("Invented Weavers’ Union").chosen is None


def test_initials_are_perhaps_and_a_town_is_no_initials() -> None:
    churches = make_organization(name="Union of Invented Churches")
    catch_up()
    assert reasons("UIC") == [(churches.name, Why.INITIALS, churches.name)]
    assert made_of("Geneva").result is Result.UNKNOWN


def test_less_than_half_of_a_name_is_no_part_of_it(weavers: Organization) -> None:
    assert made_of("Tkachei").result is Result.UNKNOWN
    assert made_of("Sovet Tkachei").result is Result.PERHAPS


def test_a_withdrawn_organization_and_a_withdrawn_name_are_not_found(weavers: Organization) -> None:
    OrganizationName.objects.filter(name="IWU").update(published=False)
    catch_up()
    assert made_of("IWU").result is Result.UNKNOWN
    Organization.objects.filter(pk=weavers.pk).update(published=False)
    assert made_of(weavers.name).result is Result.UNKNOWN


def test_the_register_s_own_names_are_all_recognized() -> None:
    catch_up()
    bodies = list(Organization.objects.published())
    for body, recognition in zip(bodies, recognized([body.name for body in bodies]), strict=True):
        assert recognition.result is Result.RECOGNIZED
        assert (recognition.chosen.organization, recognition.chosen.why) == (body, Why.NAME)


def test_every_further_name_of_the_register_leads_to_its_organization() -> None:
    catch_up()
    names = list(OrganizationName.objects.published())
    for name, recognition in zip(names, recognized([name.name for name in names]), strict=True):
        assert name.organization_id in {each.organization.pk for each in recognition.candidates}


@pytest.mark.parametrize(
    ("collection", "text", "key", "why", "alias"),
    [
        ("countries", "Pakistan", "PK", Why.NAME, ""),
        ("countries", "COTE D'IVOIRE", "CI", Why.SPELLING, ""),
        ("countries", "Suiza", "CH", Why.LANGUAGE, "Suiza"),
        ("countries", "che", "CH", Why.CODE, "CHE"),
        ("instruments", "C.87", "C087", Why.CODE, "C87"),
        ("instruments", "ILO Convention No. 87", "C087", Why.CODE, "Convention 87"),
        ("instruments", "Convenio núm. 87", "C087", Why.CODE, "Convenio 87"),
        ("projects", "TREE", "training-for-rural-economic-empowerment-tree", Why.ACRONYM, "TREE"),
    ],
)
def test_countries_instruments_and_projects_are_recognized_by_their_names_and_codes(
    collection: str, text: str, key: str, why: Why, alias: str
) -> None:
    catch_up()
    (recognition,) = recognized([text], collection)
    assert recognition.result is Result.RECOGNIZED and recognition.chosen is not None
    chosen = recognition.chosen
    assert (chosen.record.natural_key()[0], chosen.why, chosen.alias.name) == (key, why, alias)


def test_a_convention_cited_with_its_title_has_to_have_the_number() -> None:
    catch_up()
    cited = "Tripartite Consultation (International Labour Standards) Convention, 1976 (No. {})"
    right, wrong = recognized([cited.format(144), cited.format(145)], "instruments")
    assert right.result is Result.RECOGNIZED and right.chosen and right.chosen.why is Why.TOGETHER
    assert wrong.result is Result.UNKNOWN


@pytest.mark.parametrize("collection", RECOGNIZABLE)
def test_every_search_name_of_a_collection_is_a_name_that_is_told(collection: str) -> None:
    records = {record.pk: record for record in RECOGNIZABLE[collection].records()}
    for document in DOCUMENTS[collection](None):
        told = {alias.name for _why, alias in RECOGNIZABLE[collection].names(records[document.record_id])}
        assert told - {""} == set(document.names) - {""}


def test_500_names_take_no_more_queries_than_each_step_needs_once() -> None:
    catch_up()
    names = list(Organization.objects.values_list("name", flat=True))

    def cost(number: int) -> int:
        texts = [f"{names[at % len(names)][:-1]} {'(Norway)' * (at % 2)}" for at in range(number)]
        with CaptureQueriesContext(connection) as queries:
            recognized([*texts, "Nobody"])
        return len(queries)

    assert cost(3) <= cost(500) <= MOST_QUERIES
