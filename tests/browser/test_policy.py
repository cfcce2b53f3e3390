"""Chromium opens every kind of page, the public's and the staff's, and has nothing to say about the policy of any."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.kinds import KINDS
from tests.browser.test_admin import log_in

Staff = Callable[..., Any]

# Public too, and no kind of page of its own in kinds.py.
BESIDES = (
    "/fr/",
    "/es/organizations/",
    "/api/v1/docs/",
    "/api/v1/docs/organizations/",
    "/api/v1/reconcile/preview?id=organization:international-trade-union-confederation",
    "/admin/login/",
    "/admin/password_reset/",
    "/organizations/?q=%00",
)
OF_THE_DESK = (
    "/admin/",
    "/admin/password_change/",
    "/admin/second-factor/",
    "/admin/second-factor/set-up/",
    "/admin/desk/importrun/add/",
    "/admin/engagement/organization/look-alikes/",
    "/admin/engagement/organization/deleted/",
    "/admin/engagement/organization/?e=1",
    "/admin/no-such-page/",
)


@pytest.fixture(scope="module")
def administrator(staff: Staff) -> Any:
    return staff("policy-administrator", role="administrator")


def but_statuses(complaints: list[str]) -> list[str]:
    """Browsers write each answer of 4xx into the console."""
    return [line for line in complaints if "responded with a status of 4" not in line]


def opened(page: Page, addresses: Iterable[str]) -> int:
    """Open each; how many there were."""
    count = 0
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None and answer.status < 500 and answer.headers.get("content-security-policy"), address
        page.evaluate("0")  # what was reported meanwhile has been heard by now
        count += 1
    return count


def test_every_kind_of_public_page_keeps_to_the_policy(page: Page, complaints: list[str]) -> None:
    assert opened(page, [*KINDS.values(), *BESIDES]) >= 60
    assert but_statuses(complaints) == []


def lists_on(page: Page) -> list[str]:
    """The lists of the admin, as its first page links to them."""
    page.goto("/admin/")
    links = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return sorted({link for link in links if re.fullmatch(r"/admin/(engagement|desk|auth)/[a-z]+/", link)})


def first_record_on(page: Page, address: str) -> str:
    """The form of the first record of a list, '' where it has none."""
    opened(page, [address])
    first = page.locator("#result_list tbody th a").first
    return (first.get_attribute("href") or "").partition("?")[0] if first.count() else ""


def test_every_list_and_form_of_the_admin_keeps_to_the_policy(
    page: Page, administrator: Any, complaints: list[str]
) -> None:
    log_in(page, administrator)
    lists = lists_on(page)
    assert len(lists) >= 50
    records = [record for address in lists if (record := first_record_on(page, address))]
    assert opened(page, records) >= 30
    assert opened(page, [f"{address}add/" for address in lists]) == len(lists)
    # Made by the same two templates for all.
    assert opened(page, [f"{record}../{kind}/" for record in records[::6] for kind in ("history", "delete")]) >= 10
    assert opened(page, OF_THE_DESK) == len(OF_THE_DESK)
    assert but_statuses(complaints) == []


def test_filters_searches_popups_and_pickers_of_the_admin_keep_to_the_policy(
    page: Page, administrator: Any, complaints: list[str]
) -> None:
    log_in(page, administrator)
    page.goto("/admin/engagement/organization/")
    page.locator("#changelist-filter li:not(.selected) a").first.click()
    page.locator("#searchbar").fill("labour")
    page.locator("#changelist-search [type=submit]").click()
    page.goto("/admin/engagement/organization/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("withdraw")
    page.locator("button[name=index]").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/admin/engagement/organization/add/")
    with page.expect_popup() as opening:
        page.locator("#add_id_source").click()
    expect(opening.value.get_by_role("heading", level=1)).to_be_visible()
    opening.value.close()
    page.locator("#id_source + .select2").click()
    page.locator(".select2-search__field").last.fill("profile")
    page.locator(".select2-results__option--highlighted").click()
    page.locator(".field-last_verified .datetimeshortcuts a").first.click()
    page.locator(".field-last_verified .date-icon").click()
    assert complaints == []


def test_a_script_that_somebody_plants_in_a_page_does_not_run_and_is_counted(page: Page, complaints: list[str]) -> None:
    def plant(route: Route) -> None:
        answer = route.fetch()
        planted = answer.text().replace("</main>", "<script>window.planted = 1</script></main>")
        route.fulfill(response=answer, body=planted)

    page.route("**/about/", plant)
    opened(page, ["/about/"])
    assert page.evaluate("window.planted") is None
    assert any(line.startswith("policy: script-src") for line in but_statuses(complaints))
