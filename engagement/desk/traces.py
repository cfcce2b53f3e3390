"""Where a contact has left traces, and how each is cleared (desk.erasing). Nothing is written until it is asked to.

What was written of the contact itself is found by its keys. Where others brought or wrote it (files, messages, titles)
it is found by its marks: its name, e-mail, telephone and address, now and formerly, unless they are those of an office,
an organization, an office holder or another contact as well.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.utils import get_history_model_for_model

from engagement import freshness
from engagement.desk.marks import Marks
from engagement.desk.models import ContactConfirmation, Correction, ProposedChange, RecordChange
from engagement.models import Contact, Discrepancy, FurtherSource, Office, Official, Organization

# What speaks of a contact by its key, and goes with it.
SPEAKING: tuple[Any, ...] = (FurtherSource, Discrepancy)
CONTACT = "contact"
# The fields by which a person is recognized.
TEXTS = ("name", "email", "address")
NUMBER = "phone"
# Whose name or address the same text may be as well: then it says nothing of the person.
OTHERS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Office, ("name", "address")),
    (Organization, ("name",)),
    (Official, ("name",)),
)


@dataclass(frozen=True)
class Trace:
    """says: what it is, in words. count: how many rows. clear: what clears them. numbers: of imports, which ones."""

    says: Any
    count: int
    clear: Callable[[], object]
    numbers: tuple[int, ...] = ()


@dataclass
class Subject:
    """Who is to be erased: every key and primary key that the contact has had, whether it is there or was deleted."""

    keys: set[str]
    pks: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        history, before = history_of(Contact), None
        while before != (before := (len(self.keys), len(self.pks))):
            for model, pk in ((Contact._base_manager, "pk"), (history, "id")):
                rows = model.filter(Q(**{f"{pk}__in": self.pks}) | Q(key__in=self.keys)).order_by()
                for number, key in rows.values_list(pk, "key").distinct():
                    self.pks.add(number)
                    self.keys.add(key)

    @property
    def rows(self) -> QuerySet[Contact]:
        return Contact._base_manager.filter(pk__in=self.pks).order_by("pk")

    @cached_property
    def records(self) -> dict[Any, set[int]]:
        """By model the contact and what speaks of it, also what was deleted."""
        found: dict[Any, set[int]] = {Contact: self.pks}
        for model in SPEAKING:
            about = Q(kind=CONTACT, record_key__in=self.keys)
            found[model] = {
                *model._base_manager.filter(about).values_list("pk", flat=True),
                *history_of(model).filter(about).values_list("id", flat=True),
            }
        return {model: pks for model, pks in found.items() if pks}

    def changes(self, model: Any) -> QuerySet[Any]:
        """What the desk keeps of changes of these records, done (RecordChange) or proposed (ProposedChange)."""
        of_keys = Q(model=CONTACT, key__in=self.keys)
        for each, pks in self.records.items():
            of_keys |= Q(model=each._meta.model_name, record_pk__in=pks)
        return model._base_manager.filter(of_keys)

    # -- How it is recognized ------------------------------------------------------------------------------------

    @cached_property
    def said(self) -> dict[str, set[str]]:
        """By field what it says and has said."""
        states: list[Any] = [*self.rows.values(*TEXTS, NUMBER)]
        states += history_of(Contact).filter(id__in=self.pks).values(*TEXTS, NUMBER).distinct()
        for model in (RecordChange, ProposedChange):
            for before, after in self.changes(model).filter(model=CONTACT).values_list("before", "after"):
                states += (before, after)
        return {name: {state[name] for state in states if state.get(name)} for name in (*TEXTS, NUMBER)}

    @cached_property
    def alone(self) -> dict[str, set[str]]:
        """Of what it says that which no other record says."""
        return {name: {text for text in of_it if not self.is_shared(name, text)} for name, of_it in self.said.items()}

    @cached_property
    def marks(self) -> Marks:
        return self.marks_of(self.alone)

    @cached_property
    def all_marks(self) -> Marks:
        """Those that others share as well: for what is known to be about the contact."""
        return self.marks_of({**self.said, "address": set()})

    def marks_of(self, said: dict[str, set[str]]) -> Marks:
        return Marks.of({text for name in TEXTS for text in said[name]} | self.keys, said[NUMBER])

    def is_shared(self, name: str, text: str) -> bool:
        others = Contact._base_manager.exclude(pk__in=self.pks).filter(**{f"{name}__iexact": text})
        return others.exists() or any(
            name in fields and model._base_manager.filter(**{f"{name}__iexact": text}).exists()
            for model, fields in OTHERS
        )


def history_of(model: Any) -> Any:
    return get_history_model_for_model(model)._base_manager


def named(model: type[Model]) -> str:
    return str(capfirst(model._meta.verbose_name_plural))


# -- What is written of the contact itself -------------------------------------------------------------------


def own(subject: Subject) -> Iterator[Trace]:
    """The contact, what speaks of it, their versions, and what the desk keeps of it."""
    yield rows(ContactConfirmation.objects.filter(contact__in=subject.pks))
    yield rows(Correction.objects.filter(kind=CONTACT, record_key__in=subject.keys))
    yield rows(subject.changes(RecordChange))
    yield rows(subject.changes(ProposedChange))
    for model, pks in subject.records.items():
        yield log_entries(model, pks)
    for model, pks in reversed(subject.records.items()):
        yield records(model, pks)
        versions = history_of(model).filter(id__in=pks)
        yield Trace(_("Versions: %(records)s") % {"records": named(model)}, versions.count(), versions.delete)


def rows(found: QuerySet[Any]) -> Trace:
    return Trace(named(found.model), found.count(), found.delete)


def records(model: Any, pks: set[int]) -> Trace:
    """The change log goes on saying that they are gone, without how they were called.

    The key of what speaks of the contact is made of the contact's: it is given up first, since the log tells the key
    that a record had when it went.
    """
    found = model._base_manager.filter(pk__in=pks)

    def clear() -> None:
        for pk in found.values_list("pk", flat=True) if model.key_may_outlive else ():
            model._base_manager.filter(pk=pk).update(**{model.key_field: f"erased-{secrets.token_hex(8)}"})
        found.delete()
        freshness.unname(model._meta.db_table, pks)

    return Trace(named(model), found.count(), clear)


def log_entries(model: Any, pks: set[int]) -> Trace:
    """That somebody worked at it stays in the admin's log; what it was called and what was entered goes."""
    kind = ContentType.objects.get_for_model(model)
    found = LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in pks])
    says = _("Entries of the admin's log: %(records)s") % {"records": named(model)}
    blank = {"object_repr": str(model._meta.verbose_name), "change_message": ""}
    return Trace(says, found.exclude(**blank).count(), lambda: found.update(**blank))
