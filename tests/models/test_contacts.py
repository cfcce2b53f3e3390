"""Contacts: consent that is dated, keys that name nobody, until when they are kept."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagement.models import Contact, LawfulBasis
from engagement.models.offices import kept_until
from tests.admin.rows import make

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("basis", "public", "consented_on", "holds"),
    [
        (LawfulBasis.CONSENT, True, None, False),
        (LawfulBasis.CONSENT, True, DAY, True),
        (LawfulBasis.CONSENT, False, None, True),
        (LawfulBasis.PUBLIC_ROLE, True, None, True),
    ],
)
def test_a_public_contact_by_consent_says_when_it_was_given_to_forms_and_to_the_database(
    basis: str, public: bool, consented_on: datetime.date | None, holds: bool
) -> None:
    contact = make(Contact, name="Invented person", lawful_basis=LawfulBasis.PUBLIC_ROLE)
    contact.lawful_basis, contact.public, contact.consented_on = basis, public, consented_on
    if holds:
        contact.full_clean()
        contact.save()
        return
    with pytest.raises(ValidationError, match="says when consent was given"):
        contact.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        contact.save()


def test_the_key_of_a_new_contact_says_nothing_of_the_person_and_never_comes_back() -> None:
    keys = set()
    for _time in range(5):
        contact = make(Contact, name="Ada Invented")
        keys.add(contact.key)
        contact.delete()
    assert len(keys) == 5
    assert all(key.startswith("contact-") and len(key) == 18 and "ada" not in key for key in keys)


@pytest.mark.parametrize(
    ("day", "until"),
    [("2026-03-01", "2028-03-01"), ("2024-02-29", "2026-02-28"), ("2026-12-31", "2028-12-31")],
)
def test_a_new_contact_is_kept_for_24_months(day: str, until: str) -> None:
    assert kept_until(datetime.date.fromisoformat(day)) == datetime.date.fromisoformat(until)
