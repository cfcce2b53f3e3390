"""The edits of one record and of the facts that stand on its page, newest first."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from engagement import freshness
from engagement.directories.editing import EACH, Entry, kinds, newest_of_each, public_only
from engagement.models.base import Record


def entries_about(record: Record, limit: int) -> list[Entry]:
    """An entry for each of them that was ever edited, with its newest edit; what is not public has none."""
    rows = {type(record): [record.pk], **facts_on_page_of(record)}
    by_table = {model._meta.db_table: model for model in rows}
    log = freshness.about({table: rows[model] for table, model in by_table.items()}, EACH)
    return [Entry((noted,)) for noted in public_only(newest_of_each(log, by_table))][:limit]


def facts_on_page_of(record: Record) -> dict[Any, list[int]]:
    """By model the facts that stand on the record's page, published or not, and those gone that their history knows."""
    models = kinds()
    parts = [
        rows.order_by().annotate(fact_of=Value(model._meta.model_name)).values_list("fact_of", pk)
        for model in models.values()
        if (condition := on_page_of(model, record))
        for rows, pk in ((model._base_manager.filter(condition), "pk"), gone(model, condition))
    ]
    found: dict[Any, list[int]] = {}
    for name, pk in parts[0].union(*parts[1:]) if parts else []:
        found.setdefault(models[name], []).append(pk)
    return found


def on_page_of(model: Any, record: Record) -> Q:
    """The condition that a fact of the model stands there; an empty one where none does."""
    condition, elsewhere = Q(), Q()
    for place in model.places:
        if place.anchor and place.argument and place.route == record.places[0].route:
            condition |= Q(elsewhere, **{place.argument: record.natural_key()[0]})
        if place.argument:
            elsewhere &= Q(**{f"{place.argument}__isnull": True})
    return condition


def gone(model: Any, condition: Q) -> tuple[QuerySet, str]:
    """The versions of facts that are no longer there, with the name of their key."""
    pk = model._meta.pk.name
    versions = model.history.model._base_manager.filter(condition)
    return versions.filter(~Exists(model._base_manager.filter(pk=OuterRef(pk)))), pk
