"""Asking a contact by mail whether what is held of it is still right, and what comes of the answer.

The link in the mail holds a secret, of which the digest alone is kept. It dies once it is answered, once a later one
is sent, with time, and once the contact's e-mail address is another. Nobody is deleted for not answering.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk import secrets
from engagement.desk.journal import Edit, Journal
from engagement.desk.models import Confirmed, ContactConfirmation
from engagement.desk.states import state_of
from engagement.models import Contact

VALID = datetime.timedelta(days=60)
UNANSWERED = datetime.timedelta(days=30)  # since when a contact that did not answer is flagged
ASKED_ONCE_IN = datetime.timedelta(days=7)


class Hindrance(models.TextChoices):
    """Why a contact is not asked."""

    NO_EMAIL = "no-email", _("No e-mail address is held")
    WAITING = "waiting", _("Its last answer waits to be dealt with")
    LATELY = "lately", _("It was asked within the last seven days")


class NotAsked(Exception):
    """The contact is not to be asked now."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.value)
        self.hindrance = hindrance


class Answered(Exception):
    """The link was answered, replaced or closed in the meantime."""


def hindrances(contacts: Iterable[Contact]) -> dict[int, Hindrance]:
    """By primary key why contacts are not asked now; those that may be asked are left out."""
    contacts = list(contacts)
    of_these = ContactConfirmation.objects.filter(contact__in=contacts).order_by()
    waiting = set(of_these.waiting().values_list("contact", flat=True))
    since = timezone.now() - ASKED_ONCE_IN
    lately = set(of_these.filter(sent_at__gt=since).values_list("contact", flat=True))
    found: dict[int, Hindrance] = {}
    for contact in contacts:
        if not contact.email:
            found[contact.pk] = Hindrance.NO_EMAIL
        elif contact.pk in waiting:
            found[contact.pk] = Hindrance.WAITING
        elif contact.pk in lately:
            found[contact.pk] = Hindrance.LATELY
    return found


@transaction.atomic
def ask(contact: Contact, actor: Any) -> str:
    """Note that the contact is asked; the secret for the link. Raises NotAsked; DoesNotExist where it is gone."""
    locked = Contact.objects.select_for_update().order_by("pk").get(pk=contact.pk)
    if hindrance := hindrances([locked]).get(locked.pk):
        raise NotAsked(hindrance)
    ContactConfirmation.objects.open().filter(contact=locked).update(closed_at=timezone.now())
    told = secrets.secret()
    ContactConfirmation.objects.create(
        contact=locked,
        digest=secrets.digest(told),
        sent_to=address_digest(told, locked.email),
        actor=actor,
        actor_name=actor.get_username(),
    )
    return told


def take_back(told: str) -> None:
    """The mail could not be sent: nobody was asked."""
    ContactConfirmation.objects.open().filter(digest=secrets.digest(told)).delete()


def address_digest(told: str, email: str) -> str:
    return secrets.digest(f"{told} {email.casefold()}")


def find(told: str) -> ContactConfirmation | None:
    """The confirmation that a link is for, if it can still be answered."""
    open_ones = ContactConfirmation.objects.open().filter(sent_at__gt=timezone.now() - VALID)
    related = open_ones.select_related("contact__office", "contact__organization", "contact__source")
    found = related.filter(digest=secrets.digest(told)).first()
    if found is None or found.sent_to != address_digest(told, found.contact.email):
        return None
    return found


@transaction.atomic
def answer(confirmation: ContactConfirmation, said: Confirmed, message: str = "") -> None:
    """Keep the answer: what is right is verified today, anything else waits for staff. Raises Answered."""
    contact = Contact.objects.select_for_update().order_by("pk").filter(pk=confirmation.contact_id).first()
    opened = ContactConfirmation.objects.select_for_update().order_by("pk").open()
    locked = opened.filter(pk=confirmation.pk).first()
    if contact is None or locked is None:
        raise Answered
    locked.answer, locked.message, locked.answered_at = said, message, timezone.now()
    if said == Confirmed.RIGHT:
        locked.closed_at = locked.answered_at
        verify(contact)
    locked.save(update_fields=["answer", "message", "answered_at", "closed_at"])


def verify(contact: Contact) -> None:
    """It was verified today, and its history says so."""
    before = state_of(contact, {})
    if contact.last_verified == timezone.localdate():
        return
    after = {**before, "last_verified": timezone.localdate().isoformat()}
    Journal(None, reason="Confirmed by the contact").change([Edit(contact, before, after)])


@transaction.atomic
def close(confirmation: ContactConfirmation, actor: Any) -> None:
    """Staff have dealt with the answer. Raises Answered where somebody did before."""
    waiting = ContactConfirmation.objects.select_for_update().order_by("pk").waiting()
    locked = waiting.filter(pk=confirmation.pk).first()
    if locked is None:
        raise Answered
    locked.message, locked.closed_at, locked.closed_by_name = "", timezone.now(), actor.get_username()
    locked.save(update_fields=["message", "closed_at", "closed_by_name"])


# -- Which contacts ------------------------------------------------------------------------------------------


def with_waiting_answer(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those whose answer asks staff to do something."""
    return contacts.filter(Exists(ContactConfirmation.objects.waiting().filter(contact=OuterRef("pk"))))


def without_answer(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those that were asked a while ago, and neither answered since nor were verified by staff."""
    later = ContactConfirmation.objects.filter(contact=OuterRef("contact"), answered_at__gt=OuterRef("sent_at"))
    verified = Q(contact__last_verified__gte=F("sent_at__date"))
    silent = (
        ContactConfirmation.objects.filter(answered_at=None, sent_at__lt=timezone.now() - UNANSWERED)
        .exclude(Exists(later))
        .exclude(verified)
    )
    return contacts.filter(Exists(silent.filter(contact=OuterRef("pk"))))


def still_open(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those that were asked and may still answer."""
    since = timezone.now() - VALID
    return contacts.filter(Exists(ContactConfirmation.objects.open().filter(contact=OuterRef("pk"), sent_at__gt=since)))
