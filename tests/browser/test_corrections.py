"""A correction from end to end: a reader sends it by keys alone, without scripts, on a phone; staff publish it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engagement.web.trapping import QUICKEST
from tests.browser.conftest import DESKTOP, PHONE, Account, new_context
from tests.browser.measures import page_width, violations
from tests.browser.site import Site
from tests.browser.test_admin import log_in

SENDER, REASON = "sender@invented.example", "The report of the founding congress says so"
STOPS = 250  # more than there are links on the record's page
MADE = """
from engagement.models import Organization, Source
made = Organization.objects.create(name="Invented Guild", founded="1950", source=Source.objects.all()[0])
print(made.get_absolute_url())
"""
GONE = """
from engagement.desk.models import Correction
from engagement.models import Organization
Correction.objects.all().delete()
Organization.objects.filter(name="Invented Guild").delete()
"""


@pytest.fixture
def record(site: Site) -> Iterator[str]:
    """The address of an organization of this test alone."""
    yield site.manage("shell", "--no-imports", "-c", MADE).strip().splitlines()[-1]
    site.manage("shell", "--no-imports", "-c", GONE)


def test_a_reader_s_correction_is_published_and_the_reader_is_told(
    plain_phone: Page, browser: Browser, site: Site, record: str, staff: Callable[..., Account]
) -> None:
    page = plain_phone
    page.goto(record)
    tab_to(page, 'a.correct[href*="record=organization:"]')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Correct this record")
    fits(page)
    fill_in(page, evidence=" ")
    expect(page.locator("#answers")).to_contain_text("How do you know? This field is required.")
    expect(page.locator("#proposed")).to_have_value("1951-05-01")
    fits(page)
    page.wait_for_timeout(QUICKEST * 1000)  # as a person would: sooner, the form is taken for a program's
    fill_in(page, evidence="https://invented.example/founding")
    expect(page.locator("h1")).to_have_text(re.compile("Correction C-"))
    expect(page.locator("main")).to_contain_text("Received; not decided yet")
    fits(page)
    number = page.url.partition("#")[0]  # the browser keeps where on the form's page it was to look
    publish(browser, site, staff("corrector"), page.locator("h1").inner_text().removeprefix("Correction "))
    published = "Published: the register was corrected"
    for place, says in ((number, published), ("/corrections/", REASON), (record, "1 May 1951")):
        page.goto(place)
        expect(page.locator("main")).to_contain_text(says)
        fits(page)
    mails = (Path(site.settings["VAR_DIR"]) / "serve.log").read_text()
    assert mails.count(f"To: {SENDER}") == 2 and REASON in mails


def publish(browser: Browser, site: Site, account: Account, reference: str) -> None:
    """What staff do: from the list to the page, the reason, and the one button."""
    context = new_context(browser, site, DESKTOP)
    page = context.new_page()
    log_in(page, account)
    page.goto("/admin/desk/correction/")
    page.get_by_role("link", name=reference).click()
    expect(page.locator("#content-main")).to_contain_text("https://invented.example/founding")
    expect(page.locator("[name=proposed-founded]")).to_have_value("1951-05-01")
    assert violations(page) == []
    page.locator("#publish-reason").fill(REASON)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("The sender was told by mail.")
    context.close()


def fill_in(page: Page, evidence: str) -> None:
    tab_to(page, "input[name=field]")
    for _press in range(STOPS):
        if page.locator("input[value=founded]:checked").count():
            break
        page.keyboard.press("ArrowDown")
    for name, text in (("proposed", "1951-05-01"), ("evidence", evidence), ("email", SENDER)):
        tab_to(page, f"#{name}")
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)
    tab_to(page, "form.check button")
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _stop in range(STOPS):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keyboard")


def fits(page: Page) -> None:
    assert page_width(page) <= PHONE[0]
