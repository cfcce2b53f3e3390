"""Forty requests as two members of staff meet them: from the inbox to a decision that is applied, and taken back."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, new_context
from tests.browser.measures import page_width, violations
from tests.browser.site import Site
from tests.browser.test_admin import log_in

INBOX = "/admin/desk/request/"
# The first looks like an organization of the register, the second is new and lacks papers, the third is its double;
# the others are ready.
ENTER = """
import datetime
from engagement.desk import inbox, requests
from engagement.desk.models import DecisionSet, Request, RequestPaper, Stage
from engagement.models import ConsultativeCategory, Country, Organization, Source
source = Source.objects.create(slug="invented-inbox-source", title="Invented minutes of the inbox")
category = ConsultativeCategory.objects.get(slug="special-list")
def body(number, name):
    return Organization.objects.create(slug=f"invented-inbox-{number}", name=name, source=source, as_of="2020")
def sent(name, papers=None):
    asked, _secret = requests.begin("status", "en")
    asked.name, asked.category, asked.email = name, category, "a@invented.example"
    asked.country = Country.objects.get(iso2="CH")
    asked.save()
    for paper in requests.required(asked) if papers is None else papers:
        requests.add_paper(asked, RequestPaper(
            kind=paper, file_name="by-laws.pdf", content_type="application/pdf", sha256=paper, size=9, body=b"%PDF-1.7 "
        ))
    requests.send(asked)
    return asked
body(0, "Invented League of Lamplighters")
sent("Invented League of Lampligthers")
sent("Invented Quonadar Guild", ["statutes"])
sent("Invented Quonadar Guild")
for number in range(1, 38):
    asked = sent(f"Invented body {number}")
    inbox.link(asked, body(number, f"Invented inbox body {number}"))
    inbox.settle(asked, Stage.COMPLETE, None)
today = datetime.date.today()
DecisionSet.objects.create(session="Invented inbox session", date=today, document="INV.9/1", paragraph="7",
                           source=source, actor_name="nobody")
"""
REMOVE = """
from engagement.desk.models import DecisionSet, Operation, Proposal, Request
from engagement.models import Organization, Source
DecisionSet.objects.filter(session="Invented inbox session").delete()
Proposal.objects.filter(title__contains="Invented inbox session").delete()
Request.objects.all().delete()
Organization.objects.filter(name__startswith="Invented Quonadar").delete()
Organization.objects.filter(slug__startswith="invented-inbox-").delete()
Source.objects.filter(slug="invented-inbox-source").delete()
Source.objects.filter(title__startswith="Requests sent to").delete()
"""
PAGE_OF_ONE = "/organizations/invented-inbox-20/"


@pytest.fixture(scope="module")
def forty(site: Site) -> Iterator[None]:
    site.manage("shell", "--no-imports", "-c", ENTER)
    yield
    site.manage("shell", "--no-imports", "-c", REMOVE)


@pytest.fixture
def second(browser: Browser, site: Site) -> Iterator[Page]:
    """The window of another person."""
    context = new_context(browser, site, DESKTOP)
    yield context.new_page()
    context.close()


def open_request(page: Page, name: str) -> None:
    page.goto(f"{INBOX}?q={name}&o=1&stage__exact=received")
    page.locator("#result_list tbody th a").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def done(page: Page, says: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(says)


def mark_complete(page: Page) -> None:
    page.locator("summary", has_text="Mark complete").click()
    page.get_by_role("button", name="Mark complete").click()
    done(page, "Complete")


def test_the_inbox_and_a_request_fit_a_phone(
    phone: Page, staff: Callable[..., Any], forty: None, complaints: list[str]
) -> None:
    log_in(phone, staff("inbox-phone"))
    for name in ("Lampligthers", "Quonadar"):
        open_request(phone, name)
        assert page_width(phone) <= 390
        assert violations(phone) == []
    phone.goto(INBOX)
    assert complaints == []


def test_forty_requests_are_taken_on_decided_by_two_and_the_decision_is_taken_back(
    page: Page, second: Page, staff: Callable[..., Any], forty: None, complaints: list[str]
) -> None:
    log_in(page, staff("inbox-editor"))
    link_one(page)
    create_one_and_ask_for_a_paper(page)
    withdraw_the_double(page)
    put_all_on_the_set(page)
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("button", name="Put forward").click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    page.goto(PAGE_OF_ONE)
    expect(page.locator("main")).not_to_contain_text("INV.9/1")

    log_in(second, staff("inbox-approver", role="approver"))
    approve(second)
    page.goto(PAGE_OF_ONE)
    expect(page.locator("main")).to_contain_text("INV.9/1")
    page.goto(f"{INBOX}?stage__exact=granted")
    expect(page.locator("#result_list tbody tr")).to_have_count(39)

    second.get_by_role("link", name="What it changed").click()
    second.get_by_role("link", name="Undo…").click()
    second.get_by_role("button", name="Undo").click()
    done(second, "Undone")
    page.goto(PAGE_OF_ONE)
    expect(page.locator("main")).not_to_contain_text("INV.9/1")
    page.goto(f"{INBOX}?stage__exact=scheduled")
    expect(page.locator("#result_list tbody tr")).to_have_count(39)
    assert complaints == []


def link_one(page: Page) -> None:
    open_request(page, "Lampligthers")
    page.get_by_role("button", name="Link to this one Invented League of Lamplighters").click()
    done(page, "is linked to Invented League of Lamplighters")
    mark_complete(page)


def create_one_and_ask_for_a_paper(page: Page) -> None:
    """The older of the two is the one that lacks papers."""
    page.goto(f"{INBOX}?q=Quonadar&o=1")
    lacking = page.locator("#result_list tbody tr", has_text="1 of")
    lacking.locator("th a").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="by-laws.pdf").click()
    assert saved.value.suggested_filename == "by-laws.pdf"
    assert page.get_by_label("Name:", exact=True).input_value() == "Invented Quonadar Guild"
    page.get_by_label("Published").check()
    page.get_by_role("button", name="Create and link").click()
    done(page, "Created and linked")
    assert violations(page) == []
    page.get_by_role("link", name="Ask for missing papers…").click()
    page.get_by_label("What it is told").fill("Invented sentence.")
    page.get_by_role("button", name="Show the mail").click()
    expect(page.locator("#content-main")).to_contain_text("Invented sentence.")
    page.get_by_role("button", name="Ask for these papers").click()
    done(page, "Papers are missing")
    page.locator("summary", has_text="Mark complete").click()
    page.get_by_label("Complete without the papers that are missing").check()
    page.get_by_role("button", name="Mark complete").click()
    done(page, "Complete")


def withdraw_the_double(page: Page) -> None:
    open_request(page, "Quonadar")
    page.get_by_role("button", name=re.compile("Link to this one Invented Quonadar")).click()
    expect(page.get_by_text("Other requests of it, or of this name")).to_be_visible()
    page.locator("summary", has_text="Withdraw on their wish").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    done(page, "Withdrawn")


def put_all_on_the_set(page: Page) -> None:
    page.goto(f"{INBOX}?stage__exact=complete")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("put_on_set")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator("#content-main tbody tr")).to_have_count(39)
    page.get_by_label("Invented inbox session").check()
    page.get_by_role("button", name="Put on the set").click()
    done(page, "39 requests are on the decision set now.")


def approve(second: Page) -> None:
    second.goto("/admin/desk/proposal/")
    second.locator("#result_list tbody th a", has_text="Invented inbox session").click()
    second.get_by_role("button", name="Approve").click()
    expect(second.locator("#content-main")).to_contain_text("Approved and applied")
