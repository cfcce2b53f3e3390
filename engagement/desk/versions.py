"""The version of a record is what it says: what a form was filled in for, sealed into it, and what is so by now.

No column counts versions: an importer, `loaddata`, `update()` and SQL by hand are edits too, and would not count.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import takewhile
from typing import Any

from django.core import signing
from django.db import models
from simple_history.exceptions import NotHistoricalModelError
from simple_history.utils import get_history_model_for_model

from engagement.desk.states import State, fields_of, links_of, plain, state_of

SALT = "engagement.desk.versions"

# By the primary key of a record and the name of a field, the row of history in which it came to say what it says.
Notes = dict[tuple[int, str], Any]


class Unreadable(ValueError):
    """What should say for which version a form was filled in is missing, of another form, or was not written here."""


def seal(form: str, said: Any) -> str:
    """What was read, signed. `form`: which form it is good for, and for no other."""
    return signing.dumps([form, said], salt=SALT, compress=True)


def unseal(form: str, token: str) -> Any:
    try:
        sealed_for, said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Unreadable(form) from None
    if sealed_for != form:
        raise Unreadable(form)
    return said


def names_in_state(model: type[models.Model], fields: Collection[str]) -> dict[str, str]:
    """By name the fields that say something, of those named, with the names that they have in a state."""
    own = {field.name: field.attname for field in fields_of(model) if field.name in fields}
    return own | {many.name: many.name for many in model._meta.many_to_many if many.name in fields}


def said_by(records: Collection[Any], fields: Collection[str]) -> dict[int, State]:
    """What records of one model say in the fields named, by primary key; a query a many-to-many field named."""
    model = next((type(record) for record in records), None)
    if model is None:
        return {}
    names = names_in_state(model, fields)
    many = any(field.name in names for field in model._meta.many_to_many)
    links: Mapping[int, Any] = links_of(records) if many else defaultdict(dict)
    return {record.pk: only(state_of(record, links[record.pk]), names.values()) for record in records}


def only(state: State, names: Collection[str]) -> State:
    return {name: comparable(state[name]) for name in names}


def comparable(value: Any) -> Any:
    """A plain value; browsers send the end of a line as two characters, files have one."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def locked(model: type[models.Model], **which: Any) -> dict[int, Any]:
    """The records by primary key, as they stand, for this transaction alone."""
    found = model._base_manager.select_for_update().filter(**which).order_by("pk")
    return {record.pk: record for record in found}


# -- Who wrote it --------------------------------------------------------------------------------------------


def notes_on(model: type[models.Model], now: Mapping[int, State]) -> Notes:
    """Where the history says who made the records say what they do. Of what was written past it, nothing is known."""
    rows = history_of(model, now)
    links = links_noted(model, [row.pk for of_record in rows.values() for row in of_record])
    found = {}
    for pk, state in now.items():
        for name in state:
            run = list(takewhile(lambda row: noted(row, name, links) == state[name], rows[pk]))  # noqa: B023
            if run:
                found[pk, name] = run[-1]
    return found


def noted(row: Any, name: str, links: Mapping[str, Mapping[int, list[int]]]) -> Any:
    """What a row of history says in a field."""
    return links[name].get(row.pk, []) if name in links else comparable(plain(getattr(row, name, None)))


def deletions_of(model: type[models.Model], pks: Collection[int]) -> dict[int, Any]:
    """By primary key the row of history that notes the record's deletion."""
    newest = {pk: rows[0] for pk, rows in history_of(model, pks).items()}
    return {pk: row for pk, row in newest.items() if row.history_type == "-"}


def history_of(model: type[models.Model], pks: Collection[int]) -> defaultdict[int, list[Any]]:
    """By primary key the rows of history, the newest first; none of a model without one."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    try:
        history = get_history_model_for_model(model)
    except NotHistoricalModelError:
        return found
    key = model._meta.pk.attname
    rows = history._base_manager.filter(**{f"{key}__in": list(pks)}).select_related("history_user")
    for row in rows.order_by("-history_id"):
        found[getattr(row, key)].append(row)
    return found


def links_noted(model: type[models.Model], numbers: Collection[int]) -> dict[str, dict[int, list[int]]]:
    """By many-to-many field and row of history the sorted keys that it led to; nothing where there are no rows."""
    found: dict[str, dict[int, list[int]]] = {}
    for many in get_history_model_for_model(model)._history_m2m_fields if numbers else ():
        of_row = defaultdict(list)
        links = getattr(get_history_model_for_model(model), many.name).model._base_manager
        rows = links.filter(history_id__in=numbers).values_list("history_id", many.m2m_reverse_name())
        for number, key in rows.order_by(many.m2m_reverse_name()):
            of_row[number].append(key)
        found[many.name] = dict(of_row)
    return found
