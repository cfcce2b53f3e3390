"""Records written many at once: they are what Django makes of them one by one, and are noted as any others."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from engagement import freshness
from engagement.desk.models import ImportRow, ImportRun
from engagement.models import Project, Source
from tests.factories import make_source

pytestmark = pytest.mark.django_db

HOSTILE = "a\tb\nc\\d \\N \\. “é” 'x' %s"


def test_what_is_inserted_is_read_back_as_it_was_and_has_its_key() -> None:
    source, money = make_source(), Decimal("1250000.50")
    projects = [
        Project(
            slug=f"inserted-{n}", title=HOSTILE, sort_name="a", source=source, as_of="2006~", budget=b, currency="USD"
        )
        for n, b in enumerate((money, None))
    ]
    freshness.insert(projects)
    read = Project.objects.in_bulk([each.pk for each in projects])
    assert [read[each.pk].title for each in projects] == [HOSTILE] * 2
    assert [read[each.pk].budget for each in projects] == [money, None]
    assert {each.as_of_earliest for each in read.values()} == {"2006-01-01"}
    assert not any(each._state.adding for each in projects)


def test_json_is_read_back_as_it_was() -> None:
    run = ImportRun.objects.create(kind="organizations", file_name="a.csv", sha256="0" * 64, size=1, body=b"")
    told = [["name", HOSTILE, ""], ["n", None, 1]]
    freshness.insert([ImportRow(run=run, number=2, outcome="new", differences=told)])
    assert ImportRow.objects.get(run=run).differences == told


def test_each_row_is_noted_as_inserted() -> None:
    before = freshness.revision()
    sources = [Source(slug=f"inserted-{n}", title="Inserted") for n in range(3)]
    freshness.insert(sources)
    connection.check_constraints()  # on PostgreSQL numbers are given when the transaction ends, or here
    noted = {(each.key, each.action, each.name) for each in freshness.changes(before)}
    assert noted == {(each.pk, "insert", each.slug) for each in sources}


def test_keys_are_never_given_twice() -> None:
    first = Source(slug="inserted-1", title="Inserted")
    freshness.insert([first])
    key = first.pk
    first.delete()
    later = make_source()
    freshness.insert([second := Source(slug="inserted-2", title="Inserted")])
    assert key < later.pk < second.pk


def test_a_record_that_comes_back_keeps_its_key() -> None:
    first, later = make_source(), make_source()
    key = first.pk
    first.delete()
    back, new = Source(pk=key, slug="inserted-1", title="Back"), Source(slug="inserted-2", title="New")
    freshness.insert([back, new])
    assert Source.objects.get(slug="inserted-1").pk == key and new.pk > later.pk


def test_what_the_database_refuses_is_an_error_of_the_database_as_django_has_it() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        freshness.insert([Source(slug="inserted", title="One"), Source(slug="inserted", title="Other")])
    assert not Source.objects.filter(slug="inserted").exists()


def test_no_records_at_all_are_nothing_to_note() -> None:
    before = freshness.revision()
    freshness.insert([])
    assert freshness.revision() == before


def test_what_is_updated_is_read_back_as_it_was_and_nothing_else_is_written() -> None:
    sources = [make_source(title=f"Before {n}") for n in range(3)]
    for source in sources[:2]:
        source.title, source.publisher = HOSTILE, "Not written"
    freshness.update(sources[:2], ["title"])
    read = Source.objects.in_bulk([each.pk for each in sources])
    assert [read[each.pk].title for each in sources] == [HOSTILE, HOSTILE, "Before 2"]
    assert "Not written" not in {each.publisher for each in read.values()}


def test_columns_of_every_kind_are_updated_and_what_the_database_makes_of_them_follows() -> None:
    project = Project.objects.exclude(start="")[0]
    project.start, project.budget, project.currency = "2006~", Decimal("1250000.50"), "USD"
    project.source = make_source()
    freshness.update([project], ["start", "budget", "currency", "source_id"])
    read = Project.objects.get(pk=project.pk)
    assert (read.start_earliest, read.budget, read.source) == ("2006-01-01", Decimal("1250000.50"), project.source)


def test_only_rows_that_really_differ_are_noted_as_updated() -> None:
    changed, same = make_source(title="Before"), make_source(title="Same")
    connection.check_constraints()
    before = freshness.revision()
    changed.title = "After"
    freshness.update([changed, same], ["title"])
    freshness.update([], ["title"])
    freshness.update([changed], [])
    connection.check_constraints()
    assert {(each.key, each.action) for each in freshness.changes(before)} == {(changed.pk, "update")}
