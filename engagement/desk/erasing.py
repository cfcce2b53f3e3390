"""Erasing a contact: afterwards it stands nowhere, and does not come back (docs/adr/0013-erasures.md).

Erasing is no operation that could be undone. Nothing that it writes, prints or raises names the contact.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q

from engagement import freshness, search
from engagement.desk import ledger
from engagement.desk.carriers import carried
from engagement.desk.marks import Marks
from engagement.desk.models import (
    ContactConfirmation,
    Correction,
    ImportRow,
    ImportRun,
    Operation,
    ProposedChange,
    RecordChange,
)
from engagement.desk.traces import CONTACT, SPEAKING, Subject, Trace, history_of, named, own
from engagement.freshness import leftovers
from engagement.freshness.store import LOG
from engagement.models import Contact, Snapshot
from engagement.search.engine import TABLES

COLLECTION = "contacts"
# Records that are named where somebody else's text holds the contact's.
NAMED = 10
CHANGED: tuple[Any, ...] = (
    ContactConfirmation, Correction, ImportRow, ImportRun, LogEntry, Operation, ProposedChange, RecordChange, Session,
    Snapshot,
)  # fmt: skip


class Unknown(Exception):
    """There is no such contact, and there was none that anything is kept of."""


@dataclass(frozen=True)
class Erased:
    """What is, or would be, cleared: how many rows, by what they are.

    imports: the numbers of those whose file goes. elsewhere: records with texts of their own that hold the contact's
    name, e-mail or telephone, by kind: whoever wrote them has to judge. It is looked for once the rest is gone.
    """

    cleared: dict[str, int]
    imports: list[int] = field(default_factory=list)
    elsewhere: dict[str, list[int]] = field(default_factory=dict)


# -- Which contact ---------------------------------------------------------------------------------------------------


def find(told: str) -> Subject:
    """By primary key or key, also a contact that was deleted and is still in its history. Raises Unknown."""
    if told.isascii() and told.isdecimal() and len(told) < 19 and (subject := of_number(int(told))):
        return subject
    if told in kept_keys():
        return Subject({told})
    raise Unknown


def of_number(pk: int) -> Subject | None:
    """The contact with this primary key, or the one that had it last."""
    there, history = Contact._base_manager.order_by("pk"), history_of(Contact).order_by("-history_id")
    for found in (there.filter(pk=pk), history.filter(id=pk)):
        if key := found.values_list("key", flat=True).first():
            return Subject({key})
    return None


def kept_keys() -> set[str]:
    """The keys of contacts that anything is kept of."""
    found = {*Contact._base_manager.values_list("key", flat=True)}
    found.update(history_of(Contact).order_by().values_list("key", flat=True).distinct())
    found.update(RecordChange.objects.filter(model=CONTACT).order_by().values_list("key", flat=True).distinct())
    for model in (*SPEAKING, Correction):
        found.update(model._base_manager.filter(kind=CONTACT).order_by().values_list("record_key", flat=True))
    return found


def is_erased(key: str) -> bool:
    """Whether a contact with this key was erased: then none may have it again."""
    return ledger.names(ledger.known(), key)


# -- Erasing it ------------------------------------------------------------------------------------------------------


def plan(subject: Subject) -> Erased:
    """What erasing would clear. It writes nothing."""
    return told([*own(subject), *carried(subject)])


def told(found: list[Trace]) -> Erased:
    cleared: dict[str, int] = {}
    for trace in found:
        if trace.count:
            cleared[str(trace.says)] = cleared.get(str(trace.says), 0) + trace.count
    return Erased(cleared, [number for trace in found for number in trace.numbers])


def erase(contact: Contact | Subject, actor: Any = None) -> Erased:
    """Erase it for good, as `actor`; None for a command. One transaction; what is kept in files goes with its commit.

    Raises Unknown where nothing is kept of it, OSError where the ledger cannot be written: nothing was erased then.
    """
    with transaction.atomic():
        subject = contact if isinstance(contact, Subject) else Subject({contact.key})
        # Whoever edits it has finished, or finds it gone.
        list(subject.rows.select_for_update().values_list("pk"))
        if not subject.keys & kept_keys():
            raise Unknown
        done = clear(subject)
        ledger.note(subject.keys, actor)
        transaction.on_commit(sweep, robust=True)
    return done


def clear(subject: Subject) -> Erased:
    """In a transaction."""
    found = [*own(subject), *carried(subject)]
    for trace in found:
        trace.clear()
    search.remove(COLLECTION, subject.pks)
    done = told(found)
    return Erased(done.cleared, done.imports, dict(elsewhere(subject)))


def reapply() -> int:
    """Erase what the ledger names and is there again, after a restore or a load; how many contacts.

    In the transaction of the caller, if there is one: so a load brings them back for nobody. Raises OSError where the
    ledger cannot be read or written.
    """
    with transaction.atomic():
        entries = ledger.sync()
        back = {key for key in (kept_keys() if entries else ()) if ledger.names(entries, key)}
        for key in sorted(back):
            clear(Subject({key}))
        if back:
            transaction.on_commit(sweep, robust=True)
    return len(back)


def elsewhere(subject: Subject) -> Iterator[tuple[str, list[int]]]:
    """Texts of others that hold what only the contact is known by."""
    texts = {text for name in ("name", "email", "phone") for text in subject.alone[name]}
    texts = {text for text in texts if Marks.of([text], [text])}
    for label in ("engagement", "desk"):
        for model in apps.get_app_config(label).get_models():
            if found := holding(model, texts):
                yield named(model), found


def holding(model: Any, texts: set[str]) -> list[int]:
    fields = [each for each in model._meta.concrete_fields if isinstance(each, models.CharField | models.TextField)]
    asked = Q()
    for name in (each.name for each in fields if not (each.choices or each.primary_key)):
        for text in texts:
            asked |= Q(**{f"{name}__icontains": text})
    return list(model._base_manager.filter(asked).order_by("pk").values_list("pk", flat=True)[:NAMED]) if asked else []


# -- Once it is committed --------------------------------------------------------------------------------------------


def sweep() -> None:
    """Leave nothing of what was deleted in the search, in exports that are kept, and in the files of the database."""
    freshness.catch_up()
    search.settle()
    shutil.rmtree(Path(settings.VAR_DIR) / "exports", ignore_errors=True)  # they are made anew, exchange.shelves
    leftovers.clear(tables())


def tables() -> list[str]:
    """Those from which erasing deletes, or in which it empties anything."""
    found: list[Any] = [*CHANGED, Contact, *SPEAKING, *(history_of(model).model for model in (Contact, *SPEAKING))]
    return [*(model._meta.db_table for model in found), *TABLES, LOG]
