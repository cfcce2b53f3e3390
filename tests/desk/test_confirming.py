"""Asking contacts to confirm what is held, and what comes of their answers."""

import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from engagement.desk import confirming, secrets
from engagement.desk.confirming import Answered, Hindrance, NotAsked
from engagement.desk.models import Confirmed, ContactConfirmation
from engagement.models import Contact
from tests.admin.rows import make

pytestmark = pytest.mark.django_db

EMAIL = "ada@invented.example"


@pytest.fixture
def actor() -> Any:
    return get_user_model().objects.create_user("invented-officer")


@pytest.fixture
def contact() -> Contact:
    made: Contact = make(Contact, name="Ada Invented", email=EMAIL)
    return made


def asked(contact: Contact, actor: Any, days_ago: float = 0) -> tuple[str, ContactConfirmation]:
    told = confirming.ask(contact, actor)
    mine = ContactConfirmation.objects.filter(digest=secrets.digest(told))
    mine.update(sent_at=timezone.now() - datetime.timedelta(days=days_ago))
    return told, mine.get()


def names(rows: Any) -> list[str]:
    return [each.name for each in rows.order_by("name")]


def test_of_a_link_the_digest_alone_is_kept_and_only_the_last_one_works(contact: Contact, actor: Any) -> None:
    first, row = asked(contact, actor, days_ago=8)
    assert first not in str(ContactConfirmation.objects.values()) and len(first) >= 43
    found = confirming.find(first)
    assert found == row and found.actor_name == "invented-officer"
    second, _row = asked(contact, actor)
    assert confirming.find(first) is None and confirming.find(second) is not None
    for other in ("", "x" * 43, second[:-1], second.upper()):
        assert confirming.find(other) is None


def test_a_link_dies_with_time_with_its_answer_and_with_another_address(contact: Contact, actor: Any) -> None:
    told, row = asked(contact, actor, days_ago=59)
    assert confirming.find(told) == row
    Contact.objects.filter(pk=contact.pk).update(email="other@invented.example")
    assert confirming.find(told) is None
    Contact.objects.filter(pk=contact.pk).update(email=EMAIL.upper())
    assert confirming.find(told) == row
    ContactConfirmation.objects.update(sent_at=timezone.now() - confirming.VALID)
    assert confirming.find(told) is None
    told, row = asked(contact, actor)
    confirming.answer(row, Confirmed.RIGHT)
    assert confirming.find(told) is None
    contact.delete()
    assert not ContactConfirmation.objects.exists()


def test_right_verifies_today_in_its_history_and_leaves_nothing_to_do(contact: Contact, actor: Any) -> None:
    _told, row = asked(contact, actor)
    confirming.answer(row, Confirmed.RIGHT)
    contact.refresh_from_db()
    assert contact.last_verified == timezone.localdate()
    version = contact.history.first()
    assert (version.history_type, version.history_change_reason) == ("~", "Confirmed by the contact")
    assert version.last_verified == timezone.localdate() and contact.history.count() == 2
    assert not confirming.with_waiting_answer(Contact.objects.all())


@pytest.mark.parametrize("said", [Confirmed.WRONG, Confirmed.REMOVE])
def test_anything_else_changes_nothing_and_waits_for_staff_who_then_forget_the_message(
    contact: Contact, actor: Any, said: Confirmed
) -> None:
    _told, row = asked(contact, actor)
    confirming.answer(row, said, "My number is another.")
    contact.refresh_from_db()
    assert contact.last_verified is None and contact.history.count() == 1
    assert names(confirming.with_waiting_answer(Contact.objects.all())) == ["Ada Invented"]
    assert confirming.hindrances([contact]) == {contact.pk: Hindrance.WAITING}
    row.refresh_from_db()
    assert (row.answer, row.message, row.closed_at) == (said, "My number is another.", None)
    confirming.close(row, actor)
    row.refresh_from_db()
    assert (row.message, row.closed_by_name) == ("", "invented-officer")
    assert not confirming.with_waiting_answer(Contact.objects.all())
    with pytest.raises(Answered):
        confirming.close(row, actor)


def test_one_answer_counts_and_the_second_of_two_at_a_moment_is_told_so(contact: Contact, actor: Any) -> None:
    told, _row = asked(contact, actor)
    first, second = confirming.find(told), confirming.find(told)
    assert first is not None and second is not None
    confirming.answer(first, Confirmed.REMOVE)
    with pytest.raises(Answered):
        confirming.answer(second, Confirmed.RIGHT)
    contact.refresh_from_db()
    assert contact.last_verified is None
    third = ContactConfirmation.objects.get()
    contact.delete()
    with pytest.raises(Answered):
        confirming.answer(third, Confirmed.RIGHT)


def test_nobody_is_asked_without_an_address_twice_a_week_or_while_an_answer_waits(contact: Contact, actor: Any) -> None:
    with pytest.raises(NotAsked) as silent:
        confirming.ask(make(Contact, name="Bob Invented"), actor)
    assert silent.value.hindrance is Hindrance.NO_EMAIL
    _told, row = asked(contact, actor, days_ago=6.9)
    with pytest.raises(NotAsked) as lately:
        confirming.ask(contact, actor)
    assert lately.value.hindrance is Hindrance.LATELY
    ContactConfirmation.objects.update(sent_at=timezone.now() - confirming.ASKED_ONCE_IN)
    assert confirming.hindrances([contact]) == {}
    confirming.answer(row, Confirmed.WRONG, "x")
    with pytest.raises(NotAsked) as waiting:
        confirming.ask(contact, actor)
    assert waiting.value.hindrance is Hindrance.WAITING


def test_a_mail_that_could_not_be_sent_asked_nobody(contact: Contact, actor: Any) -> None:
    told = confirming.ask(contact, actor)
    confirming.take_back(told)
    assert confirming.hindrances([contact]) == {} and confirming.find(told) is None


def test_who_does_not_answer_is_flagged_after_30_days_until_something_is_heard(contact: Contact, actor: Any) -> None:
    everybody = Contact.objects.filter(email=EMAIL)
    _told, row = asked(contact, actor, days_ago=29)
    assert not confirming.without_answer(everybody) and confirming.still_open(everybody)
    ContactConfirmation.objects.update(sent_at=timezone.now() - datetime.timedelta(days=31))
    assert list(confirming.without_answer(everybody)) == [contact]
    _told, later = asked(contact, actor)  # asked once more: the silence goes on
    assert list(confirming.without_answer(everybody)) == [contact]
    confirming.answer(later, Confirmed.WRONG, "x")
    assert not confirming.without_answer(everybody) and not confirming.still_open(everybody)
    later.delete()
    assert list(confirming.without_answer(everybody)) == [contact]
    row.refresh_from_db()
    everybody.update(last_verified=timezone.localdate(row.sent_at) - datetime.timedelta(days=1))
    assert list(confirming.without_answer(everybody)) == [contact]
    everybody.update(last_verified=timezone.localdate())
    assert not confirming.without_answer(everybody)
