"""A new member of staff brings a messy spreadsheet: what is unclear is asked, and all of it can be undone."""

import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.measures import page_width
from tests.browser.site import Site

Staff = Callable[..., Any]

ADD = "/admin/desk/importrun/add/"
# As it comes from somebody's desk: French headers, semicolons, a misspelt name, a date of two readings, a row too many.
MESSY = """nom;Sigle;pays;Site web;fondée en;couleur
Invented Guild of Bell Ringers;IGBR;Suisse;https://bells.example;03/04/2006;rouge
Inter-Parliamentry Union;;;;;bleu
Invented Choir of Ferrymen;;Nowhereland;;31/02/2001;vert
"""


@pytest.fixture(scope="module")
def editor(staff: Staff) -> Any:
    return staff("importing-editor")


def log_in(page: Page, account: Any) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Log in").click()


def exported(site: Site) -> dict[str, bytes]:
    found = {}
    for collection in ("organizations", "statuses", "invitations"):
        with urllib.request.urlopen(f"{site.url}/{collection}.csv", timeout=30) as answer:
            found[collection] = answer.read()
    return found


def choose(page: Page, text: str, name: str = "messy list.csv") -> None:
    page.locator("#id_file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def pick_a_source(page: Page) -> None:
    page.locator("#id_source + .select2").click()
    page.locator(".select2-search__field").last.fill("profile")
    page.locator(".select2-results__option--highlighted").click()


def test_a_messy_file_is_brought_mapped_decided_on_written_seen_and_undone(
    page: Page, site: Site, editor: Any, complaints: list[str]
) -> None:
    before = exported(site)
    log_in(page, editor)
    page.get_by_role("link", name="Import a file").click()
    choose(page, MESSY.replace("Inter-Parliamentry Union", name_of_another(before)))
    pick_a_source(page)
    page.get_by_label("As of").fill("mai 2024")
    page.get_by_role("button", name="Read the file").click()

    expect(page.get_by_role("heading", name="Why it stopped")).to_be_visible()
    expect(page.get_by_label("pays")).to_have_value("country")
    page.get_by_label("couleur").select_option(label="Leave out")
    page.get_by_role("button", name="Read the file so").click()

    page.get_by_role("link", name="Say it for the whole file").click()
    page.get_by_label("3 April (day first)").check()
    page.get_by_role("button", name="Plan it anew").click()
    page.get_by_role("link", name="Decide").click()
    page.get_by_role("radio", name="It is ").first.check()
    page.get_by_role("button", name="Save what you chose").click()
    assert exported(site) == before

    page.get_by_label("Leave out the rejected row").check()
    page.get_by_role("button", name="Write to the register").click()
    expect(page.locator(".messagelist")).to_contain_text("Imported. New: 1, changed: 1, unchanged: 0, left out: 1.")
    operation = page.url
    page.goto("/organizations/invented-guild-of-bell-ringers/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invented Guild of Bell Ringers")
    expect(page.locator("main")).to_contain_text("3 April 2006")
    assert exported(site) != before

    page.goto(operation)
    page.get_by_role("link", name="Undo…").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("Undone")
    assert exported(site) == before
    assert complaints == []


def name_of_another(before: dict[str, bytes]) -> str:
    """The name of an organization that is there, with two of its letters the wrong way round."""
    names = [line.split(",")[1] for line in before["organizations"].decode("utf-8-sig").splitlines()[1:]]
    name = next(name for name in names if len(name) > 30 and '"' not in name)
    return f"{name[:-3]}{name[-2]}{name[-3]}{name[-1]}"


def test_it_all_works_without_scripts_and_by_keyboard(plain: Page, site: Site, editor: Any) -> None:
    before = exported(site)
    log_in(plain, editor)
    plain.goto(f"{ADD}?kind=organizations")
    plain.get_by_text("The 19 columns").focus()
    plain.keyboard.press("Enter")
    expect(plain.get_by_text("Its website")).to_be_visible()
    choose(plain, "name\nInvented Guild of Bell Ringers\n")
    plain.get_by_label("Source:").select_option(index=1)
    plain.get_by_label("As of").fill("2024-05")
    plain.keyboard.press("Enter")
    plain.get_by_role("button", name="Write to the register").focus()
    plain.keyboard.press("Enter")
    plain.get_by_role("link", name="Undo…").focus()
    plain.keyboard.press("Enter")
    plain.get_by_role("button", name="Undo").focus()
    plain.keyboard.press("Enter")
    expect(plain.locator(".messagelist")).to_contain_text("Undone")
    assert exported(site) == before


def test_the_pages_of_the_desk_fit_a_phone(phone: Page, editor: Any, complaints: list[str]) -> None:
    log_in(phone, editor)
    phone.goto(f"{ADD}?kind=organizations")
    phone.get_by_text("The 19 columns").click()
    assert_fits(phone)
    choose(phone, MESSY + f"{'Invented' * 30};;;https://bells.example/{'a' * 200};;\n", name=f"{'invented' * 12}.csv")
    phone.get_by_role("button", name="Read the file").click()
    expect(phone.get_by_label("couleur")).to_be_visible()
    assert_fits(phone)
    phone.get_by_label("couleur").select_option(label="Leave out")
    phone.get_by_role("button", name="Read the file so").click()
    expect(phone.get_by_role("heading", name="Row by row")).to_be_visible()
    assert_fits(phone)
    phone.get_by_role("button", name="Drop this import").click()
    expect(phone.locator(".messagelist")).to_contain_text("Nothing was written")
    assert_fits(phone)
    for model in ("importrun", "operation"):
        phone.goto(f"/admin/desk/{model}/")
        assert_fits(phone)
    assert complaints == []


def assert_fits(page: Page) -> None:
    assert page_width(page) <= 390
