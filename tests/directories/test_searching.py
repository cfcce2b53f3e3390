"""What is searched follows every change, of the record itself and of what its document is made of."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from engagement import search
from engagement.directories import DIRECTORIES
from engagement.directories.dependencies import MADE_OF
from engagement.directories.documents import DOCUMENTS
from engagement.directories.searching import projection
from engagement.models import (
    Contact,
    Country,
    LawfulBasis,
    Organization,
    OrganizationIdentifier,
    OrganizationName,
    Project,
    ProjectPartner,
    Region,
    Seat,
    Theme,
)
from engagement.search.engine import TABLES
from tests.factories import make_meeting, make_organization, make_source, make_status
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db


def found(text: str, collection: str = "organizations") -> set[Any]:
    records: Any = next(directory for directory in DIRECTORIES if directory.name == collection).records()
    return set(search.match(records, text, collection).queryset)


def out_of_step() -> dict[str, Any]:
    differences = {name: search.compare(name, documents(None)) for name, documents in DOCUMENTS.items()}
    return {name: difference for name, difference in differences.items() if difference}


def test_every_directory_is_searched() -> None:
    assert set(DOCUMENTS) == set(MADE_OF) == {directory.name for directory in DIRECTORIES}


def test_the_loaded_register_is_in_step() -> None:
    catch_up()
    assert out_of_step() == {}


def rename(body: Organization) -> None:
    body.name = "Quokka"
    body.save()


def update(body: Organization) -> None:
    Organization.objects.filter(pk=body.pk).update(name="Quokka")


def by_hand(body: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engagement_organization SET name = 'Quokka' WHERE id = %s", [body.pk])


def former_name(body: Organization) -> None:
    OrganizationName.objects.create(organization=body, name="Quokka", kind="former", source=body.source)


def identifier(body: Organization) -> None:
    OrganizationIdentifier.objects.create(organization=body, scheme="x", value="Quokka", source=body.source)


def theme(body: Organization) -> None:
    body.themes.add(Theme.objects.create(name="Quokka"))


def seat(body: Organization) -> None:
    country = Country.objects.get(iso2="CH")
    Seat.objects.create(organization=body, city="Quokka", country=country, source=body.source)


@pytest.mark.parametrize("change", [rename, update, by_hand, former_name, identifier, theme, seat])
def test_an_organization_and_its_status_are_found_by_what_was_changed(change: Callable[[Organization], None]) -> None:
    status = make_status()
    catch_up()
    change(status.organization)
    catch_up()
    assert found("quokka") == {status.organization}
    assert found("quokka", "statuses") == {status}
    assert out_of_step() == {}


def test_a_part_that_goes_or_changes_hands_is_no_longer_found_with_its_former_owner() -> None:
    first, second = make_organization(), make_organization()
    former_name(first)
    catch_up()
    OrganizationName.objects.filter(name="Quokka").update(organization=second)
    catch_up()
    assert found("quokka") == {second}
    OrganizationName.objects.filter(name="Quokka").delete()
    catch_up()
    assert found("quokka") == set()


def test_a_record_withdrawn_from_the_public_is_not_found_nor_is_what_hangs_on_it() -> None:
    status = make_status(organization=make_organization(name="Quokka"))
    catch_up()
    assert found("quokka") and found("quokka", "statuses") == {status}
    Organization.objects.filter(name="Quokka").update(published=False)
    catch_up()
    assert out_of_step() == {}
    assert found("quokka") == found("quokka", "statuses") == set()


def test_a_theme_renamed_a_country_renamed_and_a_region_renamed_are_found_by_the_new_name() -> None:
    body = make_organization()
    theme(body)
    seat(body)
    catch_up()
    Theme.objects.filter(name="Quokka").update(name="Wombat")
    Country.objects.filter(iso2="CH").update(name_es="Dingo")
    Region.objects.filter(countries__iso2="CH").update(name="Emu")
    catch_up()
    assert body in found("wombat") and body in found("dingo") and body in found("emu")
    assert out_of_step() == {}


def test_a_project_is_found_by_its_partner() -> None:
    project = Project.objects.create(slug="test-project", title="A project", source=make_source())
    partner = ProjectPartner.objects.create(project=project, name="Quokka", source=project.source)
    catch_up()
    assert found("quokka", "projects") == {project}
    partner.delete()
    catch_up()
    assert found("quokka", "projects") == set()


def test_no_address_of_a_contact_is_searched() -> None:
    Contact.objects.create(
        name="Quokka", email="wombat@dingo.example", address="Emu street", source=make_source(),
        public=True, purpose="A test", lawful_basis=LawfulBasis.PUBLIC_ROLE,
    )  # fmt: skip
    catch_up()
    assert found("quokka", "contacts") and not found("wombat", "contacts") and not found("emu street", "contacts")


def test_any_series_of_changes_leaves_the_search_in_step() -> None:
    chance = random.Random("a series of changes")
    for _each in range(12):
        for model in (Organization, Project, Country, Theme, Seat, OrganizationName):
            keys = list(model._base_manager.values_list("pk", flat=True))
            some = model._base_manager.filter(pk__in=chance.sample(keys, min(len(keys), 5)))
            match chance.randrange(3):
                case 0 if model in (OrganizationName, Seat):
                    some.delete()
                case 1:
                    some.update(published=chance.random() < 0.7)
                case _:
                    name = "title" if model is Project else "city" if model is Seat else "name"
                    for row in some:
                        model._base_manager.filter(pk=row.pk).update(**{name: f"Invented {chance.random()}"})
        make_meeting()
        catch_up()
    assert out_of_step() == {}


def test_tables_that_were_lost_are_filled_again_after_the_next_migrate() -> None:
    catch_up()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE {table}")
    call_command("migrate", verbosity=0)
    assert out_of_step()
    catch_up()
    assert out_of_step() == {}


def test_rebuilding_leaves_the_search_in_step_and_tells_of_every_collection() -> None:
    told: list[str] = []
    search.remove("organizations", list(Organization.objects.values_list("pk", flat=True)))
    projection.rebuild(told.append)
    assert out_of_step() == {}
    assert list(dict.fromkeys(line.partition(":")[0] for line in told)) == list(DOCUMENTS)
