"""From a plan to the register and back: what is written, its history, and that undoing leaves the same files."""

from typing import Any

import pytest

from engagement.desk.models import RecordChange
from engagement.desk.undoing import undo
from engagement.directories import Directory
from engagement.exchange.importing.kinds import KINDS, Kind
from engagement.models import (
    Affiliation,
    Constituent,
    Contact,
    Country,
    Organization,
    Project,
    ProjectPartner,
    ProjectResult,
    Seat,
    Theme,
)
from tests.admin.rows import make
from tests.exchange.importing.bringing import applied, bring, outcomes, public_file, row
from tests.factories import make_invitation, make_meeting, make_organization, make_status

pytestmark = pytest.mark.django_db

PUBLIC = [kind.directory for kind in KINDS.values() if kind.directory]


def files() -> dict[str, bytes]:
    return {each.name: public_file(each, "json") for each in PUBLIC if isinstance(each, Directory)}


def rows_of(kind: str) -> tuple[str, list[tuple[str, ...]]]:
    """A header, and rows that change a record of the kind and make a new one."""
    body, project = make_organization(name="Invented V1"), make(Project, title="Invented Project V1")
    make(Seat, organization=body, city="Lyon", country=Country.objects.get(iso2="FR"))
    partner = make(ProjectPartner, project=project, name="Invented Old Partner", role="government")
    theme, affiliation = Theme.objects.all()[0].slug, Affiliation.objects.all()[0].slug
    meeting = make_meeting(name="Invented V2", number="998")
    contact = make(Contact, name="Ada Invented", public=True, consented_on="2024-01-02")
    status, invitation = make_status(granted="2001"), make_invitation()
    constituent = make(Constituent, country=Country.objects.get(iso2="CH"), group="workers", name="Invented V3")
    result = make(ProjectResult, project=project, indicator="Lamps", value="1", as_of="2020")
    told: dict[str, tuple[str, list[tuple[str, ...]]]] = {
        "organizations": ("key name country city theme acronym", [
            (body.slug, "Invented V1 renamed", "CH; KE", "Geneva; ", theme, "IV"),
            ("", "Invented New V1", "CH", "", "", ""),
        ]),
        "statuses": ("key organization category granted ended", [
            (status.key, "", "", "", "2005-02"), ("", body.slug, "general", "1999", "")
        ]),
        "constituents": ("key name country group affiliation", [
            (constituent.key, "Invented V3 renamed", "", "", affiliation),
            ("", "Invented New V3", "KE", "employers", ""),
        ]),
        "projects": ("key name country theme partner_label partner_role donor_label budget currency", [
            (project.slug, "", "CH", theme, "Invented Partner", "implementing", "Invented Fund", "1000.5", "CHF"),
            ("", "Invented New Project", "KE", "", "", "", "Invented Fund", "", ""),
        ]),
        "project-results": ("key project indicator value as_of", [
            (result.key, "", "", "2.5", ""), ("", project.slug, "Wicks", "3", "2021")
        ]),
        "project-partners": ("key project name role", [
            (partner.key, "", "Invented Partner renamed", ""), ("", project.slug, "Invented New Partner", "donor")
        ]),
        "meetings": ("key body number name country start agenda", [
            (meeting.slug, "", "", "", "CH", "3 June 2001", "One; Two"), ("", "ilc", "999", "Invented New", "", "", "")
        ]),
        "invitations": ("key organization meeting agenda_items", [
            (invitation.key, "", "", "Item 2"), ("", body.slug, meeting.slug, "Item 3")
        ]),
        "contacts": ("key name title email public purpose lawful_basis consented_on", [
            (contact.key, "", "Secretary", "ada@invented.example", "", "", "", ""),
            ("", "Bob Invented", "", "", "true", "Invitations", "consent", "2024-05-06"),
        ]),
    }  # fmt: skip
    return told[kind]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_written_is_what_was_planned_and_undoing_leaves_the_former_files(kind: Kind) -> None:
    header, rows = rows_of(kind.name)
    before, own = files(), list(kind.model._base_manager.order_by("pk").values())
    run = bring(kind.name, header, *rows, decisions={"*": "new"})
    assert outcomes(run) == ["changed", "new"], [each.problems for each in run.rows.all()]
    operation = applied(run)
    assert list(kind.model._base_manager.order_by("pk").values()) != own
    assert kind.directory is None or files() != before
    again = bring(kind.name, header, *rows, decisions={"*": "new"})
    assert outcomes(again) == ["unchanged", "unchanged"]
    undo(operation)
    assert files() == before
    assert list(kind.model._base_manager.order_by("pk").values()) == own


def test_a_new_organization_has_its_seats_themes_key_and_history() -> None:
    themes = [theme.slug for theme in Theme.objects.all()[:2]]
    run = bring(
        "organizations", "name country city theme locator",
        ("Invented Union W1", "CH; KE", "Geneva; Nairobi", "; ".join(themes), "p. 3"),
    )  # fmt: skip
    operation = applied(run)
    body = Organization.objects.get(slug="invented-union-w1")
    assert body.sort_name == "invented union w1" and body.source.slug == "profile" and body.as_of == "2008"
    assert sorted(body.themes.values_list("slug", flat=True)) == sorted(themes)
    seats = body.seats.order_by("city").values_list("city", "country__iso2", "key", "source__slug", "locator")
    assert list(seats) == [
        ("Geneva", "CH", "invented-union-w1-geneva-ch", "profile", "p. 3"),
        ("Nairobi", "KE", "invented-union-w1-nairobi-ke", "profile", "p. 3"),
    ]
    newest = body.history.first()
    assert newest.history_type == "+" and "invented.csv" in newest.history_change_reason
    assert operation.changes.count() == RecordChange.objects.filter(operation=operation).count() == 3


def test_a_seat_keeps_its_own_evidence_where_the_row_says_nothing_of_it() -> None:
    body = make_organization(name="Invented W2")
    seat = make(Seat, organization=body, city="Geneva", country=Country.objects.get(iso2="CH"), as_of="1999")
    applied(bring("organizations", "key country city", (body.slug, "CH; KE", "Carouge; Nairobi")))
    seat.refresh_from_db()
    assert (seat.city, seat.as_of) == ("Carouge", "1999")
    new = body.seats.get(country__iso2="KE")
    assert (new.source.slug, new.as_of) == ("profile", "2008")


def test_only_what_differs_is_written_in_a_changed_row() -> None:
    body = make_organization(name="Invented W3", acronym="OLD")
    operation = applied(bring("organizations", "key name acronym", (body.slug, "Invented W3", "NEW")))
    (change,) = operation.changes.all()
    assert (change.before, change.after) == ({"acronym": "OLD"}, {"acronym": "NEW"})


def test_rejected_rows_can_be_left_out_and_the_rest_is_written() -> None:
    run = bring("organizations", "name founded", ("Invented W4", "2001"), ("Invented W5", "never"))
    applied(run, leave_out_rejected=True)
    assert Organization.objects.filter(name="Invented W4").exists()
    assert not Organization.objects.filter(name="Invented W5").exists()


def test_a_row_decided_to_be_a_record_changes_that_record() -> None:
    body = make_organization(name="Invented Guild of Coopers", acronym="")
    run = bring("organizations", "name acronym", ("Invented Guild of Cooperz", "IGC"), decisions={2: body.slug})
    applied(run)
    body.refresh_from_db()
    assert (body.name, body.acronym) == ("Invented Guild of Cooperz", "IGC")


@pytest.mark.parametrize("count", [10, 120])
def test_applying_asks_the_same_however_many_new_rows(count: int, django_assert_max_num_queries: Any) -> None:
    rows = [(f"Invented body {n} of many {n * 7}", f"town {n}", "CH") for n in range(count)]
    run = bring("organizations", "name city country", *rows)
    with django_assert_max_num_queries(50):
        applied(run)
    assert Seat.objects.filter(city__startswith="town ").count() == count
    assert row(run).label.startswith("Invented body 0")


@pytest.mark.parametrize("count", [10, 60])
def test_applying_asks_the_same_however_many_rows_change(count: int, django_assert_max_num_queries: Any) -> None:
    themes = [theme.slug for theme in Theme.objects.all()[:3]]
    bodies = [make_organization(name=f"Invented W6 {n}", acronym="OLD") for n in range(count)]
    for body in bodies:
        body.themes.set(Theme.objects.filter(slug__in=themes[:2]))
    lines = [(body.slug, f"NEW {n}", "; ".join(themes[1:])) for n, body in enumerate(bodies)]
    run = bring("organizations", "key acronym theme", *lines)
    with django_assert_max_num_queries(45):
        operation = applied(run)
    for n, body in enumerate(bodies):
        body.refresh_from_db()
        assert body.acronym == f"NEW {n}"
        assert sorted(theme.slug for theme in body.themes.all()) == sorted(themes[1:])
    assert operation.changes.count() == count
