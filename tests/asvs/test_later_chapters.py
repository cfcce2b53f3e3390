"""V13 Configuration, V14 Data protection, V15 Secure coding, V16 Logging and error handling."""

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.test import Client

from engagement.directories import DIRECTORIES
from tests.admin.rows import address
from tests.asvs.deployed import Answer, Running
from tests.factories import make_organization

pytestmark = pytest.mark.once

Deployed = dict[str, Answer]
INNER = (
    "Traceback",
    "RuntimeError",
    "an-inner-matter",
    "a-secret-of-the-view",
    "DEBUG",
    "/engagement/views",
    "django.",
)


def test_asvs_13_4_2_an_error_tells_nothing_of_the_code(deployed: Deployed) -> None:
    assert deployed["broken"].status == 500 and deployed["missing"].status == 404
    for what in ("broken", "missing", "misunderstood", "elsewhere"):
        assert [word for word in INNER if word in deployed[what].body] == [], what
        assert deployed[what].status >= 400


@pytest.mark.django_db
def test_asvs_14_3_2_nobody_keeps_a_page_that_is_for_one_person(client: Client, admin_client: Client) -> None:
    record = make_organization()
    for path in ("/admin/", address(record), address(record, "history"), "/admin/auth/user/", "/admin/login/"):
        for who in (client, admin_client):
            assert "no-store" in who.get(path)["Cache-Control"], path
    for path in (f"/corrections/new/?record=organization:{record.slug}", "/requests/new/", "/contacts/check/",
                 "/contacts/confirm/a-secret/", "/requests/R-0000-0000/", "/meeting-check/"):  # fmt: skip
        assert "no-store" in client.get(path)["Cache-Control"], path


@pytest.mark.django_db
@pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)
def test_asvs_15_3_1_an_answer_holds_the_columns_that_are_declared_and_no_other_field(
    client: Client, directory: Any
) -> None:
    declared = {column.name for column in directory.columns}
    rows = client.get(f"/api/v1/{directory.name}/?limit=5").json()["results"]
    assert rows
    for row in rows:
        assert set(row) - declared <= {"url", "api_url"}, set(row) - declared
    assert not declared & {"id", "pk", "password", "email", "published", "history", "consent_source", "purpose"}


def asked(running: Running, path: str, data: bytes | None = None) -> int:
    request = urllib.request.Request(running.url + path, data, {"User-Agent": "zq-agent", "Cookie": "zq=zq-cookie"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code


def test_asvs_16_2_5_logs_hold_no_questions_secrets_passwords_or_whole_addresses(running: Running) -> None:
    for path in ("/search/?q=zq-question", "/organizations/?colour=zq-question", "/contacts/confirm/zq-secret/",
                 "/requests/continue/zq-secret/", "/admin/reset/Mg/zq-secret/", "/nothing/?zq-question"):  # fmt: skip
        asked(running, path)
    asked(running, "/admin/login/", b"username=zq-name&password=zq-password")
    asked(running, "/meeting-check/", b"names=zq-name&meeting=ilc-106")
    log = running.log.read_text(encoding="utf-8")
    assert len([line for line in log.splitlines() if line.startswith("{")]) >= 8, "each request is logged"
    assert re.findall(r"zq-\w+", log) == [] and "127.0.0.1" not in log.replace(running.url, "")


def test_asvs_16_5_2_the_site_answers_without_the_cache_and_without_the_mail_server(running: Running) -> None:
    """`running` has a Redis and a mail server that nobody answers for."""
    for path in ("/", "/organizations/?q=rights", "/organizations.csv", "/api/v1/organizations/", "/admin/login/",
                 "/corrections/new/?record=organization:amnesty-international", "/healthz"):  # fmt: skip
        assert asked(running, path) == 200, path
    with urllib.request.urlopen(f"{running.url}/readyz", timeout=20) as answer:
        assert json.load(answer)["status"] == "ok"
