"""A number beside a filter is the number of rows that choosing it gives."""

import random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES, Directory, organizations, statuses
from engagement.directories.counting import counts_without, facet_counts
from engagement.directories.filters import Day, Vocabulary
from engagement.directories.questions import DirectoryFilterSet
from engagement.models import ConsultativeCategory, Country, Region, Seat, Theme
from tests.factories import make_invitation, make_meeting, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

every_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)

# Questions a directory, values checked of each: 2,000 and more in all.
QUESTIONS, CHECKED = 24, 7
DAYS = ("1950-01-01", "1998-11-20", "2002-05-10", "2006-11-14", "2006-11-15", "2017-06-10", "2026-01-01")
WORDS = ("international", "union labour", "africa", "women", "organisation", "conference", "cooperatve")


def ask(directory: Directory, pairs: list[tuple[str, str]]) -> DirectoryFilterSet:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    question = directory.ask(query)
    assert question.problems() == {}
    return question


def vocabularies(directory: Directory) -> dict[str, list[str]]:
    question = ask(directory, [])
    return {
        name: [choice.value for choice in each.known]
        for name, each in question.filters.items()
        if isinstance(each, Vocabulary) and each.known
    }


def random_pairs(directory: Directory, chance: random.Random) -> list[tuple[str, str]]:
    """One to three filters with one or two values each, sometimes a day, sometimes words."""
    known = vocabularies(directory)
    names = chance.sample(sorted(known), min(len(known), chance.randint(1, 3)))
    pairs = [(name, value) for name in names for value in chance.sample(known[name], min(len(known[name]), 2))]
    days = [name for name, each in directory.filterset.base_filters.items() if isinstance(each, Day)]
    pairs += [(name, chance.choice(DAYS)) for name in days if chance.random() < 0.5]
    return [*pairs, ("q", chance.choice(WORDS))] if chance.random() < 0.25 else pairs


@pytest.mark.slow
@every_directory
def test_random_questions_have_true_numbers_beside_every_filter(directory: Directory) -> None:
    chance = random.Random(f"facets of {directory.name}")
    known = vocabularies(directory)
    values = [(name, value) for name in known for value in known[name]]
    for _each in range(QUESTIONS):
        pairs = random_pairs(directory, chance)
        counts = facet_counts(ask(directory, pairs))
        counted = [(name, value) for name in counts for value in counts[name] if value in known[name]]
        for name, value in [*chance.choices(values, k=CHECKED), *chance.sample(counted, min(len(counted), CHECKED))]:
            chosen = [*[pair for pair in pairs if pair[0] != name], (name, value)]
            rows = list(directory.rows(ask(directory, chosen)))
            assert counts.get(name, {}).get(value, 0) == len(rows) == len({row.pk for row in rows}), (pairs, chosen)


@every_directory
def test_the_numbers_cost_no_query_once_the_sets_are_there(directory: Directory) -> None:
    question = ask(directory, [])
    facet_counts(question)
    with CaptureQueriesContext(connection) as queries:
        assert facet_counts(question) or directory.name == "contacts"
    assert len(queries) == 0


def test_a_record_with_several_values_is_counted_once_for_each() -> None:
    themes = [Theme.objects.create(name=name) for name in ("Invented work", "Invented rest")]
    body = make_organization()
    body.themes.set(themes)
    for city in ("Alpha", "Beta"):
        Seat.objects.create(
            organization=body, city=city, country=Country.objects.get(iso2="CH"), source=make_source(), key=city
        )
    counts = facet_counts(ask(organizations, [("theme", themes[0].slug)]))
    assert counts["theme"][themes[1].slug] == counts["country"]["CH"] == 1


def test_category_and_state_are_counted_of_one_and_the_same_status() -> None:
    special, general = (ConsultativeCategory.objects.get(slug=slug) for slug in ("special-list", "general"))
    body = make_organization(kind="other")
    make_status(organization=body, category=special, granted="1990", ended="2001")
    make_status(organization=body, category=general, granted="2005")
    asked = [("kind", "other"), ("status", "former")]
    before = facet_counts(ask(organizations, asked))["category"]
    assert (before.get("special-list", 0), before.get("general", 0)) == (1, 0)
    as_of = facet_counts(ask(organizations, [("kind", "other"), ("on", "1995-01-01")]))
    assert (as_of["category"].get("special-list", 0), as_of["category"].get("general", 0)) == (1, 0)


def test_invited_is_counted_by_invitations_and_region_by_seat_or_field_of_activity() -> None:
    meeting = make_meeting(start="1931-06-05", end="1931-06-17")
    body = make_invitation(meeting=meeting).organization
    body.region = Region.objects.get(slug="africa")
    body.save()
    counts = facet_counts(ask(organizations, [("on", "1931-06-10")]))
    assert counts["category"]["invited"] == counts["region"]["africa"] == 1


def test_what_would_be_left_without_each_filter_is_counted() -> None:
    status = make_status(granted="1990")
    status.organization.kind = "other"
    status.organization.save()
    pairs = [("on", "1800-01-01"), ("category", "special-list"), ("kind", "other"), ("kind", "government")]
    counts = counts_without(ask(statuses, pairs), pairs)
    assert counts["on"]["1800-01-01"] == 1
    assert counts["category"].get("special-list", 0) == counts["kind"].get("other", 0) == 0
