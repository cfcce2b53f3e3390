"""Answers by revision: an equal ETag is a 304, and whatever the answer is made of gives another one."""

import datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings

from engagement.freshness import Newest
from engagement.freshness.stores import store
from engagement.models import Organization
from engagement.web import states
from engagement.web.conditional import etag_of
from ilo_portal.release import release
from tests.web.clocks import at_another_time

pytestmark = pytest.mark.django_db

SEVENTH = Newest(7, datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC))


def asking(path: str = "/organizations.csv?q=a", **extra: Any) -> HttpRequest:
    return RequestFactory().get(path, **extra)


def test_the_etag_differs_by_all_that_the_answer_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    etags = [
        etag_of(asking(), SEVENTH),
        etag_of(asking(), Newest(8, SEVENTH.at)),
        etag_of(asking(), Newest(7, SEVENTH.at + datetime.timedelta(milliseconds=1))),
        etag_of(asking("/organizations.csv?q=b"), SEVENTH),
        etag_of(asking("/organizations.json?q=a"), SEVENTH),
        etag_of(asking(headers={"host": "localhost"}), SEVENTH),
        etag_of(asking(secure=True), SEVENTH),
    ]
    with override_settings(DATA_LICENCE="ODbL"):
        etags.append(etag_of(asking(), SEVENTH))
    monkeypatch.setattr(states, "release", lambda: "another release")
    etags.append(etag_of(asking(), SEVENTH))
    assert len(set(etags)) == len(etags)
    assert all(etag.startswith('W/"') and etag.endswith('"') for etag in etags)


def test_at_midnight_nothing_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    today = etag_of(asking(), SEVENTH)
    at_another_time(monkeypatch, days=1)
    assert etag_of(asking(), SEVENTH) != today


def test_the_release_is_the_same_whenever_it_is_asked_and_twelve_letters_or_more() -> None:
    assert release() == release.__wrapped__()
    assert len(release()) >= 12


@pytest.mark.parametrize("path", ["/organizations.csv", "/organizations.json?category=general", "/offices.xlsx"])
def test_whoever_has_the_rows_of_this_revision_gets_no_body_until_something_changes(client: Client, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200 and first["X-Data-Revision"].isdigit()
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["X-Data-Revision"] == first["X-Data-Revision"]
    assert again["ETag"] == first["ETag"]
    assert client.get(path, headers={"If-None-Match": '"something else"'}).status_code == 200


@pytest.mark.usefixtures("committed_register")
@pytest.mark.django_db(transaction=True)
def test_a_change_of_the_data_gives_another_etag_and_revision(client: Client) -> None:
    first = client.get("/organizations.csv")
    first.getvalue()
    Organization.objects.filter(slug="amnesty-international").update(acronym="AI")
    after = client.get("/organizations.csv", headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200 and after.getvalue()
    assert int(after["X-Data-Revision"]) > int(first["X-Data-Revision"])


@pytest.mark.usefixtures("committed_register")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/offices.csv", "/offices/", "/offices.atom", "/api/v1/offices/"])
def test_a_register_brought_back_to_the_same_revision_by_another_change_has_another_etag(
    client: Client, address: str
) -> None:
    first = client.get(address)
    first.getvalue()
    log = store("default")
    log.run("UPDATE freshness_change SET noted_at = %s", [log.stored(SEVENTH.at)])
    after = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200 and after.getvalue() and after["ETag"] != first["ETag"]
    assert after["X-Data-Revision"] == first["X-Data-Revision"]
