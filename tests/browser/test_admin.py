"""The admin under the strict policy: what staff open and use gives the browser nothing to complain of."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.measures import page_width

Staff = Callable[..., Any]

ORGANIZATIONS = "/admin/engagement/organization/"


@pytest.fixture(scope="module")
def editor(staff: Staff) -> Any:
    return staff("admin-editor")


@pytest.fixture(scope="module")
def approver(staff: Staff) -> Any:
    return staff("admin-approver", role="approver")


@pytest.fixture(scope="module")
def administrator(staff: Staff) -> Any:
    return staff("admin-administrator", role="administrator")


def log_in(page: Page, account: Any) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Log in").click()


def open_first(page: Page, model: str) -> None:
    page.goto(f"/admin/engagement/{model}/")
    page.locator("#result_list tbody th a").first.click()


@pytest.mark.parametrize(
    "model",
    ["organization", "consultativestatus", "country", "instrument", "meeting", "project", "office", "source"],
)
def test_list_form_history_and_deletion_open_without_complaints(
    page: Page, approver: Any, complaints: list[str], model: str
) -> None:
    log_in(page, approver)
    open_first(page, model)
    form = page.url
    for url in (f"{form}../history/", f"{form}../delete/", f"/admin/engagement/{model}/add/"):
        page.goto(url)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{form}../history/")
    versions = page.locator("#change-history th a")
    if versions.count():
        versions.first.click()
        expect(page.get_by_role("button", name="Revert")).to_be_visible()
    page.goto(f"/admin/engagement/{model}/?q=zzzzzz")
    expect(page.locator(".paginator").first).to_contain_text("0 ")
    assert complaints == []


def test_pickers_and_added_rows_and_dates_work_without_complaints(
    page: Page, editor: Any, complaints: list[str]
) -> None:
    log_in(page, editor)
    page.goto(f"{ORGANIZATIONS}add/")
    page.locator("#id_source + .select2").click()
    page.locator(".select2-search__field").last.fill("profile")
    page.locator(".select2-results__option--highlighted").click()
    assert page.locator("#id_source").input_value()
    page.locator(".field-last_verified .datetimeshortcuts a").first.click()
    assert page.locator("#id_last_verified").input_value()
    page.locator("#seats-group .add-row a").click()
    page.locator("#id_seats-0-country + .select2").click()
    page.locator(".select2-search__field").last.fill("Switz")
    page.locator(".select2-results__option--highlighted").click()
    assert page.locator("#id_seats-0-country").input_value()
    assert complaints == []


def test_a_calendar_opens_and_gives_its_day(page: Page, editor: Any, complaints: list[str]) -> None:
    log_in(page, editor)
    page.goto(f"{ORGANIZATIONS}add/")
    page.locator(".field-last_verified .date-icon").click()
    page.locator("#calendarin0 td a").first.click()
    assert page.locator("#id_last_verified").input_value()
    assert complaints == []


def test_accounts_groups_and_a_forgotten_password_open_without_complaints(
    page: Page, administrator: Any, complaints: list[str]
) -> None:
    page.goto("/admin/password_reset/")
    log_in(page, administrator)
    for path in ("auth/user/", "auth/user/add/", "auth/group/", "auth/group/add/", "engagement/contact/"):
        page.goto(f"/admin/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/admin/password_change/")
    assert complaints == []


@pytest.mark.parametrize("path", ["", "engagement/organization/", "engagement/organization/add/"])
def test_the_admin_fits_a_phone(phone: Page, editor: Any, path: str) -> None:
    log_in(phone, editor)
    phone.goto(f"/admin/{path}")
    assert page_width(phone) <= 390
