"""A client of the service, as OpenRefine is one: batches by POST as a form, the rest by GET."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.test import Client

PATH = "/api/v1/reconcile"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
AT_ONCE = 500

Candidate = dict[str, Any]


def post_form(client: Client, **fields: object) -> Any:
    body = urlencode({name: json.dumps(value) for name, value in fields.items()})
    return client.post(PATH, body, content_type=FORM)


def post_json(client: Client, body: object) -> Any:
    return client.post(PATH, json.dumps(body), content_type=JSON)


def candidates(client: Client, text: str, **more: object) -> list[Candidate]:
    """The candidates of one query."""
    response = post_form(client, queries={"q0": {"query": text, **more}})
    assert response.status_code == 200, response.content
    result: list[Candidate] = response.json()["q0"]["result"]
    return result


def first(client: Client, text: str, **more: object) -> Candidate:
    return candidates(client, text, **more)[0]


def reconciled(client: Client, queries: Iterable[dict[str, Any]]) -> Iterator[list[Candidate]]:
    """The candidates of each of many queries, asked batch by batch."""
    for batch in portions(queries):
        response = post_form(client, queries={f"q{number}": query for number, query in enumerate(batch)})
        assert response.status_code == 200, response.content
        said = response.json()
        yield from (said[f"q{number}"]["result"] for number in range(len(batch)))


def portions(queries: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(queries)
    while batch := list(islice(iterator, AT_ONCE)):
        yield batch


def problem(response: Any) -> dict[str, str]:
    """What is wrong, by the place where it stands."""
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    parameters: dict[str, str] = response.json()["parameters"]
    return parameters
