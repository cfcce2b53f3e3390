"""Chromium on a portal that runs as users run it.

The tests here do not touch the ORM: what a test needs in the database it enters through the site, or with
`site.manage(…)`. While Playwright runs, Django takes this thread for an asynchronous one and would refuse.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests import environment
from tests.browser.site import Site, running_site

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, PHONE = (1280, 900), (390, 844)
# Evaluated in every page before its own code. The console names a violation too, but not which directive.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
    window.reportViolation(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            # A browser on a busy machine is late at times. What fails twice in a row is a fault.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium. Without one the test is skipped, and in CI it fails."""
    path = environment.chromium()
    if path is None:
        (pytest.fail if environment.IN_CI else pytest.skip)("no Chromium was found")
    return path


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running portal, with the fixtures loaded. All browser tests share it: leave it as it was found."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@dataclass(frozen=True)
class Account:
    name: str
    password: str


@pytest.fixture(scope="session")
def staff(site: Site) -> Callable[..., Account]:
    """staff("vera", role="editor"): makes a staff account as an operator does, and says how to log in."""

    def create(name: str, role: str = "editor", password: str = "a long enough passphrase, 7 words") -> Account:
        site.manage("createstaff", name, "--role", role, "--password-stdin", stdin=password + "\n")
        return Account(name, password)

    return create


# Scope "package": Playwright stops after the last test here, so that other tests may use the ORM again.
@pytest.fixture(scope="package")
def playwright(chromium: str) -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
    yield started
    started.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of in this test: script errors, violations of the policy, requests to others."""
    return []


def new_context(browser: Browser, site: Site, size: tuple[int, int], scripts: bool = True) -> BrowserContext:
    """A window of its own, without cookies; addresses may be given as paths."""
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": size[0], "height": size[1]},
        has_touch=size == PHONE,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(10_000)
    return context


def open_page(browser: Browser, site: Site, size: tuple[int, int], complaints: list[str]) -> Iterator[Page]:
    """A page that notes what the browser complains of."""
    context = new_context(browser, site, size)
    context.expose_function("reportViolation", lambda text: complaints.append(f"policy: {text}"))
    context.add_init_script(REPORT_VIOLATIONS)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("request", lambda request: note_foreign(request.url, site, complaints))
    yield page
    context.close()


def note_foreign(url: str, site: Site, complaints: list[str]) -> None:
    if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != urlsplit(site.url).netloc:
        complaints.append(f"request to another site: {url}")


@pytest.fixture
def page(browser: Browser, site: Site, complaints: list[str]) -> Iterator[Page]:
    """A desktop's window."""
    yield from open_page(browser, site, DESKTOP, complaints)


@pytest.fixture
def phone(browser: Browser, site: Site, complaints: list[str]) -> Iterator[Page]:
    """A phone's screen."""
    yield from open_page(browser, site, PHONE, complaints)


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    """A desktop's window without scripts."""
    context = new_context(browser, site, DESKTOP, scripts=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone's window without scripts."""
    context = new_context(browser, site, PHONE, scripts=False)
    yield context.new_page()
    context.close()
