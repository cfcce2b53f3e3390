"""What docs/reconciliation.md says is what the service does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from engagement.api.reconciliation.asked import BATCH, MOST_VALUES
from engagement.api.reconciliation.entities import TYPES
from engagement.api.reconciliation.matching import AGREEING, CONTRADICTING, NAMING
from engagement.api.reconciliation.suggesting import PAGE
from engagement.directories.recognizing import Why
from engagement.search.naming import PER_WORD, SCORES, Reason
from tests.api.reconciliation.asking import PATH, post_form, post_json

pytestmark = pytest.mark.usefixtures("documents")

DOCUMENT = (Path(settings.BASE_DIR) / "docs" / "reconciliation.md").read_text(encoding="utf-8")


def examples() -> list[Any]:
    """The blocks of JSON: a batch and its answer, an extension and its answer."""
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCUMENT, flags=re.DOTALL)]


def test_the_examples_of_the_documentation_are_answered_as_it_says(client: Client) -> None:
    batch, answer, extension, extended = examples()
    assert post_json(client, batch).json() == answer
    assert post_form(client, extend=extension).json() == extended


def test_the_documentation_names_every_reason_with_its_score() -> None:
    said = dict(re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", DOCUMENT, flags=re.MULTILINE))
    by_kind = {Why.INITIALS: SCORES[Reason.LETTERS]} | {
        Why(each): SCORES[each] for each in Reason if each.value in Why.values
    }
    assert {name: int(score) for name, score in said.items()} == {
        each.value: by_kind.get(each, SCORES[Reason.NAME]) for each in Why
    }
    assert f"{PER_WORD} less for each further word" in DOCUMENT


def test_the_documentation_gives_the_numbers_that_hold() -> None:
    for said in (
        f"{AGREEING} more for each property that agrees, {-CONTRADICTING} less for each that contradicts",
        f"{BATCH} queries in a batch, {BATCH} identifiers in an extension, {MOST_VALUES} values of a property",
        f"{settings.LIMITS['api']} requests a minute",
        f"{PAGE} at a time",
        ", ".join(f"`{name}`" for name in NAMING),
    ):
        assert said in DOCUMENT
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 2.5 * 1024 * 1024


def test_the_documentation_names_every_type_and_every_address(client: Client) -> None:
    manifest = client.get(PATH).json()
    addresses = [manifest["view"]["url"], manifest["preview"]["url"]]
    paths = [each.removeprefix("http://testserver").partition("?")[0] for each in addresses]
    paths += [manifest["suggest"]["entity"]["service_path"], manifest["extend"]["propose_properties"]["service_path"]]
    assert [path for path in paths if path not in DOCUMENT] == []
    assert [each.id for each in TYPES.values() if f"| `{each.id}` |" not in DOCUMENT] == []
