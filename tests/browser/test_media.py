"""Colours that the reader's system forces, less motion, and paper."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.kinds import KINDS
from tests.browser.measures import ONCE, every_kind, measure, report, window
from tests.browser.site import Site

pytestmark = ONCE

# As wide as an A4 sheet between its margins.
SHEET = 672


@pytest.fixture(params=["light", "dark"])
def forced(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A desktop's window in colours of the reader's own."""
    with window(browser, site, DESKTOP[0], forced_colors="active", color_scheme=request.param) as page:
        yield page


def style(found: Locator, name: str) -> str:
    return str(found.first.evaluate("(element, name) => getComputedStyle(element).getPropertyValue(name)", name))


def test_the_current_page_stands_out_in_forced_colours(forced: Page) -> None:
    forced.goto(KINDS["organizations, page 2"])
    ground = style(forced.locator("body"), "background-color")
    edge = "border-block-end-color"
    assert style(forced.locator(".nav [aria-current]"), edge) != ground
    assert style(forced.locator(".nav a:not([aria-current])"), edge) == ground
    number = forced.locator(".pager [aria-current]")
    assert style(number, "border-block-end-style") == "solid" and style(number, edge) != ground


def test_a_status_keeps_its_edge_and_a_button_its_frame_in_forced_colours(forced: Page) -> None:
    forced.goto(KINDS["organizations, filtered"])
    ground = style(forced.locator("body"), "background-color")
    for selector in (".tag", ".btn", ".chip", ".notice"):
        found = forced.locator(selector)
        assert style(found, "border-inline-start-style") == "solid", selector
        assert style(found, "border-inline-start-color") != ground, selector


def test_the_focus_is_seen_in_forced_colours(forced: Page) -> None:
    forced.goto(KINDS["organizations, filtered"])
    ground = style(forced.locator("body"), "background-color")
    for found in (forced.locator(".nav a"), forced.locator("#category-general"), forced.locator(".chip")):
        found.first.focus()
        forced.keyboard.press("Shift+Tab")
        forced.keyboard.press("Tab")
        assert measure(forced, "focus")["isShown"]
        assert style(found, "outline-color") != ground


def test_the_triangle_of_the_first_page_can_be_seen_in_forced_colours(forced: Page) -> None:
    forced.goto("/")
    assert style(forced.locator(".tripartite line"), "stroke") == style(forced.locator("body"), "color")


def test_where_less_motion_is_asked_for_nothing_moves(browser: Browser, site: Site) -> None:
    """Nothing on any page, nor in a list that waits for its answer, has a transition or an animation."""
    moving = """() => {
        document.querySelector("#results")?.setAttribute("aria-busy", "true");
        return document.getAnimations().length + [...document.querySelectorAll("*")].filter((element) =>
            getComputedStyle(element).transitionDuration !== "0s").length;
    }"""
    with window(browser, site, DESKTOP[0], reduced_motion="reduce") as page:
        assert [kind for kind in every_kind(page) if page.evaluate(moving)] == []
    with window(browser, site, DESKTOP[0], reduced_motion="no-preference") as page:
        page.goto("/organizations/")
        assert page.evaluate(moving)


@pytest.fixture
def paper(browser: Browser, site: Site) -> Iterator[Page]:
    """A sheet of paper, of a reader who reads in the dark."""
    with window(browser, site, SHEET, color_scheme="dark") as page:
        page.emulate_media(media="print")
        yield page


def test_no_kind_of_page_prints_menus_forms_or_anything_cut_off(paper: Page) -> None:
    found: list[str] = []
    for kind in every_kind(paper):
        interface = paper.locator("nav, input, button, select, textarea, .filters, .skip").filter(visible=True)
        found += report(
            kind, [f"printed: {text}" for text in interface.evaluate_all("all => all.map((e) => e.outerHTML)")]
        )
        found += report(kind, measure(paper, "misfits"))
    assert found == [], "\n".join(found)


def test_a_printed_list_keeps_its_filters_its_count_its_day_and_its_sources(paper: Page) -> None:
    paper.goto(KINDS["organizations, filtered"])
    expect(paper.locator("#results-count")).to_have_text("1 organization")
    for chip in ("As of: 15 November 2006", "Category: Special List", "Kind of organization: Workers’ organization"):
        expect(paper.locator(".chip", has_text=chip)).to_be_visible()
    expect(paper.locator(".as-of")).to_contain_text("The register as of 15 November 2006")
    expect(paper.locator(".evidence").first).to_contain_text(re.compile(r"Source:\s+.+; as of"))
    expect(paper.get_by_text("Clear all")).to_be_hidden()
    printed = paper.locator(".printed")
    expect(printed).to_contain_text("/organizations/?on=2006-11-15&category=special-list&kind=ngo&kind=workers")
    expect(printed).to_contain_text(re.compile(r"read on \d{1,2} \w+ \d{4}"))


@pytest.mark.parametrize("kind", ["organization", "category", "participation", "project", "compare"])
def test_a_printed_page_is_dark_on_white_whatever_the_screen_is(paper: Page, kind: str) -> None:
    paper.goto(KINDS[kind])
    assert style(paper.locator("body"), "background-color") == "rgb(255, 255, 255)"
    light = """all => all.map((element) => [element, getComputedStyle(element).color.match(/[\\d.]+/g).map(Number)])
        .filter(([element, [red, green, blue]]) => element.checkVisibility() && red + green + blue > 420)
        .map(([element]) => element.outerHTML.slice(0, 80))"""
    assert paper.locator("main *, footer *").evaluate_all(light) == []
    expect(paper.locator(".evidence a, .evidence").first).to_be_visible()


def test_on_a_screen_the_line_for_paper_is_not_shown(page: Page) -> None:
    page.goto("/")
    expect(page.locator(".printed")).to_be_hidden()
