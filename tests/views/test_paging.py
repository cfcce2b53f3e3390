"""The links to the other pages of a list."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.paginator import Page, Paginator
from django.http import Http404, QueryDict

from engagement.views.paging import page_at, page_of, pager_of


def page(number: int, pages: int) -> Page:
    return Paginator(range(pages * 25), 25).page(number)


def links(number: int, pages: int, query: str = "") -> dict[str, str]:
    """Of each link its text and its address, '' for what is no link."""
    html = "".join(each.__html__() for each in pager_of(page(number, pages), query))
    found = re.findall(r"<li>(?:<a href=\"([^\"]*)\"[^>]*>|<span[^>]*>)([^<]+)</", html)
    assert len(found) == html.count("<li>")
    return {text: unescape(url) for url, text in found}


def test_a_list_of_one_page_has_no_links() -> None:
    assert pager_of(page(1, 1), "country=KE") == []


def test_the_first_page_is_the_address_without_a_number() -> None:
    assert links(2, 3) == {"Previous": "?", "1": "?", "2": "", "3": "?page=3", "Next": "?page=3"}
    assert links(1, 2, "q=a&theme=x") == {"1": "", "2": "?q=a&theme=x&page=2", "Next": "?q=a&theme=x&page=2"}
    assert links(2, 2, "q=a") == {"Previous": "?q=a", "1": "?q=a", "2": ""}


def test_of_many_pages_the_first_the_last_and_the_nearest_are_named() -> None:
    assert list(links(50, 100)) == ["Previous", "1", "…", "49", "50", "51", "100", "Next"]


def test_those_who_hear_the_page_hear_where_a_number_leads() -> None:
    html = "".join(each.__html__() for each in pager_of(page(1, 2), ""))
    assert '<span aria-current="page">1</span>' in html and 'aria-label="Page 2">2</a>' in html
    assert 'rel="next">Next</a>' in html


def test_the_address_of_a_first_page_is_that_of_the_list() -> None:
    assert page_at("/organizations/", "", 1) == "/organizations/"
    assert page_at("/organizations/", "q=a", 1) == "?q=a"
    assert page_at("/organizations/", "", 7) == "?page=7"


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "٣", "1 "])
def test_what_is_no_number_of_a_page_is_a_problem(number: str) -> None:
    first, problem = page_of(range(60), QueryDict(urlencode({"page": number})))
    assert (first.number, problem) == (1, "is not the number of a page")


def test_past_the_last_page_there_is_none() -> None:
    with pytest.raises(Http404, match="no page 4"):
        page_of(range(60), QueryDict("page=4"))
    with pytest.raises(Http404):
        page_of(range(60), QueryDict("page=99999999999999999999"))
