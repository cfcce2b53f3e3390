"""Names in an alphabet that runs from right to left stand whole in a page that runs from left to right."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Site

ARABIC, HEBREW = "اتحاد العمال الدولي (٢٠١٩)!", "ארגון העובדים, 1920."

ENTER = """
from tests.factories import make_organization, make_source
source = make_source(slug="alphabets", title="{arabic}")
make_organization(slug="alphabet-ar", name="{arabic}", name_lang="ar", acronym="ITU", source=source)
make_organization(slug="alphabet-he", name="{hebrew}", name_lang="he", acronym="IVO", source=source)
"""
REMOVE = """
from engagement.models import Organization, Source
Organization.objects.filter(source__slug="alphabets").delete()
Source.objects.filter(slug="alphabets").delete()
"""
EDGES = """element => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    const length = text.data.trimEnd().length;
    const box = (from) => {
        const range = document.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 1);
        return range.getBoundingClientRect();
    };
    return { first: box(0).x, last: box(length - 1).x };
}"""


@dataclass(frozen=True)
class Name:
    slug: str
    text: str
    language: str
    acronym: str


NAMES = [Name("alphabet-ar", ARABIC, "ar", "ITU"), Name("alphabet-he", HEBREW, "he", "IVO")]


@pytest.fixture(scope="module")
def _other_alphabets(site: Site) -> Iterator[None]:
    site.manage("shell", "--no-imports", "-c", ENTER.format(arabic=ARABIC, hebrew=HEBREW))
    yield
    site.manage("shell", "--no-imports", "-c", REMOVE)


def stands_whole(name: Locator, after: Locator) -> None:
    """The name's last mark is at its left end, and what follows the name stands to the right of all of it."""
    edges = name.evaluate(EDGES)
    box, following = name.bounding_box(), after.bounding_box()
    assert box is not None and following is not None
    assert edges["last"] < edges["first"]
    assert abs(edges["last"] - box["x"]) < 2
    assert following["x"] >= box["x"] + box["width"] - 1


@pytest.mark.usefixtures("_other_alphabets")
@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.language)
def test_a_name_from_right_to_left_stands_whole_in_a_list_and_on_its_page(page: Page, name: Name) -> None:
    page.goto(f"/organizations/?q={name.acronym}")
    row = page.locator(f"#organizations-{name.slug}")
    link = row.locator("h3 a")
    expect(link).to_have_text(name.text)
    expect(link).to_have_attribute("lang", name.language)
    stands_whole(link, row.locator(".acronym"))
    link.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"{name.text} ({name.acronym})")
    written = heading.locator(f"[lang={name.language}]")
    stands_whole(written, heading.locator(".acronym"))
    above = page.locator(".lede").bounding_box()
    beginning = written.bounding_box()
    assert above is not None and beginning is not None and above["x"] == beginning["x"]


@pytest.mark.usefixtures("_other_alphabets")
def test_the_title_of_a_source_does_not_drag_what_follows_it_along(page: Page) -> None:
    page.goto("/organizations/alphabet-ar/")
    evidence = page.locator(".evidence").first
    assert evidence.inner_text().replace("\n", " ").startswith(f"Source: {ARABIC}; date not stated")
    edges = evidence.locator("a").evaluate(EDGES)
    assert edges["last"] < edges["first"]


def test_what_is_typed_from_right_to_left_stands_so_in_the_search(page: Page) -> None:
    for address in ("/", "/organizations/", "/search/"):
        page.goto(address)
        search = page.get_by_role("searchbox")
        search.fill("اتحاد")
        assert search.evaluate("element => getComputedStyle(element).direction") == "rtl"
        search.fill("union")
        assert search.evaluate("element => getComputedStyle(element).direction") == "ltr"
