"""The addresses of snapshots: the same rows later, and otherwise the reason why not."""

import datetime
import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from engagement.directories import DIRECTORIES
from engagement.exchange import keeping
from engagement.freshness import revision
from engagement.models import Organization, Snapshot
from tests.factories import make_organization
from tests.freshness.toys import number

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
MOST_QUERIES, LARGEST_PAGE = 12, 60 * 1024


@pytest.fixture(autouse=True)
def within_limits() -> None:
    cache.clear()


def post(client: Client, query: str = "", collection: str = "organizations", **more: str) -> HttpResponse:
    answer: Any = client.post("/snapshots/", {"collection": collection, "query": query, **more})
    return answer


def kept(client: Client, query: str = "", collection: str = "organizations") -> Snapshot:
    answer = post(client, query, collection)
    assert answer.status_code == 303, words(answer)
    return Snapshot.objects.order_by("pk").last()  # type: ignore[return-value]


def changed() -> None:
    """The register has a row more, and a higher revision."""
    make_organization()
    number()


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def given(client: Client, address: str) -> bytes:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return bytes(answer.getvalue())


# -- Keeping ---------------------------------------------------------------------------------------------------------


def test_a_button_under_each_list_keeps_its_rows_but_not_those_of_contacts() -> None:
    button = re.compile(r'<form method="post" action="/snapshots/">(.*?)</form>', re.S)
    for directory in DIRECTORIES:
        shown = button_under(directory)
        assert bool(button.search(shown)) is (directory.name != "contacts"), directory.name
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', button_under(DIRECTORIES[0])))
    assert fields == {"collection": "organizations", "query": escape("kind=ngo&sort=-name")}


def button_under(directory: Any) -> str:
    return render_to_string("engagement/_keep.html", {"directory": directory, "query": "kind=ngo&sort=-name"})


def test_who_keeps_needs_no_cookie_and_is_led_to_the_snapshot() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = post(client, "sort=-name&kind=ngo&utm_source=")
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/snapshots/{revision()}/organizations/?kind=ngo&sort=-name",
    )
    assert not answer.cookies
    page = client.get(answer["Location"])
    assert page.status_code == 200 and not page.cookies
    assert post(client, "kind=ngo&sort=-name")["Location"] == answer["Location"]
    assert Snapshot.objects.count() == 1


def test_keeping_moves_no_revision_and_no_page_anew(client: Client) -> None:
    before, etag = revision(), client.get("/organizations.json")["ETag"]
    kept(client)
    assert (revision(), client.get("/organizations.json")["ETag"]) == (before, etag)


def test_a_reader_of_another_language_keeps_the_same_snapshot_and_stays_in_it(client: Client) -> None:
    snapshot = kept(client)
    answer = client.post("/fr/snapshots/", {"collection": "organizations", "query": ""})
    assert answer["Location"] == f"/fr{snapshot.cited_path}"
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"collection": "contacts", "query": ""}, "collection"),
        ({"collection": "nothing"}, "collection"),
        ({"query": "kind=ngo"}, "collection"),
        ({"collection": "register"}, "collection"),
        ({"collection": "organizations", "query": "colour=red"}, "colour"),
        ({"collection": "organizations", "query": "kind=robots"}, "kind"),
        ({"collection": "organizations", "query": "on=2006-13-01"}, "on"),
        ({"collection": "organizations", "query": "page=2"}, "page"),
        ({"collection": "organizations", "site": "https://elsewhere.example"}, "site"),
        ({"collection": ["organizations", "statuses"]}, "collection"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(client: Client, fields: dict[str, Any], named: str) -> None:
    answer = client.post("/snapshots/", fields)
    assert answer.status_code == 400
    assert f"<li><strong>{named}</strong>" in answer.content.decode()
    assert not Snapshot.objects.exists()


def test_a_bound_that_was_met_is_said_with_what_to_do(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(SNAPSHOT_BYTES=100):
        answer = post(client)
    assert answer.status_code == 503 and "is used up" in words(answer)
    monkeypatch.setattr(keeping, "MOST_KEPT_ROWS", 10)
    answer = post(client)
    assert answer.status_code == 400 and "At most 10 rows" in words(answer) and "register.zip" in words(answer)
    assert not Snapshot.objects.exists()


def test_one_address_keeps_ten_times_a_minute_and_reads_on(client: Client) -> None:
    answers = [post(client).status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]
    assert client.get("/snapshots/").status_code == 200


def test_other_rows_of_the_same_revision_are_a_conflict_in_words(client: Client) -> None:
    snapshot = kept(client)
    Snapshot.objects.update(sha256="0" * 64)
    answer = post(client)
    assert answer.status_code == 409
    assert snapshot.cited_path in answer.content.decode() and "as of today’s day" in words(answer)


# -- The page ----------------------------------------------------------------------------------------------------------


def test_the_page_says_what_was_asked_how_much_was_kept_and_how_to_cite_it(client: Client) -> None:
    snapshot = kept(client, "category=special-list&sort=-name")
    answer = client.get(snapshot.cited_path)
    page, said = answer.content.decode(), words(answer)
    assert snapshot.sha256 in page and f"Rows {snapshot.rows} " in said
    assert "category = special-list" in said and "for a reader" in said
    for suffix in ("json", "csv", "xlsx"):
        assert f'href="{escape(snapshot.file_path(suffix))}"' in page
    assert f"{SITE}{snapshot.cited_path}" in unescape(page) and f"revision {snapshot.revision}" in said
    assert 'href="/organizations/?category=special-list&amp;sort=-name"' in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_citation_of_a_snapshot_is_there_for_programs_too(client: Client) -> None:
    snapshot = kept(client, "category=special-list")
    make_organization()
    files = re.findall(r'href="(/cite\.[^"]+)"', client.get(snapshot.cited_path).content.decode())
    assert len(files) == 3
    for file in files:
        answer = client.get(unescape(file))
        assert answer.status_code == 200 and snapshot.cited_path.encode() in answer.content
        assert str(snapshot.revision).encode() in answer.content


def test_the_page_begins_with_its_first_25_rows_as_they_were(client: Client) -> None:
    snapshot = kept(client)
    first = [row[1] for row in keeping.rows_in(snapshot)][:25]
    Organization.objects.update(name="Renamed", published=False)
    page = client.get(snapshot.cited_path).content.decode()
    cells = [unescape(cell) for cell in re.findall(r'<td dir="auto">(.*?)</td>', page)]
    assert cells[1::5] == first and "Renamed" not in page


def test_a_citation_outlives_the_deletion_of_what_it_cites(client: Client) -> None:
    row = make_organization(name="Aaa, an invented body")
    snapshot = kept(client, "sort=name")
    addresses = [snapshot.cited_path, *(snapshot.file_path(suffix) for suffix in ("json", "csv", "xlsx"))]
    before = {address: given(client, address) for address in addresses[1:]}
    row.delete()
    assert "Aaa, an invented body" not in given(client, "/organizations.json").decode()
    assert "Aaa, an invented body" in client.get(snapshot.cited_path).content.decode()
    assert {address: given(client, address) for address in addresses[1:]} == before


def test_another_order_of_parameters_leads_to_the_one_that_is_cited(client: Client) -> None:
    snapshot = kept(client, "category=special-list&sort=-name")
    path = snapshot.cited_path.partition("?")[0]
    for query in (
        "sort=-name&category=special-list",
        "category=special-list&sort=-name&utm_source=x",
        "q=&category=special-list&sort=-name",
    ):
        answer = client.get(f"{path}?{query}")
        assert (answer.status_code, answer["Location"]) == (302, snapshot.cited_path)
    zeros = client.get(snapshot.cited_path.replace("/snapshots/", "/snapshots/00"))
    assert (zeros.status_code, zeros["Location"]) == (302, snapshot.cited_path)


def test_a_question_whose_parameters_are_gone_is_still_answered_at_its_address(client: Client) -> None:
    snapshot = kept(client)
    Snapshot.objects.filter(pk=snapshot.pk).update(query="colour=red&shape=round", collection="gatherings")
    path = f"/snapshots/{snapshot.revision}/gatherings"
    assert client.get(f"{path}/?colour=red&shape=round").status_code == 200
    assert json.loads(given(client, f"{path}.json?colour=red&shape=round"))["count"] == snapshot.rows
    assert client.get(f"{path}/").status_code == 404


def test_pages_ask_little_of_the_database_and_stay_small(client: Client) -> None:
    for _ in range(2):
        call_command("keep_snapshot", site=SITE)
        changed()
    snapshot = Snapshot.objects.filter(collection="statuses").latest("revision")
    gone = snapshot.cited_path.replace(str(snapshot.revision), "1")
    for address in ("/snapshots/", "/snapshots/?collection=statuses", snapshot.cited_path, gone):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert len(queries) <= MOST_QUERIES and len(answer.content) < LARGEST_PAGE, address


def test_lists_and_misses_never_read_a_body(client: Client) -> None:
    snapshot = kept(client)
    for address in ("/snapshots/", "/snapshots/1/organizations/", "/snapshots/1/organizations.json"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        reading = [query["sql"] for query in queries if '"engagement_snapshot"."body"' in query["sql"]]
        assert all("LIMIT 1" in sql and "revision" in sql for sql in reading), address
    assert snapshot.body


# -- The files -------------------------------------------------------------------------------------------------------


def test_a_file_may_be_kept_for_good_and_is_asked_for_once(client: Client) -> None:
    snapshot = kept(client)
    for suffix in ("json", "csv", "xlsx"):
        answer = client.get(snapshot.file_path(suffix))
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["Access-Control-Allow-Origin"] == "*" and answer["X-Robots-Tag"] == "noindex"
        assert answer["X-Data-Revision"] == str(snapshot.revision)
        again = client.get(snapshot.file_path(suffix), headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
    answer = client.get(snapshot.file_path("json"))
    assert answer["ETag"] == f'"{snapshot.sha256}"' and answer["Content-Length"] == str(snapshot.size)
    assert answer["Content-Disposition"] == f'attachment; filename="organizations-revision-{snapshot.revision}.json"'


def test_a_file_does_not_change_with_the_day_the_settings_or_the_register(client: Client) -> None:
    snapshot = kept(client, "on=2006-11-15")
    files = {suffix: given(client, snapshot.file_path(suffix)) for suffix in ("json", "csv", "xlsx")}
    make_organization()
    with override_settings(SITE_NAME="Another", DATA_LICENCE="Another", SITE_PUBLISHER="Another"):
        assert {suffix: given(client, snapshot.file_path(suffix)) for suffix in files} == files
    assert "-on-2006-11-15-revision-" in client.get(snapshot.file_path("csv"))["Content-Disposition"]


def test_the_whole_register_has_a_page_and_one_file(client: Client) -> None:
    call_command("keep_snapshot", "register", site=SITE)
    snapshot = Snapshot.objects.get()
    assert snapshot.cited_path == f"/snapshots/{snapshot.revision}/register/"
    page = client.get(snapshot.cited_path).content.decode()
    assert snapshot.sha256 in page and f"/snapshots/{snapshot.revision}/register.zip" in page
    assert given(client, snapshot.file_path()) == bytes(snapshot.body)
    assert client.get(snapshot.file_path())["Content-Type"] == "application/zip"
    assert client.get(f"/snapshots/{snapshot.revision}/register.csv").status_code == 404
    assert client.get(f"{snapshot.cited_path}?kind=ngo").status_code == 400
    today = datetime.datetime.now(datetime.UTC).date()
    assert client.get(f"/snapshots/{today}/register.zip")["Location"] == snapshot.file_path()


def test_head_and_other_methods_are_answered_as_of_any_file(client: Client) -> None:
    snapshot = kept(client)
    assert client.head(snapshot.file_path("json"))["ETag"] == f'"{snapshot.sha256}"'
    assert client.post(snapshot.file_path("json")).status_code == 405
    assert client.post(snapshot.cited_path).status_code == 405


# -- What is not there -------------------------------------------------------------------------------------------------


def test_what_was_not_kept_yet_can_be_kept_where_it_is_missed(client: Client) -> None:
    answer = client.get(f"/snapshots/{revision()}/organizations/?kind=ngo")
    page = answer.content.decode()
    assert answer.status_code == 404 and "Not kept yet" in page
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert client.post("/snapshots/", fields)["Location"] == f"/snapshots/{revision()}/organizations/?kind=ngo"


def test_what_was_never_kept_is_404_with_the_nearest_that_were(client: Client) -> None:
    first = kept(client, "kind=ngo")
    make_organization()
    changed()
    last = kept(client, "kind=ngo")
    between = first.revision + 1
    page = client.get(f"/snapshots/{between}/organizations/?kind=ngo")
    assert page.status_code == 404 and "cannot be given back" in words(page)
    assert first.cited_path in page.content.decode() and last.cited_path in page.content.decode()
    file = client.get(f"/snapshots/{between}/organizations.csv?kind=ngo")
    assert (file.status_code, file["Content-Type"]) == (404, "application/problem+json")
    assert file.json()["nearest"] == [f"{SITE}{first.file_path('csv')}", f"{SITE}{last.file_path('csv')}"]
    assert "has not come to revision" in words(client.get(f"/snapshots/{last.revision + 1}/organizations/"))


def test_an_unknown_parameter_or_value_is_400_by_name(client: Client) -> None:
    path = f"/snapshots/{kept(client).revision}/organizations"
    for query, name in (
        ("colour=red", "colour"),
        ("kind=robots", "kind"),
        ("page=2", "page"),
        ("sort=name&sort=-name", "sort"),
    ):
        page, file = client.get(f"{path}/?{query}"), client.get(f"{path}.json?{query}")
        assert (page.status_code, file.status_code) == (400, 400), query
        assert f"<strong>{name}</strong>" in page.content.decode() and name in file.json()["parameters"]


@pytest.mark.parametrize("moment", ["0", "999999999999999999", "2020-01-01", "0001-01-01", "9999-12-31"])
def test_moments_of_which_nothing_is_known_are_404(client: Client, moment: str) -> None:
    assert client.get(f"/snapshots/{moment}/organizations/").status_code == 404
    assert client.get(f"/snapshots/{moment}/organizations.json").json()["title"] == "Not kept"


@pytest.mark.parametrize("moment", ["2026-02-30", "2026-2-3", "-1", "9999999999999999999999", "now", "٣"])
def test_what_is_neither_a_revision_nor_a_day_is_no_address(client: Client, moment: str) -> None:
    assert client.get(f"/snapshots/{moment}/organizations/").status_code == 404


def test_of_contacts_there_is_no_snapshot_at_any_address(client: Client) -> None:
    assert client.get(f"/snapshots/{revision()}/contacts/").status_code == 404
    assert client.get(f"/snapshots/{revision()}/contacts.json").status_code == 404
    assert client.get("/snapshots/?collection=contacts").status_code == 400


def test_a_day_leads_to_the_newest_that_was_kept_by_then(client: Client) -> None:
    first = kept(client, "kind=ngo")
    changed()
    second = kept(client, "kind=ngo")
    today = timezone.now().replace(hour=12)
    Snapshot.objects.filter(pk=first.pk).update(kept_at=today - datetime.timedelta(days=9))
    Snapshot.objects.filter(pk=second.pk).update(kept_at=today - datetime.timedelta(days=5))
    for days, found in ((9, first), (6, first), (5, second), (0, second)):
        day = (today - datetime.timedelta(days=days)).date()
        page = client.get(f"/snapshots/{day}/organizations/?kind=ngo")
        assert (page.status_code, page["Location"]) == (302, found.cited_path), days
        file = client.get(f"/snapshots/{day}/organizations.json?kind=ngo")
        assert (file.status_code, file["Location"]) == (302, found.file_path("json"))
    before = client.get(f"/snapshots/{(today - datetime.timedelta(days=10)).date()}/organizations/?kind=ngo")
    assert before.status_code == 404 and first.cited_path in before.content.decode()


def test_what_was_withdrawn_is_410_with_the_day_and_the_reason(client: Client) -> None:
    snapshot = kept(client)
    etag = client.get(snapshot.file_path("json"))["ETag"]
    snapshot.withdraw("It named a person who asked to be <forgotten>.")
    page = client.get(snapshot.cited_path)
    assert page.status_code == 410 and "asked to be &lt;forgotten&gt;" in page.content.decode()
    assert str(timezone.now().year) in words(page) and snapshot.sha256 in page.content.decode()
    for suffix in ("json", "csv", "xlsx"):
        file = client.get(snapshot.file_path(suffix), headers={"If-None-Match": etag})
        assert (file.status_code, file["Content-Type"]) == (410, "application/problem+json")
        assert "asked to be <forgotten>" in file.json()["detail"] and "immutable" not in file.get("Cache-Control", "")
    assert post(client)["Location"] == snapshot.cited_path


# -- The list --------------------------------------------------------------------------------------------------------


def test_the_list_names_what_is_kept_newest_first_and_by_collection(client: Client) -> None:
    assert "Nothing is kept yet" in words(client.get("/snapshots/"))
    kept(client)
    kept(client, "kind=ngo")
    kept(client, "", "statuses")
    page = client.get("/snapshots/").content.decode()
    places = [page.index(f'href="{escape(each.cited_path)}"') for each in Snapshot.objects.order_by("-pk")]
    assert places == sorted(places) and "3 snapshots" in page
    only = client.get("/snapshots/?collection=statuses")
    assert "1 snapshot" in words(only) and "/organizations/?kind=ngo" not in only.content.decode()


def test_the_list_knows_its_parameters_their_order_and_its_pages(client: Client) -> None:
    assert client.get("/snapshots/?colour=red").status_code == 400
    assert client.get("/snapshots/?page=x").status_code == 400
    assert client.get("/snapshots/?page=2").status_code == 404
    answer = client.get("/snapshots/?page=1&collection=statuses&collection=organizations")
    assert answer["Location"] == "/snapshots/?collection=organizations&collection=statuses"


def test_the_words_that_a_reader_searched_for_stand_in_no_list(client: Client) -> None:
    snapshot = kept(client, "q=something+rude")
    assert "rude" not in client.get("/snapshots/").content.decode()
    assert "something rude" in client.get(snapshot.cited_path).content.decode()


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\"'&", "\u202e\u0085مجلس", "%00", "\U0001f54a" * 40])
def test_whatever_was_searched_for_is_found_again_at_its_address_and_escaped(client: Client, hostile: str) -> None:
    snapshot = kept(client, urlencode({"q": hostile}))
    page = client.get(snapshot.cited_path)
    assert page.status_code == 200 and "<script>alert" not in page.content.decode()
    assert given(client, snapshot.file_path("json")) == given(
        client, f"/organizations.json?{urlencode({'q': hostile})}"
    )
