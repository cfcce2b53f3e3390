"""Snapshots in the admin: all roles read them, nobody changes them, an administrator withdraws them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from engagement.directories import organizations
from engagement.exchange.keeping import keep_for_reader
from engagement.models import Snapshot

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]

LIST = reverse("admin:engagement_snapshot_changelist")
ROLES = ("viewer", "editor", "contact-officer", "administrator")


@pytest.fixture
def snapshot() -> Snapshot:
    return keep_for_reader(organizations, organizations.ask(QueryDict("kind=ngo")), "http://testserver")


def withdraw(client: Client, snapshot: Snapshot, reason: str) -> Any:
    chosen = {"action": "withdraw", "_selected_action": [snapshot.pk], "reason": reason}
    answer = client.post(LIST, chosen, follow=True)
    snapshot.refresh_from_db()
    return answer


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_snapshots_and_none_changes_or_deletes_one(
    role: str, staff: Staff, snapshot: Snapshot
) -> None:
    client = staff(role)
    page = reverse("admin:engagement_snapshot_change", args=[snapshot.pk])
    shown = client.get(page).content.decode()
    assert snapshot.sha256 in shown and f'href="{snapshot.cited_path}"' in shown and 'name="_save"' not in shown
    assert client.get(LIST, {"q": "ngo", "kept_by__exact": "reader", "withdrawn_at__isempty": "1"}).status_code == 200
    assert client.post(page, {"revision": "1"}).status_code == 403
    for name, ids in (("add", []), ("delete", [snapshot.pk])):
        assert client.get(reverse(f"admin:engagement_snapshot_{name}", args=ids)).status_code == 403


def test_an_administrator_withdraws_with_a_reason_and_the_log_says_who_and_why(
    staff: Staff, snapshot: Snapshot
) -> None:
    client = staff("administrator")
    assert "1 snapshot withdrawn." in withdraw(client, snapshot, " It named a person. ").content.decode()
    assert (bytes(snapshot.body), snapshot.withdrawn_reason) == (b"", "It named a person.")
    entry = LogEntry.objects.get(object_id=str(snapshot.pk))
    assert (entry.user.get_username(), entry.get_change_message()) == ("administrator", "It named a person.")
    assert client.get(snapshot.cited_path).status_code == 410
    withdraw(client, snapshot, "Another reason")
    assert snapshot.withdrawn_reason == "It named a person."


def test_nothing_is_withdrawn_without_a_reason(staff: Staff, snapshot: Snapshot) -> None:
    answer = withdraw(staff("administrator"), snapshot, "   ")
    assert "Give the reason" in answer.content.decode()
    assert not snapshot.is_withdrawn and not LogEntry.objects.filter(object_id=str(snapshot.pk)).exists()


@pytest.mark.parametrize("role", ROLES[:-1])
def test_nobody_but_an_administrator_withdraws(role: str, staff: Staff, snapshot: Snapshot) -> None:
    client = staff(role)
    assert 'name="action"' not in client.get(LIST).content.decode()
    withdraw(client, snapshot, "It named a person.")
    assert not snapshot.is_withdrawn
