"""`make screenshots`: the pictures in docs/screenshots/, taken of a portal that runs as users run it."""

from playwright.sync_api import sync_playwright

from tests import environment
from tests.browser.conftest import CHROMIUM_ARGUMENTS, DESKTOP, PHONE
from tests.browser.site import Site, running_site

FOLDER = environment.ROOT / "docs" / "screenshots"
PICTURES = {
    "organizations-1280": ("/organizations/", DESKTOP, "light"),
    "organizations-390": ("/organizations/", PHONE, "light"),
    "as-of-1280": ("/organizations/?on=2002-05-15&category=special-list", DESKTOP, "light"),
    "search-390": ("/search/?q=cooperatve+aliance", PHONE, "light"),
    "compare-1280": ("/compare/?from=2002-05-15&to=2026-01-01", DESKTOP, "light"),
    "guide-390": (
        "/which-status/?organization=ngo&reach=several-regions&aims=fields&want=standing&member=no&papers=statutes#result",
        PHONE,
        "light",
    ),
    "map-1280": ("/countries/map/", DESKTOP, "light"),
    "country-fr-1280": ("/fr/countries/PK/", DESKTOP, "light"),
    "category-1280": ("/categories/special-list/", DESKTOP, "light"),
    "data-1280": ("/data/", DESKTOP, "light"),
    "project-1280": (
        "/projects/elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot/",
        DESKTOP,
        "dark",
    ),
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    var = environment.enter()
    try:
        with running_site(var) as site:
            take(site)
    finally:
        environment.leave(var)


def take(site: Site) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=environment.chromium(), args=CHROMIUM_ARGUMENTS)
        for name, (path, (width, height), scheme) in PICTURES.items():
            context = browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(site.url + path)
            page.screenshot(path=FOLDER / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
