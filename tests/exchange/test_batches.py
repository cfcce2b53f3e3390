"""Rows read without records say what records say: of every directory, to the letter."""

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.columns import Column, plain
from engagement.exchange.batches import Reader, addresses_at, batches, by_records, keys_of
from engagement.exchange.encodings import Csv, Json, Plain, cell
from engagement.exchange.exporting import file_of_rows
from engagement.exchange.formats import BYTE_ORDER_MARK, FORMATS, About
from engagement.exchange.tables import neutralised
from engagement.freshness import insert
from engagement.models import Contact, Country, Organization, OrganizationName, Project, Seat, Theme
from engagement.models.base import Place
from engagement.models.offices import LawfulBasis
from tests.factories import make_invitation, make_meeting, make_organization, make_source, make_status

SITE = "https://register.example"
ABOUT = About("Rows", 2, 4711)
HOSTILE = (
    "=1+1",
    "'=1",
    "-x",
    "\tx",
    "a,b",
    'quo"te',
    "two\nlines",
    "\rx",
    "\u2028",
    "😀 اتحاد",
    " x ",
    "'",
    '"',
)

each_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)


@pytest.fixture
def rows(db: None) -> None:
    """The register, and rows that hold what no register should, and every shape of what belongs to a row."""
    source = make_source(title='=Title, with "quotes"', url="", published=False)
    meeting = make_meeting(start="2006-11-10", end="2006-11", source=source)
    themes = Theme.objects.all()[:3]
    for number, text in enumerate(HOSTILE):
        body = make_organization(name=f"{text} body", acronym=text[:30], note=text, locator=text, source=source)
        body.themes.set(themes[: number % 4])
        for place, country in enumerate(Country.objects.all()[: number % 3]):
            Seat.objects.create(
                organization=body,
                city=text,
                country=country,
                source=source,
                since=f"{1950 + place}",
                key=f"s{number}-{place}",
            )
        OrganizationName.objects.create(organization=body, name=f"{text} once", kind="former", source=source)
        OrganizationName.objects.create(organization=body, name=f"{text} else", kind="variant", source=source)
        make_status(organization=body, granted="1990", ended="2004-03" if number % 2 else "", source=source)
        make_status(organization=body, as_of="2006-11-15", note=text, source=source)
        make_invitation(organization=body, name_as_printed=text, source=source, meeting=meeting)
    make_organization(name="Not shown", published=False)
    Contact.objects.create(
        name="=Invented, person",
        purpose="A test",
        lawful_basis=LawfulBasis.PUBLISHED_SOURCE,
        public=True,
        source=source,
    )
    Project.objects.update(budget="1234.50", currency="CHF")


def asked(directory: Directory, query: str = "") -> Any:
    question = directory.ask(QueryDict(query))
    assert question.problems() == {}
    return question


def queries(directory: Directory) -> list[str]:
    filters = directory.filterset.base_filters
    *_others, (last, _label) = asked(directory).sorting.options
    return [f"sort={last}", *(["on=2006-11-14"] if "on" in filters else [])]


def slowly(directory: Directory, query: str) -> list[list[Any]]:
    """The plain values of each row, by records that SQL selects and orders."""
    records = directory.rows_in_full(asked(directory, query))
    return [[plain(column.value(record), column.kind, SITE) for column in directory.columns] for record in records]


def file_of(directory: Directory, suffix: str, query: str = "") -> bytes:
    return b"".join(file_of_rows(FORMATS[suffix], ABOUT, directory, asked(directory, query), SITE))


@each_directory
def test_files_are_what_the_standard_library_makes_of_the_records(rows: None, directory: Directory) -> None:
    names = [column.name for column in directory.columns]
    for query in queries(directory):
        found = slowly(directory, query)
        assert found
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow(names)
        writer.writerows([neutralised(cell(value)) for value in row] for row in found)
        assert file_of(directory, "csv", query).decode() == BYTE_ORDER_MARK + written.getvalue(), query
        lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in found]
        head = '{"count": 2, "revision": 4711, "results": [\n'
        assert file_of(directory, "json", query).decode() == head + ",\n".join(lines) + "\n]}\n", query


@each_directory
def test_every_directory_is_read_without_records(rows: None, directory: Directory) -> None:
    question = asked(directory)
    reader = Reader(directory.columns, directory.ready(question), SITE, Plain())
    keys = question.page(0, 50)
    assert [list(row) for row in reader.cells(keys)] == slowly(directory, "")[:50]


@each_directory
def test_more_rows_take_no_more_queries(rows: None, directory: Directory) -> None:
    question = asked(directory)
    keys = question.page(0, 60)
    counts = []
    for some in (keys[:2], keys):
        with CaptureQueriesContext(connection) as captured:
            [_rows] = batches(directory, question, [some], SITE, Csv())
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 1 <= 13


def test_what_a_column_does_not_say_that_it_reads_is_read_of_records(rows: None) -> None:
    [directory] = [directory for directory in DIRECTORIES if directory.name == "organizations"]
    silent = replace(directory, columns=(*directory.columns, Column("shout", "", lambda row: row.name.upper())))
    question = asked(silent)
    with pytest.raises(FieldDoesNotExist):
        Reader(silent.columns, silent.ready(question), SITE, Json())
    keys = question.page(0, 20)
    [found] = batches(silent, question, [keys], SITE, Plain())
    names = {key: body.name.upper() for key, body in Organization.objects.in_bulk(keys).items()}
    assert [row[-1] for row in found] == [names[key] for key in keys]
    assert found == by_records(silent, silent.ready(question), keys, SITE, Plain())


def test_the_keys_come_in_portions_of_which_the_first_is_small_and_none_is_left_out(
    rows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    [directory] = [directory for directory in DIRECTORIES if directory.name == "countries"]
    question = asked(directory)
    for name, size in (("FIRST", 2), ("CHUNK", 5), ("BLOCK", 12)):
        monkeypatch.setattr(f"engagement.exchange.batches.{name}", size)
    portions = [*keys_of(question)]
    assert [key for portion in portions for key in portion] == question.page(0, 1000)
    assert len(portions) > 30 and len(portions[0]) == 2 and max(map(len, portions)) == 5


def test_memory_does_not_grow_with_the_number_of_rows(db: None) -> None:
    source = make_source()
    bodies = [
        Organization(slug=f"many-{n}", name=f"Many {n}", sort_name=f"many {n}", source=source, note=f"{n:04} " * 500)
        for n in range(800)
    ]
    insert(bodies)
    country = Country.objects.all()[0]
    insert([Seat(key=f"many-{n}", organization=body, country=country, source=source, city=f"City {n}" * 10)
            for n, body in enumerate(bodies)])  # fmt: skip
    [directory] = [directory for directory in DIRECTORIES if directory.name == "organizations"]
    question, form = asked(directory), FORMATS["csv"]
    keys = [body.pk for body in bodies]

    def most_held(rows: int) -> int:
        portions = (keys[place : place + 50] for place in range(0, rows, 50))
        tracemalloc.start()
        read = batches(directory, question, portions, SITE, form.encoding)
        size = sum(map(len, form.written(ABOUT, directory.columns, read)))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size > rows * 2_000
        return most

    most_held(50)  # what is read once and kept
    assert most_held(800) < most_held(200) + 300_000


def test_a_record_that_is_gone_is_no_row_and_no_fault(rows: None) -> None:
    [directory] = [directory for directory in DIRECTORIES if directory.name == "countries"]
    question = asked(directory)
    keys = question.page(0, 3)
    [found] = batches(directory, question, [[keys[0], 10**9, keys[1]]], SITE, Plain())
    assert len(found) == 2
    assert [*batches(directory, question, [[10**9]], SITE, Plain())] == [[]]


def test_an_address_is_what_the_route_makes_of_the_argument() -> None:
    pages, anchors = Place("organization", "slug"), Place("organization", "organization__slug", "statuses")
    for arguments in (["a-b", "c_9"], ["a-b", "0-argument-0"]):
        assert addresses_at(pages, SITE, arguments, arguments) == [
            SITE + pages.url(argument, argument) for argument in arguments
        ]
        assert addresses_at(anchors, SITE, arguments, ["k 1", "k2"]) == [
            SITE + anchors.url(arguments[0], "k 1"), SITE + anchors.url(arguments[1], "k2")
        ]  # fmt: skip
