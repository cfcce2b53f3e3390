"""Contacts, with what is never public of them. Few may see them, and so may few bring them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.desk.erasing import is_erased
from engagement.desk.states import State
from engagement.directories.offices import contacts as directory
from engagement.exchange.importing import cells
from engagement.exchange.importing.base import Wrong
from engagement.exchange.importing.columns import Column, Link
from engagement.exchange.importing.derived import Label
from engagement.exchange.importing.kinds.base import (
    Identity,
    Kind,
    Rule,
    Said,
    evidence,
    key,
    of_source,
    organization,
    page,
)
from engagement.exchange.importing.resolving import Book, folded
from engagement.models import Contact, LawfulBasis, Office
from engagement.models.offices import kept_until

OFFICE = Link(
    name="office", says=_("Office: key or name"), parse=cells.text(300), to="office_id", model=Contact, target=Office,
)  # fmt: skip
ORGANIZATION = organization(Contact, _("Organization: key or name"))
BASIS = Column(
    name="lawful_basis", says=_("Lawful basis: code or label"), parse=cells.choice(LawfulBasis), to="lawful_basis",
    model=Contact, required=True, example="consent",
)  # fmt: skip


def at(said: Said) -> Any:
    return (folded(said["name"]), said["organization_id"], said["office_id"]) if said["name"] else None


def says_when_it_was_consented(state: State) -> bool:
    return not state["public"] or state["lawful_basis"] != LawfulBasis.CONSENT or bool(state["consented_on"])


def kept_for_a_while(state: State, book: Book) -> State:
    """A new contact of which the file does not say until when it is kept."""
    return {} if state["retain_until"] else {"retain_until": kept_until(timezone.localdate()).isoformat()}


def is_not_erased(key: str) -> None:
    if is_erased(key):
        raise Wrong("erased", gettext("The contact with this key was erased and is not brought back."))


def text(name: str, says: Any, length: int, example: str = "", *, required: bool = False) -> Column:
    return Column(
        name=name, says=says, parse=cells.text(length), to=name, model=Contact, example=example, required=required
    )


def day(name: str, says: Any) -> Column:
    return Column(name=name, says=says, parse=cells.day, to=name, model=Contact, example="2026-12-31")


CONTACTS = Kind(
    name="contacts",
    title=_("Contacts"),
    model=Contact,
    columns=(
        key(Contact, "ada-invented"),
        text("name", _("Name of the person or desk"), 200, "Ada Invented", required=True),
        text("title", _("Title or function"), 200, "Secretary"),
        OFFICE,
        ORGANIZATION,
        text("address", _("Address"), 300, "1 Invented Street"),
        Column(
            name="phone", says=_("Telephone"), parse=cells.phone(50), to="phone", model=Contact,
            example="+41 22 000 00 00",
        ),
        Column(
            name="email", says=_("E-mail; never shown or exported to the public"), parse=cells.email, to="email",
            model=Contact, example="ada@invented.example",
        ),
        Column(
            name="public", says=_("Whether the public sees the contact; a new one is private if nothing is said"),
            parse=cells.boolean, to="public", model=Contact, required=True, example="false",
        ),
        text("purpose", _("What it is kept for"), 200, "Invitations", required=True),
        BASIS,
        day("consented_on", _("When consent was given, a day: a public contact kept by consent needs it")),
        text("consent_source", _("How consent was given, or where it is filed"), 200, "by mail"),
        day("last_verified", _("When staff last verified it: a day")),
        day("retain_until", _("Until when it is kept: a day; of a new one blank: for 24 months")),
        *evidence(Contact),
    ),
    derived=(
        Label(name="office_label", instead="office", column=OFFICE),
        Label(name="organization_label", instead="organization", column=ORGANIZATION),
        Label(name="lawful_basis_label", instead="lawful_basis", column=BASIS),
        *of_source(Contact),
        page(directory),
    ),
    identity=Identity(
        ("name", "organization", "office"),
        ("name", "organization_id", "office_id"),
        lambda said: (at(said),),
        at,
    ),
    label=lambda state, book: str(state["name"]),
    rules=(Rule("engagement_contact_consent_dated", "consented_on", says_when_it_was_consented),),
    follows=kept_for_a_while,
    may_be_new=is_not_erased,
    directory=directory,
    private=True,
)  # fmt: skip
