"""Every route decides whom its answers are for, and what is public depends on nothing that nobody is told of."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from engagement.web.publicity import ATTRIBUTE, BESIDE_THE_LOG, PRIVATE, PUBLIC
from tests.web.clocks import at_another_time

# The routes of pages that are not public, by what they are. All others are PUBLIC: whoever adds a route that reads
# anything beside the register, the settings and the day, or shows a form, adds it here.
NOT_PUBLIC = {
    PRIVATE: {
        "healthz", "readyz", "metrics", "meeting-check", "correction-new", "contact-check", "contact-confirm",
        "requests", "request-new", "request-continue", "request",
    },
    BESIDE_THE_LOG: {"corrections", "correction", "snapshots", "snapshot", "register-snapshot"},
}  # fmt: skip
PUBLIC_PAGES = (
    "/", "/organizations/", "/statuses/?category=special-list", "/countries/?region=africa", "/organizations/?q=labour",
    "/search/?q=rights", "/organizations/amnesty-international/", "/organizations/amnesty-international/?on=2006-11-14",
    "/categories/general/", "/countries/FR/", "/countries/map/", "/projects/", "/meetings/", "/categories/",
    "/participation/", "/which-status/", "/which-status/?organization=workers", "/engagement/", "/discrepancies/",
    "/coverage/", "/compare/", "/changes/", "/glossary/", "/about/", "/privacy/", "/accessibility/", "/fr/coverage/",
    "/robots.txt", "/opensearch.xml", "/sitemap.xml", "/sitemap-pages-1.xml", "/categories/by-year.csv",
    "/countries/map.csv", "/organizations/amnesty-international/timeline.csv", "/cite.bib?page=/organizations/",
    "/organizations.atom", "/organizations/amnesty-international.atom", "/api/v1/", "/api/v1/organizations/",
    "/api/v1/organizations/amnesty-international/", "/api/v1/schema/", "/api/v1/docs/", "/api/v1/reconcile",
)  # fmt: skip


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site but the admin's, with its address as it is written."""
    for each in (resolver or get_resolver()).url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, address)
        elif not address.startswith("admin/"):
            yield address, each


def test_every_route_is_declared_and_stands_here_unless_it_is_public() -> None:
    found: dict[str, set[str]] = {}
    for address, route in routes():
        publicity = getattr(route.callback, ATTRIBUTE, None)
        assert publicity is not None, f"{address} does not say whom its answers are for: engagement/web/publicity.py"
        found.setdefault(publicity, set()).add(route.name or "")
    public = found.pop(PUBLIC)
    assert found == NOT_PUBLIC
    assert {"home", "organizations", "organization", "search", "data", "about"} <= public


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_answer_says_what_it_is_made_of_and_is_the_same_at_another_moment_and_with_a_cookie(
    client: Client, admin_client: Client, path: str
) -> None:
    first = client.get(path)
    assert first.status_code == 200, path
    assert first["ETag"].startswith('W/"') and first["Last-Modified"].endswith("GMT")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate" and first["X-Data-Revision"].isdigit()
    again = admin_client.get(path)
    assert again.content == first.content and dict(again.headers) == dict(first.headers)
    assert not again.cookies
    for known in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        answer = client.get(path, headers=known)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", first["ETag"]), known


@pytest.mark.django_db
def test_the_etag_decides_where_the_date_says_otherwise(client: Client) -> None:
    first = client.get("/about/")
    headers = {"if-none-match": '"another"', "if-modified-since": first["Last-Modified"]}
    assert client.get("/about/", headers=headers).status_code == 200


@pytest.mark.django_db
def test_at_midnight_neither_the_etag_nor_the_date_holds(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/which-status/")
    at_another_time(monkeypatch, days=1)
    for known in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        assert client.get("/which-status/", headers=known).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"), [("/organizations/?colour=blue", 400), ("/organizations/nobody/", 404), ("/no-such/", 404)]
)
def test_an_error_and_a_redirect_have_no_etag(client: Client, path: str, status: int) -> None:
    for answer in (client.get(path), client.get("/organizations/?utm_source=x")):
        assert "ETag" not in answer and answer["Cache-Control"] == "no-cache"
    assert client.get(path).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/corrections/", "/snapshots/"])
def test_what_stands_beside_the_log_is_asked_for_anew(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer["Cache-Control"] == "no-cache" and "ETag" not in answer


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/engagement/organization/", "/admin/password_reset/"])
def test_nothing_of_the_admin_is_kept_by_anyone(admin_client: Client, client: Client, path: str) -> None:
    answers: list[Any] = [admin_client.get(path), client.get(path)]
    assert all("no-store" in answer["Cache-Control"] and "ETag" not in answer for answer in answers)
