"""Which rows have changed since a revision: every one that says something else, and nothing that is not public."""

import datetime
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement import freshness
from engagement.directories import DIRECTORIES, Directory, contacts, countries, offices, organizations, statuses
from engagement.directories.changing import Changed, changed_since
from engagement.directories.dependencies import MADE_OF
from engagement.exchange.exporting import objects
from engagement.models import (
    Affiliation,
    Constituent,
    ConsultativeCategory,
    Contact,
    Country,
    Invitation,
    InvitationDecision,
    LawfulBasis,
    Meeting,
    Membership,
    Office,
    Organization,
    OrganizationName,
    Project,
    ProjectPartner,
    Ratification,
    Region,
    Seat,
    Source,
    Theme,
)
from tests.factories import make_invitation, make_organization, make_source, make_status
from tests.freshness.toys import number

pytestmark = pytest.mark.django_db

ALL = 100_000


def revision() -> int:
    number()
    return freshness.revision()


def since(before: int, directory: Directory = organizations) -> dict[str, bool]:
    """By key of what has changed whether it is gone."""
    number()
    return {each.key: each.gone for each in changed_since(directory, before, ALL)}


def make_contact(**fields: Any) -> Contact:
    basis = LawfulBasis.PUBLISHED_SOURCE
    said = {"name": "Invented person", "purpose": "A test", "lawful_basis": basis, "public": True}
    return Contact.objects.create(source=make_source(), **{**said, **fields})


# -- Any series of edits ---------------------------------------------------------------------------------------------


def exported() -> dict[str, dict[str, Any]]:
    """By directory and key what is exported of every row."""
    found: dict[str, dict[str, Any]] = {}
    for directory in DIRECTORIES:
        question = directory.ask(QueryDict())
        keys = [*question.qs.values_list("pk", flat=True)]
        found[directory.name] = {str(row["key"]): row for row in objects(directory, question, keys, "")}
    return found


def some(chance: random.Random, model: Any) -> Any:
    return chance.choice(model.objects.order_by("pk"))


def rename(chance: random.Random) -> None:
    model, field = chance.choice(
        [
            (Organization, "name"), (Theme, "name"), (Region, "name"), (Country, "name"), (Source, "title"),
            (ConsultativeCategory, "name"), (Affiliation, "name"), (Meeting, "name"), (Office, "name"),
            (OrganizationName, "name"), (ProjectPartner, "name"), (Project, "title"), (Constituent, "name"),
        ]
    )  # fmt: skip
    row = some(chance, model)
    setattr(row, field, f"Renamed {chance.random()}")
    row.save()


def publish_or_not(chance: random.Random) -> None:
    model: Any = chance.choice(
        [Organization, Meeting, Country, Seat, Membership, InvitationDecision, ProjectPartner, Source, Contact]
    )
    row = some(chance, model)
    model.objects.filter(pk=row.pk).update(published=not row.published)


def delete(chance: random.Random) -> None:
    row = some(chance, chance.choice([Organization, Seat, Membership, Ratification, InvitationDecision, Office, Theme]))
    try:
        row.delete()
    except ProtectedError:
        row.save()


def create(chance: random.Random) -> None:
    body = some(chance, Organization)
    makers: list[Callable[[], object]] = [
        lambda: make_status(organization=body),
        lambda: make_invitation(organization=body),
        lambda: Seat.objects.create(organization=body, country=some(chance, Country), source=body.source),
        lambda: make_organization(region=some(chance, Region), published=chance.random() < 0.7),
        lambda: Membership.objects.create(country=some(chance, Country), since="2020", source=body.source),
        lambda: make_contact(name=f"Person {chance.random()}", public=chance.random() < 0.5),
    ]
    chance.choice(makers)()


def link(chance: random.Random) -> None:
    links = [
        (some(chance, Organization).themes, Theme),
        (some(chance, Project).countries, Country),
        (some(chance, Constituent).affiliations, Affiliation),
    ]
    manager, model = chance.choice(links)
    manager.set([some(chance, model), some(chance, model)])


def point_elsewhere(chance: random.Random) -> None:
    office, invitation = some(chance, Office), some(chance, Invitation)
    Office.objects.filter(pk=office.pk).update(predecessor=some(chance, Office))
    Invitation.objects.filter(pk=invitation.pk).update(decision=some(chance, InvitationDecision))


EDITS = (rename, publish_or_not, delete, create, link, point_elsewhere)


def all_that_differs_is_told(before: int, old: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What is exported now."""
    new = exported()
    for directory in DIRECTORIES:
        told, was, now = since(before, directory), old[directory.name], new[directory.name]
        gone = {key for key, is_gone in told.items() if is_gone}
        differing = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        if directory is contacts:
            differing &= now.keys()
        assert differing <= told.keys(), directory.name
        assert differing - now.keys() <= gone and not gone & now.keys(), directory.name
        assert told.keys() - gone <= now.keys(), directory.name
    return new


@pytest.mark.parametrize("seed", range(3))
def test_every_row_that_says_something_else_after_any_series_of_edits_is_told(seed: int) -> None:
    chance = random.Random(seed)
    before, old = revision(), exported()
    for _ in range(30):
        chance.choice(EDITS)(chance)
    all_that_differs_is_told(before, old)


SHOWN = {model.__name__: model for made_of in MADE_OF.values() for model, _ in made_of.columns()}


def link_what_no_source_links() -> None:
    body, office = make_organization(), Office.objects.all()[0]
    make_contact(organization=body, office=office)
    Constituent.objects.filter(pk__in=Constituent.objects.values("pk")[:3]).update(organization=body)
    Office.objects.exclude(pk=office.pk).update(predecessor=office)


@pytest.mark.parametrize("shown", sorted(SHOWN))
def test_every_row_that_shows_another_is_told_when_that_is_renamed_or_withdrawn(shown: str) -> None:
    model: Any = SHOWN[shown]
    link_what_no_source_links()
    name = next(field for field in ("name", "title", "label") if field in {each.name for each in model._meta.fields})
    before, old = revision(), exported()
    model.objects.update(**{name: Concat(name, Value(" renamed"))})
    old, before = all_that_differs_is_told(before, old), revision()
    model.objects.update(published=False)
    all_that_differs_is_told(before, old)


# -- One edit at a time ----------------------------------------------------------------------------------------------


def test_nothing_has_changed_since_the_present_revision() -> None:
    before = revision()
    assert [changed_since(directory, before, ALL) for directory in DIRECTORIES] == [[]] * len(DIRECTORIES)


def test_a_change_of_what_a_row_shows_is_one_of_the_row() -> None:
    status = make_status(region=Region.objects.all()[0])
    body, before = status.organization, revision()
    status.source.title = "Renamed"
    status.source.save()
    assert since(before, statuses) == {status.key: False} and since(before) == {}
    ConsultativeCategory.objects.filter(pk=status.category_id).update(name="Renamed")
    assert body.slug in since(before)


def test_a_part_that_is_gone_marks_its_owner_and_itself() -> None:
    status, membership = make_status(), Membership.objects.all()[0]
    before = revision()
    status.delete()
    membership.delete()
    assert since(before) == {status.organization.slug: False}
    assert since(before, statuses) == {status.key: True}
    assert membership.country.iso2 in since(before, countries)


def test_a_row_whose_parent_is_withdrawn_is_gone_and_comes_back_with_it() -> None:
    status, before = make_status(), revision()
    Organization.objects.filter(pk=status.organization_id).update(published=False)
    assert since(before) == {status.organization.slug: True}
    assert since(before, statuses) == {status.key: True}
    Organization.objects.filter(pk=status.organization_id).update(published=True)
    assert since(before, statuses) == {status.key: False}


def test_what_is_withdrawn_and_deleted_afterwards_is_still_told_as_gone() -> None:
    status, before = make_status(), revision()
    slug, key = status.organization.slug, status.key
    Organization.objects.filter(slug=slug).update(published=False)
    number()
    Organization.objects.get(slug=slug).delete()
    assert since(before)[slug] and since(before, statuses)[key]


def test_a_row_that_was_never_public_is_never_told_nor_is_what_belongs_to_it() -> None:
    before = revision()
    drafted = make_organization(slug="secret-body", published=False)
    make_status(organization=drafted, key="secret-status")
    make_invitation(organization=drafted, key="secret-invitation")
    drafted.acronym = "S"
    drafted.save()
    assert all("secret" not in key for directory in DIRECTORIES for key in since(before, directory))
    number()
    drafted.delete()
    assert all("secret" not in key for directory in DIRECTORIES for key in since(before, directory))


def test_of_a_contact_nothing_is_told_when_it_is_gone_or_private() -> None:
    kept, withdrawn, deleted, private = (make_contact(name=name, public=name != "d") for name in "abcd")
    before = revision()
    withdrawn.public = False
    for contact in (kept, withdrawn, private):
        contact.phone = "1"
        contact.save()
    deleted.delete()
    assert since(before, contacts) == {kept.key: False}
    assert not [change for change in freshness.changes(0, tables=["engagement_contact"]) if change.name]


def test_a_row_that_is_there_again_under_its_key_is_not_gone() -> None:
    body, before = make_organization(slug="quokka"), revision()
    source = body.source
    body.delete()
    number()
    assert since(before) == {"quokka": True}
    make_organization(slug="quokka", source=source)
    assert since(before) == {"quokka": False}


def test_offices_follow_their_predecessor() -> None:
    source = make_source()
    first = Office.objects.create(name="Quokka first", kind="unit", source=source)
    second = Office.objects.create(name="Quokka second", kind="unit", source=source, predecessor=first)
    before = revision()
    Office.objects.filter(pk=first.pk).update(name="Renamed")
    assert since(before, offices) == {first.slug: False, second.slug: False}


def in_portions(directory: Directory, before: int, limit: int) -> Iterator[Changed]:
    portion = changed_since(directory, before, limit)
    while portion:
        yield from portion
        portion = changed_since(directory, portion[-1].number, limit, portion[-1].row)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_going_on_behind_the_last_row_tells_each_once_though_one_change_concerns_many(limit: int) -> None:
    source = make_source()
    bodies = [make_organization(source=source) for _ in range(7)]
    before = revision()
    Source.objects.filter(pk=source.pk).update(title="Renamed")
    number()
    bodies[3].acronym = "Q"
    bodies[3].save()
    number()
    told = list(in_portions(organizations, before, limit))
    assert told == changed_since(organizations, before, ALL)
    assert sorted(each.row for each in told) == [body.pk for body in bodies] and told[-1].key == bodies[3].slug
    assert [each.number for each in told] == sorted(each.number for each in told)


def test_rows_that_are_not_told_do_not_shorten_a_portion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engagement.directories.changing.PORTION", 2)
    before = revision()
    for _ in range(5):
        make_organization(published=False)
        number()
    body = make_organization()
    number()
    assert [each.key for each in changed_since(organizations, before, 1)] == [body.slug]


@pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)
def test_it_costs_the_same_queries_however_many_rows_have_changed(directory: Directory) -> None:
    counts = []
    for most in (3, 100):
        model: Any = MADE_OF[directory.name].record
        before = revision()
        model.objects.filter(pk__in=list(model.objects.values_list("pk", flat=True)[:most])).update(published=False)
        number()
        with CaptureQueriesContext(connection) as captured:
            assert changed_since(directory, before, ALL) or directory is contacts
        counts.append(len(captured))
        model.objects.update(published=True)
    assert counts[0] == counts[1] <= 16


def test_every_lookup_of_a_collection_leads_to_the_model_that_it_is_said_to_lead_to() -> None:
    for made_of in MADE_OF.values():
        for model, lookup in made_of.columns():
            reached = made_of.record
            for step in lookup.split("__"):
                reached = reached._meta.get_field(step).related_model
            assert reached is model, lookup


def test_trimming_the_log_takes_nothing_from_what_is_told() -> None:
    status = make_status()
    before, key = revision(), status.key
    status.organization.delete()
    number()
    told = [since(before, directory) for directory in DIRECTORIES]
    freshness.trim(timezone.now() + datetime.timedelta(hours=1))
    assert [since(before, directory) for directory in DIRECTORIES] == told
    assert told[1][key]
