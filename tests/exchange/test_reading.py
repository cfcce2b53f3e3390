"""What columns read of rows: only that is asked for, once where rows share it, and nothing that was not said."""

import datetime
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.columns import Of, Own
from engagement.exchange.reading import MOST_KEPT, Among, Asked, Kept, Records, Selection, always_text
from engagement.models import ConsultativeStatus, Organization, Region, Source


def asked(value: Any, *reads: str) -> Asked:
    return Asked(value, reads, lambda found: found, lambda texts: texts)


def of(lookup: str) -> Asked:
    return asked(Of(lookup), lookup)


def test_what_is_kept_is_made_once_and_bounded() -> None:
    made = count()
    kept = Kept(lambda key: (-key, next(made)))
    assert [kept[2], kept[2], kept[3]] == [(-2, 0), (-2, 0), (-3, 1)]
    for number in range(2 * MOST_KEPT):
        assert kept[number][0] == -number
        assert len(kept) <= MOST_KEPT


def test_records_are_read_in_one_query_and_only_once(db: None) -> None:
    regions = list(Region.objects.all())
    records = Records(Region)
    with CaptureQueriesContext(connection) as captured:
        records.want([None, *(region.pk for region in regions)])
        records.want([regions[0].pk])
    assert len(captured) == 1
    assert [records[region.pk] for region in regions] == regions and records[None] is None


def test_records_forget_and_still_have_what_is_wanted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engagement.exchange.reading.MOST_KEPT", 2)
    first, second, *_others = Region.objects.all()
    records = Records(Region)
    for wanted in ([first.pk, second.pk], [first.pk], [second.pk, first.pk]):
        records.want(wanted)
        assert [records[key].pk for key in wanted] == wanted


def test_a_record_that_is_read_whole_is_not_read_by_its_fields_besides(db: None) -> None:
    columns = [of("source__title"), asked(lambda row: row.source.published, "source"), of("source__url"), of("name")]
    selection = Selection(Organization.objects.all(), columns)
    assert selection.lookups == ["source", "name"]
    source = Source.objects.all()[0]
    with CaptureQueriesContext(connection) as captured:
        cells = selection.cells([(source.pk, source.pk), ("A", "B")])
    assert cells == [[source.title] * 2, [True, True], [source.url] * 2, ("A", "B")]
    assert len(captured) == 1


def test_what_leads_to_nothing_is_empty_and_a_field_that_is_null_is_none(db: None) -> None:
    columns = [
        of("region__slug"),
        asked(Own("last_verified"), "last_verified"),
        asked(lambda row: str(row.region), "region"),
    ]
    selection = Selection(Organization.objects.all(), columns)
    assert selection.lookups == ["region", "last_verified"]
    assert selection.cells([(None,), (None,)]) == [[""], [None], ["None"]]


def test_a_value_looks_at_nothing_that_is_not_said(db: None) -> None:
    selection = Selection(Organization.objects.all(), [asked(lambda row: row.name + row.acronym, "name")])
    with pytest.raises((AttributeError, RecursionError, Organization.DoesNotExist)):
        selection.cells([("Invented body",)])


def test_what_no_field_is_cannot_be_read_but_an_annotation_may_be_there_or_not() -> None:
    rows = ConsultativeStatus.objects.all()
    with pytest.raises(FieldDoesNotExist):
        Selection(rows, [of("no_such_field")])
    with pytest.raises(FieldDoesNotExist):
        Selection(rows, [asked(str)])
    state = asked(lambda row: row.granted, "granted", "read_as_of")
    assert Selection(rows, [state]).lookups == ["granted"]
    assert Selection(rows.read_on(datetime.date(2006, 11, 14)), [state]).lookups == ["granted", "read_as_of"]


def test_whether_a_lookup_leads_to_text_follows_from_the_fields() -> None:
    assert always_text(Organization, "name") and always_text(Organization, "source__title")
    assert not always_text(Organization, "region__slug") and not always_text(Organization, "last_verified")


def test_rows_among_many_numbers_are_found_with_one_parameter(db: None) -> None:
    keys = [*Organization.objects.values_list("pk", flat=True)[:50], 10**12]
    rows = Organization.objects.filter(Among("pk", keys)).values_list("pk", flat=True)
    assert sorted(rows) == sorted(keys[:-1])
    assert not Organization.objects.filter(Among("pk", [])).exists()
    assert len(rows.query.sql_with_params()[1]) == 1
