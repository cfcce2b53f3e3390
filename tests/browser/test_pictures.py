"""The map of the Member States: a list by region on a phone, one grid where there is room; tiles that can be hit."""

import pytest
from playwright.sync_api import Page

from tests.browser.measures import page_width

MAP = "/countries/map/"
# The places of all tiles by the code they show.
BOXES = """() => Object.fromEntries([...document.querySelectorAll(".tiles a")].map((tile) => {
    const box = tile.getBoundingClientRect();
    return [tile.textContent.slice(0, 3), [box.left, box.top + window.scrollY, box.width, box.height]];
}))"""


def boxes(page: Page) -> dict[str, list[float]]:
    found: dict[str, list[float]] = page.evaluate(BOXES)
    assert len(found) == 187
    return found


def test_on_a_wide_screen_the_tiles_resemble_the_world(page: Page, complaints: list[str]) -> None:
    page.goto(MAP)
    tiles = boxes(page)
    assert tiles["USA"][0] < tiles["FRA"][0] < tiles["IND"][0] < tiles["JPN"][0]
    assert tiles["NOR"][1] < tiles["ITA"][1] < tiles["LBY"][1] < tiles["ZAF"][1]
    assert len({(left, top) for left, top, _, _ in tiles.values()}) == 187
    headings = [page.locator(".tiles h2").nth(index).bounding_box() for index in range(5)]
    lowest = max(top + height for _, top, _, height in tiles.values())
    assert all(box is not None and box["y"] >= lowest for box in headings)
    assert complaints == []


def test_on_a_phone_the_tiles_of_a_region_stand_below_its_heading(phone: Page, complaints: list[str]) -> None:
    phone.goto(MAP)
    tiles = boxes(phone)
    assert page_width(phone) <= 390
    regions = phone.locator(".tiles section")
    bottom = 0.0
    for index in range(regions.count()):
        heading = regions.nth(index).locator("h2").bounding_box()
        last = regions.nth(index).locator("a").last.bounding_box()
        assert heading is not None and last is not None
        assert bottom <= heading["y"] < last["y"]
        bottom = last["y"] + last["height"]
    assert abs(tiles["DZA"][1] - tiles["AGO"][1]) < 1 and tiles["DZA"][0] < tiles["AGO"][0]
    assert complaints == []


def test_tiles_are_large_enough_for_a_finger_and_on_a_wide_screen_for_a_pointer(page: Page, phone: Page) -> None:
    for shown, least in ((page, 24), (phone, 44)):
        shown.goto(MAP)
        assert all(min(width, height) >= least for _, _, width, height in boxes(shown).values())


def test_a_tile_leads_to_its_country_by_its_code_and_its_name(phone: Page) -> None:
    phone.goto(MAP)
    phone.get_by_role("link", name="PAK").filter(has_text="Pakistan").click()
    phone.wait_for_url("**/countries/PK/")
    assert phone.locator("h1").inner_text().startswith("Pakistan")


def test_the_drawings_of_a_page_keep_their_text_legible_on_a_phone(phone: Page, complaints: list[str]) -> None:
    for address in ("/categories/", "/categories/invited/", "/organizations/kolping-international/"):
        phone.goto(address)
        sizes = phone.evaluate(
            '[...document.querySelectorAll(".drawing text")].map((text) => '
            "parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"
        )
        assert sizes and min(sizes) >= 12
        assert page_width(phone) <= 390
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tiles_keep_their_text_apart_from_their_ground(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(MAP)
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) == 6 and min(contrasts) >= 4.5


CONTRASTS = """() => [...document.querySelectorAll(".scale span")].map((shade) => {
    const light = (color) => color.match(/\\d+/g).slice(0, 3).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }).reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const style = getComputedStyle(shade);
    const [dark, bright] = [light(style.color), light(style.backgroundColor)].sort((one, other) => one - other);
    return (bright + 0.05) / (dark + 0.05);
})"""
