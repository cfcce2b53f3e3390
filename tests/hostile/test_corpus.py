"""Ten thousand inputs that no honest visitor sends. None is answered 5xx, reflected as a script, or led elsewhere."""

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.core.cache import cache
from django.test import Client

from tests.hostile.asking import Tally, ask, ask_all
from tests.hostile.corpus import OF_ANYBODY, OF_STAFF
from tests.hostile.sending import FORM, actions_at, all_fields, described, each_field, forms_at, of_bodies, of_headers

pytestmark = pytest.mark.django_db

Figure = Callable[[object], None]

PUBLIC_FORMS = (
    "/corrections/new/?record=organization%3Aamnesty-international",
    "/meeting-check/",
    "/contacts/check/?organization=international-trade-union-confederation",
    "/requests/new/?kind=status",
    "/requests/new/?kind=invitation",
    "/organizations/",  # with the button that keeps a snapshot
    "/admin/login/",
    "/admin/password_reset/",
)


@pytest.fixture(autouse=True)
def _open(settings: Any) -> Iterator[None]:
    """Everything is open and nothing is counted: what is refused as too often would not be read."""
    settings.REQUESTS, settings.SITE_PUBLISHER = True, "Invented secretariat"
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 10**9)
    yield
    cache.clear()


@pytest.fixture
def stranger() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def member(admin_client: Client) -> Client:
    """Staff with all rights."""
    admin_client.raise_request_exception = False
    return admin_client


@pytest.mark.once
def test_there_are_more_than_ten_thousand_inputs_beside_the_forms() -> None:
    families = [*OF_ANYBODY.values(), *OF_STAFF.values(), of_headers, of_bodies]
    assert sum(len(list(family())) for family in families) > 10_000


def is_well(family: str, tally: Tally, figure: Figure) -> None:
    figure(f"{family}: {tally}")
    assert tally.asked and tally.faults == [], "\n".join(tally.faults)


@pytest.mark.parametrize("family", OF_ANYBODY)
def test_no_address_that_anybody_asks_is_answered_with_a_fault(family: str, stranger: Client, figure: Figure) -> None:
    is_well(family, ask_all(stranger, OF_ANYBODY[family]()), figure)


@pytest.mark.parametrize("family", OF_STAFF)
def test_no_address_that_staff_ask_is_answered_with_a_fault(family: str, member: Client, figure: Figure) -> None:
    is_well(family, ask_all(member, OF_STAFF[family]()), figure)


@pytest.mark.parametrize(("family", "inputs"), [("headers", of_headers), ("bodies", of_bodies)])
def test_no_header_method_or_body_is_answered_with_a_fault(
    family: str, inputs: Callable[[], Iterable[Any]], stranger: Client, figure: Figure
) -> None:
    tally = Tally()
    for method, address, said in inputs():
        ask(stranger, tally, method, address, about=described(said), **said)
    is_well(family, tally, figure)


def sent(client: Client, address: str, bodies: Iterable[str], tally: Tally) -> None:
    for body in bodies:
        ask(client, tally, "POST", address, about=body[:100], data=body, content_type=FORM)


def test_no_public_form_is_answered_with_a_fault_whatever_is_filled_in(stranger: Client, figure: Figure) -> None:
    tally, chance = Tally(), random.Random(21)
    for address in PUBLIC_FORMS:
        forms = forms_at(stranger, address)
        assert forms, address
        for fields in forms:
            sent(stranger, address, each_field(fields, chance, 1), tally)
    is_well("public forms", tally, figure)


def addresses_of(page: str = "") -> list[str]:
    return [f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}" for model in site._registry]


def test_no_form_for_a_new_record_is_answered_with_a_fault_whatever_is_filled_in(
    member: Client, figure: Figure
) -> None:
    tally, chance = Tally(), random.Random(22)
    for address in addresses_of("add/"):
        for fields in forms_at(member, address):
            sent(member, address, all_fields(fields, chance, 2), tally)
    is_well("new records", tally, figure)


def test_no_list_of_the_admin_is_answered_with_a_fault_whatever_is_to_be_done_with_whatever_rows(
    member: Client, figure: Figure
) -> None:
    tally, chance = Tally(), random.Random(23)
    for address in addresses_of():
        sent(member, address, actions_at(member, address, chance, 2), tally)
    is_well("actions on rows", tally, figure)
