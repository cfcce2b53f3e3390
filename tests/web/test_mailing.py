"""Mails: in the reader's language, as plain text; one that fails is told, and says nothing of whom it was for."""

import logging
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import RequestFactory, override_settings

from engagement.web import mailing

TEMPLATE = """{% load i18n %}{% autoescape off %}{% translate "Organization" %}: {{ name }}
{% translate "Privacy" %}: {{ name }}, {{ SITE_NAME }}{% if SITE_PUBLISHER %}, {{ SITE_PUBLISHER }}{% endif %}
{% endautoescape %}"""


@pytest.fixture
def greeting(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "greeting.txt").write_text(TEMPLATE)
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path]}
    with override_settings(TEMPLATES=[engine], SITE_PUBLISHER="Invented publisher"):
        yield "greeting"


def test_a_mail_is_in_the_language_of_whoever_gets_it_and_nothing_is_escaped(greeting: str) -> None:
    assert mailing.send(greeting, "ada@invented.example", "fr", name="L’œuvre & <Fils>")
    [sent] = mail.outbox
    assert sent.subject == "Organisation: L’œuvre & <Fils>"
    assert sent.body.startswith("Protection des données: L’œuvre & <Fils>, Registre")
    assert sent.body.endswith(", Invented publisher\n")
    assert sent.to == ["ada@invented.example"]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_an_unknown_language_is_english_and_a_subject_is_one_line(greeting: str) -> None:
    subject, body = mailing.rendered(greeting, "xx", name="A body\r\nBcc: all@invented.example")
    assert subject == "Organization: A body"
    assert body.startswith("Bcc: all@invented.example\nPrivacy")


def test_nobody_is_written_to_without_an_address(greeting: str) -> None:
    assert not mailing.send(greeting, "", "en", name="x")
    assert mail.outbox == []


def test_a_server_that_refuses_is_told_and_the_log_does_not_say_whom_the_mail_was_for(
    greeting: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"ada@invented.example": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with caplog.at_level(logging.DEBUG):
        assert not mailing.send(greeting, "ada@invented.example", "en", name="Invented body")
    assert "greeting" in caplog.text and "SMTPRecipientsRefused" in caplog.text
    assert "ada@" not in caplog.text and "Invented body" not in caplog.text


def test_links_in_mails_begin_at_the_site_that_was_asked() -> None:
    request = RequestFactory().get("/fr/requests/new/", secure=True, headers={"host": "localhost"})
    assert mailing.home_of(request) == "https://localhost"
