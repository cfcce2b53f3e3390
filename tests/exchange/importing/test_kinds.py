"""The declarations: they cover the public files, fit the models, and are what docs/importing.md says."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import models
from django.utils.translation import override

from engagement.exchange.importing import headers
from engagement.exchange.importing.base import Options, Wrong
from engagement.exchange.importing.columns import Column, Key, Link, Links, OfPart
from engagement.exchange.importing.describing import columns_of_kinds
from engagement.exchange.importing.kinds import KINDS, Kind
from engagement.models import ConsultativeStatus, Contact, Organization, Seat
from engagement.models.base import Record, Sourced
from engagement.search import normalise

EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
DOCUMENT = Path(settings.BASE_DIR) / "docs/importing.md"
MARK = "<!-- What follows is made by `manage.py import_columns`; a test keeps it true. -->\n"


def plain_columns(kind: Kind) -> list[Column]:
    return [column for column in kind.written if type(column).__name__ in ("Column", "Number", "Lines")]


def field_of(column: Column) -> Any:
    fields = {field.attname: field for field in column.model._meta.concrete_fields}
    return fields.get(column.to) or column.model._meta.get_field(column.to)


@EACH_KIND
def test_a_kind_accepts_every_column_of_its_public_file(kind: Kind) -> None:
    names = [column.name for column in kind.directory.columns] if kind.directory else []
    assert set(names) <= {column.name for column in kind.accepted}
    found = headers.known(names, kind.accepted)
    assert found.problems == () and len(found.positions) == len(names)


@EACH_KIND
def test_every_column_has_one_name_and_leads_to_a_field_of_the_model(kind: Kind) -> None:
    names = [column.name for column in kind.accepted]
    assert len(names) == len(set(names))
    for column in kind.columns:
        assert isinstance(column, OfPart) or field_of(column), column.name
        assert column.model is kind.model
    own = {column.to for column in kind.written} | {kind.model.key_field}
    editable = {field.attname for field in kind.model._meta.concrete_fields if field.editable and not field.primary_key}
    left = {field for field in editable - own if not field_named(kind.model, field).generated}
    assert left == set(), "a field that staff edit and no column brings"


def field_named(model: type[Record], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


@EACH_KIND
def test_the_longest_text_of_a_field_is_read_and_a_longer_one_is_not(kind: Kind) -> None:
    for column in plain_columns(kind):
        most = getattr(field_of(column), "max_length", None)
        if not most or field_of(column).choices or column.name in ("website", "official_url", "email"):
            continue
        if column.parse.__name__ == "partial":
            continue
        text = "1" * most
        assert column.parse(text, Options()) == text, column.name
        with pytest.raises(Wrong):
            column.parse(f"{text}1", Options())


@EACH_KIND
def test_every_rule_is_a_constraint_that_the_model_words(kind: Kind) -> None:
    worded = {each.name for each in kind.model._meta.constraints if isinstance(each, models.CheckConstraint)}
    filled = {name for name in worded if name.endswith("_filled")}
    assert {rule.constraint for rule in kind.rules} == worded - filled
    for rule in kind.rules:
        assert rule.says(kind.model) and rule.column in {column.name for column in kind.columns}


@EACH_KIND
def test_evidence_and_publication_can_be_brought_with_every_kind(kind: Kind) -> None:
    assert issubclass(kind.model, Sourced)
    assert {"key", "source_key", "locator", "as_of", "note", "published"} <= {each.name for each in kind.columns}


@EACH_KIND
def test_the_examples_are_read_by_the_columns_they_stand_in(kind: Kind) -> None:
    for column in kind.columns:
        if column.example and not isinstance(column, OfPart | Links):
            column.parse(column.example, Options())
        if isinstance(column, Key):
            assert column.example


@EACH_KIND
def test_no_two_columns_of_a_kind_go_by_the_same_usual_name(kind: Kind) -> None:
    known: dict[str, set[str]] = {}
    for column in kind.columns:
        for name in (*column.also, column.name):
            known.setdefault(normalise(name), set()).add(column.name)
    names = {column.name for column in kind.columns}
    assert {name: both for name, both in known.items() if len(both) > 1 and name not in names} == {}


@pytest.mark.parametrize(
    ("header", "column"),
    [("Nom", "name"), ("Sigle", "acronym"), ("Pays", "country"), ("Ville", "city"), ("Site web", "website"),
     ("Remarques", "note"), ("Organization Name", "name"), ("fondée en", "founded"), ("fundada", "founded")],
)  # fmt: skip
def test_usual_headers_are_suggested_and_never_taken_silently(header: str, column: str) -> None:
    found = headers.known([header], KINDS["organizations"].accepted)
    assert [problem.suggestion for problem in found.problems] == [column] and not found.positions


def test_a_field_is_known_by_its_name_in_every_language() -> None:
    also = KINDS["organizations"].column("dissolved").also
    for language in ("en", "fr", "es"):
        with override(language):
            assert str(Organization._meta.get_field("dissolved").verbose_name) in also


def test_the_rights_that_a_kind_takes_are_those_on_all_that_it_writes() -> None:
    assert KINDS["organizations"].permissions == (Organization, Seat)
    assert KINDS["statuses"].permissions == (ConsultativeStatus,)
    assert KINDS["contacts"].permissions == (Contact,)
    assert [kind.name for kind in KINDS.values() if kind.private] == ["contacts"]


def test_links_lead_to_the_model_of_their_field() -> None:
    for kind in KINDS.values():
        for column in kind.written:
            if isinstance(column, Link | Links):
                assert field_of(column).related_model is column.target, f"{kind.name} {column.name}"


def test_the_document_for_staff_has_the_columns_as_they_are() -> None:
    _head, _mark, generated = DOCUMENT.read_text(encoding="utf-8").partition(MARK)
    assert generated.splitlines() == list(columns_of_kinds())
