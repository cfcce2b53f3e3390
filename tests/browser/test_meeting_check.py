"""The meeting check on a phone, with keys alone and without scripts: paste, choose, read the answers, take the file."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.measures import WIDTHS, page_width, violations, window
from tests.browser.site import Site

PAGE = "/meeting-check/"
NAMES = (
    "International Trade Union Confederation (ITUC)",
    "Soroptmist International",
    "Confederation internationale des cadres",
    "World Council",
    "اتحاد النساجين",
)
STOPS = 80  # more than stand between the top of the page and the form


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until the element has the focus."""
    for _stop in range(STOPS):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{selector} is not reached by keyboard")


def fill_in(page: Page) -> None:
    """From the top of the page, with keys alone."""
    page.goto(PAGE)
    tab_to(page, "#names")
    page.keyboard.insert_text("\n".join(NAMES))
    tab_to(page, "#meeting")
    page.keyboard.type("International Labour Conference, 106th")
    tab_to(page, "form.check button")
    page.keyboard.press("Enter")


def test_a_list_is_pasted_answered_and_taken_away_with_keys_alone_and_without_scripts(
    plain_phone: Page, tmp_path: Path
) -> None:
    page = plain_phone
    fill_in(page)
    expect(page.locator("#answers")).to_have_text("5 names checked")
    expect(page).to_have_url(re.compile(r"/meeting-check/#answers$"))
    answers = [row.inner_text() for row in page.locator(".answers tbody tr").all()]
    for text, said in zip(
        answers,
        ("Standing arrangement recorded", "Perhaps", "Invited to this meeting", "Several organizations", "no proof"),
        strict=True,
    ):
        assert said in text
    page.keyboard.press("Tab")  # from the heading of the answers on, past the link to the meeting
    tab_to(page, "button[name=format]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "meeting-check-2017-06-05.csv"
    download.value.save_as(tmp_path / "answers.csv")
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [each["pasted"] for each in found] == list(NAMES)
    assert [each["answer"] for each in found] == ["standing-arrangement", "not-recorded", "invited", "", ""]


def test_the_focus_goes_to_the_answers_or_to_what_is_wrong(phone: Page, complaints: list[str]) -> None:
    fill_in(phone)
    expect(phone.locator("h2#answers")).to_be_focused()
    assert page_width(phone) <= PHONE[0]
    tab_to(phone, "#names", back=True)
    phone.keyboard.press("Control+A")
    phone.keyboard.insert_text("x" * 301)
    tab_to(phone, "form.check button")
    with phone.expect_response(lambda answer: answer.request.method == "POST") as answered:
        phone.keyboard.press("Enter")
    assert answered.value.status == 400
    expect(phone.locator("div#answers")).to_be_focused()
    expect(phone.locator("div#answers")).to_contain_text("Line 1 is longer than 300 characters.")
    expect(phone.locator("#names")).to_have_value("x" * 301)
    assert page_width(phone) <= PHONE[0]
    assert [each for each in complaints if "400" not in each] == []


def test_from_the_page_of_a_meeting_it_stands_chosen(page: Page) -> None:
    page.goto("/meetings/ilc-106/")
    page.get_by_role("link", name="Check a list of names for this meeting").press("Enter")
    expect(page.locator("#meeting")).to_have_value("ilc-106")
    expect(page.locator("#on")).to_have_value("")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [*WIDTHS.values(), 320])
def test_neither_the_answers_nor_what_is_wrong_violate_a_rule(
    browser: Browser, site: Site, width: int, colours: Any
) -> None:
    with window(browser, site, width, color_scheme=colours) as page:
        fill_in(page)
        expect(page.locator("h2#answers")).to_be_visible()
        assert violations(page) == []
        assert page_width(page) <= width
        page.locator("#names").fill("x" * 301)
        page.get_by_role("button", name="Check the list").click()
        expect(page.locator("div#answers")).to_be_visible()
        assert violations(page) == []
