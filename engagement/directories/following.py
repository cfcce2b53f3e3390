"""Which records of a collection are concerned when rows change, and the sets of primary keys that follow them."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, TypeVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from engagement import freshness
from engagement.directories.dependencies import MADE_OF
from engagement.keysets import Keysets, Remembered, shelf_of
from engagement.search.engine import batches

BATCH = 500
# Records that are looked at one by one; where more are concerned, all are.
FOLLOWED = 2_000

T = TypeVar("T")
# The primary keys of rows, by the model that they are of.
Rows = Mapping[type[Model], Sequence[int]]


def keysets_of(collection: str, using: str = DEFAULT_DB_ALIAS) -> Keysets:
    """The collection's sets, of the revision that the reader sees."""
    return Keysets(shelf_of(collection, partial(told_apart, collection), using), freshness.seen(using))


class Searched:
    """By collection the sets of what search knows of it: they follow its documents, which may lag behind records."""

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        self.using, self.seen = using, freshness.seen_by("search", using)

    def __call__(self, collection: str) -> Keysets:
        name = f"{collection}, searched, made {self.seen.rebuilt}" if self.seen else ""
        shelf = shelf_of(name, partial(told_apart, collection), self.using)
        return Keysets(shelf, self.seen.number if self.seen else None)


def remembered(name: str, maker: Callable[[], T], *of: Hashable, using: str = DEFAULT_DB_ALIAS) -> T:
    """What is the same for every reader of a revision, made for the first of them.

    of: all else that it depends on, the day and the language of the page included. Nobody may change what is given.
    """
    shelf = shelf_of(f"remembered {name}", of_no_record, using)
    made: T = Keysets(shelf, freshness.seen(using)).passing(of, Remembered(maker))
    return made


def of_no_record(changed: Mapping[str, Sequence[int]]) -> Collection[int]:
    return ()


def told_apart(collection: str, changed: Mapping[str, Sequence[int]]) -> Collection[int] | None:
    """The records about which something may have changed, of rows by table; None where nobody has declared it."""
    if collection not in MADE_OF:
        return None
    made_of = MADE_OF[collection]
    found = concerned(made_of.record, made_of.columns(), by_model(changed), most=FOLLOWED)
    return found if len(found) <= FOLLOWED else None


@cache
def known_tables(collection: str) -> frozenset[str]:
    """The tables by whose changes `told_apart` tells the records that show something of them."""
    if collection not in MADE_OF:
        return frozenset()
    made_of = MADE_OF[collection]
    every: Any = apps.get_app_config("engagement").get_models()
    parts = (
        model
        for model in every
        if getattr(model, "part_of", "") and model._meta.get_field(model.part_of).related_model is made_of.record
    )
    models = {made_of.record, *parts, *(model for model, _lookup in made_of.columns())}
    return frozenset(model._meta.db_table for model in models)


def concerned(
    record: Any, others: Iterable[tuple[type[Model], str]], changed: Rows, most: int | None = None
) -> set[int]:
    """The records among the rows, those that are gone included, and those that lead to any of the rows by a lookup.

    `most`: where there are more, only some of them, but more than so many.
    """
    found = set(changed.get(record, ()))
    for model, lookup in others:
        for keys in batches(changed.get(model, ()), BATCH):
            leading = record._base_manager.filter(**{f"{lookup}__in": keys}).values_list("pk", flat=True)
            found |= set(leading if most is None else leading[: most + 1])
    return found


def by_model(changed: Mapping[str, Sequence[int]]) -> Rows:
    """Rows by the name of their table as rows by model; those of tables that are no model's own are left out."""
    models = {model._meta.db_table: model for model in apps.get_app_config("engagement").get_models()}
    return {models[table]: keys for table, keys in changed.items() if table in models}
