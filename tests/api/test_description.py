"""The description of the API: valid OpenAPI 3.1, the one in docs/, and true of what is asked and answered."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import validate

from engagement.api.asking import LIMIT, OFFSET
from engagement.api.schemas import WORDS
from engagement.directories import DIRECTORIES, Directory
from engagement.directories.filters import Vocabulary
from engagement.directories.warming import warm
from engagement.management.commands import openapi
from engagement.models import Theme
from tests.api.addresses import address_of, each_directory
from tests.reading import statements

pytestmark = pytest.mark.django_db

KEPT = Path(settings.BASE_DIR, "docs", "openapi.json")


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/schema/").json()
    return found


def parameters(document: dict[str, Any], path: str) -> dict[str, Any]:
    return {each["name"]: each["schema"] for each in document["paths"][path]["get"]["parameters"]}


def validator(document: dict[str, Any], schema: dict[str, Any]) -> OAS31Validator:
    whole = {**schema, "components": document["components"]}
    return OAS31Validator(whole, format_checker=oas31_format_checker)


def test_the_description_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1") and document["servers"] == [{"url": "/"}]


def test_the_description_in_docs_is_the_one_that_the_declarations_and_the_fixtures_give() -> None:
    call_command("openapi", check=True)


def test_a_description_that_has_drifted_is_told_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "openapi.json"
    old.write_text(KEPT.read_text(encoding="utf-8").replace('"maximum": 500', '"maximum": 50'), encoding="utf-8")
    monkeypatch.setattr(openapi, "KEPT", old)
    with pytest.raises(SystemExit) as ended:
        call_command("openapi", check=True)
    assert ended.value.code == 1
    lines = capsys.readouterr().err.splitlines()
    assert any(line.startswith("-") and '"maximum": 50' in line for line in lines) and len(lines) <= openapi.FEW


def test_every_address_that_answers_is_described(document: dict[str, Any]) -> None:
    described = {
        address
        for name in DIRECTORIES
        for address in (f"{name.name}/", f"{name.name}/{{key}}/", f"{name.name}/since/{{revision}}/")
    }
    assert set(document["paths"]) == {"/api/v1/", *(f"/api/v1/{address}" for address in described)}
    ids = [operation["get"]["operationId"] for operation in document["paths"].values()]
    assert len(set(ids)) == len(ids)


@each_directory
def test_the_parameters_of_a_collection_are_its_filters_and_those_of_the_api(
    document: dict[str, Any], directory: Directory
) -> None:
    described = parameters(document, f"/api/v1/{directory.name}/")
    vocabularies = {name for name, each in directory.filterset.base_filters.items() if isinstance(each, Vocabulary)}
    empty = {name for name in vocabularies if name not in described}
    assert {*described, *empty} == {*directory.filterset.base_filters, "limit", "offset", "format"}
    assert {name for name, schema in described.items() if schema["type"] == "array"} == vocabularies - empty


@each_directory
def test_every_value_of_a_vocabulary_is_accepted(
    client: Client, document: dict[str, Any], directory: Directory
) -> None:
    for name, schema in parameters(document, f"/api/v1/{directory.name}/").items():
        if schema["type"] == "array":
            codes = schema["items"]
            if "$ref" in codes:
                codes = document["components"]["schemas"][codes["$ref"].rpartition("/")[2]]
            answer = client.get(address_of(directory), {name: codes["enum"], "limit": 1})
            assert answer.status_code == 200, (name, answer.content)


@each_directory
def test_every_answer_is_as_described(client: Client, document: dict[str, Any], directory: Directory) -> None:
    answers = {"": client.get(address_of(directory), {"limit": 500}).json()}
    answers["{key}/"] = answers[""]["results"][0]
    answers["since/{revision}/"] = client.get(address_of(directory, "since", 0)).json()
    for rest, answer in answers.items():
        operation = document["paths"][f"/api/v1/{directory.name}/{rest}"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert [error.message for error in validator(document, schema).iter_errors(answer)] == []


def test_problems_and_the_index_are_as_described(client: Client, document: dict[str, Any]) -> None:
    problem = document["components"]["schemas"]["Problem"]
    for address in ("/api/v1/offices/?colour=blue", "/api/v1/offices/nobody/", "/api/v1/nothing/"):
        validator(document, problem).validate(client.get(address).json())
    assert client.get("/api/v1/offices/?colour=blue").json() == problem["examples"][0]
    index = document["paths"]["/api/v1/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator(document, index).validate(client.get("/api/v1/").json())


@pytest.mark.parametrize("text", ["a", " a", "a\n", "\x1c-", "é", "\ufeff", "\x85\x07"])
def test_words_that_the_pattern_allows_are_accepted(client: Client, text: str) -> None:
    assert re.search(WORDS, text)
    assert client.get("/api/v1/offices/", {"q": text}).status_code == 200


@pytest.mark.parametrize("text", ["", " ", "\x1c", "\x85\u3000", "a\x00", "\x00"])
def test_words_that_the_pattern_does_not_allow_are_refused(client: Client, text: str) -> None:
    assert not re.search(WORDS, text)
    assert client.get("/api/v1/offices/", {"q": text}).status_code == 400


@pytest.mark.parametrize("parameter", [LIMIT, OFFSET], ids=lambda parameter: parameter.name)
def test_the_bounds_of_a_number_are_accepted_and_what_lies_beyond_is_refused(client: Client, parameter: Any) -> None:
    for value, status in {
        parameter.least: 200,
        parameter.most: 200,
        parameter.least - 1: 400,
        parameter.most + 1: 400,
    }.items():
        assert client.get("/api/v1/offices/", {parameter.name: value}).status_code == status


def test_a_vocabulary_follows_the_register(client: Client) -> None:
    Theme.objects.create(name="Invented work", slug="invented-work")
    document = client.get("/api/v1/schema/").json()
    assert "invented-work" in document["components"]["schemas"]["ThemeCode"]["enum"]
    Theme.objects.update(published=False)
    document = client.get("/api/v1/schema/").json()
    assert "ThemeCode" not in document["components"]["schemas"]
    assert "theme" not in parameters(document, "/api/v1/organizations/")


def test_the_description_costs_the_same_however_many_rows_there_are(committed_register: None, client: Client) -> None:
    counts = []
    for number in range(2):
        warm()
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/schema/")
        counts.append(len(statements(queries)))
        Theme.objects.bulk_create(Theme(name=f"Invented {i}", slug=f"invented-{i}") for i in range(50 * number, 50))
    assert counts[0] == counts[1] <= 40


def test_the_description_says_nothing_of_any_contact(document: dict[str, Any]) -> None:
    assert "bureau" not in json.dumps(document["components"]["schemas"]["ContactsRow"]).lower()
