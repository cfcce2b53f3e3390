"""The answer to queries: its form, scores, matches, reasons, and what properties do to them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.directories.recognizing import Why
from engagement.models import Country, NameKind, Organization, OrganizationName, Project, Seat
from tests.api.reconciliation.asking import candidates, first, post_form, post_json, reconciled
from tests.api.reconciliation.schemas import RESULTS, errors
from tests.factories import make_organization, make_source, make_status
from tests.projecting import catch_up
from tests.search.toys import HOSTILE

pytestmark = pytest.mark.usefixtures("documents")

MOST_STATEMENTS = 60
Given = list[dict[str, Any]]


def given(**properties: object) -> Given:
    return [{"pid": name, "v": value} for name, value in properties.items()]


@pytest.fixture
def weavers() -> Organization:
    """An NGO with general status and a seat in Switzerland, founded in May 1950."""
    body = make_organization(
        name="World Council of Invented Weavers",
        acronym="WCIW",
        founded="1950-05",
        website="https://www.weavers.example/",
    )
    for name, kind, until in (("League of Looms", NameKind.FORMER, "1990"), ("CMT", NameKind.ACRONYM, "")):
        OrganizationName.objects.create(organization=body, name=name, kind=kind, until=until, source=make_source())
    Seat.objects.create(organization=body, country=Country.objects.get(iso2="CH"), source=make_source())
    make_status(organization=body)
    catch_up()
    return body


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    return {each["id"]: each["value"] for each in candidate["features"]}


# -- Form -----------------------------------------------------------------------------------------------------------


def test_a_batch_is_answered_as_the_specification_says(client: Client) -> None:
    queries = {
        "a": {"query": "Amnesty International"},
        "b": {"query": "Pakisten", "type": "country", "limit": 2, "type_strict": "should"},
        "": {"query": "C.144", "type": ["instrument", "project"], "properties": given(adopted=1976)},
        "none": {"query": "Nobody at all"},
        "only properties": {"properties": given(name="Inter-Parliamentary Union")},
        "a reconciled value": {"query": "x", "properties": given(country=[{"id": "countries/PK"}, "France", 5, True])},
    }
    response = post_form(client, queries=queries)
    assert response["Content-Type"] == "application/json"
    assert errors(response.json(), RESULTS) == []
    assert list(response.json()) == list(queries)
    assert response.json()["none"] == {"result": []}


def test_an_empty_batch_has_an_empty_answer(client: Client) -> None:
    assert post_json(client, {"queries": {}}).json() == {}


def test_candidates_come_by_decreasing_score_and_at_most_the_limit(client: Client) -> None:
    found = candidates(client, "International Union")
    scores = [each["score"] for each in candidates(client, "Guinea Bissau Equatorial")]
    assert scores == sorted(scores, reverse=True)
    assert candidates(client, "International Union", limit=1) == found[:1]


def test_a_query_finds_records_of_the_types_that_it_asks_for_and_no_others(client: Client) -> None:
    make_organization(name="Pakistan")
    catch_up()
    assert {each["id"] for each in candidates(client, "Pakistan")} == {"organizations/pakistan", "countries/PK"}
    assert [each["id"] for each in candidates(client, "Pakistan", type="country")] == ["countries/PK"]
    assert [each["id"] for each in candidates(client, "Pakistan", type=[{"id": "organization"}])] == [
        "organizations/pakistan"
    ]


def test_an_identifier_as_query_has_its_record_as_match(client: Client) -> None:
    for identifier in ("countries/PK", "organizations/amnesty-international", "instruments/C144"):
        (found,) = candidates(client, identifier)
        assert (found["id"], found["score"], found["match"]) == (identifier, 100, True)
    assert candidates(client, "countries/PK", type="organization") == []


def test_no_text_breaks_a_query(client: Client) -> None:
    for text in HOSTILE:
        response = post_json(client, {"q": {"query": text, "properties": given(country=text, founded=text, name=text)}})
        no_text = not text or "\ud800" in text or "\udfff" in text
        assert response.status_code == (400 if no_text else 200), text[:40]


# -- Matches and reasons --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why", "score", "description"),
    [
        ("World Council of Invented Weavers", Why.NAME, 100, "Its name"),
        ("world council, of INVENTED weavers", Why.SPELLING, 100, str(Why.SPELLING.label)),
        ("WCIW", Why.ACRONYM, 100, "Its acronym: WCIW"),
        ("League of looms", Why.FORMER, 100, "A former name: League of Looms (until 1990)"),
        ("Weavers, World Council of Invented", Why.TURNED, 96, str(Why.TURNED.label)),
        ("World Counicl of Invented Weavers", Why.NEAR, 80, f"{Why.NEAR.label}; “counicl” taken for “council”"),
        ("World Council of Invented Weavers (Norway)", Why.WITHIN, 60, str(Why.WITHIN.label)),
    ],
)
def test_a_candidate_says_why_and_is_a_match_only_if_that_is_sure(
    client: Client, weavers: Organization, text: str, why: Why, score: int, description: str
) -> None:
    (found,) = candidates(client, text, type="organization")
    assert (found["id"], found["name"]) == (f"organizations/{weavers.slug}", weavers.name)
    assert (found["score"], found["description"]) == (score, description)
    assert found["match"] is (score >= 96)
    assert features(found)["name"] == score and features(found)[f"reason-{why.value}"] is True


def test_of_two_with_the_same_name_none_is_a_match(client: Client, weavers: Organization) -> None:
    make_organization(name="League of Looms")
    catch_up()
    found = candidates(client, "League of Looms", type="organization")
    assert [each["match"] for each in found] == [False, False]
    assert found[0]["id"] == "organizations/league-of-looms"  # its present name comes before another's former one


def test_an_acronym_and_a_code_are_sure_only_of_a_type_that_is_asked_for(client: Client, weavers: Organization) -> None:
    assert first(client, "WCIW", type="organization")["match"] and not first(client, "WCIW")["match"]
    assert first(client, "PAK", type="country")["match"] and not first(client, "PAK")["match"]
    assert first(client, "Pakistan")["match"]


# -- Properties -----------------------------------------------------------------------------------------------------


# Of the weavers: what is given, and whether it agrees.
GIVEN: list[tuple[str, object, bool | None]] = [
    ("country", "CH", True),
    ("country", "che", True),
    ("country", "Suiza", True),
    ("country", "Pakistan", False),
    ("country", {"id": "countries/CH", "name": "Anything"}, True),
    ("country", {"id": "countries/PK"}, False),
    ("country", {"id": "Q39", "name": "Suisse"}, True),
    ("country", ["France", "Switzerland"], True),
    ("country_label", "Switzerland", True),
    ("country", "The lands of my fathers", None),
    ("kind", "ngo", True),
    ("kind", "Non-governmental organization", True),
    ("kind_label", "workers", False),
    ("category", "special-list", True),
    ("category", "Special List", True),
    ("category", "General", False),
    ("region", "Africa", None),
    ("acronym", "wciw", True),
    ("acronym", "CMT", True),
    ("acronym", "XYZ", False),
    ("former_names", "League of Looms", True),
    ("founded", 1950, True),
    ("founded", "1950-05-17T00:00:00Z", True),
    ("founded", "1950-06", False),
    ("founded", "long ago", None),
    ("website", "http://weavers.example", True),
    ("website", "https://spinners.example", False),
    ("url", "https://register.example/organizations/world-council-of-invented-weavers/", True),
    ("iso3", "CHE", None),
    ("city", "", None),
]


def test_what_is_given_beside_the_name_agrees_contradicts_or_tells_nothing(
    client: Client, weavers: Organization
) -> None:
    queries = [{"query": weavers.name, "properties": given(**{name: value})} for name, value, _agreement in GIVEN]
    for (name, value, agreement), (found,) in zip(GIVEN, reconciled(client, queries), strict=True):
        assert features(found).get(f"property-{name}") is agreement, (name, value)
        assert (found["score"], found["match"]) == ((80, False) if agreement is False else (100, True)), (name, value)


def test_each_property_moves_the_score_and_no_further_than_0_and_100(client: Client, weavers: Organization) -> None:
    near = "World Counicl of Invented Weavers"
    scores = [
        first(client, near, properties=each)["score"]
        for each in (
            given(country="CH"),
            given(country="CH", kind="ngo"),
            given(country="PK"),
            given(country="CH", kind="workers"),
            given(country="PK", kind="workers", founded=1800, acronym="X", website="x.example"),
        )
    ]
    assert scores == [85, 90, 60, 65, 0]


def test_however_much_agrees_a_near_name_is_no_match(client: Client, weavers: Organization) -> None:
    properties = given(country="CH", kind="ngo", founded="1950-05", acronym="WCIW")
    found = first(client, "World Counicl of Invented Weavers", properties=properties)
    assert (found["score"], found["match"]) == (100, False)


def test_of_two_with_one_name_the_one_that_alone_agrees_is_the_match(client: Client, weavers: Organization) -> None:
    other = make_organization(name="League of Looms")
    catch_up()
    unknown = candidates(client, "League of Looms", properties=given(country="CH"))
    assert [each["match"] for each in unknown] == [False, False]  # of the other no seat is known
    Seat.objects.create(organization=other, country=Country.objects.get(iso2="PK"), source=make_source())
    told = candidates(client, "League of Looms", properties=given(country="CH"))
    assert [(each["id"], each["match"]) for each in told] == [
        (f"organizations/{weavers.slug}", True),
        (f"organizations/{other.slug}", False),
    ]


def test_without_a_query_the_name_among_the_properties_is_looked_for(client: Client, weavers: Organization) -> None:
    body = {"q": {"properties": given(country="CH", acronym="WCIW"), "type": "organization"}}
    (found,) = post_json(client, body).json()["q"]["result"]
    assert (found["id"], found["match"]) == (f"organizations/{weavers.slug}", True)
    assert post_json(client, {"q": {"properties": given(country="CH")}}).json() == {"q": {"result": []}}


# -- What is not public, and what it costs --------------------------------------------------------------------------


def test_what_is_withdrawn_never_comes_back(client: Client, weavers: Organization) -> None:
    OrganizationName.objects.filter(name="League of Looms").update(published=False)
    catch_up()
    assert candidates(client, "League of Looms") == []
    for model in (Organization, Country, Project):
        model.objects.update(published=False)
    texts = [weavers.name, "WCIW", f"organizations/{weavers.slug}", "Pakistan", "PK", "countries/PK", "TREE"]
    assert [candidates(client, text) for text in texts] == [[]] * len(texts)
    catch_up()
    assert [candidates(client, text) for text in texts] == [[]] * len(texts)


def test_500_queries_take_as_many_statements_as_a_few(client: Client) -> None:
    names = list(Organization.objects.values_list("name", flat=True))
    properties = given(country="Pakistan", kind="ngo", adopted=1976)
    kinds: Given = [
        {"query": names[0], "properties": properties},
        {"query": names[1][:-1]},
        {"query": "Pakisten"},
        {"query": "Minimum Age Convention", "properties": properties},
        {"query": "Training for Rural Economic Empowerment (Norway)", "properties": properties},
        {"query": "Nobody"},
        {"query": "countries/PK"},
    ]

    def cost(number: int) -> int:
        batch = {f"q{at}": kinds[at % len(kinds)] for at in range(number)}
        with CaptureQueriesContext(connection) as statements:
            assert post_json(client, batch).status_code == 200
        return len(statements)

    assert cost(len(kinds)) == cost(500) <= MOST_STATEMENTS
    assert cost(1) <= cost(500)
