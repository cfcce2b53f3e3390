"""Who may do what: the shipped groups as they are after `migrate`, and what each role sees of the admin."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from engagement.models import Contact, Office, Organization, Source
from engagement.roles import sync_roles
from tests.admin.rows import MODELS, address, filled, make

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]


def permissions(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_the_groups_are_in_place_after_migrate() -> None:
    records = [model._meta.model_name for model in MODELS if model is not Contact]
    viewing = {f"view_{name}" for name in records}
    of_contacts = {f"{action}_contact" for action in ("view", "add", "change", "delete")}
    assert permissions("viewer") == viewing
    assert permissions("editor") == {
        f"{action}_{name}" for action in ("view", "add", "change", "delete") for name in records
    }
    assert permissions("contact-officer") == viewing | of_contacts


def test_syncing_again_gives_the_groups_their_own_rights_back() -> None:
    viewers = Group.objects.get(name="viewer")
    viewers.permissions.set(Group.objects.get(name="contact-officer").permissions.all())
    for _ in range(2):
        sync_roles(apps.get_app_config("engagement"))
    assert not {"view_contact", "change_contact"} & permissions("viewer")
    assert Group.objects.filter(name="viewer").count() == 1


def test_a_viewer_reads_everything_and_changes_nothing(staff: Staff) -> None:
    viewer, organization = staff("viewer"), make(Organization)
    answer = viewer.get(address(organization))
    assert answer.status_code == 200 and 'name="_save"' not in answer.content.decode()
    assert viewer.post(address(organization), {"name": "Taken over"}).status_code == 403
    assert viewer.get(address(Organization, "add")).status_code == 403
    assert viewer.post(address(organization, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "withdraw", "_selected_action": [organization.pk]}
    viewer.post(address(Organization, "changelist"), chosen)
    organization.refresh_from_db()
    assert organization.published and organization.name != "Taken over"


def test_an_editor_cannot_reach_a_contact_by_its_address_either(editor: Client) -> None:
    contact = make(Contact, name="Jane Invented")
    pages = [address(Contact, "changelist"), address(Contact, "add")]
    pages += [address(contact, page) for page in ("change", "history", "delete")]
    assert {url: editor.get(url).status_code for url in pages} == dict.fromkeys(pages, 403)
    assert editor.get(f"{address(contact, 'history')}{contact.history.first().pk}/").status_code == 403
    assert "Contacts" not in editor.get(reverse("admin:index")).content.decode()


def test_an_editor_sees_no_contact_on_the_forms_of_other_records(editor: Client) -> None:
    contact = make(Contact, name="Jane Invented", office=make(Office), organization=make(Organization))
    pages = [
        address(record, page) for record in (contact.office, contact.organization) for page in ("change", "delete")
    ]
    pages += [address(contact.source, "delete")]
    assert [url for url in pages if "Jane Invented" in editor.get(url).content.decode()] == []


def test_a_source_of_a_contact_stays_when_an_editor_deletes_it(editor: Client) -> None:
    contact = make(Contact)
    answer = editor.post(address(contact.source, "delete"), {"post": "yes"})
    assert "A contact, which your account may not see" in answer.content.decode()
    assert Source.objects.filter(pk=contact.source.pk).exists()


def test_a_contact_officer_edits_contacts_and_only_reads_the_rest(staff: Staff) -> None:
    officer, contact = staff("contact-officer"), make(Contact)
    url = address(contact)
    assert officer.post(url, filled(officer.get(url), name="A new name")).status_code == 302
    contact.refresh_from_db()
    assert contact.name == "A new name"
    assert officer.post(address(make(Organization)), {"name": "Taken over"}).status_code == 403
    assert officer.get(address(make(Office))).context["inline_admin_formsets"][1].formset.model is Contact


def test_an_administrator_makes_accounts_and_an_editor_does_not(staff: Staff) -> None:
    url = reverse("admin:auth_user_changelist")
    assert staff("administrator").get(url).status_code == 200
    assert staff("editor").get(url).status_code == 403
