"""The projection that keeps what is searched: which documents follow when a row changes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from engagement import freshness, search
from engagement.directories.dependencies import MADE_OF
from engagement.directories.documents import DOCUMENTS
from engagement.directories.following import by_model, concerned
from engagement.freshness import Change, rows
from engagement.search.engine import batches

BATCH = 500
# Entries of the change log that a reader applies before a search, for writers who have not done it themselves.
PORTION = 500


class SearchProjection:
    """Search documents, written again whenever a row changes that they are made of."""

    name = "search"

    @property
    def tables(self) -> frozenset[str]:
        models = {model for made_of in MADE_OF.values() for model in (made_of.record, *made_of.found)}
        return frozenset(model._meta.db_table for model in models)

    def apply(self, changes: Sequence[Change]) -> None:
        changed = by_model(rows(changes))
        for collection, made_of in MADE_OF.items():
            for pks in batches(sorted(concerned(made_of.record, made_of.documented(), changed)), BATCH):
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


def noting(documents: Iterable[search.Document], written: set[int]) -> Iterator[search.Document]:
    """The documents as they come, and their records' keys in `written`."""
    for document in documents:
        written.add(document.record_id)
        yield document


projection = SearchProjection()


def install_after_migrate(sender: Any, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """For `post_migrate`: tables that had to be made are filled when the projections next catch up."""
    if search.install(using):
        freshness.forget(projection.name, using)
