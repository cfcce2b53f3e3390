"""Data extension: the values of records that were reconciled, in the specification's shapes."""

import datetime
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.directories import organizations
from engagement.models import Contact, Country, Organization, Project, Seat
from tests.api.reconciliation.asking import PATH, post_form, post_json, problem
from tests.api.reconciliation.schemas import EXTENSION, errors
from tests.factories import make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

Rows = dict[str, dict[str, Any]]


def asked(ids: list[str], *names: str, **settings: object) -> dict[str, Any]:
    wanted = {"settings": settings} if settings else {}
    return {"ids": ids, "properties": [{"id": name, **wanted} for name in names]}


def rows(client: Client, ids: list[str], *names: str, **settings: object) -> Rows:
    response = post_form(client, extend=asked(ids, *names, **settings))
    assert response.status_code == 200, response.content
    assert errors(response.json(), EXTENSION) == []
    found: Rows = response.json()["rows"]
    return found


@pytest.fixture
def weavers() -> Organization:
    body = make_organization(
        name="Invented Weavers", acronym="IW", founded="1950-05", last_verified=datetime.date(2026, 5, 17)
    )
    for iso2, city, since in (("CH", "Geneva", "1960"), ("PK", "", "1950")):
        country = Country.objects.get(iso2=iso2)
        Seat.objects.create(organization=body, country=country, city=city, since=since, source=make_source())
    return body


def test_values_have_the_shapes_of_the_specification(client: Client, weavers: Organization) -> None:
    key = f"organizations/{weavers.slug}"
    said = rows(client, [key], "country", "city", "kind_label", "founded", "last_verified", "url", "dissolved")[key]
    assert said == {
        "country": [{"id": "countries/CH", "name": "Switzerland"}, {"id": "countries/PK", "name": "Pakistan"}],
        "city": [{"str": "Geneva"}, {}],  # in the order of the seats
        "kind_label": [{"str": "Non-governmental organization"}],
        "founded": [{"str": "1950-05"}],  # a month is made no finer
        "last_verified": [{"date": "2026-05-17T00:00:00Z"}],
        "url": [{"str": f"http://testserver/{key}/"}],
        "dissolved": [],
    }


def test_whole_numbers_and_sums_of_money_are_numbers(client: Client) -> None:
    project = Project.objects.published().exclude(budget=None).first()
    assert project is not None and project.budget is not None
    found = rows(client, ["instruments/C144", f"projects/{project.slug}"], "number", "budget")
    assert found["instruments/C144"] == {"number": [{"int": 144}], "budget": []}
    assert found[f"projects/{project.slug}"]["budget"] == [{"float": float(project.budget)}]


def test_the_head_says_what_the_properties_are_and_which_lead_to_records(client: Client) -> None:
    response = post_form(client, extend=asked(["countries/PK"], "country", "member_since"))
    assert response.json()["meta"] == [
        {"id": "country", "name": "Country", "type": {"id": "country", "name": "Country"}},
        {"id": "member_since", "name": "Member since"},
    ]


def test_an_identifier_of_nothing_has_a_row_without_values(client: Client) -> None:
    ids = ["countries/XX", "nothing", "", "contacts/1", "\x00"]
    assert rows(client, ids, "name", "country") == {each: {"name": [], "country": []} for each in ids}


def test_a_value_that_an_extension_gives_can_itself_be_extended(client: Client, weavers: Organization) -> None:
    key = f"organizations/{weavers.slug}"
    seats = [each["id"] for each in rows(client, [key], "country")[key]["country"]]
    assert [row["iso3"] for row in rows(client, seats, "iso3").values()] == [[{"str": "CHE"}], [{"str": "PAK"}]]


@pytest.mark.parametrize(("limit", "number"), [(1, 1), ("1", 1), (0, 2), (5, 2)])
def test_at_most_the_limit_of_values_is_given(
    client: Client, weavers: Organization, limit: object, number: int
) -> None:
    key = f"organizations/{weavers.slug}"
    assert len(rows(client, [key], "country", limit=limit)[key]["country"]) == number


def test_every_property_of_every_record_has_a_shape_of_the_specification(client: Client) -> None:
    for of_type, collection in (("organization", "organizations"), ("country", "countries"), ("project", "projects")):
        proposed = client.get(f"{PATH}/properties", {"type": of_type}).json()["properties"]
        keys = [
            f"{collection}/{row['key']}" for row in client.get(f"/api/v1/{collection}/?limit=500").json()["results"]
        ]
        found = rows(client, keys, *(each["id"] for each in proposed))
        assert len(found) == len(keys) and all(row["name"] for row in found.values())


def test_extension_is_asked_by_form_by_json_and_by_address_alike(client: Client) -> None:
    wanted = asked(["countries/PK"], "iso3")
    ways: list[Any] = [
        post_form(client, extend=wanted),
        post_json(client, {"extend": wanted}),
        client.get(PATH, {"extend": json.dumps(wanted)}),
    ]
    assert all(response.json() == ways[0].json() for response in ways) and ways[0].status_code == 200


@pytest.mark.parametrize(
    ("extend", "where", "what"),
    [
        ([], "extend", "is not an object"),
        ({"ids": []}, "extend", "is not an object with ids and properties"),
        ({"ids": "a", "properties": []}, "extend.ids", "is not a list"),
        ({"ids": [1], "properties": []}, "extend.ids[0]", "is not a text"),
        ({"ids": ["a"] * 501, "properties": []}, "extend.ids", "holds 501 identifiers; 500 are the most"),
        ({"ids": [], "properties": ["name"]}, "extend.properties[0]", "is not an object"),
        ({"ids": [], "properties": [{}]}, "extend.properties[0]", "is not an object with an id"),
        ({"ids": [], "properties": [{"id": "email"}]}, "extend.properties[0].id", "is none of key"),
        (asked([], "name", limit=-1), "extend.properties[0].settings.limit", "is not a whole number from 0"),
        (asked([], "name", other=1), "extend.properties[0].settings", "holds more than the limit"),
    ],
)
def test_a_malformed_extension_is_named_with_its_place(client: Client, extend: object, where: str, what: str) -> None:
    wrong = problem(post_form(client, extend=extend))
    assert list(wrong) == [where] and what in wrong[where]


def test_neither_a_withdrawn_record_nor_a_withdrawn_fact_nor_a_contact_comes_back(
    client: Client, weavers: Organization
) -> None:
    make_status(organization=weavers, granted="1999", published=False)
    key = f"organizations/{weavers.slug}"
    assert rows(client, [key], "granted")[key] == {"granted": []}
    Organization.objects.filter(pk=weavers.pk).update(published=False)
    everything = [column.name for column in organizations.columns]
    assert not any(rows(client, [key], *everything)[key].values())
    contacts = [f"contacts/{each.natural_key()[0]}" for each in Contact.objects.all()]
    assert contacts and not any(row["name"] for row in rows(client, contacts, "name").values())


def test_500_records_take_as_many_statements_as_one_of_each_type(client: Client) -> None:
    keys = [
        *(f"organizations/{slug}" for slug in Organization.objects.values_list("slug", flat=True)),
        *(f"countries/{code}" for code in Country.objects.values_list("iso2", flat=True)),
        *(f"projects/{slug}" for slug in Project.objects.values_list("slug", flat=True)),
        "instruments/C144",
    ]
    names = ["name", "country", "theme", "category", "member_since", "partner", "source"]

    def cost(ids: list[str]) -> int:
        with CaptureQueriesContext(connection) as statements:
            rows(client, ids, *names)
        return len(statements)

    few = [next(key for key in keys if key.startswith(of)) for of in ("organizations", "countries", "projects")]
    assert cost([*few, "instruments/C144"]) == cost((keys * 2)[:500])
