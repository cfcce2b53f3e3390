"""The service as a whole: its manifest, how it is asked over HTTP, and what it says to what it does not understand."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, override_settings

from engagement.api.reconciliation.asked import BATCH
from tests.api.reconciliation.asking import FORM, JSON, PATH, post_form, post_json, problem
from tests.api.reconciliation.schemas import MANIFEST, errors

pytestmark = pytest.mark.django_db

ONE = {"q0": {"query": "Amnesty International"}}
ADDRESSES = [
    PATH,
    f"{PATH}/suggest/entity?prefix=a",
    f"{PATH}/suggest/type?prefix=a",
    f"{PATH}/suggest/property?prefix=a",
    f"{PATH}/properties?type=country",
    f"{PATH}/preview?id=countries/PK",
    f"{PATH}/view?id=countries/PK",
    f"{PATH}/preview?id=none",
    f"{PATH}?nothing=known",
]


def manifest(client: Client) -> dict[str, Any]:
    said: dict[str, Any] = client.get(PATH).json()
    return said


def test_the_manifest_is_as_the_specification_says(client: Client) -> None:
    assert errors(manifest(client), MANIFEST) == []


@override_settings(SITE_NAME="A register by another name")
def test_the_service_is_called_as_the_site_is(client: Client) -> None:
    assert manifest(client)["name"] == "A register by another name"


def test_every_address_that_the_manifest_gives_answers(client: Client) -> None:
    said = manifest(client)
    services = [*said["suggest"].values(), said["extend"]["propose_properties"]]
    addresses = [each["service_url"] + each["service_path"] for each in services]
    assert [client.get(each, {"prefix": "a"}).status_code for each in addresses[:-1]] == [200, 200, 200]
    assert client.get(addresses[-1], {"type": "country"}).status_code == 200
    assert client.get(said["documentation"]).status_code == 200
    assert [each["id"] for each in said["defaultTypes"]] == ["organization", "country", "project", "instrument"]


@pytest.mark.parametrize("identifier", ["organizations/amnesty-international", "countries/PK", "instruments/C144"])
def test_an_identifier_leads_to_the_page_by_the_template_and_behind_the_identifier_space(
    client: Client, identifier: str
) -> None:
    said = manifest(client)
    by_template = client.get(said["view"]["url"].replace("{{id}}", quote(identifier, safe="")))
    behind_the_space = client.get(said["identifierSpace"] + identifier)
    assert by_template["Location"] == behind_the_space["Location"] == f"/{identifier}/"
    assert client.get(by_template["Location"]).status_code == 200


def test_the_same_batch_has_the_same_answer_in_each_way_to_ask(client: Client, documents: None) -> None:
    ways: list[Any] = [
        post_form(client, queries=ONE),
        client.get(PATH, {"queries": json.dumps(ONE)}),
        post_json(client, {"queries": ONE}),
        post_json(client, ONE),
    ]
    assert {response.status_code for response in ways} == {200}
    assert ways[0].json()["q0"]["result"][0]["match"]
    assert all(response.json() == ways[0].json() for response in ways)


def test_a_post_needs_no_token_and_no_answer_sets_a_cookie() -> None:
    client = Client(enforce_csrf_checks=True)
    answers = [post_form(client, queries=ONE), *map(client.get, ADDRESSES)]
    assert answers[0].status_code == 200
    assert not any(answer.cookies for answer in answers)


@pytest.mark.parametrize("address", ADDRESSES)
def test_scripts_of_other_sites_may_read_every_answer(client: Client, address: str) -> None:
    assert client.get(address)["Access-Control-Allow-Origin"] == "*"


def test_a_browser_may_ask_whether_a_script_may_post_json(client: Client) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    response = client.options(PATH, headers=asked | {"access-control-request-headers": "content-type"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "POST", "OPTIONS"} <= set(response["Access-Control-Allow-Methods"].split(", "))
    assert "Content-Type" in response["Access-Control-Allow-Headers"].split(", ")


def test_the_manifest_and_an_answer_to_a_get_are_not_sent_twice(client: Client) -> None:
    for address in (PATH, f"{PATH}?queries={quote(json.dumps(ONE))}"):
        tag = client.get(address)["ETag"]
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304


@override_settings(LIMITS={"api": 2, "files": 300, "forms": 10})
def test_who_asks_too_often_is_told_so(client: Client) -> None:
    answers = [post_form(client, queries=ONE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Access-Control-Allow-Origin"] == "*" and int(answers[-1]["Retry-After"]) > 0


# -- What is not understood -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("queries", "where", "what"),
    [
        ([], "queries", "is not an object"),
        ({"q": []}, "queries.q", "is not an object"),
        ({"q": {}}, "queries.q", "has neither a query nor properties"),
        ({"q": {"properties": []}}, "queries.q", "has neither a query nor properties"),
        ({"q": {"query": ""}}, "queries.q.query", "is empty"),
        ({"q": {"query": 5}}, "queries.q.query", "is not a text"),
        ({"q": {"query": True}}, "queries.q.query", "is not a text"),
        ({"q": {"query": "a", "limit": 0}}, "queries.q.limit", "is not a whole number from 1"),
        ({"q": {"query": "a", "limit": 1.5}}, "queries.q.limit", "is not a whole number from 1"),
        ({"q": {"query": "a", "limit": True}}, "queries.q.limit", "is not a whole number from 1"),
        ({"q": {"query": "a", "type": "person"}}, "queries.q.type", "is none of organization, country"),
        ({"q": {"query": "a", "type": [["country"]]}}, "queries.q.type", "is none of organization, country"),
        ({"q": {"query": "a", "type_strict": "no"}}, "queries.q.type_strict", "is none of any, all, should"),
        ({"q": {"query": "a", "typ": "country"}}, "queries.q", "has “typ”, which is none of"),
        ({"q": {"query": "a", "properties": {}}}, "queries.q.properties", "is not a list"),
        ({"q": {"query": "a", "properties": [{"pid": "country"}]}}, "queries.q.properties[0]", "pid and v"),
        ({"q": {"query": "a", "properties": [{"pid": "x", "v": 1}]}}, "queries.q.properties[0].pid", "is none of key"),
        (
            {"q": {"query": "a", "properties": [{"pid": "country", "v": None}]}},
            "queries.q.properties[0].v",
            "is neither text, number",
        ),
        (
            {"q": {"query": "a", "properties": [{"pid": "country", "v": ["a"] * 11}]}},
            "queries.q.properties[0].v",
            "holds 11 values; 10 are the most",
        ),
        (
            {"q": {"query": "a", "properties": [{"pid": "country", "v": "a"}] * 2}},
            "queries.q.properties[1].pid",
            "is given twice",
        ),
    ],
)
def test_a_malformed_query_is_named_with_its_place(client: Client, queries: object, where: str, what: str) -> None:
    wrong = problem(client.post(PATH, "queries=" + quote(json.dumps(queries)), content_type=FORM))
    assert list(wrong) == [where] and what in wrong[where]


def test_500_queries_are_a_batch_and_501_are_too_many(client: Client) -> None:
    most = {f"q{number}": {"query": "Nobody"} for number in range(BATCH)}
    assert len(post_json(client, most).json()) == BATCH == manifest(client)["batchSize"] == 500
    wrong = problem(post_json(client, {**most, "one more": {"query": "Nobody"}}))
    assert wrong == {"queries": "holds 501 queries; 500 are the most of a batch"}


@pytest.mark.parametrize(
    ("body", "kind", "where", "what"),
    [
        ("queries=%7B", FORM, "queries", "is not JSON"),
        ("queries=NaN", FORM, "queries", "is not JSON: NaN is no number"),
        ("queries=" + "[" * 100_000, FORM, "queries", "is nested too deeply"),
        ('queries={"q": {"query": "a", "limit": 1e400}}', FORM, "queries.q.limit", "is not a whole number from 1"),
        ("&", FORM, "queries", "is not given, nor is extend"),
        ("queries={}&queries={}", FORM, "queries", "is given more than once"),
        ("queries={}&extend={}", FORM, "queries and extend", "are not asked together"),
        ("queries={}&more=1", FORM, "more", "is not a parameter here"),
        (" ", JSON, "body", "is not JSON"),
        ("[]", JSON, "body", "is not an object"),
        ("\xff", JSON, "body", "is not JSON"),
        ('{"queries": {}, "extend": {}}', JSON, "queries and extend", "are not asked together"),
        ('{"\\ud800": {"query": "a"}}', JSON, "body", "holds half a character"),
    ],
)
def test_a_malformed_body_is_named(client: Client, body: str, kind: str, where: str, what: str) -> None:
    wrong = problem(client.post(PATH, body.encode("latin-1"), content_type=kind))
    assert list(wrong) == [where] and what in wrong[where]


def test_a_body_in_another_form_and_one_that_is_too_large_are_refused_as_such(client: Client) -> None:
    assert client.post(PATH, {"queries": "{}"}).status_code == 415
    large = client.post(PATH, "queries=" + "x" * 3_000_000, content_type=FORM)
    assert large.status_code == 413 and "at most" in large.json()["detail"]


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("?callback=run", "callback"),
        ("?other=1", "other"),
        ("?queries=x", "queries"),
        ("/suggest/entity", "prefix"),
        ("/suggest/entity?prefix=a&cursor=-1", "cursor"),
        ("/suggest/entity?prefix=a&type=person", "type"),
        ("/suggest/entity?prefix=a&prefix=b", "prefix"),
        ("/suggest/type?prefix=a&other=1", "other"),
        ("/suggest/property?prefix=a&type=person", "type"),
        ("/properties?type=person", "type"),
        ("/properties?type=country&limit=0", "limit"),
        ("/preview", "id"),
        ("/view?id=countries/PK&x=1", "x"),
    ],
)
def test_a_malformed_address_is_named(client: Client, address: str, where: str) -> None:
    assert list(problem(client.get(PATH + address))) == [where]


@pytest.mark.parametrize("identifier", ["countries/XX", "countries/pk", "contacts/1", "PK", "../admin", "/" * 9])
def test_an_identifier_of_nothing_has_neither_page_nor_preview(client: Client, identifier: str) -> None:
    for place in ("view", "preview"):
        response = client.get(f"{PATH}/{place}", {"id": identifier})
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"


def test_nothing_else_is_done_at_these_addresses(client: Client) -> None:
    assert client.delete(PATH).status_code == client.put(PATH).status_code == 405
    assert client.post(f"{PATH}/suggest/entity").status_code == 405
