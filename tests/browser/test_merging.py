"""Merging two organizations as staff do it, from the list of look-alikes to the way back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.measures import page_width, violations
from tests.browser.site import Site
from tests.browser.test_admin import log_in
from tests.browser.test_keyboard import MOST_KEYS

LOOK_ALIKES = "/admin/engagement/organization/look-alikes/"
ENTER = """
from engagement.models import Country, Organization, Seat, Source
source = Source.objects.order_by("pk")[0]
league, double = (
    Organization.objects.create(slug=slug, name=name, acronym=acronym, source=source, as_of="2006")
    for slug, name, acronym in (
        ("invented-lamps-league", "Invented League of Lamplighters", ""),
        ("invented-lamps-double", "Invented League of Lampligthers", "ILL"),
    )
)
Seat.objects.create(organization=double, city="Invented City", country=Country.objects.order_by("pk")[0], source=source)
"""
REMOVE = """
from engagement.models import Organization
Organization.objects.filter(slug__startswith="invented-lamps-").delete()
"""


@pytest.fixture(scope="module")
def editor(staff: Callable[..., Any]) -> Any:
    return staff("merging-editor")


@pytest.fixture
def doubles(site: Site) -> Iterator[None]:
    """Two organizations that are one, in the running portal."""
    site.manage("shell", "--no-imports", "-c", ENTER)
    yield
    site.manage("shell", "--no-imports", "-c", REMOVE)


def tab_to(page: Page, text: str) -> None:
    """Press Tab until the link or button with this text, seen or only read out, has the focus."""
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"Tab never comes to “{text}”")


def open_merge(page: Page, editor: Any) -> None:
    log_in(page, editor)
    page.goto("/admin/engagement/organization/")
    page.get_by_role("link", name="Look-alikes").click()
    page.get_by_role("link", name="Merge… Invented League of Lamplighters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merge two organizations")


def test_a_pair_is_found_merged_and_led_on_and_the_merge_undone(
    page: Page, editor: Any, doubles: None, complaints: list[str]
) -> None:
    open_merge(page, editor)
    page.get_by_role("group", name="Name", exact=False).first.get_by_text("Invented League of Lampligthers").click()
    expect(page.get_by_text("Invented City")).to_be_hidden()
    page.locator("summary", has_text="Seats").click()
    expect(page.get_by_text("Invented City")).to_be_visible()
    page.get_by_role("button", name="Merge").click()
    undoing = page.locator(".messagelist a")
    expect(undoing).to_contain_text("invented-lamps-double")
    operation = undoing.get_attribute("href")
    page.goto("/fr/organizations/invented-lamps-double/?on=2020-01-01")
    expect(page).to_have_url("/fr/organizations/invented-lamps-league/?on=2020-01-01")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invented League of Lampligthers (ILL)")
    page.goto("/organizations/invented-lamps-league/")
    expect(page.get_by_text("Invented League of Lamplighters").first).to_be_visible()
    page.goto(str(operation))
    page.get_by_role("link", name="Undo…").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("Undone")
    page.goto("/organizations/invented-lamps-double/")
    expect(page).to_have_url("/organizations/invented-lamps-double/")
    assert complaints == []


def test_the_keyboard_alone_notes_that_two_are_not_the_same_and_takes_it_back(
    page: Page, editor: Any, doubles: None, complaints: list[str]
) -> None:
    log_in(page, editor)
    page.goto(LOOK_ALIKES)
    tab_to(page, "Not the same Invented League of Lamplighters")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("are not the same")
    page.goto(f"{LOOK_ALIKES}?distinct")
    tab_to(page, "Take back Invented League of Lamplighters")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("may be the same")
    assert complaints == []


def test_the_pages_fit_a_phone_and_are_accessible(
    phone: Page, editor: Any, doubles: None, complaints: list[str]
) -> None:
    log_in(phone, editor)
    phone.goto(LOOK_ALIKES)
    shown = [phone.url, phone.get_by_role("link", name="Merge… Invented League").get_attribute("href")]
    for address in (*shown, f"{LOOK_ALIKES}?distinct"):
        phone.goto(str(address))
        assert page_width(phone) <= 390
        assert violations(phone) == []
    assert complaints == []
