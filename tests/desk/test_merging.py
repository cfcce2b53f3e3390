"""Merging two organizations: what is kept, what goes, and that undoing brings back all of it."""

from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.http import QueryDict

from engagement.desk.beside import ASKED
from engagement.desk.journal import Overtaken, operation
from engagement.desk.merging import Choices, Merge, Side, merge
from engagement.desk.models import Distinct, Operation, OperationKind, Signpost
from engagement.desk.repointing import columns_to_organizations
from engagement.desk.states import states_of
from engagement.desk.undoing import pointing_to, undo
from engagement.directories import DIRECTORIES
from engagement.exchange.exporting import about, file_of_rows
from engagement.exchange.formats import FORMATS
from engagement.models import (
    Affiliation,
    Attendance,
    Constituent,
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Contact,
    Discrepancy,
    FurtherSource,
    Invitation,
    LinkKind,
    Meeting,
    NameKind,
    Organization,
    OrganizationIdentifier,
    OrganizationLink,
    OrganizationName,
    Project,
    ProjectPartner,
    Seat,
)
from engagement.models.base import Record
from tests.admin.rows import make
from tests.factories import make_organization, make_source

pytestmark = pytest.mark.django_db

_numbers = count(1)


@pytest.fixture
def actor() -> Any:
    return get_user_model().objects.create_user("invented-editor", password="a long enough passphrase")


@pytest.fixture
def pair() -> tuple[Organization, Organization]:
    """One that is to stay, and one that is to go with a row of every kind."""
    survivor = make_organization(name="Invented League of Lamplighters", website="https://lamps.example")
    other = make_organization(
        name="Invented Lamplighters’ League",
        acronym="ILL",
        founded="1950",
        locator="p. 7",
        as_of="2006",
        note="Second.",
    )
    survivor.themes.add(1)
    other.themes.add(1, 2)
    return survivor, other


def with_everything(survivor: Organization, other: Organization) -> None:
    """Rows of the other of every model that leads to organizations, some of which collide with the survivor's."""
    third, meeting, project = make_organization(), make(Meeting), make(Project)
    for model in (Seat, OrganizationIdentifier, ConsultativeStatus, ConsultativeLink, Attendance, Contact, Constituent):
        make(model, organization=other)
    make(Affiliation, organization=other)
    make(OrganizationName, organization=other, name="Invented Old Lamps", kind=NameKind.FORMER)
    for one in (survivor, other):
        make(Invitation, organization=one, meeting=meeting)
        make(OrganizationLink, organization=one, kind=LinkKind.AFFILIATE, other=third)
        make(ProjectPartner, organization=one, project=project, slug=one.slug, role="donor")
    make(OrganizationLink, organization=third, kind=LinkKind.SUCCESSOR, other=other)
    make(OrganizationLink, organization=other, kind=LinkKind.MERGED, other=survivor)
    make(FurtherSource, kind="organization", record_key=other.slug)
    make(Discrepancy, kind="organization", record_key=other.slug)


def said(model: Any) -> dict[int, Any]:
    return states_of(list(model._base_manager.order_by("pk")))


def register() -> dict[str, Any]:
    """All that every model of the register says, and what the desk keeps beside it."""
    models = [model for model in apps.get_app_config("engagement").get_models() if issubclass(model, Record)]
    beside = {model.__name__: list(model.objects.order_by("pk").values()) for model in (Signpost,)}
    pairs = list(
        Distinct.objects.order_by("first", "second").values("first", "second", "actor", "actor_name", "found_at")
    )
    return {**{model.__name__: said(model) for model in models}, **beside, "Distinct": pairs}


def exports() -> dict[str, bytes]:
    """The CSV files of what speaks of organizations."""
    files = {}
    for directory in DIRECTORIES:
        if directory.name in ("organizations", "statuses", "invitations", "projects", "constituents"):
            question = directory.ask(QueryDict())
            header = about(directory, question, 0, 0, "https://register.example")
            site = "https://register.example"
            files[directory.name] = b"".join(file_of_rows(FORMATS["csv"], header, directory, question, site))
    return files


def test_undoing_a_merge_leaves_the_register_and_its_files_exactly_as_they_were(actor: Any, pair: Any) -> None:
    survivor, other = pair
    with_everything(survivor, other)
    third = make_organization()
    Distinct.objects.create(first=other, second=third, actor=actor, actor_name="invented-editor")
    before, files = register(), exports()
    made = merge(Merge(survivor, other), Merge(survivor, other).presets, actor)
    assert register() != before and exports() != files
    assert not Organization.objects.filter(slug=other.slug).exists()
    undo(made, actor)
    assert register() == before
    assert exports() == files


def test_what_is_chosen_stands_and_fields_of_work_are_united(actor: Any, pair: Any) -> None:
    survivor, other = pair
    planned = Merge(survivor, other)
    presets = planned.presets.sides
    assert presets["name"] == Side.SURVIVOR and presets["acronym"] == presets["founded"] == Side.OTHER
    merge(planned, Choices({**presets, "name": Side.OTHER}), actor)
    survivor.refresh_from_db()
    assert (survivor.name, survivor.acronym, survivor.founded) == (other.name, "ILL", "1950")
    assert survivor.sort_name == "invented lamplighters league"
    assert (survivor.website, survivor.note) == ("https://lamps.example", "Second.")
    assert set(survivor.themes.values_list("pk", flat=True)) == {1, 2}


def test_two_notes_are_joined_unless_one_is_chosen(actor: Any, pair: Any) -> None:
    survivor, other = pair
    Organization.objects.filter(pk=survivor.pk).update(note="First.")
    survivor.refresh_from_db()
    planned = Merge(survivor, other)
    assert planned.presets.sides["note"] == Side.BOTH
    assert planned.after(planned.presets)["note"] == "First.\n\nSecond."
    assert planned.after(Choices({"note": Side.OTHER}))["note"] == "Second."


def test_the_name_and_the_source_that_do_not_stand_stay_findable(actor: Any, pair: Any) -> None:
    survivor, other = pair
    survivor.acronym = "ILAMP"
    survivor.save()
    merge(Merge(survivor, other), Choices({"source_id": Side.SURVIVOR}, NameKind.FORMER), actor)
    name = survivor.names.get(kind=NameKind.FORMER)
    assert (name.name, name.source, name.locator, name.as_of) == (other.name, other.source, "p. 7", "2006")
    assert survivor.names.get(kind=NameKind.ACRONYM).name == "ILL"
    further = FurtherSource.objects.get(kind="organization", record_key=survivor.slug)
    assert (further.source, further.locator) == (other.source, "p. 7")
    assert further.reading == "Invented Lamplighters’ League (2006)"


def test_a_name_that_the_survivor_has_already_is_not_written_twice(actor: Any, pair: Any) -> None:
    survivor, other = pair
    make(OrganizationName, organization=survivor, name=other.name, kind=NameKind.VARIANT, lang="en")
    merge(Merge(survivor, other), Choices(), actor)
    assert survivor.names.filter(name=other.name).count() == 1


def test_of_two_rows_that_collide_the_richer_is_kept_and_takes_the_others_source(actor: Any, pair: Any) -> None:
    survivor, other = pair
    meeting = make(Meeting)
    poor = make(Invitation, organization=survivor, meeting=meeting, as_of="")
    rich = make(Invitation, organization=other, meeting=meeting, note="Said at length.", as_of="2006")
    remark = make(FurtherSource, kind="invitation", record_key=poor.key)
    planned = Merge(survivor, other)
    assert [(each.kept, each.dropped) for each in planned.moves.collisions] == [(rich, poor)]
    merge(planned, planned.presets, actor)
    rich.refresh_from_db()
    remark.refresh_from_db()
    assert rich.organization == survivor and not Invitation.objects.filter(pk=poor.pk).exists()
    assert remark.record_key == rich.key
    sources = FurtherSource.objects.filter(kind="invitation", record_key=rich.key)
    assert set(sources.values_list("source", flat=True)) == {remark.source_id, poor.source_id}


def test_of_two_equally_rich_rows_the_survivors_is_kept_but_a_public_one_before_a_withheld(pair: Any) -> None:
    survivor, other = pair
    kept = {}
    for published in (True, False):
        meeting = make(Meeting)
        make(Invitation, organization=survivor, meeting=meeting, published=published)
        make(Invitation, organization=other, meeting=meeting)
        collision = next(each for each in Merge(survivor, other).moves.collisions if each.kept.meeting == meeting)  # type: ignore[attr-defined]
        kept[published] = collision.kept.organization  # type: ignore[attr-defined]
    assert kept == {True: survivor, False: other}


def test_links_between_the_two_go_with_what_was_remarked_on_them(actor: Any, pair: Any) -> None:
    survivor, other = pair
    link = make(OrganizationLink, organization=other, kind=LinkKind.SUCCESSOR, other=survivor)
    remark = make(FurtherSource, kind="organizationlink", record_key=link.key)
    third = make(OrganizationLink, organization=other, kind=LinkKind.SUCCESSOR)
    planned = Merge(survivor, other)
    assert planned.moves.between == [link, remark]
    merge(planned, planned.presets, actor)
    third.refresh_from_db()
    assert third.organization == survivor
    assert list(OrganizationLink.objects.filter(organization=survivor)) == [third]
    assert not FurtherSource.objects.filter(pk=remark.pk).exists()


def test_the_code_of_a_project_partner_follows_the_survivor(actor: Any, pair: Any) -> None:
    survivor, other = pair
    named = make(ProjectPartner, organization=other, slug="invented-own-code")
    coded = make(ProjectPartner, slug=other.slug)
    merge(Merge(survivor, other), Choices(), actor)
    for partner in (named, coded):
        partner.refresh_from_db()
    assert (named.organization, named.slug) == (survivor, "invented-own-code")
    assert (coded.organization, coded.slug) == (None, survivor.slug)


def test_a_status_that_both_have_is_kept_twice_and_warned_of(actor: Any, pair: Any) -> None:
    survivor, other = pair
    category = ConsultativeCategory.objects.get(slug="special-list")
    for one in pair:
        make(ConsultativeStatus, organization=one, category=category)
    planned = Merge(survivor, other)
    assert len(planned.warnings()) == 1 and "Special List" in planned.warnings()[0]
    merge(planned, planned.presets, actor)
    assert survivor.statuses.filter(category=category).count() == 2


def test_dates_that_do_not_fit_together_are_a_problem(pair: Any) -> None:
    survivor, other = pair
    survivor.dissolved = "1920"
    survivor.save()
    planned = Merge(survivor, other)
    assert len(planned.problems(planned.presets)) == 1
    assert planned.problems(Choices({"founded": Side.SURVIVOR})) == []


def test_a_second_merge_leads_all_old_addresses_to_its_end_and_undoing_it_leads_them_back(actor: Any) -> None:
    first, second, third = (make_organization(name=f"Invented Chain {number}") for number in "123")
    one = merge(Merge(second, first), Choices(), actor)
    two = merge(Merge(third, second), Choices(), actor)

    def ends() -> list[Any]:
        return list(Signpost.objects.order_by("slug").values_list("slug", "organization"))

    assert ends() == [(first.slug, third.pk), (second.slug, third.pk)]
    with pytest.raises(Overtaken):
        undo(one, actor)
    undo(two, actor)
    assert ends() == [(first.slug, second.pk)]
    undo(one, actor)
    assert not Signpost.objects.exists()


def test_a_slug_that_led_elsewhere_leads_to_the_newest_end_until_that_is_undone(actor: Any) -> None:
    first, second, third = (make_organization(name=f"Invented Chain {number}") for number in "123")
    slug = first.slug
    merge(Merge(second, first), Choices(), actor)
    again = make_organization(name="Invented Newcomer", slug=slug)
    made = merge(Merge(third, again), Choices(), actor)
    assert Signpost.objects.target_of(slug) == third.slug
    undo(made, actor)
    assert Signpost.objects.get(slug=slug).organization == second


def test_an_import_gives_no_organization_an_address_that_leads_to_another(actor: Any, pair: Any) -> None:
    survivor, other = pair
    merge(Merge(survivor, other), Choices(), actor)
    with operation(OperationKind.IMPORT, "invented.csv", actor) as journal:
        fresh = Organization(name=other.name, source=make_source())
        journal.create([fresh])
    assert fresh.slug == f"{other.slug}-2"


def test_what_is_not_the_same_as_the_one_that_goes_is_not_the_same_as_the_survivor(actor: Any, pair: Any) -> None:
    survivor, other = pair
    third = make_organization()
    for body in (survivor, third):
        first, second = sorted((other.pk, body.pk))
        Distinct.objects.create(first_id=first, second_id=second, actor=actor, actor_name="invented-editor")
    merge(Merge(survivor, other), Choices(), actor)
    assert list(Distinct.objects.values_list("first", "second")) == [(survivor.pk, third.pk)]


def test_undoing_an_import_takes_along_that_what_it_made_is_not_the_same_as_another(actor: Any) -> None:
    with operation(OperationKind.IMPORT, "invented.csv", actor) as journal:
        fresh = Organization(name="Invented Import", source=make_source())
        journal.create([fresh])
    there = make_organization()
    Distinct.objects.create(first=fresh, second=there, actor=actor, actor_name="invented-editor")
    assert journal.operation
    undo(journal.operation, actor)
    assert not Distinct.objects.exists() and not Organization.objects.filter(name="Invented Import").exists()


@pytest.mark.parametrize("late", ["edit of the survivor", "edit of the other", "edit of a row", "new row"])
def test_what_changed_since_it_was_planned_stops_the_merge_whole(actor: Any, pair: Any, late: str) -> None:
    survivor, other = pair
    seat = make(Seat, organization=other, city="Invented City")
    planned = Merge(survivor, other)
    seal = planned.fingerprint
    if late == "new row":
        make(Seat, organization=other)
    elif late == "edit of a row":
        Seat.objects.filter(pk=seat.pk).update(city="Invented Town")
    else:
        Organization.objects.filter(pk=(survivor if "survivor" in late else other).pk).update(acronym="LATE")
    before = register()
    with pytest.raises(Overtaken):
        merge(planned, planned.presets, actor)
    assert register() == before and not Operation.objects.exists()
    again = [Organization.objects.get(pk=body.pk) for body in pair]
    assert Merge(*again).fingerprint != seal


def test_the_histories_of_both_tell_of_the_merge_and_its_reason(actor: Any, pair: Any) -> None:
    survivor, other = pair
    made = merge(Merge(survivor, other), Choices(reason="Same statutes."), actor)
    assert made.kind == OperationKind.MERGE and made.title.endswith("Same statutes.")
    for slug, kind in ((survivor.slug, "~"), (other.slug, "-")):
        newest = Organization.history.filter(slug=slug).latest("history_id")
        assert (newest.history_type, newest.history_user) == (kind, actor)
        assert other.slug in newest.history_change_reason


def test_a_merge_knows_every_table_that_leads_to_organizations() -> None:
    """Rows of the register are led to the survivor whatever their model; the desk's own are moved by desk.beside."""
    others = {each.related_model for each in pointing_to(Organization)} - set(columns_to_organizations())
    assert others == {Signpost, Distinct, *(model for model, _name in ASKED.values())}
