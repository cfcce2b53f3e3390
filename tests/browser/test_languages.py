"""Readers change the language: with what they asked, by keyboard, and after a list has changed in place."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.site import Site


def at(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_the_switch_carries_what_was_asked_after_the_list_has_changed_in_place(
    page: Page, complaints: list[str]
) -> None:
    page.goto("/organizations/")
    page.get_by_label("Special List").check()
    expect(page.locator("#results-count")).to_have_text("14 organizations")
    assert at(page) == "/organizations/?category=special-list"
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert at(page) == "/fr/organizations/?category=special-list"
    assert (page.locator("#results-count").text_content() or "").startswith("14 ")
    page.locator(".chips a").first.click()
    page.wait_for_url("**/fr/organizations/")
    page.get_by_role("link", name="Español").click()
    assert at(page) == "/es/organizations/"
    assert complaints == []


def test_the_languages_are_reached_by_keyboard_before_the_menu(page: Page, site: Site) -> None:
    page.goto("/fr/about/")
    order = []
    for _ in range(6):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert order[2:5] == ["English", "Français", "Español"]
    page.locator('#languages a[lang="en"]').focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/about/")


def test_the_targets_of_the_switch_are_large_enough_for_fingers(phone: Page) -> None:
    phone.goto("/fr/organizations/")
    for link in phone.locator("#languages a").all():
        box = link.bounding_box()
        assert box and box["height"] >= 24 and box["width"] >= 24


def test_without_scripts_the_switch_leads_to_the_same_page(plain: Page) -> None:
    plain.goto("/countries/PK/?on=2002-05-15")
    plain.get_by_role("link", name="Español").click()
    assert at(plain) == "/es/countries/PK/?on=2002-05-15"
