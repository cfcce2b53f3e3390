"""V2 Validation and business logic: what is not expected is refused by the server, whole operations or nothing."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from engagement.desk.journal import Edit, operation
from engagement.desk.models import Correction, Operation, OperationKind
from engagement.models import ConsultativeStatus, Meeting, Organization
from engagement.web import trapping
from tests.admin.rows import address, filled
from tests.exchange.importing.bringing import bring
from tests.factories import make_meeting, make_organization, make_status

pytestmark = pytest.mark.django_db

UNEXPECTED = (
    "colour=blue", "country=ZZ", "country=FR%27", "on=2006-13-40", "on=yesterday", "page=0", "page=1e9", "page=-1",
    "sort=email", "sort=contacts__email", "category=general&category=nonsense", "q=a&q=b", "since_from=06",
)  # fmt: skip


def test_asvs_2_2_1_a_parameter_or_value_that_is_not_expected_is_refused_and_named(client: Client) -> None:
    for asked in UNEXPECTED:
        for path in ("/organizations/", "/organizations.csv", "/api/v1/organizations/"):
            status = client.get(f"{path}?{asked}").status_code
            assert status in (400, 404), (path, asked)
    said = client.get("/organizations.json?colour=blue&sort=email").json()
    assert {"colour", "sort"} <= set(said["parameters"])


def test_asvs_2_2_2_the_server_checks_what_a_browser_would_have_kept_from_being_sent(
    admin_client: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = make_meeting()
    page = admin_client.get(address(meeting))
    for wrong in ({"name": ""}, {"name": "x" * 5000}, {"source": "999999"}, {"body": "no such body"}):
        answer = admin_client.post(address(meeting), {**filled(page), **wrong})
        assert answer.status_code == 200 and answer.context["adminform"].form.errors, wrong
    assert Meeting.objects.get(pk=meeting.pk).name == meeting.name
    monkeypatch.setattr(trapping, "QUICKEST", -1)
    form = f"/corrections/new/?record=organization:{make_organization().slug}"
    said = {"field": "acronym", "proposed": "IB", "evidence": "told", "shown_at": trapping.now_signed()}
    for wrong in ({"field": "published"}, {"field": "pk"}, {"proposed": "x" * 100_000}, {"email": "no address"}):
        assert client.post(form, {**said, **wrong}).status_code in (200, 400), wrong
    assert not Correction.objects.exists()


def test_asvs_2_2_3_fields_that_belong_together_are_checked_together_and_by_the_database_too(client: Client) -> None:
    assert client.get("/compare/?from=2026-01-01&to=2002-05-15").status_code == 400
    with pytest.raises(IntegrityError), transaction.atomic():
        make_status(granted="2010-01-01", ended="2001-01-01")
    run = bring("statuses", "organization category granted ended", ("Amnesty International", "general", "2010", "2001"))
    assert run.rows.get().problems


def test_asvs_2_3_3_an_operation_is_done_whole_or_not_at_all() -> None:
    first, second = make_organization(), make_organization()
    with pytest.raises(RuntimeError), transaction.atomic(), operation(OperationKind.BULK, "Invented", None) as journal:
        journal.change([Edit(first, {"note": ""}, {"note": "changed"})])
        assert Organization.objects.get(pk=first.pk).note == "changed"
        raise RuntimeError
    assert not Organization.objects.filter(pk__in=(first.pk, second.pk), note="changed").exists()
    assert not Operation.objects.filter(title="Invented").exists()
    before = ConsultativeStatus.objects.count()
    run = bring("organizations", "name country", ("Invented Guild One", "FR"), ("Invented Guild Two", "no such land"))
    assert run.rows.filter(number=3).get().problems and ConsultativeStatus.objects.count() == before
    assert not Organization.objects.filter(name__startswith="Invented Guild").exists()


def test_asvs_2_4_1_forms_that_programs_send_are_held_up(client: Client, settings: Any) -> None:
    form = f"/corrections/new/?record=organization:{make_organization().slug}"
    said = {"field": "acronym", "proposed": "IB", "evidence": "told"}
    caught = (
        {"shown_at": trapping.now_signed()},
        {"shown_at": ""},
        {"shown_at": "forged"},
        {"shown_at": trapping.now_signed(), "website_2": "https://spam.example"},
    )
    for more in caught:
        cache.clear()
        assert client.post(form, {**said, **more}).status_code == 400
    assert not Correction.objects.exists()
    cache.clear()
    sent = [client.post(form, said).status_code for _ in range(settings.LIMITS["forms"] + 3)]
    assert sent[-3:] == [429] * 3 and 429 not in sent[:5]
    cache.clear()
