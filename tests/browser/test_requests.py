"""A request on a phone, with keys alone and without scripts: saved, continued by the mailed link, sent with papers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engagement.web.trapping import QUICKEST
from tests.asking import PDF
from tests.browser.conftest import PHONE, new_context
from tests.browser.measures import page_width, violations, window
from tests.browser.site import Site, running_site
from tests.browser.test_meeting_check import tab_to

NARROW = 320
NAME, PUBLISHER = "Invented applicants of Zzyzx", "Invented secretariat"
FORM = "/requests/new/?kind=status"


@pytest.fixture(scope="module")
def taking(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """A portal that takes requests, and the directory in which its mails are printed to serve.log."""
    var = tmp_path_factory.mktemp("taking")
    with running_site(var, REQUESTS="1", SITE_PUBLISHER=PUBLISHER) as running:
        yield running, var


@pytest.fixture
def person(browser: Browser, taking: tuple[Site, Path]) -> Iterator[Page]:
    context = new_context(browser, taking[0], PHONE, scripts=False)
    yield context.new_page()
    context.close()


def mailed(var: Path, pattern: str) -> str:
    """What the last mail that holds it says: the lines are not broken within an address."""
    found = re.findall(pattern, (var / "serve.log").read_text())
    assert found, pattern
    return str(found[-1])


def type_into(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def press(page: Page, selector: str, wait: bool = True) -> None:
    """As a person would: sooner, the form is taken for a program's. One that came back is as old as it was."""
    page.wait_for_timeout((QUICKEST * 1000 + 100) * wait)
    tab_to(page, selector)
    page.keyboard.press("Enter")


def test_a_request_is_saved_continued_and_sent_with_keys_alone(taking: tuple[Site, Path], person: Page) -> None:
    page, var = person, taking[1]
    page.goto("/requests/new/")
    expect(page.locator("main")).to_contain_text(f"{PUBLISHER} receives what is sent here")
    page.get_by_role("link", name="Consultative status A lasting").press("Enter")
    type_into(page, "#email", "person@invented.example")
    press(page, "button[value=save]")
    expect(page.locator("#told")).to_contain_text("This is what was saved.")

    page.goto("about:blank")
    page.goto(mailed(var, r"http\S+/requests/continue/\S+/"))
    type_into(page, "#name", NAME)
    tab_to(page, "#country")
    page.keyboard.type("Switz")
    tab_to(page, "#category")
    page.keyboard.type("Special")
    tab_to(page, "input[name=first_time]")
    page.keyboard.press("Space")
    type_into(page, "#contact_name", "Invented person")
    page.locator("#paper-statutes").set_input_files({"name": "statutes.pdf", "mimeType": "a/b", "buffer": PDF})
    page.locator("#paper-members").set_input_files({"name": "members.exe", "mimeType": "a/b", "buffer": PDF})
    press(page, "button[value=send]")
    expect(page.locator("#told [role=alert]")).to_contain_text("members.exe")
    expect(page.locator("form.request")).to_contain_text("statutes.pdf")
    expect(page.locator("#contact_name")).to_have_value("Invented person")
    assert page_width(page) <= PHONE[0]

    press(page, "button[value=send]", wait=False)
    main = page.locator("main")
    expect(main.locator("h1")).to_contain_text("Request R-")
    assert mailed(var, r"Its number is (R-\w{4}-\w{4})") in page.url
    expect(main).to_contain_text("List of members or affiliates")
    expect(main).not_to_contain_text("Statutes")
    expect(main).not_to_contain_text(NAME)
    assert page_width(page) <= PHONE[0]


def test_no_page_of_requests_violates_a_rule(browser: Browser, taking: tuple[Site, Path]) -> None:
    with window(browser, taking[0], NARROW) as page:
        page.goto("/requests/new/")
        assert violations(page) == []
        page.goto(FORM)
        page.locator("#name").fill("International Trade Union Confederation")
        page.locator("#paper-statutes").set_input_files({"name": "x.exe", "mimeType": "a/b", "buffer": PDF})
        page.wait_for_timeout(QUICKEST * 1000 + 100)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#told [role=alert]")).to_be_visible()
        assert violations(page) == []
        assert page_width(page) <= NARROW
        page.goto("/requests/")
        assert violations(page) == []
