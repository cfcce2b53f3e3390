"""What has changed since a revision, as whoever keeps a copy asks for it."""

from typing import Any

import pytest
from django.test import Client

from engagement import freshness
from engagement.directories import Directory
from engagement.models import Contact, Organization, Region
from tests.api.addresses import address_of, each_directory
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


class Copy:
    """A copy of a collection, kept as the documentation says."""

    def __init__(self, client: Client, directory: str) -> None:
        self.client, self.address = client, f"/api/v1/{directory}/"
        self.rows: dict[str, Any] = {}
        address: str | None = f"{self.address}?limit=50"
        self.revision = int(client.get(self.address)["X-Data-Revision"])
        while address:
            said = client.get(address).json()
            self.rows |= {row["key"]: row for row in said["results"]}
            address = said["next"]

    def update(self, limit: int = 3) -> set[str]:
        """Follow what has changed; the keys that were told."""
        address: str | None = f"{self.address}since/{self.revision}/?limit={limit}"
        revision, told = None, set[str]()
        while address:
            said = self.client.get(address).json()
            assert said["more"] == (said["next"] is not None)
            revision = revision or said["revision"]
            for each in said["results"]:
                told.add(each["key"])
                if each["gone"]:
                    self.rows.pop(each["key"], None)
                else:
                    self.rows[each["key"]] = self.client.get(f"{self.address}{each['key']}/").json()
            address = said["next"]
        self.revision = revision or self.revision
        return told


@each_directory
def test_of_nothing_that_has_changed_nothing_is_told(client: Client, directory: Directory) -> None:
    present = freshness.revision()
    said = client.get(address_of(directory, "since", present)).json()
    assert said == {"since": present, "revision": present, "more": False, "next": None, "results": []}


def test_a_copy_that_follows_the_changes_is_what_a_new_copy_would_be(committed_register: None, client: Client) -> None:
    kept, before = Copy(client, "organizations"), client.get("/api/v1/organizations/")
    make_organization(name="New body")
    make_organization(name="Hidden body", slug="hidden-body", published=False)
    region = Region.objects.get(slug="africa")
    region.name = "Africa, renamed"
    region.save()
    first, second, third, *_ = Organization.objects.published().filter(statuses__isnull=False).distinct()
    Organization.objects.filter(pk=first.pk).update(acronym="XYZ")
    second.published = False
    second.save()
    third.statuses.all().delete()
    Contact.objects.update(public=False)
    told = kept.update()
    assert {first.slug, second.slug, third.slug, "new-body"} <= told and "hidden-body" not in told
    assert kept.rows == Copy(client, "organizations").rows
    assert kept.update() == set()
    assert client.get(f"/api/v1/contacts/since/{before['X-Data-Revision']}/").json()["results"] == []
    after = client.get("/api/v1/organizations/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and int(after["X-Data-Revision"]) == kept.revision


def test_changes_are_told_in_pages_of_which_none_is_left_out_nor_told_twice(client: Client) -> None:
    address: str | None = "/api/v1/countries/since/0/?limit=40"
    found: list[str] = []
    while address:
        answer = client.get(address)
        said = answer.json()
        found += [each["key"] for each in said["results"]]
        assert ("Link" in answer) == (said["next"] is not None)
        address = said["next"]
    assert len(found) == len(set(found))
    rows = client.get("/api/v1/countries/", {"limit": 500}).json()["results"]
    assert {row["key"] for row in rows} <= set(found)


def test_a_revision_that_is_not_yet_is_not_found(client: Client) -> None:
    answer = client.get(f"/api/v1/offices/since/{freshness.revision() + 1}/")
    assert answer.status_code == 404 and "There is no revision" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["country=PK", "q=a", "offset=1", "format=csv", "limit=501", "row=0", "row=" + "9" * 17]
)
def test_changes_are_asked_by_revision_and_limit_alone(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/offices/since/0/?{query}")
    assert answer.status_code == 400
    assert list(answer.json()["parameters"]) == [query.partition("=")[0]]


def test_asked_for_what_has_changed_since_a_collection_leads_to_the_address_of_the_changes(client: Client) -> None:
    response = client.get("/api/v1/countries/?since=7&limit=3")
    assert (response.status_code, response["Location"]) == (302, "/api/v1/countries/since/7/?limit=3")
    assert client.get("/api/v1/countries/?since=0", follow=True).json()["since"] == 0
    for query, wrong in {"since=7&region=africa": "region", "since=x": "since", "since=7&since=8": "since"}.items():
        refused = client.get(f"/api/v1/countries/?{query}")
        assert (refused.status_code, list(refused.json()["parameters"])) == (400, [wrong])
