"""Two journeys as people make them: a reader from the categories to a source; staff from an edit to the public page."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.measures import page_width


def test_a_reader_goes_from_the_categories_to_an_organization_and_to_the_source(
    page: Page, complaints: list[str]
) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Categories").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Consultative categories")
    page.get_by_role("main").get_by_role("link", name="General consultative status").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("General consultative status")
    page.get_by_role("main").get_by_role("link", name="International Trade Union Confederation").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("International Trade Union Confederation")
    expect(page.get_by_role("main")).to_contain_text("15 November 2006")
    page.get_by_role("main").get_by_role("link", name="The ILO formally recognizes").first.click()
    expect(page).to_have_url(re.compile(r"/sources/ilo-itu-2006/$"))
    expect(page.get_by_role("main")).to_contain_text("International Labour Organization")
    assert complaints == []


def test_a_reader_filters_by_keyboard_and_drops_the_filter_again(page: Page) -> None:
    page.goto("/organizations/")
    everything = page.locator("#results-count").inner_text()
    page.get_by_role("checkbox", name="Workers’ organization").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Apply filters").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/organizations/\?kind=workers$"))
    assert page.locator("#results-count").inner_text() != everything
    page.get_by_role("link", name="Remove filter Kind of organization: Workers’ organization").click()
    expect(page.locator("#results-count")).to_have_text(everything)


def test_the_skip_link_is_the_first_stop_and_leads_to_the_results(page: Page) -> None:
    page.goto("/organizations/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to results")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\#results$"))


def test_a_phone_shows_results_first_and_opens_the_filters_on_demand(phone: Page) -> None:
    phone.goto("/organizations/")
    assert page_width(phone) <= 390
    expect(phone.get_by_role("checkbox", name="Workers’ organization")).to_be_hidden()
    phone.locator(".filters > summary").click()
    expect(phone.get_by_role("checkbox", name="Workers’ organization")).to_be_visible()
    assert phone.locator("#results-count").bounding_box() is not None


def test_staff_log_in_edit_a_record_and_see_it_on_the_public_page(
    page: Page, staff: Callable[..., Any], complaints: list[str]
) -> None:
    account = staff("journeys")
    page.goto("/admin/")
    page.get_by_label("Username").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/engagement/organization/?q=Soroptimist")
    page.get_by_role("link", name="Soroptimist International").first.click()
    acronym = page.get_by_label("Acronym", exact=False).first
    former = acronym.input_value()
    try:
        acronym.fill("SI-EDITED")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()
        page.goto("/organizations/soroptimist-international/")
        expect(page.get_by_role("main")).to_contain_text("SI-EDITED")
    finally:
        page.goto("/admin/engagement/organization/?q=Soroptimist")
        page.get_by_role("link", name="Soroptimist International").first.click()
        page.get_by_label("Acronym", exact=False).first.fill(former)
        page.get_by_role("button", name="Save", exact=True).click()
    assert complaints == []
