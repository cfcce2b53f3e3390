"""Figures for whoever knows the token; counted by all processes of a server; nothing at all without a token."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from engagement.freshness import revision
from engagement.web.observing import metrics
from tests import environment
from tests.browser.site import served, wait_until_it_answers
from tests.faults.replicas import ask
from tests.web.observing.asking import Portal
from tests.web.observing.test_requests import FAILING

TOKEN = "a token for the tests alone"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def counted(settings: Settings) -> Iterator[None]:
    settings.METRICS_TOKEN, settings.PAGE_CACHE = TOKEN, True
    metrics.counts.cache_clear()
    yield
    metrics.counts.cache_clear()


def figures(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain; version=")
    return read(answer.content.decode())


def read(text: str) -> dict[str, float]:
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", TOKEN, f"Basic {TOKEN}", "Bearer ", "Bearer another", f"Bearer {TOKEN} ", "Bearer ü"]
)
def test_who_does_not_know_the_token_finds_nothing_there(client: Client, counted: None, given: str) -> None:
    answer = client.get("/metrics", headers={"authorization": given} if given else {})
    assert answer.status_code == 404 and b"register_requests" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["Bearer ", "Bearer"])
def test_without_a_token_in_the_settings_nothing_is_there_for_anyone_and_nothing_is_counted(
    client: Client, settings: Settings, given: str
) -> None:
    assert settings.METRICS_TOKEN == "" and Portal().application._counts is None
    assert client.get("/metrics", headers={"authorization": given}).status_code == 404


@pytest.mark.django_db
def test_nobody_may_keep_the_figures(client: Client, counted: None) -> None:
    answers = [client.get("/metrics", headers=BEARER) for _each in range(2)]
    assert all("no-store" in answer["Cache-Control"] and "ETag" not in answer for answer in answers)
    assert client.post("/metrics", headers=BEARER).status_code == 405


@FAILING
@pytest.mark.django_db
def test_requests_are_counted_by_kind_and_status_with_their_times_and_what_was_kept(
    client: Client, counted: None
) -> None:
    portal = Portal()
    for path in ("/about/", "/about/", "/organizations/nobody/", "/api/v1/", "/unreachable/", "/failing/"):
        portal.ask(path)
    found = figures(client)
    assert found['register_requests_total{kind="page",status="200"}'] == 2
    assert found['register_requests_total{kind="page",status="404"}'] == 1
    assert found['register_requests_total{kind="page",status="500"}'] == 2
    assert found['register_requests_total{kind="api",status="200"}'] == 1
    assert found['register_request_seconds_count{kind="page"}'] == 5
    assert found['register_request_seconds_bucket{kind="page",le="+Inf"}'] == 5
    assert found['register_pages_total{found="hit"}'] == 1 and found['register_pages_total{found="miss"}'] == 2
    assert found['register_database_errors_total{error="OperationalError"}'] == 1


@pytest.mark.django_db
def test_the_state_of_the_register_is_told_as_it_is(
    client: Client, counted: None, settings: Settings, tmp_path: Path
) -> None:
    found = figures(client)
    assert (found["register_database_up"], found["register_revision"], found["register_invented"]) == (1, revision(), 0)
    assert "register_backup_age_seconds" not in found and "register_replica_up" not in found
    settings.BACKUP_DIR = tmp_path
    assert "register_backup_age_seconds" not in figures(client)
    at = timezone.now() - datetime.timedelta(hours=3)
    (tmp_path / f"register-{at:%Y%m%dT%H%M%SZ}.backup").touch()
    assert 3 * 3600 - 5 < figures(client)["register_backup_age_seconds"] < 3 * 3600 + 60


def test_the_processes_of_a_server_are_counted_together_and_a_new_start_begins_at_nothing(tmp_path: Path) -> None:
    with environment.own_database(tmp_path, "register_metrics", environment.TABLES) as database:
        port, log = environment.free_port(), tmp_path / "log"
        settings = environment.portal(
            tmp_path, DATABASE_URL=database, PORT=str(port), METRICS_TOKEN=TOKEN, LOG_FORMAT="json"
        )
        url = f"http://127.0.0.1:{port}"
        for start in range(2):
            with log.open("w") as file, served(settings, file.fileno()) as process:
                wait_until_it_answers(url, process, log)
                answers = [ask(url, "/healthz?who=nobody") for _each in range(40)]
                text = ask(url, "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).body
            counted = read(text)['register_requests_total{kind="health",status="200"}']
            # The portal was also asked whether it answers by now.
            assert 40 < counted < 60, f"at start {start}"
        assert len({path.stem.rpartition("_")[2] for path in (tmp_path / f"metrics-{port}").glob("*.db")}) >= 2
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        assert {answer.headers["x-request-id"] for answer in answers} <= {line["request"] for line in lines}
        assert len([line for line in lines if line["path"] == "/healthz"]) == counted, "each once"
        assert "nobody" not in log.read_text()
