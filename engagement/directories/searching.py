"""The projection that keeps what is searched: which documents follow when a row changes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from engagement import freshness, search
from engagement.directories.documents import DOCUMENTS
from engagement.freshness import Change, rows
from engagement.models import (
    Affiliation,
    Constituent,
    ConsultativeCategory,
    ConsultativeStatus,
    Contact,
    Country,
    Instrument,
    Invitation,
    Meeting,
    MeetingBody,
    Office,
    Organization,
    Programme,
    Project,
    Ratification,
    Region,
    Source,
    Theme,
)
from engagement.search.engine import batches

BATCH = 500

# Of each collection the model of its records, and the models whose rows its documents are made of besides, each with
# the lookups that lead there from the record. What is part of a record (Record.part_of) needs no mention.
MADE_OF: dict[str, tuple[type[Model], dict[type[Model], tuple[str, ...]]]] = {
    "organizations": (
        Organization,
        {Region: ("region", "seats__country__region"), Country: ("seats__country",), Theme: ("themes",)},
    ),
    "statuses": (
        ConsultativeStatus,
        {
            Organization: ("organization",),
            ConsultativeCategory: ("category",),
            Region: ("region", "organization__region", "organization__seats__country__region"),
            Country: ("organization__seats__country",),
            Theme: ("organization__themes",),
        },
    ),
    "invitations": (
        Invitation,
        {
            Organization: ("organization",),
            Meeting: ("meeting",),
            MeetingBody: ("meeting__body",),
            Region: ("organization__region", "organization__seats__country__region", "meeting__country__region"),
            Country: ("organization__seats__country", "meeting__country"),
            Theme: ("organization__themes",),
        },
    ),
    "constituents": (
        Constituent,
        {Country: ("country",), Region: ("country__region",), Affiliation: ("affiliations",)},
    ),
    "countries": (Country, {Region: ("region",)}),
    "projects": (
        Project,
        {
            Programme: ("programme",),
            Theme: ("themes",),
            Country: ("countries",),
            Region: ("countries__region",),
            Organization: ("partners__organization",),
        },
    ),
    "instruments": (Instrument, {}),
    "ratifications": (
        Ratification,
        {Instrument: ("instrument",), Country: ("country",), Region: ("country__region",)},
    ),
    "meetings": (
        Meeting,
        {MeetingBody: ("body",), Country: ("country",), Region: ("country__region",)},
    ),
    "contacts": (Contact, {Office: ("office",), Organization: ("organization",)}),
    "offices": (
        Office,
        {
            Country: ("country", "covered_countries"),
            Region: ("country__region", "covered_countries__region"),
        },
    ),
    "sources": (Source, {}),
}


class SearchProjection:
    """Search documents, written again whenever a row changes that they are made of."""

    name = "search"

    @property
    def tables(self) -> frozenset[str]:
        models = {model for record, others in MADE_OF.values() for model in (record, *others)}
        return frozenset(model._meta.db_table for model in models)

    def apply(self, changes: Sequence[Change]) -> None:
        changed = {model_of(table): keys for table, keys in rows(changes).items()}
        for collection in MADE_OF:
            for pks in batches(sorted(concerned(collection, changed)), BATCH):
                written = set[int]()
                documents = DOCUMENTS[collection](pks)
                search.write(collection, noting(documents, written))
                search.remove(collection, [pk for pk in pks if pk not in written])

    def rebuild(self, report: Callable[[str], object]) -> None:
        """Reports how many documents a collection has so far, again and again, and in the end how many it has."""
        search.install()
        for collection, documents in DOCUMENTS.items():

            def tell(count: int, collection: str = collection) -> None:
                report(f"{collection}: {count} documents")

            tell(search.rebuild(collection, documents(None), progress=tell))
        search.settle()


def concerned(collection: str, changed: dict[type[Model], list[int]]) -> set[int]:
    """The records of the collection whose documents may say something else now, those that are gone included."""
    record, others = MADE_OF[collection]
    found = set(changed.get(record, ()))
    for model, lookups in others.items():
        for keys in batches(changed.get(model, ()), BATCH):
            for lookup in lookups:
                found |= set(record._base_manager.filter(**{f"{lookup}__in": keys}).values_list("pk", flat=True))
    return found


def noting(documents: Iterable[search.Document], written: set[int]) -> Iterator[search.Document]:
    """The documents as they come, and their records' keys in `written`."""
    for document in documents:
        written.add(document.record_id)
        yield document


def model_of(table: str) -> Any:
    """The model whose rows stand in the table."""
    return next(model for model in apps.get_app_config("engagement").get_models() if model._meta.db_table == table)


projection = SearchProjection()


def install_after_migrate(sender: Any, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """For `post_migrate`: tables that had to be made are filled when the projections next catch up."""
    if search.install(using):
        freshness.forget(projection.name, using)
