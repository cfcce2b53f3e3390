"""The rows of the CSV files against the register, field by field: whatever was gathered is there, with its source."""

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q

from engagement.models import (
    Attendance,
    Constituent,
    ConsultativeLink,
    ConsultativeStatus,
    Country,
    Discrepancy,
    EligibilityCriterion,
    FurtherSource,
    Instrument,
    Invitation,
    InvitationDecision,
    Meeting,
    Membership,
    Office,
    Official,
    Organization,
    ParticipationRight,
    Programme,
    Project,
    ProjectResult,
    Provision,
    Ratification,
    Source,
)
from fixtures.build.partial_dates import partial
from fixtures.build.projects import PORTFOLIOS
from fixtures.build.reading import FIXTURES, Row, curated, gathered, listed

pytestmark = pytest.mark.once

# What a row says: the record it became, and what the record's fields (or lookups) must hold.
Expected = tuple[Any, dict[str, Any]]


def sourced(row: Row, **more: Any) -> dict[str, Any]:
    return {"source__slug": row["source_id"], **more}


def source_of(row: Row) -> Expected:
    same = {"title": row["title"], "publisher": row["publisher"], "url": row["url"]}
    dates = {"date": partial(row["document_date"]), "as_of": partial(row["as_of"])}
    return Source.objects.get(slug=row["source_id"]), {**same, **dates, "note": Contains(row["note"])}


def country_of(row: Row) -> Expected:
    same = {column: row[column] for column in ("name", "iso3", "subregion")}
    region = {"region__name": row["region"], "source__slug": row["region_source_id"]}
    first = Membership.objects.filter(country__iso2=row["iso2"], since=row["member_since"], source=row_source(row))
    assert row["note"] in [spell.note for spell in first]
    listing = Q(listed_in__slug=row["membership_source_id"])
    assert Membership.objects.filter(listing, country__iso2=row["iso2"]).exists()
    return Country.objects.get(iso2=row["iso2"]), {**same, **region}


def row_source(row: Row) -> Source:
    return Source.objects.get(slug=row["source_id"])


def ratification_of(row: Row) -> Expected:
    found = Ratification.objects.get(instrument__code=row["instrument"], country__iso2=row["iso2"])
    return found, sourced(row, date=row["date"], state=row["status"].replace(" ", "-"), note=row["note"])


def instrument_of(row: Row) -> Expected:
    same = {column: row[column] for column in ("title", "adopted_at", "status", "note")}
    dates = {"adopted": row["adoption_date"], "in_force_from": row["entry_into_force"]}
    number = int(row["number"]) if row["number"] else None
    found = Instrument.objects.get(code=row["code"])
    return found, sourced(row, kind=row["kind"].lower(), number=number, **same, **dates)


def constituent_of(row: Row) -> Expected:
    found = Constituent.objects.get(country__iso2=row["iso2"], group=row["kind"], name=row["name"])
    assert {affiliation.name for affiliation in found.affiliations.all()} == set(listed(row["affiliation"]))
    same = {column: row[column] for column in ("acronym", "website", "note")}
    return found, sourced(row, as_of=partial(row["as_of"]), **same)


def undertaking_of(row: Row) -> Expected:
    model = Programme if row["title"] in PORTFOLIOS else Project
    found: Any = model.objects.get(title=row["title"])
    assert {theme.name for theme in found.themes.all()} == {name.replace("'", "’") for name in listed(row["themes"])}
    if model is Project:
        assert {country.iso2 for country in found.countries.all()} == set(listed(row["country_iso2s"]))
        named = [*listed(row["donors"]), *listed(row["partners"])]
        assert sorted(partner.name for partner in found.partners.all()) == sorted(named)
        assert {partner.source.slug for partner in found.partners.all()} <= {row["source_id"]}
    same = {column: row[column] for column in ("start", "end", "currency", "url", "note")}
    budget = Decimal(row["budget"]) if row["budget"] else None
    return found, sourced(row, budget=budget, **same)


def result_of(row: Row) -> Expected:
    of_undertaking = Q(project__title=row["project"]) | Q(programme__title=row["project"])
    found = ProjectResult.objects.get(of_undertaking, indicator=row["indicator"], as_of=partial(row["as_of"]))
    return found, sourced(row, value=Decimal(row["value"]), unit=row["unit"], note=Contains(row["note"]))


def office_of(row: Row) -> Expected:
    found = next(office for office in Office.objects.all() if row["name"] in (office.name, full_name(office)))
    codes = {country.iso2 for country in found.covered_countries.all()}
    assert (codes or set(listed(found.covers))) == set(listed(row["covers"]))
    same = {column: row[column] for column in ("city", "address", "since", "until", "note")}
    return found, sourced(row, country__iso2=row["iso2"], **same)


def full_name(office: Office) -> str:
    return f"{office.name} ({office.acronym})"


def official_of(row: Row) -> Expected:
    same = {"position": row["office"], "since": row["start"], "until": row["end"], "note": row["note"]}
    return Official.objects.get(name=row["name"]), sourced(row, nationality__iso2=row["nationality_iso2"], **same)


def discrepancy_of(row: Row) -> Expected:
    same = {column: row[column] for column in ("field", "reading_a", "reading_b", "note")}
    slugs = {"source_a__slug": row["source_a"] or None, "source_b__slug": row["source_b"] or None}
    found = Discrepancy.objects.get(field=row["field"], reading_a=row["reading_a"], reading_b=row["reading_b"])
    return found, {**same, **slugs}


def body_of(printed: str) -> Organization:
    slug = next(row["slug"] for row in curated("organization_naming") if row["printed"] == printed)
    return Organization.objects.get(slug=slug)


def organization_of(row: Row) -> Expected:
    """The standing; what the note says beside is in the tables of names, seats and links."""
    body = body_of(row["name"])
    assert {name.replace("'", "’") for name in listed(row["themes"])} <= {theme.name for theme in body.themes.all()}
    if row["category"] == "invited":
        return body.invitations.filter(source__slug=row["source_id"]).first(), sourced(row)
    status = ConsultativeStatus.objects.get(organization=body, source__slug=row["source_id"])
    category = row["category"].replace("_", "-")
    return status, sourced(row, category__slug=category, as_of=row["as_of"])


def link_of(row: Row) -> Expected:
    found = ConsultativeLink.objects.get(organization=body_of(row["name"]), source__slug=row["source_id"])
    same = {"since": row["status_since"], "until": row["status_until"], "as_of": row["as_of"]}
    return found, sourced(row, **same)


def invitation_of(row: Row) -> Expected:
    meeting = {"dates_as_printed": row["meeting_dates"], "agenda_items": "\n".join(listed(row["agenda_items"]))}
    found = Invitation.objects.get(organization=body_of(row["organization"]), source__slug=row["source_id"], **meeting)
    return found, sourced(row)


def decision_of(row: Row) -> Expected:
    found = InvitationDecision.objects.get(source__slug=row["source_id"], label=row["meetings"])
    return found, sourced(
        row, date=row["decision_date"], decided=row["what_was_decided"], list_status=row["list_status"]
    )


def attendance_of(row: Row) -> Expected:
    same = {"reported": row["what_the_source_reports"], "dates_as_printed": row["meeting_dates"]}
    candidates = Attendance.objects.filter(source__slug=row["source_id"], **same)
    together = Q(name_as_printed=row["organization"]) | Q(note__contains=f"“{row['organization']}”")
    return candidates.filter(together).first(), sourced(row, **same)


def right_of(row: Row) -> Expected:
    same = {column: row[column] for column in ("right", "detail")}
    found = ParticipationRight.objects.get(source__slug=row["source_id"], **same)
    return found, sourced(row, meeting_wording=row["meeting_type"], **same)


def criterion_of(row: Row) -> Expected:
    return EligibilityCriterion.objects.get(text=row["criterion"]), sourced(row, text=row["criterion"])


def provision_of(row: Row) -> Expected:
    same = {column: row[column] for column in ("instrument", "article", "subject", "text_seen")}
    return Provision.objects.get(**same), sourced(row, **same)


def meeting_of(row: Row) -> Expected:
    """The meeting that the row's source speaks of, first or further."""
    further_of = FurtherSource.objects.filter(kind="meeting", source__slug=row["source_id"])
    spoken_of = Q(source__slug=row["source_id"]) | Q(slug__in=further_of.values("record_key"))
    prefix = {"ILC": "ilc-", "GB": "gb-"}.get(row["body"], "")
    identity = Q(slug=f"{prefix}{row['number']}") if prefix else Q(name=row["name"])
    return Meeting.objects.filter(spoken_of, identity).get(), {}


def agenda_of(row: Row) -> Expected:
    further_of = FurtherSource.objects.filter(kind="meeting", source__slug=row["source_id"])
    spoken_of = Q(source__slug=row["source_id"]) | Q(slug__in=further_of.values("record_key"))
    meetings = Meeting.objects.filter(spoken_of, agenda="\n".join(listed(row["agenda_items"])))
    return meetings.first(), {}


READERS: dict[str, Callable[[Row], Expected]] = {
    "attendance": attendance_of,
    "constituents": constituent_of,
    "criteria": criterion_of,
    "discrepancies": discrepancy_of,
    "instruments": instrument_of,
    "invitation_decisions": decision_of,
    "invitations": invitation_of,
    "meetings": meeting_of,
    "meetings_agendas": agenda_of,
    "member_states": country_of,
    "offices": office_of,
    "officials": official_of,
    "organizations": organization_of,
    "organizations_unclassified": link_of,
    "participation_rights": right_of,
    "project_results": result_of,
    "projects": undertaking_of,
    "provisions": provision_of,
    "ratifications": ratification_of,
    "sources": source_of,
}


class Contains(str):
    """A text that the field must hold, whatever else it holds."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str(self) in other

    __hash__ = str.__hash__


def check(name: str, row: Row) -> None:
    """Every field that the row speaks of holds what the row says."""
    found, expected = READERS[name](row)
    assert found is not None, f"{name}: {row}"
    for lookup, value in expected.items():
        held: Any = found
        for step in lookup.split("__"):
            held = getattr(held, step, None)
        assert value == held, f"{name}, {lookup} of {row}: {held!r}"


def sample() -> list[tuple[str, Row]]:
    """Fifty rows of all files, the same at every run: two of each file, the rest wherever they fall."""
    chance = random.Random(1919)
    rows = {name: gathered(name) for name in READERS}
    two_each = [(name, row) for name in rows for row in chance.sample(rows[name], 2)]
    everywhere = [(name, row) for name in rows for row in rows[name]]
    return [*two_each, *chance.sample(everywhere, 50 - len(two_each))]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row"), sample(), ids=lambda value: value if isinstance(value, str) else "row")
def test_a_sampled_row_stands_in_the_register_field_by_field(name: str, row: Row) -> None:
    check(name, row)


def test_every_gathered_file_is_sampled() -> None:
    assert {path.stem for path in (FIXTURES / "csv").glob("*.csv")} == set(READERS)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(READERS))
def test_all_rows_of_a_file_stand_in_the_register_field_by_field(name: str) -> None:
    for row in gathered(name):
        check(name, row)
