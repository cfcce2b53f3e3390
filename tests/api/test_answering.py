"""How the API answers: refusals as problem details, answers by revision, limits, scripts of other sites."""

from typing import Any

import pytest
from django.test import Client, override_settings

from engagement.api import views
from engagement.directories import Directory
from tests.api.addresses import address_of, each_directory

pytestmark = pytest.mark.django_db

REFUSED = {
    "colour=blue": {"colour": "is not a parameter here"},
    "page=1": {"page": "is not a parameter here"},
    "utm_source=mail": {"utm_source": "is not a parameter here"},
    "country=XX": {"country": "Select a valid choice. XX is not one of the available choices."},
    "country=": {"country": "is given without a value"},
    "country=PK&country=": {"country": "is given without a value"},
    "q=": {"q": "is given without a value"},
    "q=%20%C2%A0": {"q": "is given without a value"},
    "sort": {"sort": "is given without a value"},
    "q=a&q=b": {"q": "is given more than once"},
    "q=%00": {"q": "is no text: it holds a NUL character, or is not UTF-8"},
    "on=2006-11": {"on": "is not a day of the form YYYY-MM-DD"},
    "on=2006-02-30": {"on": "is not a day of the form YYYY-MM-DD"},
    "on=2006-1-001": {"on": "is not a day of the form YYYY-MM-DD"},
    "limit=0": {"limit": "is not a whole number from 1 to 500"},
    "limit=501": {"limit": "is not a whole number from 1 to 500"},
    "limit=05": {"limit": "is not a whole number from 1 to 500"},
    "limit=%D9%A5": {"limit": "is not a whole number from 1 to 500"},
    "limit=1&limit=2": {"limit": "is given more than once"},
    "limit=": {"limit": "is given without a value"},
    "offset=-1": {"offset": "is not a whole number from 0 to 1000000000"},
    "offset=1000000001": {"offset": "is not a whole number from 0 to 1000000000"},
    "offset=" + "9" * 5000: {"offset": "is not a whole number from 0 to 1000000000"},
    "format=xml": {"format": "is none of json, csv"},
    "format=CSV": {"format": "is none of json, csv"},
    "limit=x&colour=blue": {"colour": "is not a parameter here", "limit": "is not a whole number from 1 to 500"},
}


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" not in answer
    said: dict[str, Any] = answer.json()
    assert said["status"] == status and said["type"] == "about:blank" and said["title"]
    return said


@pytest.mark.parametrize("query", REFUSED)
def test_what_cannot_be_answered_is_refused_and_named_by_parameter(client: Client, query: str) -> None:
    assert is_problem(client.get(f"/api/v1/constituents/?{query}"), 400)["parameters"] == REFUSED[query]


def test_a_text_that_is_too_long_is_refused_with_the_spaces_around_it(client: Client) -> None:
    assert client.get("/api/v1/offices/", {"q": "a" * 200}).status_code == 200
    assert "q" in is_problem(client.get("/api/v1/offices/", {"q": "a" * 200 + " "}), 400)["parameters"]


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/schema/", "/api/v1/docs/", "/api/v1/docs/offices/"])
def test_where_nothing_can_be_asked_every_parameter_is_refused(client: Client, address: str) -> None:
    said = is_problem(client.get(address, {"colour": "blue"}), 400)
    assert said["parameters"] == {"colour": "is not a parameter here"}


@pytest.mark.parametrize(
    "path", ["nothing/", "organizations/nobody/", "organizations/a/b/", "offices/%0A/", "docs/nothing/", "a%2Fb/"]
)
def test_an_unknown_address_is_a_problem_too(client: Client, path: str) -> None:
    assert is_problem(client.get(f"/api/v1/{path}"), 404)["detail"]
    assert is_problem(client.post(f"/api/v1/nothing/{path}"), 404)


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(client: Client) -> None:
    answer = client.get("/api/v1/offices?limit=1")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/offices/?limit=1")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_the_api_is_only_read(client: Client, method: str) -> None:
    for address in ("/api/v1/", "/api/v1/offices/", "/api/v1/schema/"):
        answer = getattr(client, method)(address, headers={"if-none-match": "*"})
        is_problem(answer, 405)
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["text/html", "text/csv", "image/png", "nonsense", ""])
def test_the_address_alone_says_what_form_the_answer_has(client: Client, accept: str) -> None:
    answer = client.get("/api/v1/offices/", headers={"accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.get("Vary", "Accept-Encoding") == "Accept-Encoding" and "Set-Cookie" not in answer


def test_a_fault_of_the_register_is_a_problem_that_says_nothing_of_its_inside(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*args: Any) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(views, "objects", failing)
    answer = Client(raise_request_exception=False).get("/api/v1/offices/")
    said = is_problem(answer, 500)
    assert "inside" not in str(said)
    (noted,) = [record for record in caplog.records if record.name == "django.request"]
    assert noted.status_code == 500 and noted.exc_info and "the inside" in str(noted.exc_info[1])  # type: ignore[attr-defined]


def test_a_query_with_more_parameters_than_are_read_is_a_problem(client: Client) -> None:
    is_problem(client.get("/api/v1/offices/?" + "&".join(f"p{number}=1" for number in range(1001))), 400)


@each_directory
def test_who_has_the_answer_of_this_revision_is_not_sent_it_again(client: Client, directory: Directory) -> None:
    (row,) = client.get(address_of(directory), {"limit": 1}).json()["results"]
    for address in (address_of(directory), address_of(directory, row["key"]), address_of(directory, "since", 0)):
        answer = client.get(address)
        assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == answer["ETag"] and again["X-Data-Revision"] == answer["X-Data-Revision"]
        assert again["Access-Control-Allow-Origin"] == "*"


def test_each_question_has_a_tag_of_its_own(client: Client) -> None:
    asked: tuple[dict[str, Any], ...] = ({}, {"limit": 1}, {"format": "csv"}, {"q": "a"})
    assert len({client.get("/api/v1/offices/", each)["ETag"] for each in asked}) == len(asked)


def test_head_says_what_get_would(client: Client) -> None:
    for address in ("/api/v1/", "/api/v1/offices/?limit=2", "/api/v1/countries/PK/", "/api/v1/offices/?limit=0"):
        head, get = client.head(address), client.get(address)
        assert head.status_code == get.status_code and head.content == b""
        assert [head.get(name) for name in ("ETag", "Link", "Content-Type")] == [
            get.get(name) for name in ("ETag", "Link", "Content-Type")
        ]


def test_scripts_of_other_sites_may_read_and_are_told_so_beforehand(client: Client) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    answer = client.options("/api/v1/offices/", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    read = client.get("/api/v1/offices/", headers=asked)
    assert read["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "X-Data-Revision", "Link", "Retry-After"} <= set(read["Access-Control-Expose-Headers"].split(", "))


@override_settings(LIMITS={"api": 2, "files": 2, "forms": 2})
def test_who_asks_too_often_is_told_when_to_come_back(client: Client) -> None:
    statuses = [client.get(address).status_code for address in ("/api/v1/", "/api/v1/nothing/", "/api/v1/offices/")]
    assert statuses == [200, 404, 429]
    answer = client.get("/api/v1/docs/")
    is_problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 60
