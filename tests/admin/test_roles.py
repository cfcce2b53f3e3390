"""Who may do what: the shipped groups as they are after `migrate`, and every cell of the table of roles by address."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission, User
from django.core import signing
from django.db import models
from django.test import Client
from django.urls import reverse

from engagement.desk import proposals
from engagement.desk.models import Proposal
from engagement.models import Contact, Country, Office, Organization, Snapshot, Source
from engagement.roles import DESK, ROLES, Role, is_given, sync_roles
from tests.admin.rows import MODELS, address, admin_of, filled, make

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]

ACTIONS = ("view", "add", "change", "delete")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs/roles.md"

# Who may not do something is turned away in the same way on every database.
each_role = pytest.mark.parametrize(
    "role",
    [pytest.param(role, id=role.name, marks=() if role.superuser else pytest.mark.once) for role in ROLES.values()],
)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
each_without_contacts = pytest.mark.parametrize("role", ["viewer", "editor", "approver"])


def may(role: Role, action: str, model: Any) -> bool:
    """What the table says."""
    given = role.contacts if model is Contact else role.records
    return role.superuser or action in given


def permissions(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


# -- The groups ------------------------------------------------------------------------------------------------------


def test_the_groups_are_in_place_after_migrate() -> None:
    records = [model._meta.model_name for model in MODELS if model is not Contact]
    viewing = {f"view_{name}" for name in [*records, "snapshot"]}
    editing = viewing | {f"{action}_{name}" for action in ("add", "change") for name in records}
    importing = {"view_importrun", "add_importrun", "view_operation", "undo_operation"}
    correcting = {"view_correction", "change_correction"}
    inbox = {"view_request", "change_request"} | correcting
    proposing = {"view_proposal", "propose_change", *(f"{each}_decisionset" for each in ("view", "add", "change"))}
    assert permissions("viewer") == viewing
    assert permissions("editor") == editing | importing | inbox | proposing | {"merge_organizations"}
    deciding = {"approve_proposal", "delete_decisionset"} | {f"delete_{name}" for name in records}
    assert permissions("approver") == permissions("editor") | deciding
    contacts = {f"{action}_contact" for action in ACTIONS}
    assert permissions("contact-officer") == viewing | importing | contacts | correcting | {"view_erasure"}


@pytest.mark.parametrize("labels", [("engagement", "desk"), ("desk", "engagement"), ("desk",)])
def test_syncing_again_gives_the_groups_their_own_rights_back(labels: tuple[str, ...]) -> None:
    before = {name: permissions(name) for name, role in ROLES.items() if not role.superuser}
    Group.objects.get(name="viewer").permissions.set(Permission.objects.all())
    Group.objects.get(name="editor").permissions.clear()
    for label in labels * 2:
        sync_roles(apps.get_app_config(label))
    assert {name: permissions(name) for name in before} == before
    assert Group.objects.filter(name="viewer").count() == 1


def test_rights_at_the_desk_come_with_its_own_turn_when_it_is_migrated_later() -> None:
    before = permissions("editor")
    Permission.objects.filter(content_type__app_label="desk").delete()
    sync_roles(apps.get_app_config("engagement"))
    assert permissions("editor") == before - set(ROLES["editor"].desk)
    sync_roles(apps.get_app_config("desk"))
    assert permissions("editor") == before


def test_the_document_says_what_the_code_says() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8"), f"docs/roles.md is to hold this table:\n\n{table()}"


def table() -> str:
    """Model by role, as docs/roles.md has it."""
    lines = [["model", *ROLES], ["---"] * (1 + len(ROLES)), *rows_of_table()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def rows_of_table() -> Iterator[list[str]]:
    for model in sorted((*MODELS, Snapshot), key=name_of):
        yield [name_of(model), *(cell(role, model) for role in ROLES.values())]
    for permission in sorted({name for role in ROLES.values() for name in role.desk}):
        yield [permission, *("yes" if role.superuser or permission in role.desk else "–" for role in ROLES.values())]


def name_of(model: Any) -> str:
    name: str = model.__name__
    return name


def cell(role: Role, model: Any) -> str:
    if role.superuser:
        return "all"
    rows = Permission.objects.filter(content_type__model=model._meta.model_name, content_type__app_label="engagement")
    given = {each.codename.partition("_")[0] for each in rows if is_given(role, each)}
    return ", ".join(action for action in ACTIONS if action in given) or "–"


# -- Every cell, by direct address -----------------------------------------------------------------------------------


@each_role
@each_model
def test_every_page_form_and_bulk_action_is_for_those_who_may(role: Role, model: Any, staff: Staff) -> None:
    client, record = staff(role.name), make(model)
    wanted = {action: may(role, action, model) for action in ACTIONS}
    assert pages_that_open(client, record) == {
        "changelist": wanted["view"],
        "change": wanted["view"],
        "history": wanted["view"],
        "add": wanted["add"],
        "delete": wanted["delete"],
    }
    assert forms_that_are_taken(client, record, wanted["change"]) == {"add": wanted["add"], "change": wanted["change"]}
    assert bulk_actions_that_work(client, record) == {"withdraw": wanted["change"], "delete": wanted["delete"]}
    again = make(model)
    delete(client, again)
    approve_all()
    assert model.objects.filter(pk=again.pk).exists() != wanted["delete"]


def approve_all() -> None:
    """What is only proposed (statuses and rights) is done once another approves it."""
    other, _made = User.objects.get_or_create(username="another")
    for proposal in Proposal.objects.waiting():
        proposals.approve(proposal, other)


def delete(client: Client, record: Any) -> Any:
    """What the page that asks for confirmation sends, or, where it does not open, what it would send without a seal."""
    page = client.get(address(record, "delete"))
    seal = {page.context["version_name"]: page.context["version"]} if page.status_code == 200 else {}
    return client.post(address(record, "delete"), {"post": "yes", **seal})


def pages_that_open(client: Client, record: Any) -> dict[str, bool]:
    pages = {page: address(type(record), page) for page in ("changelist", "add")}
    pages |= {page: address(record, page) for page in ("change", "history", "delete")}
    return {page: opened(client.get(url)) for page, url in pages.items()}


def opened(answer: Any) -> bool:
    assert answer.status_code in (200, 302, 403)
    return answer.status_code != 403


def forms_that_are_taken(client: Client, record: Any, may_change: bool) -> dict[str, bool]:
    """A form that is taken but not filled is shown again. A change that is refused leaves the record as it was."""
    url, before = address(record), type(record).objects.values().get(pk=record.pk)
    changed = client.post(url, filled(client.get(url)) if may_change else {"published": ""})
    # What make() gives a FurtherSource or a Discrepancy is no more than the tables ask for: its form wants more.
    assert not may_change or changed.status_code == 302 or changed.context["adminform"].errors
    assert may_change or type(record).objects.values().get(pk=record.pk) == before
    return {"add": opened(client.post(address(type(record), "add"), {})), "change": opened(changed)}


def bulk_actions_that_work(client: Client, record: Any) -> dict[str, bool]:
    in_bulk(client, record, "withdraw")
    approve_all()
    record.refresh_from_db()
    in_bulk(client, record, "delete_selected")
    approve_all()
    return {"withdraw": not record.published, "delete": not type(record).objects.filter(pk=record.pk).exists()}


def in_bulk(client: Client, record: Any, action: str) -> None:
    """The choice in the list, and, if its page comes, what this page sends."""
    chosen = {"action": action, "_selected_action": [record.pk]}
    page = client.post(address(type(record), "changelist"), chosen)
    if page.context and "selection" in page.context:
        client.post(address(type(record), "bulk"), {"selection": page.context["selection"]})


@each_role
def test_what_a_page_of_a_bulk_action_sends_is_refused_once_the_right_is_gone(role: Role, staff: Staff) -> None:
    client, record = staff(role.name), make(Organization)
    user, able = User.objects.get(username=role.name), staff("approver" if role.name != "approver" else "administrator")
    chosen = {"action": "delete_selected", "_selected_action": [record.pk]}
    page = able.post(address(Organization, "changelist"), chosen)
    theirs, own = (f"bulk:engagement.Organization:{key}" for key in (able.session["_auth_user_id"], user.pk))
    sent = signing.loads(page.context["selection"], salt=theirs)
    forged = signing.dumps(sent, salt=own)
    answer = client.post(address(Organization, "bulk"), {"selection": forged})
    assert answer.status_code == (302 if may(role, "delete", Organization) else 403)
    assert Organization.objects.filter(pk=record.pk).exists() != may(role, "delete", Organization)


@each_role
def test_a_picker_names_only_what_the_account_may_see(role: Role, staff: Staff) -> None:
    client = staff(role.name)
    asked, answers = {}, {}
    for model in MODELS:
        for field in admin_of(model).get_autocomplete_fields(None):
            remote = model._meta.get_field(field).related_model
            name = f"{model._meta.model_name}.{field}"
            of = {"app_label": "engagement", "model_name": model._meta.model_name, "field_name": field}
            answers[name] = client.get(reverse("admin:autocomplete"), of).status_code
            asked[name] = 200 if may(role, "view", remote) else 403
    assert len(asked) > 50 and answers == asked


@each_role
@pytest.mark.parametrize("parent", [each for each in MODELS if admin_of(each).inlines], ids=lambda each: each.__name__)
def test_rows_on_a_form_are_those_that_the_account_may_see(role: Role, parent: Any, staff: Staff) -> None:
    answer = staff(role.name).get(address(make(parent)))
    shown = [rows.formset.model for rows in answer.context["inline_admin_formsets"]]
    assert shown == [rows.model for rows in admin_of(parent).inlines if may(role, "view", rows.model)]


@each_role
def test_a_row_for_a_contact_is_taken_with_a_form_only_from_those_who_may(role: Role, staff: Staff) -> None:
    client, office = staff(role.name), make(Office)
    row = {"name": "Jane Invented", "purpose": "None", "lawful_basis": "consent", "source": office.source.pk}
    url = address(office)
    page = client.get(url)
    sent = filled(page) if may(role, "change", Office) else {}
    sent |= {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "0", "contacts-0-office": office.pk}
    client.post(url, sent | {f"contacts-0-{name}": value for name, value in row.items()})
    made = Contact.objects.filter(name="Jane Invented").exists()
    assert made == (may(role, "add", Contact) and may(role, "change", Office))


@each_role
def test_accounts_and_groups_are_for_the_administrator_and_the_desk_for_those_named(role: Role, staff: Staff) -> None:
    client = staff(role.name)
    others = [model for model in site._registry if model not in MODELS]
    answers, wanted = {}, {}
    for model in others:
        meta = model._meta
        answers[meta.label] = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")).status_code
        seen = meta.app_label == DESK and f"view_{meta.model_name}" in role.desk
        wanted[meta.label] = 200 if role.superuser or seen or model is Snapshot else 403
    assert User in others and answers == wanted


# -- Contacts --------------------------------------------------------------------------------------------------------


@each_without_contacts
def test_no_address_of_a_contact_says_anything_to_those_who_may_not_see_it(role: str, staff: Staff) -> None:
    client, contact = staff(role), make(Contact, name="Jane Invented")
    pages = [address(Contact, "changelist"), address(Contact, "add")]
    pages += [address(contact, page) for page in ("change", "history", "delete")]
    pages += [f"{address(contact, 'history')}{contact.history.first().pk}/"]
    assert {url: client.get(url).status_code for url in pages} == dict.fromkeys(pages, 403)
    assert "Contacts" not in client.get(reverse("admin:index")).content.decode()
    assert client.get(f"/admin/r/{content_type_of(Contact)}/{contact.pk}/").status_code == 404


def content_type_of(model: type[models.Model]) -> int:
    return Permission.objects.get(codename=f"view_{model._meta.model_name}").content_type.pk


@each_without_contacts
def test_no_page_of_another_record_names_a_contact(role: str, staff: Staff) -> None:
    client = staff(role)
    contact = make(Contact, name="Jane Invented", office=make(Office), organization=make(Organization))
    records = (contact.office, contact.organization, contact.source)
    pages = [address(record, page) for record in records for page in ("change", "delete", "history")]
    pages += [f"{address(model, 'changelist')}?q=Jane" for model in MODELS if model is not Contact]
    answers = {url: client.get(url).content.decode() for url in pages}
    # A search repeats its words, but no more than these.
    assert [url for url, text in answers.items() if "Jane Invented" in text] == []


@each_without_contacts
@pytest.mark.parametrize("question", ["isnull=0", "=1", "id=1", "name__startswith=Jane", "public=1"])
@pytest.mark.parametrize("model", [Office, Organization])
def test_no_list_can_be_asked_which_records_have_contacts(role: str, question: str, model: Any, staff: Staff) -> None:
    contact = make(Contact, office=make(Office), organization=make(Organization))
    field: Any = Contact._meta.get_field(model._meta.model_name)
    over = field.related_query_name()
    separator = "" if question.startswith("=") else "__"
    client, url = staff(role), address(model, "changelist")
    asked = client.get(f"{url}?{over}{separator}{question.replace('=1', f'={contact.pk}')}")
    assert asked.status_code == 400


def test_an_officer_may_ask_which_offices_have_contacts(staff: Staff) -> None:
    make(Contact, office=make(Office))
    assert staff("contact-officer").get(f"{address(Office, 'changelist')}?contacts__isnull=0").status_code == 200


def test_lists_can_still_be_asked_over_records_that_the_account_sees(editor: Client) -> None:
    country = make(Country)
    answer = editor.get(f"{address(Office, 'changelist')}?country__region__id__exact={country.region_id or 1}")
    assert answer.status_code == 200


def test_a_source_of_a_contact_stays_when_an_approver_deletes_it(staff: Staff) -> None:
    contact = make(Contact)
    answer = delete(staff("approver"), contact.source)
    assert "A contact, which your account may not see" in answer.content.decode()
    assert Source.objects.filter(pk=contact.source.pk).exists()
