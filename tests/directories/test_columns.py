"""The columns of each directory: the same names everywhere, and nothing of a row that the public may not see."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.columns import Kind, plain
from engagement.models import Contact

each_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)


@each_directory
def test_key_and_name_come_first_and_the_evidence_last(directory: Directory) -> None:
    names = [column.name for column in directory.columns]
    assert names[:2] == ["key", "name"]
    assert names[-4:] == ["source", "source_url", "as_of", "url"]
    assert len(names) == len(set(names))
    assert all(name == name.lower() and name.isidentifier() for name in names)


@each_directory
def test_a_code_with_a_label_stands_right_before_it(directory: Directory) -> None:
    names = [column.name for column in directory.columns]
    labels = [name for name in names if name.endswith("_label")]
    assert [name for name in labels if names[names.index(name) - 1] != name.removesuffix("_label")] == []


@each_directory
def test_every_value_of_every_row_has_the_shape_of_its_kind(db: None, directory: Directory) -> None:
    shapes: dict[Kind, Any] = {
        Kind.DAY: (datetime.date, type(None)),
        Kind.INTEGER: (int, type(None)),
        Kind.NUMBER: (Decimal, type(None)),
        Kind.BOOLEAN: bool,
        Kind.LIST: list,
        Kind.DATES: list,
    }
    rows = list(directory.records().for_list())
    assert rows
    for row in rows:
        for column in directory.columns:
            value = column.value(row)
            assert isinstance(value, shapes.get(column.kind, str)), (column.name, value)
            if isinstance(value, list):
                assert all(isinstance(each, str) for each in value), (column.name, value)


def test_of_a_contact_only_what_is_public_of_it_leaves_the_register() -> None:
    [contacts] = [directory for directory in DIRECTORIES if directory.name == "contacts"]
    names = {column.name.removesuffix("_label") for column in contacts.columns}
    evidence = {"key", "locator", "note", "source_key", "source", "source_url", "as_of", "url"}
    assert names - evidence == set(Contact.PUBLIC_FIELDS)


def test_values_are_plain_numbers_texts_and_days_and_paths_get_the_site_before_them() -> None:
    assert plain(Decimal("3000000.00"), Kind.NUMBER, "") == 3000000
    assert plain(Decimal("0.25"), Kind.NUMBER, "") == 0.25
    assert plain(None, Kind.NUMBER, "") is None
    assert plain(datetime.date(2006, 11, 15), Kind.DAY, "") == "2006-11-15"
    assert plain(None, Kind.DAY, "") is None
    assert plain(False, Kind.BOOLEAN, "") is False
    assert plain("/countries/PK/", Kind.PAGE, "https://register.example") == "https://register.example/countries/PK/"
    assert plain("", Kind.PAGE, "https://register.example") == ""
