"""Two windows on one record: the second to save is asked, chooses, and gets what was chosen; without a mouse too."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.measures import page_width, violations
from tests.browser.site import Site
from tests.browser.test_admin import log_in

Staff = Callable[..., Any]

MADE = """
from engagement.models import Organization, Source
made = Organization.objects.create(name="Invented Union", acronym="IU", founded="1950", source=Source.objects.all()[0])
print(made.pk)
"""
FOUND = "from engagement.models import Organization as O; found = O.objects.get(pk={}); "
SAID = FOUND + "print(found.name, found.acronym, found.founded, sep='|')"


@pytest.fixture(scope="module")
def accounts(staff: Staff) -> tuple[Any, Any]:
    return staff("invented-first"), staff("invented-second")


@pytest.fixture
def record(site: Site) -> Any:
    """The number of an organization of this test alone."""
    pk = site.manage("shell", "--no-imports", "-c", MADE).strip().splitlines()[-1]
    yield pk
    site.manage("shell", "--no-imports", "-c", (FOUND + "found.delete()").format(pk))


def said(site: Site, pk: str) -> str:
    return site.manage("shell", "--no-imports", "-c", SAID.format(pk)).strip().splitlines()[-1]


def open_both(first: Page, second: Page, accounts: tuple[Any, Any], pk: str) -> None:
    for page, account in zip((first, second), accounts, strict=True):
        log_in(page, account)
        page.goto(f"/admin/engagement/organization/{pk}/change/")
        expect(page.locator("#id_name")).to_have_value("Invented Union")


def save(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("input[name=_save]").first.click()


def but_refusals(complaints: list[str]) -> list[str]:
    """Browsers write each answer of 409 into the console."""
    return [line for line in complaints if "status of 409" not in line]


def test_the_second_of_two_editors_chooses_field_by_field(
    page: Page, phone: Page, site: Site, accounts: tuple[Any, Any], record: str, complaints: list[str]
) -> None:
    open_both(page, phone, accounts, record)
    save(page, name="Invented Union of the First", acronym="FIRST")
    expect(page.locator(".messagelist .success")).to_be_visible()
    save(phone, name="Invented Union of the Second", acronym="SECOND", founded="1951")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Changed by another meanwhile")
    expect(phone.get_by_text("Written by invented-first on")).to_be_visible()
    assert page_width(phone) <= 390
    assert violations(phone) == []
    expect(phone.get_by_role("radio", name="Keep mine (Founded)")).to_be_checked()
    phone.get_by_role("button", name="Save as chosen").click()  # the browser asks for what is not chosen
    expect(phone.get_by_role("heading", level=1)).to_have_text("Changed by another meanwhile")
    phone.get_by_role("radio", name="Keep theirs (Name)").check()
    phone.get_by_role("radio", name="Keep mine (Acronym)").check()
    phone.get_by_role("button", name="Save as chosen").click()
    expect(phone.locator(".messagelist .success")).to_be_visible()
    assert said(site, record) == "Invented Union of the First|SECOND|1951"
    assert but_refusals(complaints) == []


def test_the_page_works_without_scripts_and_with_the_keyboard_alone(
    page: Page, plain: Page, site: Site, accounts: tuple[Any, Any], record: str
) -> None:
    open_both(page, plain, accounts, record)
    save(page, name="Invented Union of the First")
    expect(page.locator(".messagelist .success")).to_be_visible()
    save(plain, name="Invented Union of the Second")
    plain.get_by_role("radio", name="Keep theirs (Name)").focus()
    plain.keyboard.press("ArrowRight")
    expect(plain.get_by_role("radio", name="Keep mine (Name)")).to_be_checked()
    plain.keyboard.press("Enter")
    expect(plain).to_have_url(re.compile("/admin/engagement/organization/$"))
    assert said(site, record).startswith("Invented Union of the Second|")


def test_the_page_violates_no_rule_in_light_or_in_dark(
    page: Page, phone: Page, site: Site, accounts: tuple[Any, Any], record: str
) -> None:
    open_both(page, phone, accounts, record)
    save(phone, name="Invented Union of the First", acronym="FIRST")
    expect(phone.locator(".messagelist .success")).to_be_visible()
    save(page, name="Invented Union of the Second")
    expect(page.get_by_role("heading", level=1)).to_have_text("Changed by another meanwhile")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
