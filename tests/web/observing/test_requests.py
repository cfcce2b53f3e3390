"""A line for each request, its id, and nothing in the log that anybody typed, sent or is called."""

import ipaddress
import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from pytest_django import Settings

from engagement.web.observing.requests import kind_of, shortened
from tests.web.observing.asking import Portal, logged, records

FAILING = override_settings(ROOT_URLCONF="tests.web.observing.failing")
pytestmark = pytest.mark.django_db
CANARY = "zanzibar-canary"


def test_a_request_is_one_line_with_what_was_asked_and_how_it_went() -> None:
    with logged() as log:
        answer = Portal().ask("/healthz?who=nobody")
    [line] = records(log)
    assert {name: line[name] for name in ("level", "from", "method", "path", "status", "address")} == {
        "level": "info", "from": "register.requests", "method": "GET", "path": "/healthz", "status": 200,
        "address": "192.0.2.0/24",
    }  # fmt: skip
    assert line["bytes"] == len(answer.body) > 0 and 0 <= line["ms"] < 5000
    assert line["request"] == answer.id and "user" not in line and "nobody" not in log.getvalue()
    assert line["at"].endswith("Z")


@pytest.mark.parametrize(
    ("named", "proxy", "kept"),
    [("0af7651916cd43dd8448eb211c80319c", "10.0.0.1", True), ("a-b_c.d-1", "10.0.0.1", True),
     ("0af7651916cd43dd8448eb211c80319c", "192.0.2.1", False), ("short", "10.0.0.1", False),
     ("x" * 65, "10.0.0.1", False), ('"},{"level":"', "10.0.0.1", False), ("zwei\nZeilen", "10.0.0.1", False),
     ("ä" * 10, "10.0.0.1", False)],
)  # fmt: skip
def test_the_id_of_a_trusted_proxy_is_kept_where_it_is_one(
    settings: Settings, named: str, proxy: str, kept: bool
) -> None:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    answer = Portal().ask("/healthz", HTTP_X_REQUEST_ID=named, REMOTE_ADDR=proxy)
    assert (answer.id == named) is kept
    assert kept or (len(answer.id) == 16 and int(answer.id, 16))


def test_each_request_has_an_id_of_its_own() -> None:
    portal = Portal()
    assert len({portal.ask("/healthz").id for _each in range(50)}) == 50


def test_a_kept_page_is_sent_with_the_id_of_the_request_and_is_logged(settings: Settings) -> None:
    settings.PAGE_CACHE = True
    portal = Portal()
    first, second = portal.ask("/about/"), portal.ask("/about/")
    known = portal.ask("/about/", HTTP_IF_NONE_MATCH=second.headers["ETag"])
    assert first.body == second.body and known.status == 304
    assert len({first.id, second.id, known.id}) == 3
    assert first.id.encode() not in first.body + second.body
    with logged() as log:
        portal.ask("/about/", HTTP_IF_NONE_MATCH=second.headers["ETag"])
    assert [(line["path"], line["status"], line["bytes"]) for line in records(log)] == [("/about/", 304, 0)]


@FAILING
def test_an_error_is_logged_with_its_place_and_the_page_names_the_request() -> None:
    with logged() as log:
        page = Portal().ask(f"/failing/?typed={CANARY}")
        problem = Portal().ask(f"/api/failing?typed={CANARY}")
    assert page.status == problem.status == 500
    assert f"<code>{page.id}</code>" in page.body.decode()
    assert f'"request": "{problem.id}"' in problem.body.decode()
    faults = records(log, "django.request")
    assert [fault["request"] for fault in faults] == [page.id, problem.id]
    for fault in faults:
        assert fault["error"] == "builtins.ValueError" and fault["where"][-1].endswith("failing")
    assert CANARY not in log.getvalue()


@FAILING
def test_what_a_database_says_of_itself_is_logged_and_what_it_quotes_is_not() -> None:
    with logged() as log:
        Portal().ask("/unreachable/")
        Portal().ask(f"/refusing/?typed={CANARY}")
    unreachable, refusing = records(log, "django.request")
    assert unreachable["detail"] == "connection refused"
    assert refusing["error"] == "django.db.utils.IntegrityError" and "detail" not in refusing
    assert CANARY not in log.getvalue()


@FAILING
def test_what_is_sent_while_it_is_made_is_logged_when_all_is_sent() -> None:
    with logged() as log:
        answer = Portal().ask("/streamed/")
    [line] = records(log)
    assert (answer.body, line["bytes"], line["path"], line["request"]) == (
        b"one two three",
        13,
        "/streamed/",
        answer.id,
    )


def test_of_staff_the_key_of_the_account_is_logged_and_nothing_else(admin_client: Client, admin_user: User) -> None:
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in admin_client.cookies.items())
    with logged() as log:
        assert Portal().ask("/admin/", HTTP_COOKIE=cookie).status == 200
        Portal().ask("/about/", HTTP_COOKIE=cookie)
    inside, outside = records(log, "register.requests")
    assert inside["user"] == admin_user.pk and "user" not in outside
    assert admin_user.email and admin_user.email not in log.getvalue()
    assert set(inside) - set(outside) == {"user"}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("/organizations/amnesty-international/", "/organizations/amnesty-international/"),
     ("/fr/organizations/", "/fr/organizations/"),
     (f"/organizations/{CANARY}/", "/organizations/<slug:slug>/"), (f"/{CANARY}/", "-"), (f"/FR/{CANARY}", "-"),
     (f"/contacts/confirm/{CANARY}/", "/contacts/confirm/<str:secret>/"),
     (f"/requests/{CANARY}/", "/requests/<slug:number>/"), (f"/static/{CANARY}.css", "-")],
)  # fmt: skip
def test_a_path_is_logged_where_something_public_stands_there_and_else_its_route(asked: str, shown: str) -> None:
    with logged() as log:
        Portal().ask(asked)
    assert [line["path"] for line in records(log, "register.requests")] == [shown]


def test_nothing_that_is_typed_sent_or_told_by_a_browser_reaches_the_log(settings: Settings) -> None:
    settings.REQUESTS, settings.SITE_PUBLISHER = True, "A publisher"
    settings.ROOT_URLCONF = "tests.web.observing.failing"
    portal, told = Portal(), everywhere()
    with logged() as log:
        answers = [
            portal.ask(path, method, data, **environ)
            for path in (*PLACES, f"/{CANARY}/", f"/contacts/confirm/{CANARY}/", f"/organizations/{CANARY}.atom")
            for method, data in (("GET", b""), ("POST", FORM), ("POST", FILES), (CANARY.upper(), b""))
            for environ in ({}, told, {"CONTENT_TYPE": "multipart/form-data; boundary=b", **told})
        ]
        answers.append(portal.ask("/", HTTP_HOST=f"{CANARY}.example"))
        logging.getLogger("engagement").warning("That it would be seen: %s", "parrot")
    statuses = {answer.status for answer in answers}
    assert len(answers) > 150 and {200, 400, 404, 500} <= statuses
    assert len(records(log, "register.requests")) == len(answers)
    assert CANARY not in log.getvalue().lower() and "parrot" in log.getvalue()
    assert "203.0.113.7" not in log.getvalue()


PLACES = (
    f"/?q={CANARY}", f"/search/?q={CANARY}", f"/organizations/?q={CANARY}&{CANARY}={CANARY}",
    f"/failing/?typed={CANARY}", f"/refusing/?typed={CANARY}", f"/corrections/new/?record={CANARY}", "/requests/new/",
    "/meeting-check/", "/contacts/check/", "/snapshots/", f"/admin/login/?next=/{CANARY}/", "/admin/password_reset/",
    f"/api/v1/organizations/?q={CANARY}", "/api/v1/reconcile", f"/organizations.csv?q={CANARY}",
)  # fmt: skip
FIELDS = (
    "username", "password", "email", "name", "q", "names", "message", "evidence", "proposed", "queries", "collection",
    "query", "field", "csrfmiddlewaretoken", CANARY,
)  # fmt: skip
FORM = dict.fromkeys(FIELDS, f"{CANARY}@canary.example")
FILES = (
    f'--b\r\nContent-Disposition: form-data; name="{CANARY}"; filename="{CANARY}.xlsx"\r\n\r\n{CANARY}\r\n--b--\r\n'
).encode()


def everywhere() -> dict[str, Any]:
    """Headers that a browser sends, and an address."""
    names = ("USER_AGENT", "REFERER", "COOKIE", "AUTHORIZATION", "X_REQUEST_ID", "ACCEPT_LANGUAGE", "ORIGIN", CANARY)
    headers = {f"HTTP_{name}": f"sessionid={CANARY}" for name in names}
    return {**headers, "HTTP_X_FORWARDED_FOR": "203.0.113.7", "REMOTE_ADDR": "203.0.113.7"}


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"), ("::ffff:192.0.2.77", "192.0.2.0/24"),
     ("", "-"), ("unix:", "-"), (f"{CANARY}", "-")],
)  # fmt: skip
def test_of_an_address_the_network_is_told(address: str, network: str) -> None:
    assert shortened(address) == network


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "page"), ("/fr/", "page"), ("/organizations/", "page"), ("/organizations.csv", "file"),
     ("/fr/admin/", "admin"),
     ("/admin/engagement/", "admin"), ("/api/v1/", "api"), ("/static/css/site.css", "static"), ("/readyz", "health"),
     ("", "page"), ("/robots.txt", "file"), ("/snapshots/2026.1/x/", "page")],
)  # fmt: skip
def test_requests_are_of_a_few_kinds_for_figures(path: str, kind: str) -> None:
    assert kind_of(path) == kind
