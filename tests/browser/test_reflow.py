"""Nothing is cut off, covered or beyond the edge on a small screen, in large text, with wide spacing; or shifts."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.measures import ONCE, WIDTHS, every_kind, measure, report, restyle, window
from tests.browser.site import Site

pytestmark = ONCE

# A line of text across the page that moves by its own height. Where a busy browser pauses in the middle of a line, its
# last words push what stands beside them: a link of the band, a button, and less than this.
VISIBLE = 0.001
TWICE_THE_SIZE = "html { font-size: 200% }"
WIDE_SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }
"""


@dataclass(frozen=True)
class Situation:
    width: int
    css: str = ""


SITUATIONS = {
    "320 pixels": Situation(320),
    "text of twice the size": Situation(DESKTOP[0], TWICE_THE_SIZE),
    "wide spacing": Situation(DESKTOP[0], WIDE_SPACING),
    "wide spacing on a phone": Situation(PHONE[0], WIDE_SPACING),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_no_kind_of_page_loses_anything(browser: Browser, site: Site, name: str) -> None:
    found: list[str] = []
    with window(browser, site, SITUATIONS[name].width) as page:
        for kind in every_kind(page):
            if SITUATIONS[name].css:
                restyle(page, SITUATIONS[name].css)
            found += report(kind, measure(page, "misfits"))
    assert found == [], "\n".join(found)


def test_filters_that_are_open_lose_nothing_at_320_pixels(browser: Browser, site: Site) -> None:
    with window(browser, site, 320) as page:
        page.goto("/constituents/")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert measure(page, "misfits") == []


def test_what_is_lost_would_be_found(page: Page) -> None:
    page.goto("/about/")
    restyle(
        page,
        "h1 { overflow: hidden; block-size: .5em } .lede { margin-block-start: -1em } table, dl { inline-size: 200% }",
    )
    found = " ".join(measure(page, "misfits"))
    assert all(said in found for said in ("px wide", "cut off: h1", "overlapping:"))


def test_what_is_touched_is_large_enough_on_a_phone(browser: Browser, site: Site) -> None:
    found: list[str] = []
    with window(browser, site, PHONE[0], has_touch=True) as page:
        for kind in every_kind(page):
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            found += report(kind, measure(page, "smallTargets"))
    assert found == [], "\n".join(found)


def test_a_target_that_is_too_small_would_be_found(page: Page) -> None:
    page.goto("/about/")
    assert measure(page, "smallTargets") == []
    restyle(page, ".foot a { padding: 0; font-size: 12px }")
    assert any("Statuses" in line for line in measure(page, "smallTargets"))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_shifts_while_a_page_loads(browser: Browser, site: Site, width: str) -> None:
    shifts = {}
    with window(browser, site, WIDTHS[width]) as page:
        for kind in every_kind(page):
            shifts[kind] = measure(page, "shift")
    assert {kind: shift for kind, shift in shifts.items() if shift >= VISIBLE} == {}
