"""Compiled questions: they answer as the queryset does, for every value and in every language."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import CharField, Count, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language, override

from engagement.models import Organization, Seat, Source
from engagement.models.compiled import SHORTEST_LIST, Compiled, padded
from tests.factories import make_country, make_organization, make_source

pytestmark = pytest.mark.django_db


def with_slugs(slugs: Any) -> Any:
    return Source.objects.filter(slug__in=slugs).order_by("slug")


def test_records_come_with_what_is_joined_in_and_annotated_in_one_query() -> None:
    body = make_organization(last_verified="2026-01-02", published=False)
    asked = Compiled(
        lambda slug: (
            Organization.objects.filter(slug=slug).select_related("source", "region").annotate(seated=Count("seats"))
        )
    )
    asked.ask("nobody")
    with CaptureQueriesContext(connection) as queries:
        (found,) = asked.ask(body.slug)
        assert (found.source.title, found.region, found.seated) == (body.source.title, None, 0)
    assert len(queries) == 1
    plain = Organization.objects.get(slug=body.slug)
    assert found == plain and not found._state.adding
    assert [getattr(found, field.attname) for field in found._meta.fields] == [
        getattr(plain, field.attname) for field in plain._meta.fields
    ]
    assert found.published is False


def test_each_value_has_its_own_answer() -> None:
    first, second = make_source(), make_source()
    asked = Compiled(lambda slug: Source.objects.filter(slug=slug))
    assert [asked.ask(slug) for slug in (first.slug, second.slug, "nobody", first.slug)] == [
        [first],
        [second],
        [],
        [first],
    ]


def test_rows_of_joined_conditions_are_those_of_the_queryset() -> None:
    bodies, land = [make_organization(), make_organization()], make_country("XA")
    seats = [Seat.objects.create(organization=body, country=land, source=body.source) for body in bodies]
    asked = Compiled(lambda body: Seat.objects.published().filter(organization=body).for_list())
    assert [asked.ask(body.pk) for body in bodies] == [[seat] for seat in seats]
    Organization.objects.filter(pk=bodies[0].pk).update(published=False)
    assert asked.ask(bodies[0].pk) == []


@pytest.mark.parametrize("number", [1, SHORTEST_LIST, SHORTEST_LIST + 1, 2 * SHORTEST_LIST + 3])
def test_a_list_of_any_length_finds_what_is_in_it(number: int) -> None:
    slugs = tuple(make_source().slug for _ in range(number))
    make_source()
    asked = Compiled(with_slugs)
    assert {source.slug for source in asked.ask(slugs)} == set(slugs)
    assert {source.slug for source in asked.ask(slugs[:1])} == {slugs[0]}


@pytest.mark.parametrize(("length", "made"), [(1, 4), (4, 4), (5, 8), (8, 8), (9, 16)])
def test_lists_are_filled_up_to_few_lengths_with_what_is_in_them(length: int, made: int) -> None:
    values = padded(tuple(range(length)))
    assert len(values) == made and set(values) == set(range(length))


def test_of_values_it_gives_tuples_those_of_a_union_too() -> None:
    first, second = make_source(title="One"), make_source(title="Two")
    with_slug = Compiled(
        lambda a, b: (
            Source.objects.filter(slug=a)
            .order_by()
            .values_list("slug", "title")
            .union(Source.objects.filter(slug=b).order_by().values_list("slug", "title"), all=True)
            .order_by("title")
        )
    )
    assert with_slug.ask(second.slug, first.slug) == [(first.slug, "One"), (second.slug, "Two")]


def test_each_language_has_its_own_sql() -> None:
    source = make_source()
    asked = Compiled(
        lambda slug: (
            Source.objects.filter(slug=slug)
            .annotate(said=Concat(Value("in "), Value(get_language()), output_field=CharField()))
            .values_list("said")
        )
    )
    found = []
    for language in ("en", "fr", "en"):
        with override(language):
            found += asked.ask(source.slug)
    assert found == [("in en",), ("in fr",), ("in en",)]
