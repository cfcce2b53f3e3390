"""Understanding: rights that open, letters over long lists, the ledger of what is known; by keyboard and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.measures import page_width

RIGHT = "#rights-special-list-conference-submit-statements"


def test_a_right_in_the_matrix_opens_by_keyboard_and_without_scripts(plain: Page) -> None:
    plain.goto("/participation/")
    rule = plain.locator(RIGHT)
    expect(rule).to_be_hidden()
    summary = plain.locator(f"details:has({RIGHT}) > summary")
    expect(summary).to_contain_text("Submit statements")
    expect(summary).to_contain_text("as of 2021")
    summary.focus()
    plain.keyboard.press("Enter")
    expect(rule).to_be_visible()
    expect(rule).to_contain_text("From when until when it holds is not recorded.")
    plain.keyboard.press("Tab")
    expect(rule.get_by_role("link").first).to_be_focused()
    expect(rule.get_by_role("link").first).to_have_attribute("href", re.compile("^/sources/"))


def test_a_link_to_a_right_opens_it_and_shows_it_with_its_name(plain: Page) -> None:
    plain.goto(f"/participation/{RIGHT}")
    expect(plain.locator(f"details:has({RIGHT})")).to_have_attribute("open", "")
    expect(plain.locator(RIGHT)).to_be_in_viewport()
    expect(plain.locator(f"details:has({RIGHT}) > summary")).to_be_in_viewport()


def test_the_page_of_a_source_leads_into_the_opened_cell(page: Page, complaints: list[str]) -> None:
    page.goto(f"/participation/{RIGHT}")
    page.locator(f"{RIGHT} a").first.click()
    link = page.locator(f'a[href$="{RIGHT}"]')
    link.press("Enter")
    expect(page.locator(RIGHT)).to_be_in_viewport()
    assert complaints == []


def test_an_open_right_keeps_a_phone_within_its_width(phone: Page) -> None:
    phone.goto(f"/participation/{RIGHT}")
    expect(phone.locator(RIGHT)).to_be_visible()
    assert page_width(phone) <= 390


def test_a_letter_leads_by_keyboard_to_its_first_row_and_on_into_the_rows(page: Page, complaints: list[str]) -> None:
    page.goto("/constituents/")
    letters = page.get_by_role("navigation", name="A–Z")
    letters.get_by_role("link", name="P", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"/constituents/\?page=\d+#letter-p$"))
    mark = page.locator("#letter-p")
    expect(mark).to_be_in_viewport()
    page.keyboard.press("Tab")
    row = page.locator("li.row:has(#letter-p)")
    expect(row.locator("h3 a")).to_be_focused()
    expect(row.locator(".meta")).to_contain_text(re.compile("^P|Country ?P"))
    assert complaints == []


def test_the_letters_follow_what_is_asked_in_place(page: Page) -> None:
    page.goto("/constituents/")
    letters = page.get_by_role("navigation", name="A–Z")
    expect(letters.get_by_role("link", name="P", exact=True)).to_have_attribute("href", re.compile("page="))
    page.locator("#region-arab-states").check()
    expect(page.locator("#found")).to_have_text(re.compile("1 filter$"))
    expect(letters).to_have_count(0)
    page.locator("#region-arab-states").uncheck()
    page.locator("#region-africa").check()
    expect(page).to_have_url(re.compile(r"\?region=africa$"))
    expect(letters.get_by_role("link", name="P", exact=True)).to_have_count(0)
    letters.get_by_role("link", name="Z", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"\?region=africa&page=\d+#letter-z$"))
    expect(page.locator("#letter-z")).to_be_in_viewport()


def test_another_order_takes_the_letters_away_and_back(page: Page) -> None:
    page.goto("/projects/")
    letters = page.get_by_role("navigation", name="A–Z")
    expect(letters).to_be_visible()
    page.get_by_label("Sort by").select_option("-start")
    expect(letters).to_have_count(0)
    page.get_by_label("Sort by").select_option("name")
    expect(letters).to_be_visible()


@pytest.mark.parametrize("window", ["page", "phone"])
def test_the_ledger_keeps_the_country_in_sight_and_the_page_within_its_width(
    window: str, request: pytest.FixtureRequest
) -> None:
    reader: Page = request.getfixturevalue(window)
    reader.goto("/coverage/?region=asia-and-the-pacific")
    last = reader.locator("tr:has(a[href='/countries/PW/']) td").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(reader.locator("th a[href='/countries/PW/']")).to_be_in_viewport()
    assert page_width(reader) <= (reader.viewport_size or {})["width"]


def test_a_term_leads_to_its_entry_in_the_glossary(page: Page, complaints: list[str]) -> None:
    page.goto("/categories/special-list/")
    page.get_by_role("link", name="Governing Body", exact=True).first.press("Enter")
    expect(page).to_have_url(re.compile("/glossary/#governing-body$"))
    expect(page.locator("#governing-body")).to_be_in_viewport()
    assert complaints == []
