"""The portal starts as users start it, and a browser has nothing to complain of."""

import pytest
from playwright.sync_api import Page

from tests.browser.measures import page_width


@pytest.mark.parametrize("path", ["/", "/admin/login/"])
def test_pages_answer_without_complaints_of_the_browser(page: Page, complaints: list[str], path: str) -> None:
    answer = page.goto(path)
    assert answer is not None and answer.status == 200
    assert page.title()
    assert complaints == []


def test_the_home_page_fits_a_phone(phone: Page, complaints: list[str]) -> None:
    phone.goto("/")
    assert page_width(phone) <= 390
    assert complaints == []


def test_a_violation_of_the_policy_would_be_noticed(page: Page, complaints: list[str]) -> None:
    page.goto("/admin/login/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.wait_for_timeout(200)
    assert any(complaint.startswith("policy: style-src") for complaint in complaints)
