"""The guide as people use it: by keyboard alone, on a phone, without a script, on paper."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.measures import page_width

INVITED = (
    "/which-status/?organization=ngo&reach=several-regions&aims=fields&want=one-meeting&meeting=ilc-111&first=yes"
    "&member=no&papers=statutes"
)
MOST_STEPS = 80


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until what the selector names has the focus."""
    wanted = page.locator(f":focus:is({selector})")
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if wanted.count():
            return
    raise AssertionError(f"no {selector} within {MOST_STEPS} steps")


def choose(page: Page, question: str, answer: str) -> None:
    """Go to the buttons of a question and, with the arrow, to the one for the answer."""
    tab_to(page, f"[name={question}]")
    page.keyboard.press("Space")
    for _step in range(10):
        if page.locator(f"#{question}-{answer}:focus").count():
            break
        page.keyboard.press("ArrowDown")
    expect(page.locator(f"#{question}-{answer}")).to_be_checked()


def test_the_whole_walk_by_keyboard_alone_on_a_phone_without_a_script(plain_phone: Page) -> None:
    page = plain_phone
    page.goto("/")
    tab_to(page, ".doors a[href='/which-status/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which status fits us?")
    choose(page, "organization", "ngo")
    choose(page, "reach", "several-regions")
    choose(page, "aims", "fields")
    choose(page, "want", "one-meeting")
    tab_to(page, "#meeting")
    page.keyboard.type("International Labour Conference, 111")
    choose(page, "first", "yes")
    choose(page, "member", "no")
    tab_to(page, "#papers-statutes")
    page.keyboard.press("Space")
    tab_to(page, "button")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(INVITED) + "#result$"))
    answer = page.locator("#result")
    expect(answer.get_by_role("heading", level=2)).to_contain_text("An invitation to one meeting")
    expect(answer).to_contain_text("5 papers are still missing.")
    expect(answer).to_be_in_viewport()


def test_an_answer_is_unfolded_changed_and_asked_anew_by_keyboard(plain_phone: Page) -> None:
    page = plain_phone
    page.goto(INVITED)
    expect(page.locator("#want-standing")).to_be_hidden()
    tab_to(page, "#question-want summary")
    page.keyboard.press("Enter")
    expect(page.locator("#want-standing")).to_be_visible()
    tab_to(page, "#want-one-meeting")
    page.keyboard.press("ArrowUp")
    tab_to(page, ".guide-send button")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("want=standing"))
    expect(page.locator("#result").get_by_role("heading", level=2)).to_contain_text("The Special List")


def test_an_open_question_is_a_link_to_it(plain_phone: Page) -> None:
    page = plain_phone
    page.goto("/which-status/?want=one-meeting")
    page.locator("#result").get_by_role("link", name="What is the organization?").click()
    expect(page.locator("#question-organization")).to_be_in_viewport()


def test_the_answer_fits_a_phone_and_its_targets_a_thumb(phone: Page, complaints: list[str]) -> None:
    for address in ("/which-status/", INVITED):
        phone.goto(address)
        assert page_width(phone) <= PHONE[0]
    phone.goto("/which-status/")
    heights = phone.locator(".question label:not(.label), .question select, .guide-send .btn").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert len(heights) > 20 and min(heights) >= 44
    assert complaints == []


def test_the_files_of_dates_can_be_fetched_from_the_answer(page: Page) -> None:
    page.goto(INVITED)
    with page.expect_download() as download:
        page.get_by_role("link", name="These dates as a calendar file").click()
    assert download.value.suggested_filename == "which-status.ics"


def test_on_paper_stand_the_answers_the_door_the_rules_the_papers_and_the_address(page: Page) -> None:
    page.goto(INVITED)
    page.emulate_media(media="print")
    for text in (
        "Another non-governmental organization",
        "An invitation to one meeting",
        "Latest financial report",
        "2 January 2023 to 13 February 2023",
        "A first request also needs the by-laws.",
        "As of ",
    ):
        expect(page.locator("main").get_by_text(text).filter(visible=True).first).to_be_visible()
    expect(page.locator(".permalink")).to_contain_text(INVITED)
    for hidden in ("#question-want input >> nth=0", ".guide-send .btn >> nth=0", ".others", ".top nav"):
        expect(page.locator(hidden)).to_be_hidden()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 3


def test_on_paper_an_open_question_stands_without_its_answers(page: Page) -> None:
    page.goto("/which-status/?want=one-meeting")
    page.emulate_media(media="print")
    expect(page.locator("#question-organization legend")).to_be_visible()
    expect(page.locator("#organization-ngo")).to_be_hidden()
