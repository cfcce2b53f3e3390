"""The addresses of organizations that were merged into others."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.desk.merging import Choices, Merge, merge
from engagement.desk.undoing import undo
from engagement.models import Organization
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged() -> Any:
    """The operation that merged `invented-gone` into `invented-here`."""
    here, gone = (make_organization(name=f"Invented {word}", slug=f"invented-{word}") for word in ("here", "gone"))
    return merge(Merge(here, gone), Choices())


@pytest.mark.parametrize(
    "path",
    [
        "/organizations/{}/",
        "/fr/organizations/{}/",
        "/es/organizations/{}/",
        "/organizations/{}/?on=2006-11-14",
        "/organizations/{}/timeline.csv",
        "/organizations/{}.atom",
        "/api/v1/organizations/{}/",
    ],
)
def test_the_old_address_leads_for_good_to_the_same_of_the_survivor(client: Client, merged: Any, path: str) -> None:
    response = client.get(path.format("invented-gone"))
    assert response.status_code == 301
    assert response["Location"] == path.format("invented-here")
    assert client.get(response["Location"]).status_code == 200


def test_a_chain_of_merges_leads_straight_to_its_end(client: Client, merged: Any) -> None:
    end = make_organization(name="Invented End", slug="invented-end")
    merge(Merge(end, Organization.objects.get(slug="invented-here")), Choices())
    for slug in ("invented-gone", "invented-here"):
        assert client.get(f"/organizations/{slug}/")["Location"] == "/organizations/invented-end/"


@pytest.mark.parametrize("path", ["/organizations/{}/", "/organizations/{}.atom", "/api/v1/organizations/{}/"])
def test_where_the_survivor_is_not_public_the_old_address_is_not_found(client: Client, merged: Any, path: str) -> None:
    Organization.objects.filter(slug="invented-here").update(published=False)
    assert client.get(path.format("invented-gone")).status_code == 404


def test_when_the_merge_is_undone_the_old_address_is_its_own_again(client: Client, merged: Any) -> None:
    assert client.get("/organizations/invented-gone/")["Cache-Control"] == "no-cache"
    undo(merged)
    assert client.get("/organizations/invented-gone/").status_code == 200


def signposts_read(client: Client, path: str) -> tuple[int, int]:
    """How many queries a page asks, and how many of them for signposts."""
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked), sum("desk_signpost" in query["sql"] for query in asked.captured_queries)


def test_an_unknown_address_costs_one_query_more_and_a_known_one_none(client: Client) -> None:
    body = make_organization()
    unknown, signposts = signposts_read(client, "/organizations/invented-unknown/")
    assert (unknown, signposts) == (signposts_read(client, "/meetings/invented-unknown/")[0] + 1, 1)
    assert signposts_read(client, f"/organizations/{body.slug}/")[1] == 0


def test_citing_the_old_page_cites_the_survivors(client: Client, merged: Any) -> None:
    [cited] = json.loads(client.get("/cite.json?page=/organizations/invented-gone/").content)
    assert cited["URL"].endswith("/organizations/invented-here/")


def test_the_old_identifier_is_the_survivor_for_clients_of_the_reconciliation(client: Client, merged: Any) -> None:
    old = "organizations/invented-gone"
    assert client.get(f"/api/v1/reconcile/view?id={old}")["Location"] == "/organizations/invented-here/"
    assert b"Invented here" in client.get(f"/api/v1/reconcile/preview?id={old}").content
    asked = {"ids": [old, "organizations/invented-unknown"], "properties": [{"id": "key"}]}
    rows = client.get("/api/v1/reconcile", {"extend": json.dumps(asked)}).json()["rows"]
    assert rows[old]["key"] == [{"str": "invented-here"}] and rows["organizations/invented-unknown"]["key"] == []
