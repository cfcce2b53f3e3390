"""The keyboard alone: every stop in the order of the page, seen and never hidden; whole journeys by Tab and Enter."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.kinds import KINDS
from tests.browser.measures import ONCE, measure, restyle, window
from tests.browser.site import Site

pytestmark = ONCE

WALKED = ["home", "organizations, filtered", "organization", "compare", "participation"]
# More keys than any page has stops: a date alone takes four.
MOST_KEYS = 600


def stops_of(page: Page) -> list[dict[str, Any]]:
    """What has the focus after each Tab, until it leaves the page or comes round again; a date counts once."""
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        stop = measure(page, "focus")
        if stop["stop"] < 0 or (stops and stop["stop"] == stops[0]["stop"]):
            return stops
        if not stops or stop["stop"] != stops[-1]["stop"]:
            stops.append(stop)
    raise AssertionError(f"The focus does not leave the page: {stops[-1]['name']}")


def tab_to(page: Page, text: str) -> None:
    """Press Tab until the link or control with this text has the focus."""
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        if text in measure(page, "focus")["text"]:
            return
    raise AssertionError(f"Tab never comes to “{text}”")


@pytest.mark.parametrize("kind", WALKED)
def test_every_stop_is_reached_in_order_and_seen(page: Page, kind: str) -> None:
    page.goto(KINDS[kind])
    stops = stops_of(page)
    assert [stop["stop"] for stop in stops] == list(range(measure(page, "countStops")))
    assert [stop["name"] for stop in stops if not stop["isShown"]] == []
    assert [stop["name"] for stop in stops if not stop["isUncovered"]] == []


def test_no_open_filter_is_hidden_by_the_button_below_it(browser: Browser, site: Site) -> None:
    with window(browser, site, PHONE[0]) as phone:
        phone.goto(KINDS["organizations, filtered"])
        phone.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        stops = stops_of(phone)
        assert len(stops) > 100
        assert [stop["name"] for stop in stops if not stop["isUncovered"]] == []


def test_a_stop_that_is_out_of_order_or_not_seen_would_be_found(page: Page) -> None:
    page.goto("/about/")
    page.evaluate("document.querySelector('.brand').setAttribute('tabindex', '2')")
    restyle(page, ".nav a:focus-visible { outline: 0 } .foot { position: relative; z-index: -1 }")
    stops = stops_of(page)
    assert stops[0]["name"].startswith("a.brand")
    assert [stop["text"] for stop in stops if not stop["isShown"]][:2] == ["Categories", "Organizations"]
    assert "Statuses" in [stop["text"] for stop in stops if not stop["isUncovered"]]


def test_a_reader_goes_from_the_first_page_to_a_source_with_keys_alone(page: Page) -> None:
    page.goto("/")
    for text, address in (
        ("Categories", "/categories/"),
        ("General consultative status", "/categories/general/"),
        ("International Trade Union Confederation", "/organizations/international-trade-union-confederation/"),
        ("The ILO formally recognizes", "/sources/ilo-itu-2006/"),
    ):
        tab_to(page, text)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(rf"{address}(#.*)?$"))


def test_a_reader_filters_turns_the_page_and_drops_the_filter_with_keys_alone(page: Page) -> None:
    page.goto("/constituents/")
    tab_to(page, "Skip to results")
    tab_to(page, "Workers")
    page.keyboard.press("Space")
    expect(page.locator("#found")).to_have_text(re.compile("1 filter$"))
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.locator("#results-count")).to_be_focused()
    expect(page).to_have_url(re.compile("page=2"))
    tab_to(page, "Remove filter")
    page.keyboard.press("Enter")
    expect(page.locator("#results-count")).to_be_focused()
    expect(page).to_have_url(re.compile("/constituents/$"))


def test_a_reader_compares_two_days_with_keys_alone(page: Page) -> None:
    page.goto("/compare/")
    for label, typed in (("From", "05152002"), ("to", "01012026")):
        while page.evaluate("document.activeElement.labels?.[0]?.innerText") != label:
            page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?from=2002-05-15&to=2026-01-01$"))
    expect(page.get_by_role("main")).to_contain_text("International Trade Union Confederation")


def test_the_skip_link_takes_the_reader_past_the_menu(page: Page) -> None:
    page.goto("/organizations/international-trade-union-confederation/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
