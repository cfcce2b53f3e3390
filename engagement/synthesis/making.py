"""Putting invented data into the database: in one transaction, noted in the change log, with a beginning of history."""

from collections.abc import Callable, Sequence
from random import Random

from engagement import freshness
from engagement.desk import histories
from engagement.directories.invented import SLUG
from engagement.freshness.filling import Load
from engagement.models import ConsultativeCategory, Country, MeetingBody, Organization, Project, Region, Source, Theme
from engagement.models.base import Record
from engagement.synthesis import vocabularies
from engagement.synthesis.meetings import invented_meetings, number_for
from engagement.synthesis.organizations import Organizations, Vocabularies
from engagement.synthesis.rows import Table
from engagement.synthesis.undertakings import PER_ORGANIZATION, Projects
from engagement.synthesis.words import Lexicon, size_for

TITLE = "Invented for trying scale: no such organization exists"
NOTE = "Made by `manage.py synthesize`. Whatever names this source means nobody and nothing."
FIRST_OF_MANY = "Invented: the first of many, of which no other has a history"
CHUNK = 5_000

Progress = Callable[[int], object]


def is_synthesized() -> bool:
    """Whether the database holds invented data already."""
    return Source.objects.filter(slug=SLUG).exists()


def holds_register() -> bool:
    """Whether it holds organizations or projects that are not invented, or sources that no vocabulary needs."""
    of_register = (model.objects.exclude(source__slug=SLUG) for model in (Organization, Project))
    others = Source.objects.exclude(slug__in=[SLUG, *vocabularies.vocabulary_sources()])
    return any(rows.exists() for rows in (*of_register, others))


def make(organizations: int, seed: int, progress: Progress) -> None:
    """Invent so many organizations, and meetings and projects in proportion. `progress` is told how many there are."""
    vocabularies.bring()
    source = Source.objects.create(slug=SLUG, title=TITLE, note=NOTE)
    random, lexicon = Random(f"organizations {seed}"), Lexicon(size_for(organizations), seed)
    bodies, countries = keys(MeetingBody), keys(Country)
    meetings = invented_meetings(number_for(organizations), source.pk, bodies, countries, lexicon, random)
    known = Vocabularies(
        source=source.pk,
        regions=keys(Region),
        countries=countries,
        themes=keys(Theme),
        categories=dict(ConsultativeCategory.objects.values_list("slug", "pk")),
        meetings=[row[0] for row in meetings.rows],
    )
    invented, projects = Organizations(known, lexicon, random), Projects(known, lexicon, random)
    tables = [meetings, *invented.tables, *projects.tables]
    with freshness.filling({table.name for table in tables}) as load:
        write([meetings], load)
        partners = write_organizations(invented, organizations, load, progress)
        for number in range(1, max(1, int(organizations * PER_ORGANIZATION)) + 1):
            projects.invent(number, partners)
        write(projects.tables, load)
        for table in tables:
            begin_history(table)


def write_organizations(
    invented: Organizations, number: int, load: Load, progress: Progress
) -> list[tuple[int, str, str]]:
    """Write them in portions; key, slug and name of the first portion's."""
    first: list[tuple[int, str, str]] = []
    for start in range(1, number + 1, CHUNK):
        end = min(start + CHUNK, number + 1)
        for each in range(start, end):
            invented.invent(each)
        first = first or invented.named()
        write(invented.tables, load)
        progress(end - 1)
    return first


def write(tables: Sequence[Table], load: Load) -> None:
    for table in tables:
        load(table.name, table.columns, table.taken())


def begin_history(table: Table) -> None:
    """A model with records and no history at all gets one of each record at the next start (preparing.py): here one
    row is enough, so that it does not."""
    if issubclass(table.model, Record):
        first = table.model._base_manager.filter(pk=table.first)
        histories.note(list(first), "+", user=None, reason=FIRST_OF_MANY)


def keys(model: type[Record]) -> list[int]:
    return list(model._base_manager.order_by("pk").values_list("pk", flat=True))
