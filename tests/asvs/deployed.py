"""What a portal answers that is set up for the public, with HTTPS: asked once, in a process of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import environment
from tests.browser.site import running_site

NAME = "register.example"
# Each answer as [what was asked, status, headers, cookies as they are set, the beginning of the body].
ASK = f"""
import json
from django.contrib.auth.models import User
from django.test import Client
from engagement.views import pages

User.objects.create_superuser("vera", "", "an invented passphrase")
client = Client(raise_request_exception=False, headers={{"host": "{NAME}"}})
told = []

def ask(what, method, path, said=None, secure=True, **headers):
    answer = getattr(client, method)(path, said, secure=secure, headers=headers or None)
    cookies = [cookie.OutputString() for cookie in answer.cookies.values()]
    body = b"".join(answer) if answer.streaming else answer.content
    told.append([what, answer.status_code, dict(answer.headers), cookies, body[:4000].decode("utf-8", "replace")])

def broken(*args, **kwargs):
    secret_of_the_view = "a-secret-of-the-view"
    raise RuntimeError("an-inner-matter")

ask("plain", "get", "/about/", secure=False)
ask("home", "get", "/")
ask("form", "get", "/corrections/new/?record=organization%3Aamnesty-international")
ask("file", "get", "/sources.csv")
ask("api", "get", "/api/v1/sources/")
ask("missing", "get", "/nothing-of-the-kind/")
ask("misunderstood", "get", "/organizations/?colour=blue")
ask("elsewhere", "get", "/", host="evil.example")
pages.render = broken
ask("broken", "get", "/about/")
ask("login", "get", "/admin/login/")
who = {{"username": "vera", "password": "an invented passphrase"}}
ask("password", "post", "/admin/login/", {{**who, "next": "/admin/"}})
ask("without a code", "get", "/admin/")
ask("without a code, a record", "get", "/admin/engagement/organization/")
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str


@dataclass(frozen=True)
class Running:
    """Where a portal answers, and what it writes."""

    url: str
    port: int
    log: Path


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """The answers by what was asked."""
    return answers(tmp_path_factory.mktemp("deployed"))


def answers(var: Path) -> dict[str, Answer]:
    with environment.own_database(var, "register_asvs", environment.REGISTER) as database:
        settings = environment.portal(var, DATABASE_URL=database, HTTPS="1", ALLOWED_HOSTS=NAME)
        prepared = environment.manage("prepare", "--static", settings=settings)
        assert prepared.returncode == 0, prepared.stderr
        done = environment.manage("shell", "--no-imports", "-c", ASK, settings=settings)
    assert done.returncode == 0, done.stderr
    return {what: Answer(*told) for what, *told in json.loads(done.stdout.strip().splitlines()[-1])}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A portal that serves, all of whose helpers are down: the shared cache and the mail server."""
    var = tmp_path_factory.mktemp("running")
    nowhere = {"CACHE_URL": "redis://127.0.0.1:1/1", "EMAIL_URL": "smtp://127.0.0.1:1", "RATE_LIMITS": "0"}
    with running_site(var, **nowhere) as site:
        yield Running(site.url, int(site.url.rpartition(":")[2]), var / "serve.log")
