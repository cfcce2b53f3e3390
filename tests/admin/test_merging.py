"""Look-alikes and merging in the admin: what the pages show, whom they are for, and what they write."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.admin.merging import merge_address
from engagement.desk.models import Distinct, Operation, Signpost
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    Contact,
    Invitation,
    LinkKind,
    Meeting,
    NameKind,
    Organization,
    OrganizationLink,
    Seat,
)
from tests.admin.conftest import Staff
from tests.admin.rows import address, make
from tests.factories import make_organization

ALIKE = "/admin/engagement/organization/look-alikes/"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Pairs are kept for a revision of the data; what a test writes makes none until it is committed."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def pair(db: None) -> tuple[Organization, Organization]:
    survivor = make_organization(name="Invented League of Lamplighters", website="https://lamps.example")
    other = make_organization(name="Invented League of Lampligthers", acronym="ILL", founded="1950")
    return survivor, other


def sent(response: Any, **changes: Any) -> dict[str, Any]:
    """What the form of a merge sends back as it was shown, with `changes`."""
    form = response.context["form"]
    return {**{bound.html_name: bound.value() or "" for bound in form}, **changes}


def page(client: Client, path: str) -> str:
    cache.clear()
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_look_alikes_are_listed_with_score_and_reasons_and_lead_to_the_merge(editor: Client, pair: Any) -> None:
    shown = page(editor, ALIKE)
    assert "Near names" in shown and "of 100" in shown and "https://lamps.example" in shown
    assert f'href="{merge_address(*(body.pk for body in pair))}"' in shown
    assert ALIKE in page(editor, address(Organization, "changelist"))


def test_the_one_that_is_public_is_proposed_to_stay(editor: Client, pair: Any) -> None:
    Organization.objects.filter(pk=pair[0].pk).update(published=False)
    assert f'href="{merge_address(pair[1].pk, pair[0].pk)}"' in page(editor, ALIKE)


def test_a_pair_found_not_to_be_the_same_leaves_the_list_until_that_is_taken_back(editor: Client, pair: Any) -> None:
    keys = {"first": pair[0].pk, "second": pair[1].pk}
    assert editor.post(ALIKE, {**keys, "distinct": "1"}).status_code == 302
    [found] = Distinct.objects.all()
    assert (found.first, found.second, found.actor_name) == (*pair, "editor")
    listed = f'id="pair-{pair[0].pk}-{pair[1].pk}"'
    assert listed not in page(editor, ALIKE) and "Lampligthers" in page(editor, f"{ALIKE}?distinct")
    editor.post(f"{ALIKE}?distinct", keys)
    assert not Distinct.objects.exists() and listed in page(editor, ALIKE)


@pytest.mark.parametrize("keys", [{}, {"first": "x", "second": "1"}, {"first": "999999", "second": "999998"}])
def test_what_names_no_pair_is_not_noted(editor: Client, keys: dict[str, str]) -> None:
    response = editor.post(ALIKE, {**keys, "distinct": "1"}, follow=True)
    assert response.status_code == 200 and "no longer there" in response.content.decode()
    assert not Distinct.objects.exists()


def test_the_list_is_paged_and_its_queries_do_not_grow_with_the_pairs(editor: Client) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            editor.get(ALIKE)
        return len(asked)

    for body in (make_organization(name="Invented Lamp Guild") for _ in range(3)):
        make(Seat, organization=body)
    few = queries()
    for body in [make_organization(name=f"Invented Twin {'abcdefghijklmnopqrst'[n // 2] * 4}") for n in range(40)]:
        make(Seat, organization=body)
    make_organization(name="Invented Lamp Guild")
    for _ in range(8):
        make_organization(name="Invented Lamp Guild")
    assert queries() == few
    assert "page=2" in page(editor, ALIKE) and "of 100" in page(editor, f"{ALIKE}?page=2")


@pytest.mark.parametrize("role", ["viewer", "contact-officer"])
def test_who_may_not_merge_sees_neither_page_nor_link(staff: Staff, pair: Any, role: str) -> None:
    client = staff(role)
    for path in (ALIKE, merge_address(*(body.pk for body in pair))):
        assert client.get(path).status_code == client.post(path).status_code == 403
    assert ALIKE not in page(client, address(Organization, "changelist"))
    assert Client().get(ALIKE).status_code == 302


def test_merging_writes_what_was_chosen_and_says_where_it_can_be_undone(editor: Client, pair: Any) -> None:
    survivor, other = pair
    path = merge_address(survivor.pk, other.pk)
    data = sent(editor.get(path), name="other", name_kind=NameKind.FORMER, reason="Same statutes.")
    response = editor.post(path, data, follow=True)
    survivor.refresh_from_db()
    assert (survivor.name, survivor.acronym, survivor.founded) == (other.name, "ILL", "1950")
    assert [name.name for name in survivor.names.filter(kind=NameKind.FORMER)] == ["Invented League of Lamplighters"]
    assert Signpost.objects.get().slug == other.slug
    made = Operation.objects.get()
    assert (
        made.actor_name == "editor"
        and reverse("admin:desk_operation_change", args=[made.pk]) in response.content.decode()
    )
    editor.post(reverse("admin:desk_operation_undo", args=[made.pk]))
    assert Organization.objects.get(pk=other.pk).name == other.name and not Signpost.objects.exists()


def test_the_page_says_what_moves_what_goes_and_what_to_look_at(editor: Client, pair: Any) -> None:
    survivor, other = pair
    meeting, category = make(Meeting), ConsultativeCategory.objects.get(slug="special-list")
    for body in pair:
        make(Invitation, organization=body, meeting=meeting)
        make(ConsultativeStatus, organization=body, category=category)
    make(Seat, organization=other, city="Invented City")
    make(OrganizationLink, organization=other, kind=LinkKind.SUCCESSOR, other=survivor)
    shown = page(editor, merge_address(survivor.pk, other.pk))
    for said in (
        "Invented City",
        "Of two of the same",
        "since it joins the two",
        "both are kept",
        f"/organizations/{other.slug}/",
    ):
        assert said in shown
    assert merge_address(other.pk, survivor.pk) in shown


def test_contacts_are_a_number_for_those_who_may_not_see_them(staff: Staff, pair: Any) -> None:
    survivor, other = pair
    make(Contact, organization=other, name="Invented Person")
    path = merge_address(survivor.pk, other.pk)
    shown = page(staff("editor"), path)
    assert "Contacts" in shown and "Invented Person" not in shown
    assert "Invented Person" in page(staff("administrator"), path)


@pytest.mark.parametrize("late", ["organization", "row"])
def test_what_changed_since_the_page_was_made_is_shown_again_and_nothing_written(
    editor: Client, pair: Any, late: str
) -> None:
    survivor, other = pair
    path = merge_address(survivor.pk, other.pk)
    data = sent(editor.get(path), name="other")
    if late == "row":
        make(Seat, organization=other, city="Invented Late City")
    else:
        Organization.objects.filter(pk=other.pk).update(acronym="LATE")
    again = editor.post(path, data)
    assert again.status_code == 409 and "changed in the meantime" in again.content.decode()
    assert ("Invented Late City" if late == "row" else "LATE") in again.content.decode()
    assert Organization.objects.filter(pk=other.pk).exists() and not Operation.objects.exists()
    resent = sent(again)
    assert resent["name"] == "other"
    assert editor.post(path, resent).status_code == 302


@pytest.mark.parametrize("changes", [{"name": "both"}, {"name": ""}, {"name_kind": "acronym"}, {"reason": "a" * 201}])
def test_a_choice_that_is_none_is_refused_and_named(editor: Client, pair: Any, changes: dict[str, str]) -> None:
    path = merge_address(*(body.pk for body in pair))
    response = editor.post(path, sent(editor.get(path), **changes))
    assert response.status_code == 200 and "Nothing was written" in response.content.decode()
    assert not Operation.objects.exists()


def test_choices_that_the_register_does_not_allow_together_are_refused(editor: Client, pair: Any) -> None:
    Organization.objects.filter(pk=pair[0].pk).update(dissolved="1920")
    path = merge_address(*(body.pk for body in pair))
    shown = editor.post(path, sent(editor.get(path))).content.decode()
    assert "The end lies before the beginning." in shown and not Operation.objects.exists()


def test_an_organization_is_not_merged_with_itself_nor_with_one_that_is_gone(editor: Client, pair: Any) -> None:
    for path in (merge_address(pair[0].pk, pair[0].pk), merge_address(pair[0].pk, 999_999)):
        assert editor.get(path).status_code == editor.post(path).status_code == 404


def test_two_that_are_chosen_in_the_list_are_led_to_the_merge_and_any_other_number_is_not(
    editor: Client, pair: Any
) -> None:
    changelist = address(Organization, "changelist")

    def chosen(*bodies: Organization) -> Any:
        data = {"action": "merge_selected", "_selected_action": [body.pk for body in bodies]}
        return editor.post(changelist, data, follow=True)

    assert chosen(*pair).redirect_chain[-1][0] == merge_address(*(body.pk for body in pair))
    for bodies in (pair[:1], (*pair, make_organization())):
        assert "Select two organizations" in chosen(*bodies).content.decode()


def test_the_queries_of_a_merge_page_do_not_grow_with_what_leads_to_the_two(editor: Client, pair: Any) -> None:
    path = merge_address(*(body.pk for body in pair))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            editor.get(path)
        return len(asked)

    def fill(number: int) -> None:
        for _ in range(number):
            meeting = make(Meeting)
            for body in pair:
                make(Invitation, organization=body, meeting=meeting)
            make(Seat, organization=pair[1])
            make(OrganizationLink, organization=pair[1], kind=LinkKind.SUCCESSOR)

    fill(2)
    few = queries()
    fill(6)
    assert queries() == few
