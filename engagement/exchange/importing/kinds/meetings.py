"""Meetings, and the invitations to them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from engagement.desk.states import State
from engagement.directories.invitations import invitations as invitation_directory
from engagement.directories.meetings import meetings as directory
from engagement.exchange.importing import cells, dates
from engagement.exchange.importing.columns import Column, Lines, Link
from engagement.exchange.importing.derived import Label, OfLink
from engagement.exchange.importing.kinds.base import (
    Identity,
    Kind,
    Said,
    evidence,
    in_order,
    key,
    of_source,
    organization,
    page,
    row,
)
from engagement.exchange.importing.resolving import Book, folded
from engagement.models import Country, Invitation, InvitationDecision, Meeting, MeetingBody, Organization

BODY = Link(
    name="body", says=_("Body that meets: key, name or acronym"), parse=cells.text(200), to="body_id", model=Meeting,
    target=MeetingBody, required=True, example="ilc",
)  # fmt: skip
COUNTRY = Link(
    name="country", says=_("Country: ISO code or name"), parse=cells.text(200), to="country_id", model=Meeting,
    target=Country, example="CH",
)  # fmt: skip


def dated(name: str, says: Any, example: str = "") -> Column:
    return Column(name=name, says=says, parse=dates.partial, to=name, model=Meeting, example=example)


def by_number(said: Said) -> Any:
    return (said["body_id"], "number", said["number"]) if said["number"] and said["body_id"] else None


def by_number_or_name(said: Said) -> Any:
    if not said["body_id"] or not said["name"]:
        return by_number(said)
    return by_number(said) or (said["body_id"], "name", folded(said["name"]))


def number_and_name(said: Said) -> Iterator[Any]:
    if said["number"]:
        yield by_number(said)
    yield (said["body_id"], "name", folded(said["name"]))


MEETINGS = Kind(
    name="meetings",
    title=_("Meetings"),
    model=Meeting,
    columns=(
        key(Meeting, "invented-assembly-7"),
        Column(
            name="name", says=_("Name"), parse=cells.text(300), to="name", model=Meeting, required=True,
            example="Invented Assembly, 7th session",
        ),
        BODY,
        Column(
            name="number", says=_("Number of the session"), parse=cells.text(20), to="number", model=Meeting,
            example="7",
        ),
        Column(name="place", says=_("Place"), parse=cells.text(100), to="place", model=Meeting, example="Geneva"),
        COUNTRY,
        dated("start", _("First day"), "2024-06-03"),
        dated("end", _("Last day"), "2024-06-14"),
        Lines(
            name="agenda", says=_("Items of the agenda, with “; ” between or one a line"), parse=cells.text(2000),
            to="agenda", model=Meeting, example="Reports; Lighthouses",
        ),
        dated("requests_from", _("Requests for an invitation from, only where a source publishes it")),
        dated("requests_until", _("Requests for an invitation until, only where a source publishes it")),
        *evidence(Meeting),
    ),
    derived=(
        Label(name="body_label", instead="body", column=BODY),
        Label(name="country_label", instead="country", column=COUNTRY),
        *of_source(Meeting),
        page(directory),
    ),
    identity=Identity(
        ("body", "number", "name"), ("body_id", "number", "name"), number_and_name, by_number_or_name, by_number
    ),
    label=lambda state, book: str(state["name"]),
    rules=(in_order("engagement_meeting_dates_ordered", "start", "end"),),
    directory=directory,
)  # fmt: skip

# -- Invitations ---------------------------------------------------------------------------------------------

MEETING = Link(
    name="meeting", says=_("Meeting: key or name"), parse=cells.text(300), to="meeting_id", model=Invitation,
    target=Meeting, required=True, example="invented-assembly-7",
)  # fmt: skip
INVITED = organization(Invitation, _("Organization: key or name"), required=True)
DECISION = Link(
    name="decision", says=_("Decision on whom to invite: key"), parse=cells.text(300), to="decision_id",
    model=Invitation, target=InvitationDecision,
)  # fmt: skip


def of_meeting(name: str, lookup: str) -> OfLink:
    return OfLink(name=name, instead="meeting", column=MEETING, lookup=lookup)


def invited(said: Said) -> Any:
    if not said["organization_id"] or not said["meeting_id"]:
        return None
    return (said["organization_id"], said["meeting_id"])


def invitation_label(state: State, book: Book) -> str:
    body = book.names(Organization).of(state["organization_id"], "name")
    return f"{body}: {book.names(Meeting).of(state['meeting_id'], 'name')}"


INVITATIONS = Kind(
    name="invitations",
    title=_("Invitations"),
    model=Invitation,
    columns=(
        key(Invitation, "invented-union-invented-assembly-7"),
        INVITED,
        Column(
            name="name_as_printed", says=_("Its name as the source prints it"), parse=cells.text(300),
            to="name_as_printed", model=Invitation,
        ),
        MEETING,
        Column(
            name="dates_as_printed", says=_("Dates of the meeting as the source prints them"), parse=cells.text(60),
            to="dates_as_printed", model=Invitation, example="3–14 June 2024",
        ),
        Column(
            name="agenda_items", says=_("Items of the agenda that it is invited for"), parse=cells.multiline,
            to="agenda_items", model=Invitation, example="Item 2",
        ),
        DECISION,
        *evidence(Invitation),
    ),
    derived=(
        row(invitation_directory, "name", "organization"),
        Label(name="organization_label", instead="organization", column=INVITED),
        Label(name="meeting_label", instead="meeting", column=MEETING),
        of_meeting("body", "body__slug"),
        of_meeting("body_label", "body__name"),
        of_meeting("country", "country__iso2"),
        of_meeting("country_label", "country__name"),
        of_meeting("meeting_start", "start"),
        of_meeting("meeting_end", "end"),
        *of_source(Invitation),
        page(invitation_directory),
    ),
    identity=Identity(
        ("organization", "meeting"),
        ("organization_id", "meeting_id"),
        lambda said: (invited(said),),
        invited,
        invited,
    ),
    label=invitation_label,
    directory=invitation_directory,
)  # fmt: skip
