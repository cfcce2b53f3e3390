"""What saving does: keys, history, and faults that are errors on the form and never a crash."""

from typing import Any

import pytest
from django.test import Client

from engagement.desk.models import ProposedChange
from engagement.models import (
    ConsultativeStatus,
    Country,
    Instrument,
    Organization,
    OrganizationName,
    Project,
    ProjectPartner,
    Ratification,
    Source,
)
from tests.admin.rows import address, filled, free_codes, make

pytestmark = pytest.mark.django_db


def send(client: Client, record: Any, page: str = "change", **changes: Any) -> Any:
    """Open a form, send it back with `changes`."""
    url = address(record, page)
    return client.post(url, filled(client.get(url), **changes))


def messages(response: Any) -> str:
    """Every error on the page, in one text."""
    return " ".join(str(message) for message in response.context["errors"])


def row(prefix: str, number: int = 0, **values: Any) -> dict[str, Any]:
    """The fields of a new row inside a form."""
    fields = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {f"{prefix}-TOTAL_FORMS": number + 1, **fields}


def test_saving_writes_history_with_the_name_of_who_did_it(editor: Client) -> None:
    organization = make(Organization)
    assert send(editor, organization, name="A better name").status_code == 302
    organization.refresh_from_db()
    version = organization.history.first()
    assert (organization.name, version.name, version.history_user.username) == (
        "A better name",
        "A better name",
        "editor",
    )
    assert "editor" in editor.get(address(organization, "history")).content.decode()


def test_a_bad_partial_date_is_an_error_on_the_form_and_saves_nothing(editor: Client) -> None:
    status = make(ConsultativeStatus)
    answer = send(editor, status, granted="2006-13", decided_by="Nobody")
    assert answer.status_code == 200 and "“2006-13” is not a day, month or year" in messages(answer)
    status.refresh_from_db()
    assert (status.granted, status.decided_by, status.history.count()) == ("", "", 1)


def test_an_end_before_the_beginning_is_an_error_on_the_form(editor: Client) -> None:
    status = make(ConsultativeStatus)
    answer = send(editor, status, granted="2006", ended="2005-12")
    assert answer.status_code == 200 and messages(answer) != ""
    status.refresh_from_db()
    assert status.granted == ""


def test_an_end_within_the_year_of_the_beginning_is_accepted(editor: Client) -> None:
    status = make(ConsultativeStatus)
    assert send(editor, status, granted="2006", ended="2006-03").status_code == 302
    change = ProposedChange.objects.get(record_pk=status.pk)
    assert (change.after["granted"], change.after["ended"]) == ("2006", "2006-03")


def test_a_blank_key_is_made_on_saving_and_a_second_one_differs(editor: Client) -> None:
    source = make(Source)
    for _ in range(2):
        assert send(editor, Organization, "add", name="Bureau of Invented Facts", source=source.pk).status_code == 302
    made = Organization.objects.filter(name="Bureau of Invented Facts")
    assert {organization.slug for organization in made} == {"bureau-of-invented-facts", "bureau-of-invented-facts-2"}
    assert made[0].history.first().history_user.username == "editor"


def test_a_key_that_is_taken_is_an_error_on_the_form(editor: Client) -> None:
    taken = make(Organization)
    answer = send(editor, Organization, "add", name="Another", source=taken.source.pk, slug=taken.slug)
    assert answer.status_code == 200 and "already exists" in messages(answer)


def test_rows_added_to_a_new_record_get_keys_of_their_own(editor: Client) -> None:
    source = make(Source)
    names = {
        **row("names", 0, name="Old Name", kind="former", source=source.pk, published="on"),
        **row("names", 1, name="Old name", kind="former", source=source.pk, published="on"),
    }
    assert send(editor, Organization, "add", name="New Name", source=source.pk, **names).status_code == 302
    keys = OrganizationName.objects.filter(organization__slug="new-name").values_list("key", flat=True)
    assert set(keys) == {"new-name-former-old-name", "new-name-former-old-name-2"}


def test_a_row_that_stands_there_already_is_an_error_on_the_form(editor: Client) -> None:
    known = make(OrganizationName, kind="former", lang="en")
    again = row("names", 1, name=known.name, kind="former", lang="en", source=known.source.pk)
    answer = send(editor, known.organization, **again)
    assert answer.status_code == 200 and messages(answer) != ""


def test_a_partner_has_a_role_in_a_project_once(editor: Client) -> None:
    partner = make(ProjectPartner, name="Ministry of Labour", role="government")
    values = {"name": "Ministry of Labour", "role": "government", "source": partner.source.pk}
    answer = send(editor, ProjectPartner, "add", project=partner.project.pk, **values)
    assert answer.status_code == 200 and "already exists" in messages(answer)
    answer = send(editor, partner.project, **row("partners", 1, **values))
    assert answer.status_code == 200 and messages(answer) != ""
    assert send(editor, ProjectPartner, "add", project=make(Project).pk, **values).status_code == 302
    assert ProjectPartner.objects.filter(slug="ministry-of-labour", role="government").count() >= 2


def test_a_wrong_code_of_a_country_is_an_error_on_the_form(editor: Client) -> None:
    answer = send(editor, Country, "add", name="Nowhere", iso2="x1", iso3="XXX", source=make(Source).pk)
    assert answer.status_code == 200 and messages(answer) != ""


def test_an_instrument_with_200_ratifications_can_be_saved(editor: Client) -> None:
    """Each as a form of its own, their fields would be more than Django takes from one request."""
    instrument, source = make(Instrument), make(Source)
    lands = [
        Country(iso2=code, iso3=f"{code}X", name=f"Land {code}", sort_name=f"land {code}", source=source)
        for code in free_codes()[:200]
    ]
    Ratification.objects.bulk_create(
        Ratification(key=f"r-{land.iso2}", instrument=instrument, country=land, state="ratified", source=source)
        for land in Country.objects.bulk_create(lands)
    )
    assert send(editor, instrument, subject="Edited").status_code == 302
    instrument.refresh_from_db()
    assert instrument.subject == "Edited"
