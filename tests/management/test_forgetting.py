"""`manage.py forget`: what is past its time goes, what is not stays, and it says how much went."""

import datetime
import io
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from engagement.desk.models import ContactCheck, Correction, CorrectionState, Request
from engagement.management import forgetting
from tests.asking import make_request

pytestmark = pytest.mark.django_db


def forget() -> str:
    out = io.StringIO()
    call_command("forget", stdout=out)
    return out.getvalue().strip()


def decided(reference: str, days: int) -> Correction:
    at = timezone.now() - datetime.timedelta(days=days)
    return Correction.objects.create(
        kind="organization", record_key="x", label="x", proposed="x", evidence="x", reference=reference,
        email="sender@invented.example", state=CorrectionState.DECLINED, decided_at=at,
    )  # fmt: skip


def session(key: str, hours: int) -> None:
    Session.objects.create(
        session_key=key, session_data="", expire_date=timezone.now() + datetime.timedelta(hours=hours)
    )


def test_what_is_past_its_time_goes_and_the_rest_stays() -> None:
    old, new = decided("C-OLD", 31), decided("C-NEW", 29)
    ended, begun = make_request(stage="granted"), make_request(sent=False)
    year_ago = timezone.now() - datetime.timedelta(days=366)
    Request.objects.filter(pk=ended.pk).update(stage="granted", stage_since=year_ago)
    Request.objects.filter(pk=begun.pk).update(begun_at=timezone.now() - datetime.timedelta(days=31))
    session("ended", -1)
    session("going-on", 1)
    said = forget()
    for number in ("senders 1", "drafts 1", "requests 1"):
        assert number in said
    assert [Correction.objects.get(pk=each.pk).email for each in (old, new)] == ["", "sender@invented.example"]
    assert Request.objects.get(pk=ended.pk).email == "" and not Request.objects.filter(pk=begun.pk).exists()
    assert list(Session.objects.values_list("pk", flat=True)) == ["going-on"]
    assert not ContactCheck.objects.exists() and forget() == "Nothing was past its time"


def test_a_database_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> dict[str, Any]:
        raise DatabaseError("no\nanswer")

    monkeypatch.setattr(forgetting, "forget_past", broken)
    with pytest.raises(CommandError, match=r"^Database: no answer$"):
        forget()
