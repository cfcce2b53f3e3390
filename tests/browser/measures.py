"""What is measured in a page that stands in the browser: answers are short lines, none where all is well.

Playwright evaluates outside of the page's policy, so that axe and measures.js run in pages under it as they stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import environment
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.kinds import KINDS, status_of
from tests.browser.site import Site

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
MEASURES = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What of it looks at colours; the rest is the same in light and in dark.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
WIDTHS = {"wide": DESKTOP[0], "narrow": PHONE[0]}

# How pages look does not depend on the database, and measuring takes minutes.
ONCE = pytest.mark.skipif(bool(environment.TEST_DATABASE_URL), reason="measured in the run on SQLite")

RUN_AXE = """async (rules) => {
    const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"], preload: false });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}"""
ADD_STYLES = """(css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
}"""


@contextmanager
def window(browser: Browser, site: Site, width: int, **options: Any) -> Iterator[Page]:
    """A window of its own, as high as a desktop's or a phone's; `options` are those of Playwright's contexts."""
    height = (DESKTOP if width > 600 else PHONE)[1]
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def every_kind(page: Page) -> Iterator[str]:
    """The kinds of page one after the other, each opened in the window and answered as it should be."""
    for kind, address in KINDS.items():
        answer = page.goto(address)
        assert answer is not None and answer.status == status_of(kind), kind
        yield kind


def page_width(page: Page) -> int:
    """How wide the page is in px, once it is read in. After a click, expect first what the click leads to."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """What axe finds: by these rules, or by all that have one of these tags."""
    page.emulate_media(reduced_motion="reduce")  # colours that fade into others would be measured half-way
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN_AXE, rules)


def measure(page: Page, name: str) -> Any:
    """One of the functions of measures.js."""
    page.evaluate(MEASURES)
    return page.evaluate(f"measures.{name}()")


def restyle(page: Page, css: str) -> None:
    """Add styles of the reader's own."""
    page.evaluate(ADD_STYLES, css)


def report(kind: str, lines: Iterable[str]) -> list[str]:
    """The first few lines, with the kind of page before them."""
    every = list(lines)
    more = [f"and {len(every) - 5} more"] if len(every) > 5 else []
    return [f"{kind}: {line}" for line in every[:5] + more]
