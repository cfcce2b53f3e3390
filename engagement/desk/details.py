"""Taking over what an organization says of itself: field by field into the register, with what it said before kept."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagement.desk import inbox, requests
from engagement.desk.journal import Edit, Journal, operation
from engagement.desk.models import Operation, OperationKind, Request, Stage
from engagement.desk.states import State, put, state_of
from engagement.models import Country, FurtherSource, NameKind, Organization, OrganizationName, Seat, Source
from engagement.models.base import Record

OF_SEAT = "seat."
# By the column that a name stands in, what it is kept as when another takes its place.
KEPT_AS = {"name": NameKind.FORMER, "acronym": NameKind.ACRONYM}


class Refused(Exception):
    """What is asked for cannot stand in the register. problems: what is wrong, by the name of the field in details."""

    def __init__(self, problems: Mapping[str, list[str]]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Choice:
    """What staff chose. names: of the fields to take over. seat: the one spoken of; None for one that is new.
    keep_names, keep_seat: what stood there was so until now; otherwise it was wrong all along."""

    names: Collection[str]
    seat: Seat | None = None
    keep_names: bool = True
    keep_seat: bool = True


def seats_of(organization: Organization) -> list[Seat]:
    """Those that no source says have ended."""
    return list(organization.seats.filter(until="").select_related("country").order_by("pk"))


def asked(request: Request) -> dict[str, str]:
    """By the name of the field what the request says, in the order of requests.DETAILS."""
    return {name: str(request.details[name]) for name in requests.DETAILS if request.details.get(name)}


def column(name: str) -> str:
    """The column of a field of the request, of the organization or of its seat."""
    bare = name.removeprefix(OF_SEAT)
    return "country_id" if name == f"{OF_SEAT}country" else bare


def said(organization: Organization, seats: Collection[Seat]) -> dict[str, State]:
    """What the register says in the fields that a request may be about: of the organization ("") and each seat."""
    of_body = [column(name) for name in requests.DETAILS if not name.startswith(OF_SEAT)]
    of_seat = [column(name) for name in requests.DETAILS if name.startswith(OF_SEAT)]
    states: dict[str, tuple[Record, list[str]]] = {"": (organization, [*of_body, "name_lang"])}
    states |= {str(seat.pk): (seat, [*of_seat, "until"]) for seat in seats}
    return {key: {name: state_of(record, {})[name] for name in names} for key, (record, names) in states.items()}


@transaction.atomic
def take_over(request: Request, choice: Choice, seen: Mapping[str, State], actor: Any, note: str = "") -> Operation:
    """Write what was chosen as one operation; the request is granted. `seen`: what the register said to who chose.
    Raises inbox.Stale, Refused, or Overtaken where the register says something else by now."""
    locked = inbox.in_hand(request)
    if locked.organization is None:
        raise inbox.Stale
    wanted = {name: text for name, text in asked(locked).items() if name in choice.names}
    source = inbox.own_source(actor)
    body = locked.organization
    with operation(OperationKind.REQUEST, f"Details changed: {body}", actor) as journal:
        of_body = {name: text for name, text in wanted.items() if not name.startswith(OF_SEAT)}
        of_seat = {name: text for name, text in wanted.items() if name.startswith(OF_SEAT)}
        if of_body:
            change_body(journal, locked, source, of_body, seen[""], choice.keep_names)
        if of_seat:
            change_seat(journal, locked, source, of_seat, seen, choice)
    Request.objects.filter(pk=locked.pk).update(operation=journal.operation)
    requests.advance(request, Stage.GRANTED, actor, note)
    assert journal.operation is not None
    return journal.operation


def change_body(
    journal: Journal, request: Request, source: Source, wanted: Mapping[str, str], before: State, keep_names: bool
) -> None:
    """The organization goes on citing what names it; what its request adds stands beside it as a further source."""
    body = request.organization
    assert body is not None
    after = {**before, **{column(name): text for name, text in wanted.items()}}
    former = list(former_names(body, before, after, request)) if keep_names else []
    check(filled(body, after), wanted)
    journal.change([Edit(body, before, after)])
    if former:
        journal.create(former)
    reading = "; ".join(f"{name}: {text}" for name, text in wanted.items())
    further = FurtherSource(
        kind="organization", record_key=body.slug, source=source, reading=reading[:500],
        locator=inbox.evidence_of(request, source)["locator"],
    )  # fmt: skip
    journal.create([further])


def former_names(body: Organization, before: State, after: State, request: Request) -> Iterator[OrganizationName]:
    """What it was called, until the day on which it said so at the latest; it stood where the organization stands."""
    until = f"../{inbox.received_on(request).isoformat()}"
    for name, kind in KEPT_AS.items():
        was = before[name]
        lang = before["name_lang"] if kind == NameKind.FORMER else ""
        is_noted = OrganizationName.objects.filter(organization=body, name=was, kind=kind, lang=lang).exists()
        if was and was != after[name] and not is_noted:
            evidence = {"source_id": body.source_id, "locator": body.locator, "as_of": body.as_of}
            yield OrganizationName(organization=body, name=was, kind=kind, lang=lang, until=until, **evidence)


def change_seat(
    journal: Journal,
    request: Request,
    source: Source,
    wanted: Mapping[str, str],
    seen: Mapping[str, State],
    choice: Choice,
) -> None:
    """A seat that it had until now ends and another begins; one that was wrong is mended and cites the request."""
    old, evidence = choice.seat, inbox.evidence_of(request, source)
    before = seen[str(old.pk)] if old else {}
    after = {**{name: before.get(name) for name in ("city", "country_id")}, **columns_of_seat(wanted)}
    if old and not choice.keep_seat:
        mended = {**after, "source_id": source.pk, "locator": evidence["locator"], "as_of": evidence["as_of"]}
        stands = state_of(old, {})
        check(filled(old, mended), wanted)
        journal.change([Edit(old, {**{name: stands[name] for name in mended}, **before}, {**before, **mended})])
        return
    new = Seat(organization=request.organization, city=after["city"] or "", country_id=after["country_id"], **evidence)
    check(new, {**wanted, f"{OF_SEAT}country": ""})
    if old:
        ended = {"until": f"../{evidence['as_of']}"}
        check(filled(old, ended), wanted)
        journal.change([Edit(old, before, {**before, **ended})])
    journal.create([new])


def filled(record: Record, state: State) -> Record:
    """The record, unsaved, as it would be."""
    would_be = type(record)()
    would_be.pk = record.pk
    would_be._state.adding = False
    put(would_be, {**state_of(record, {}), **state})
    return would_be


def columns_of_seat(wanted: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {column(name): text for name, text in wanted.items()}
    if code := wanted.get(f"{OF_SEAT}country"):
        country = Country.objects.filter(iso2=code).first()
        if country is None:
            raise Refused({f"{OF_SEAT}country": [_("The register has no such country.")]})
        found["country_id"] = country.pk
    return found


def check(record: Any, wanted: Collection[str]) -> None:
    """Raises Refused, with what is wrong under the names that the request has for the fields."""
    names = {name.removeprefix(OF_SEAT): name for name in wanted}
    try:
        inbox.checked(record, names)
    except ValidationError as error:
        by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
        problems: dict[str, list[str]] = {}
        for name, errors in by_field.items():
            texts = [text for each in errors for text in each.messages]
            problems.setdefault(names.get(name, ""), []).extend(texts)
        raise Refused(problems) from None
