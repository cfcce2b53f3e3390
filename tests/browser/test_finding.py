"""Finding: filters, search, a past day and two compared, with htmx, by keyboard, on a phone, without scripts."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.measures import page_width

COUNT, FOUND = "#results-count", "#found"


def mark(page: Page) -> None:
    """So that a page that was loaded anew is known."""
    page.evaluate("window.sameDocument = true")


def is_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def number(page: Page, selector: str) -> int:
    found = re.search(r"\d+", page.locator(selector).inner_text())
    assert found is not None
    return int(found[0])


def test_choosing_a_filter_changes_results_numbers_and_address_in_place(page: Page, complaints: list[str]) -> None:
    page.goto("/organizations/")
    mark(page)
    workers = page.locator("#kind-workers")
    promised = number(page, "label:has(#kind-workers) b")
    idle_before = page.locator("label.idle").count()
    workers.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/organizations/\?kind=workers$"))
    expect(page.locator(COUNT)).to_have_text(re.compile(rf"^{promised} organization"))
    expect(page.locator(FOUND)).to_have_text(re.compile(rf"^{promised} organizations?, 1 filter$"))
    expect(page.locator("#kind-workers")).to_be_focused()
    expect(page.locator("#kind-workers")).to_be_checked()
    assert page.locator("label.idle").count() > idle_before
    assert is_same_document(page) and complaints == []


def test_the_back_button_brings_back_what_was_asked_before(page: Page) -> None:
    page.goto("/organizations/")
    everything = page.locator(COUNT).inner_text()
    page.locator("#kind-workers").check()
    expect(page).to_have_url(re.compile(r"kind=workers$"))
    workers = page.locator(COUNT).inner_text()
    page.locator("#kind-ngo").check()
    expect(page).to_have_url(re.compile(r"kind=ngo&kind=workers$"))
    page.go_back()
    expect(page.locator(COUNT)).to_have_text(workers)
    expect(page.locator("#kind-ngo")).not_to_be_checked()
    page.go_back()
    expect(page.locator(COUNT)).to_have_text(everything)
    expect(page.locator("#kind-workers")).not_to_be_checked()


def test_dropping_a_filter_hands_the_focus_on(page: Page) -> None:
    page.goto("/organizations/?kind=ngo&region=africa")
    mark(page)
    page.get_by_role("link", name="Remove filter Kind of organization").press("Enter")
    expect(page).to_have_url(re.compile(r"\?region=africa$"))
    expect(page.get_by_role("link", name="Remove filter Region")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/organizations/$"))
    expect(page.locator(COUNT)).to_be_focused()
    assert is_same_document(page)


def test_the_next_page_comes_in_place_with_the_focus_on_its_heading(page: Page, complaints: list[str]) -> None:
    page.goto("/constituents/")
    mark(page)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"\?page=2$"))
    expect(page.locator(COUNT)).to_be_focused()
    expect(page).to_have_title(re.compile("page 2 of"))
    assert is_same_document(page) and complaints == []


def test_what_was_open_stays_open(page: Page) -> None:
    page.goto("/constituents/")
    page.locator("#more-country > summary").click()
    rare = page.locator("#more-country input").last
    rare.check()
    expect(page.locator(FOUND)).to_have_text(re.compile("1 filter$"))
    expect(page.locator("#more-country")).to_have_attribute("open", "")


@pytest.mark.parametrize("control", ["#apply", "#more-country-summary", "#on", "#country-PK"])
def test_whatever_has_the_focus_when_an_answer_comes_keeps_it(control: str, page: Page) -> None:
    page.goto("/constituents/")
    page.locator("#more-country-summary").click()
    page.evaluate(
        """(control) => document.addEventListener("htmx:beforeSwap", () => document.querySelector(control).focus())""",
        control,
    )
    page.locator("#group-workers").check()
    expect(page.locator(FOUND)).to_have_text(re.compile("1 filter$"))
    expect(page.locator(control)).to_be_focused()


def test_another_order_is_taken_at_once(page: Page) -> None:
    page.goto("/projects/")
    expect(page.get_by_role("button", name="Sort", exact=True)).to_be_hidden()
    page.get_by_label("Sort by").select_option("-start")
    expect(page).to_have_url(re.compile(r"\?sort=-start$"))


def test_an_answer_of_400_is_shown_in_place(page: Page) -> None:
    page.goto("/organizations/")
    page.locator("#since_from").fill("06")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("alert")).to_contain_text("since_from")
    expect(page.locator(COUNT)).to_have_text("0 organizations")


def test_a_request_that_fails_says_so_and_leaves_a_way(page: Page) -> None:
    page.goto("/organizations/")

    def abort(route: Route) -> None:
        route.abort()

    page.route("**/organizations/?*", abort)
    page.locator("#kind-workers").check()
    expect(page.locator("#failed")).to_be_visible()
    page.unroute("**/organizations/?*")
    page.get_by_role("link", name="Load the page anew").click()
    expect(page).to_have_url(re.compile("kind=workers"))
    expect(page.locator("#kind-workers")).to_be_checked()


def test_without_scripts_the_same_question_gives_the_same_answer(plain: Page, page: Page) -> None:
    for reader in (plain, page):
        reader.goto("/organizations/")
        reader.locator("[name=kind][value=workers]").check()
    plain.get_by_role("button", name="Apply filters").click()
    expect(plain).to_have_url(re.compile(r"\?kind=workers$"))
    expect(page.locator(COUNT)).to_have_text(plain.locator(COUNT).inner_text())
    assert plain.locator("#results h3").all_inner_texts() == page.locator("#results h3").all_inner_texts()
    expect(plain.get_by_role("button", name="Sort", exact=True)).to_be_visible()


def test_a_misspelt_name_is_found_and_the_page_says_what_it_looked_for(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("soroptimst")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Nothing has the word “soroptimst”.")
    page.get_by_role("link", name="Soroptimist International").first.click()
    expect(page).to_have_url(re.compile(r"/organizations/soroptimist-international/"))


def ask_as_a_researcher(reader: Page) -> None:
    """From the Special List by way of a past day to what differs from a later one, with keys alone."""
    reader.goto("/organizations/")
    if reader.locator(".filters > summary").is_visible():
        reader.locator(".filters > summary").press("Enter")
    reader.locator("[name=category][value=special-list]").press("Space")
    reader.locator("#on").fill("2002-05-15")
    reader.get_by_role("button", name="Apply filters").press("Enter")
    expect(reader).to_have_url(re.compile(r"\?on=2002-05-15&category=special-list$"))
    expect(reader.locator(".as-of")).to_contain_text("The register as of 15 May 2002")
    assert number(reader, "label:has([name=category][value=special-list]) b") == number(reader, COUNT) > 0
    reader.get_by_role("link", name="Compare with today").press("Enter")
    expect(reader).to_have_url(re.compile(r"/compare/\?from=2002-05-15&to=\d{4}-\d\d-\d\d$"))
    expect(reader.get_by_role("main")).to_contain_text("International Trade Union Confederation")


@pytest.mark.parametrize("window", ["page", "phone", "plain"])
def test_a_researcher_compares_a_past_day_with_today(window: str, request: pytest.FixtureRequest) -> None:
    ask_as_a_researcher(request.getfixturevalue(window))


def test_a_phone_with_open_filters_keeps_within_its_width(phone: Page, complaints: list[str]) -> None:
    phone.goto("/organizations/?on=2006-11-15")
    phone.locator(".filters > summary").tap()
    phone.locator("#kind-workers").tap()
    expect(phone).to_have_url(re.compile("kind=workers"))
    expect(phone.locator("#filters")).to_have_attribute("open", "")
    assert page_width(phone) <= 390
    assert complaints == []
