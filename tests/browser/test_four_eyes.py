"""Two accounts: what the one proposes stands on the public page once the other approves it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site

Staff = Callable[..., Any]


@pytest.fixture(scope="module")
def editor(staff: Staff) -> Any:
    return staff("proposing-editor")


@pytest.fixture(scope="module")
def approver(staff: Staff) -> Any:
    return staff("proposing-approver", role="approver")


def log_in(page: Page, account: Any) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Log in").click()


def test_a_status_is_proposed_by_one_and_approved_by_another(
    page: Page, browser: Browser, site: Site, editor: Any, approver: Any, complaints: list[str]
) -> None:
    log_in(page, editor)
    page.goto("/admin/engagement/consultativestatus/?q=Amnesty")
    page.locator("#result_list tbody th a").first.click()
    public = page.get_by_role("link", name="View on site").first.get_attribute("href") or ""
    page.get_by_label("Granted").fill("1999-03")
    page.get_by_label("Reason").fill("Invented document 1")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator(".messagelist")).to_contain_text("another person is to approve it")
    expect(page.get_by_text("You proposed this.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    other = browser.new_context(base_url=site.url).new_page()
    log_in(other, approver)
    other.goto(page.url)
    expect(other.get_by_text("Invented document 1")).to_be_visible()
    other.get_by_role("button", name="Approve").click()
    expect(other.locator(".messagelist")).to_contain_text("Approved.")
    other.goto(public)
    expect(other.get_by_text("March 1999").first).to_be_visible()
    # As it was, for the tests that come after.
    other.goto(page.url)
    other.get_by_role("link", name="What it changed").click()
    other.get_by_role("link", name="Undo…").click()
    other.get_by_role("button", name="Undo").click()
    expect(other.locator(".messagelist")).to_contain_text("Undone")
    assert complaints == []
