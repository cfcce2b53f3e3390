"""Questions: the order that rows come in, and what a question is compared with."""

import datetime

import pytest
from django.http import QueryDict

from engagement.directories import organizations, statuses
from engagement.directories.questions import AsOf
from tests.factories import make_organization, make_status
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db


def slugs(query: str) -> list[str]:
    question = organizations.ask(QueryDict(query))
    assert question.problems() == {}
    return [row.slug for row in organizations.rows(question)]


def test_what_is_searched_for_comes_in_the_order_of_the_search_unless_another_is_asked_for() -> None:
    exact = make_organization(name="Zebra")
    longer = make_organization(name="Zebra Alliance")
    other = make_organization(name="Alliance of the Zebra")
    catch_up()
    assert slugs("q=zebra") == slugs("q=zebra&sort=relevance") == [exact.slug, longer.slug, other.slug]
    assert slugs("q=zebra&sort=name") == [other.slug, exact.slug, longer.slug]
    assert slugs("q=zebra&sort=-name") == [longer.slug, exact.slug, other.slug]


def test_relevance_is_on_offer_only_where_something_is_searched_for() -> None:
    assert "relevance" not in dict(organizations.ask(QueryDict("")).orders)
    assert list(dict(organizations.ask(QueryDict("q=union")).orders))[:2] == ["relevance", "name"]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [("sort=name", ""), ("sort=relevance", ""), ("q=a&sort=relevance", "q=a"), ("q=a&sort=name", "q=a&sort=name")],
)
def test_the_order_that_goes_without_saying_is_left_out_of_the_address(query: str, canonical: str) -> None:
    pairs = organizations.ask(QueryDict(query)).canonical()
    assert "&".join(f"{name}={value}" for name, value in pairs) == canonical


def test_a_question_answers_one_that_differs_from_it_in_a_parameter() -> None:
    body = make_organization(kind="workers")
    make_status(organization=body, granted="1990")
    question = organizations.ask(QueryDict("kind=employers&on=2000-01-01"))
    assert question.problems() == {}
    assert body not in question.answering()
    assert body in question.answering(kind=["workers"])
    assert body not in question.answering(kind=["workers"], on=datetime.date(1980, 1, 1))


def test_a_status_read_as_of_a_day_says_how_it_stood_then() -> None:
    status = make_status(granted="1990", ended="2001")
    question = statuses.ask(QueryDict("on=1995-06-01"))
    (row,) = [row for row in statuses.rows(question) if row.pk == status.pk]
    assert (row.state(), status.state()) == ("current", "former")


def test_the_page_of_a_record_may_be_asked_for_a_day_and_for_nothing_else() -> None:
    assert AsOf(QueryDict("on=2006-11-15")).day == datetime.date(2006, 11, 15)
    assert list(AsOf(QueryDict("on=2006-11-15&category=general")).problems()) == ["category"]
    assert list(AsOf(QueryDict("on=yesterday")).problems()) == ["on"]
