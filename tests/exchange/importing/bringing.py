"""Files for the tests of imports, and what came of them: plain functions."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import override

from engagement.desk.models import ImportRow, ImportRun, Outcome
from engagement.directories import Directory
from engagement.exchange.exporting import about, file_of_rows
from engagement.exchange.formats import FORMATS
from engagement.exchange.importing import runs
from engagement.exchange.importing.base import Options
from engagement.exchange.tables import csv_text

SITE = "https://register.example"


def csv_bytes(header: str, *rows: Sequence[Any]) -> bytes:
    """`header` with spaces between the names."""
    return csv_text(header.split(), rows).encode()


def bring(kind: str, header: str, *rows: Sequence[Any], decisions: Any = None, **options: Any) -> ImportRun:
    """A run of these rows; of rows that name no source, the one called `profile`, as of 2008."""
    said = {"source": "profile", "as_of": "2008", **options}
    return runs.bring(kind, "invented.csv", csv_bytes(header, *rows), Options(**said), decisions=decisions)


def row(run: ImportRun, number: int = 2) -> ImportRow:
    return run.rows.get(number=number)


def rules(run: ImportRun, number: int = 2) -> list[str]:
    """The rules that a row breaks, and what is to be known of it."""
    return [problem["rule"] for problem in row(run, number).problems]


def outcomes(run: ImportRun) -> list[str]:
    assert run.stopped_by == []
    return list(run.rows.order_by("number").values_list("outcome", flat=True))


def applied(run: ImportRun, **how: Any) -> Any:
    return runs.apply(run, **how)


def public_file(directory: Directory, form: str) -> bytes:
    """The bytes that the web has at the collection's address; the revision in them is always 1."""
    with override("en"):
        question = directory.ask(QueryDict())
        said = about(directory, question, question.qs.count(), 1, SITE)
        return b"".join(file_of_rows(FORMATS[form], said, directory, question, SITE))


def told(run: ImportRun) -> Iterator[str]:
    """What is said of the rows that are not unchanged, for a failing test to show."""
    yield from (f"{each['column']}: {each['says']} {each['suggestion']}" for each in run.stopped_by)
    for one in run.rows.exclude(outcome=Outcome.UNCHANGED)[:10]:
        yield f"{one.number} {one.outcome} {one.key} {one.differences} {[each['says'] for each in one.problems]}"
