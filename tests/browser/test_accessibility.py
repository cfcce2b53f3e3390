"""The rules of WCAG 2.2 AA that a program can check, in every kind of page, wide and narrow, light and dark."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.measures import COLOUR_RULES, ONCE, WIDTHS, every_kind, report, restyle, violations, window
from tests.browser.site import Site

pytestmark = ONCE

FOUND = "#found"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_kind_of_page_violates_a_rule_in_light_or_in_dark(browser: Browser, site: Site, width: str) -> None:
    found: list[str] = []
    with window(browser, site, WIDTHS[width]) as page:
        for kind in every_kind(page):
            found += report(kind, violations(page))
            page.emulate_media(color_scheme="dark")
            found += report(f"{kind}, dark", violations(page, COLOUR_RULES))
            page.emulate_media(color_scheme="light")
    assert found == [], "\n".join(found)


def test_a_lack_of_contrast_would_be_found_in_the_dark(page: Page) -> None:
    page.goto("/about/")
    restyle(page, "@media (prefers-color-scheme: dark) { .lede { color: #333 } }")
    assert violations(page, COLOUR_RULES) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOUR_RULES) == ["color-contrast: .lede"]


def test_a_violation_would_be_found(page: Page) -> None:
    page.goto("/about/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><h5>x</h5>')")
    assert {line.split(":")[0] for line in violations(page)} == {"heading-order", "image-alt"}


@pytest.mark.parametrize("width", WIDTHS)
def test_filters_that_are_open_to_the_last_option_violate_no_rule(browser: Browser, site: Site, width: str) -> None:
    with window(browser, site, WIDTHS[width]) as page:
        page.goto("/constituents/")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert violations(page) == []


def test_a_list_that_has_changed_in_place_violates_no_rule(page: Page) -> None:
    page.goto("/organizations/")
    page.locator("#kind-workers").check()
    expect(page.locator(FOUND)).to_have_text(re.compile("1 filter$"))
    assert violations(page) == [], "a filter was chosen"
    page.get_by_role("link", name="Remove filter").click()
    expect(page.locator(FOUND)).not_to_have_text(re.compile("filter"))
    assert violations(page) == [], "a filter was dropped"
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("page=2$"))
    assert violations(page) == [], "the next page came"
    page.locator("#since_from").fill("06")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == [], "the question was refused"


def test_a_request_that_fails_leaves_a_page_that_violates_no_rule(page: Page) -> None:
    page.goto("/organizations/")

    def abort(route: Route) -> None:
        route.abort()

    page.route("**/organizations/?*", abort)
    page.locator("#kind-workers").check()
    expect(page.locator("#failed")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "colours"), [("wide", "light"), ("narrow", "dark")])
def test_what_staff_see_most_violates_no_rule(
    browser: Browser, site: Site, staff: Callable[..., Any], width: str, colours: Any
) -> None:
    found: list[str] = []
    account = staff(f"accessible-{width}")
    with window(browser, site, WIDTHS[width], color_scheme=colours) as page:
        page.goto("/admin/")
        found += report("login", violations(page))
        page.get_by_label("Username").fill(account.name)
        page.get_by_label("Password").fill(account.password)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for path in ("", "organization/", "organization/add/", "consultativestatus/", "project/add/"):
            page.goto(f"/admin/engagement/{path}")
            page.locator("body:not(:has(.select2-hidden-accessible:not(:has(+ .select2))))").wait_for()
            found += report(path, violations(page))
        page.goto("/admin/engagement/organization/?q=amnesty")
        page.locator("#result_list tbody th a").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += report("organization", violations(page))
    assert found == [], "\n".join(found)


def test_a_picker_of_the_admin_is_known_by_its_field_also_in_a_row_that_is_added(
    page: Page, staff: Callable[..., Any]
) -> None:
    account = staff("pickers")
    page.goto("/admin/engagement/organization/add/")
    page.get_by_label("Username").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("combobox", name="Region of activity")).to_be_visible()
    page.locator("#seats-group .add-row a").click()
    expect(page.get_by_role("combobox", name="Country")).to_be_visible()
    page.get_by_role("combobox", name="Country").press("Enter")
    expect(page.get_by_role("searchbox", name="Country")).to_be_focused()
