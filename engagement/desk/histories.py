"""History of what is written past save(), which alone writes it by itself.

`note` is for a writer that knows what it changed (desk.journal). `catch_up` is for one that does not, as `loaddata`: it
compares the records of a model with the newest row of each one's history and writes what is missing: '+' for a record
without history (its baseline), '~' for one that the load changed. Where nothing differs it writes nothing, so that
loading twice leaves the same history.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models
from django.utils import timezone
from simple_history.exceptions import NotHistoricalModelError
from simple_history.utils import get_history_model_for_model

from engagement.desk.states import fields_of
from engagement.freshness import insert
from engagement.models.base import Record

REASON = "Loaded from a fixture"
BASELINE = "As it was when its history began"

# Per many-to-many field: the links of each owner, as {key of the target: key of the link}.
Links = dict[str, defaultdict[Any, dict[Any, Any]]]
# Per many-to-many field: the keys of the targets that each history row notes.
NotedLinks = dict[str, defaultdict[Any, set[Any]]]


def note(records: Collection[Record], kind: str, *, user: Any, reason: str) -> None:
    """Write one row of history for each record, all of one model, as they are now ('+', '~', '-')."""
    model = next((type(record) for record in records), None)
    if model is None:
        return
    history = get_history_model_for_model(model)
    stamped = {**stamp(kind, reason), "history_user": user}
    names = [field.attname for field in (model._meta.pk, *fields_of(model))]
    rows = [(record.pk, history(**{name: getattr(record, name) for name in names}, **stamped)) for record in records]
    insert([row for _, row in rows])
    write_links(history, rows, current_links(history, DEFAULT_DB_ALIAS, [key for key, _ in rows]), DEFAULT_DB_ALIAS)


def catch_up(changed: Iterable[type[models.Model]], using: str, reason: str = REASON) -> int:
    """Write the missing history of the models; the number of rows written. Call it in the load's transaction."""
    return sum(catch_up_model(model, using, reason) for model in sorted(changed, key=lambda model: model._meta.label))


def catch_up_model(model: type[models.Model], using: str, reason: str = REASON) -> int:
    try:
        history = get_history_model_for_model(model)
    except NotHistoricalModelError:
        return 0
    names = [field.attname for field in history.tracked_fields]
    noted, links = newest(history, names, using), current_links(history, using)
    noted_links = newest_links(history, [number for number, _ in noted.values()], using)
    rows = []
    for key, *values in model._base_manager.using(using).values_list("pk", *names):
        number, before = noted.get(key, (None, None))
        same_links = all(set(links[name][key]) == noted_links[name][number] for name in links)
        if before == values and same_links:
            continue
        kind = "+" if before is None else "~"
        rows.append((key, history(**dict(zip(names, values, strict=True)), **stamp(kind, reason))))
    insert([row for _, row in rows], using)
    write_links(history, rows, links, using)
    return len(rows)


def without_history() -> list[type[Record]]:
    """The models that have records and no history at all: they were there before it was kept."""
    models_of_register = apps.get_app_config("engagement").get_models()
    records = [model for model in models_of_register if issubclass(model, Record)]
    return [
        model
        for model in records
        if not get_history_model_for_model(model)._base_manager.exists() and model._base_manager.exists()
    ]


def stamp(kind: str, reason: str = REASON) -> dict[str, Any]:
    return {"history_type": kind, "history_date": timezone.now(), "history_change_reason": reason[:100]}


def newest(history: Any, names: list[str], using: str) -> dict[Any, tuple[Any, list[Any]]]:
    """By record: the number and the values of its newest history row. A deletion is as good as no history."""
    rows, pk = history._base_manager.using(using), history.instance_type._meta.pk.attname
    latest = rows.values(pk).annotate(last=models.Max("history_id")).values("last")
    kept = rows.filter(history_id__in=latest).exclude(history_type="-")
    return {key: (number, values) for key, number, *values in kept.values_list(pk, "history_id", *names)}


def current_links(history: Any, using: str, owners: Collection[Any] | None = None) -> Links:
    """The many-to-many links as they are, of all records or of some."""
    links: Links = {}
    for field in history._history_m2m_fields:
        of_owner = links.setdefault(field.name, defaultdict(dict))
        through, owner, target = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        found = through._base_manager.using(using)
        if owners is not None:
            found = found.filter(**{f"{owner}__in": owners})
        for link, owner_key, target_key in found.values_list("pk", owner, target):
            of_owner[owner_key][target_key] = link
    return links


def newest_links(history: Any, numbers: list[Any], using: str) -> NotedLinks:
    """The many-to-many links as the history rows with these numbers note them."""
    wanted, noted = set(numbers), NotedLinks()
    for field in history._history_m2m_fields:
        of_row = noted.setdefault(field.name, defaultdict(set))
        rows = getattr(history, field.name).model._base_manager.using(using)
        for number, target_key in rows.values_list("history_id", field.m2m_reverse_name()):
            if number in wanted:
                of_row[number].add(target_key)
    return noted


def write_links(history: Any, rows: list[tuple[Any, Any]], links: Links, using: str) -> None:
    """Note the links of the records whose history rows were just written."""
    for field in history._history_m2m_fields:
        model = getattr(history, field.name).model
        owner, target = field.m2m_column_name(), field.m2m_reverse_name()
        notes = [
            model(history=row, id=link, **{owner: key, target: target_key})
            for key, row in rows
            for target_key, link in links[field.name][key].items()
        ]
        insert(notes, using)
