"""docs/api.md and /api/v1/docs/: the examples are what is answered, and the pages are light, plain and whole."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.warming import warm
from engagement.models import Contact, Office
from tests.api.addresses import each_directory
from tests.reading import statements

pytestmark = pytest.mark.django_db

DOCUMENT = Path(settings.BASE_DIR, "docs", "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ (curl .*)\n(.*)\n```", DOCUMENT)
SITE = "http://127.0.0.1:8000"
LEFT_OUT = "…"
MOST_RAW, MOST_COMPRESSED = 60_000, 15 * 1024


def address_in(command: str) -> str:
    curl, address = shlex.split(command)
    assert curl == "curl" and address.startswith(f"{SITE}/api/v1/")
    return address.removeprefix(SITE)


def shown_in(answer: Any, example: Any) -> bool:
    """Whether the example is the answer, less what it leaves out."""
    if example == LEFT_OUT:
        return True
    if isinstance(example, dict):
        wanted = {name: each for name, each in example.items() if name != LEFT_OUT}
        whole = LEFT_OUT in example or set(answer) == set(wanted)
        return whole and all(name in answer and shown_in(answer[name], each) for name, each in wanted.items())
    if isinstance(example, list):
        return len(answer) == len(example) and all(map(shown_in, answer, example))
    return bool(answer == example)


def test_every_block_of_the_document_is_an_example_that_is_asked() -> None:
    assert len(EXAMPLES) == DOCUMENT.count("```") // 2 >= 6


@pytest.mark.parametrize(("command", "answer"), EXAMPLES, ids=[address_in(command) for command, _ in EXAMPLES])
def test_what_the_document_shows_is_what_is_answered(client: Client, command: str, answer: str) -> None:
    found = client.get(address_in(command), headers={"host": "127.0.0.1:8000"}).json()
    assert shown_in(found, json.loads(answer)), found


def test_the_limits_that_the_document_names_are_those_of_the_settings() -> None:
    assert f"{settings.LIMITS['api']} requests a minute" in DOCUMENT


def page_of(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    sheet = (settings.BASE_DIR / "static" / "css" / "site.css").read_bytes()
    weight = len(brotli.compress(answer.content, quality=5)) + len(brotli.compress(sheet))
    assert len(answer.content) <= MOST_RAW and weight <= MOST_COMPRESSED, (address, len(answer.content), weight)
    assert (answer["Content-Type"], answer["Content-Language"]) == ("text/html; charset=utf-8", "en")
    return html.fromstring(answer.content.decode())


def test_the_page_leads_to_every_collection_and_to_what_else_there_is(client: Client) -> None:
    links = page_of(client, "/api/v1/docs/").xpath("//main//a/@href")
    for address in [*(f"/api/v1/docs/{each.name}/" for each in DIRECTORIES), "/api/v1/schema/", "/api/v1/reconcile"]:
        assert address in links
    assert {client.get(link).status_code for link in links if "zip" not in link} == {200}


@each_directory
def test_the_page_of_a_collection_has_every_parameter_and_every_column(client: Client, directory: Directory) -> None:
    page = page_of(client, f"/api/v1/docs/{directory.name}/")
    document = client.get("/api/v1/schema/").json()
    for rest in ("", "{key}/", "since/{revision}/"):
        operation = document["paths"][f"/api/v1/{directory.name}/{rest}"]["get"]
        (section,) = page.xpath(f"//section[@id='{operation['operationId']}']")
        assert section.xpath(".//tbody//code/text()") == [each["name"] for each in operation["parameters"]]
        said = section.xpath("string(ul)")
        assert all(status in said for status in operation["responses"])
    assert page.xpath("//section[@id='columns']//code/text()") == [column.name for column in directory.columns]
    assert page.xpath("//script | //style | //@style") == []
    assert page.xpath("//header//*[@hreflang]") == []


@each_directory
def test_the_examples_on_the_page_are_what_is_answered(client: Client, directory: Directory) -> None:
    page = page_of(client, f"/api/v1/docs/{directory.name}/")
    commands = [each for each in page.xpath("//section//code/text()") if each.startswith("curl ")]
    answers = page.xpath("//pre/text()")
    assert len(commands) == len(answers) == (3 if directory.in_index else 0)
    for command, answer in zip(commands, answers, strict=True):
        address = shlex.split(command)[1].removeprefix("http://testserver")
        assert beginning(client.get(address).json()) == beginning(json.loads(answer))


def test_the_pages_cost_a_bounded_number_of_queries(committed_register: None, client: Client) -> None:
    warm()
    for address in ("/api/v1/docs/", *(f"/api/v1/docs/{directory.name}/" for directory in DIRECTORIES)):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(statements(queries)) <= 12, (address, len(queries))


def beginning(value: Any) -> Any:
    """An answer with texts and lists as short as an example has them."""
    if isinstance(value, dict):
        return {name: beginning(each) for name, each in value.items()}
    if isinstance(value, list):
        return [beginning(each) for each in value[:3]]
    return value[:80] if isinstance(value, str) else value


def test_the_page_of_the_contacts_names_none_of_them(client: Client) -> None:
    page = client.get("/api/v1/docs/contacts/")
    assert not any(text in page.content.decode() for each in Contact.objects.all() for text in (each.name, each.key))
    assert b'content="noindex"' in page.content


def test_a_collection_without_rows_has_a_page_too(client: Client) -> None:
    Office.objects.update(published=False)
    page = page_of(client, "/api/v1/docs/offices/")
    assert len(page.xpath("//pre")) == 2
