"""The register's own edits: which records the public may see were added, changed or removed, newest first.

The source is the change log, so that whoever writes is seen, and however: it knows of each change the table, the
row's number and the moment, and nothing of what was said. Three rules make it a page:

- Of each kind of record the newest EACH entries are read, one walk down an index a kind, and everything else is
  asked of the records found there, in a fixed number of queries. So a page costs the same whether the log has a
  thousand entries or a million, and a load of one kind hides no edit of another.
- A record stands once, with its newest change. What it said before is asked of its history (directories/versions.py).
- More than FEW records of one kind to which the same was done within the same minute are one entry with their number.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db.models import Model, Value
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from engagement.directories.filters import Vocabulary
from engagement.directories.questions import Question
from engagement.directories.versions import (
    Before,
    Difference,
    Key,
    Said,
    before,
    changed_fields,
    difference,
    flags_of,
    former_label,
    named_in,
    past,
    present,
    public_fields,
)
from engagement.freshness import Change, recent
from engagement.models import Contact, Discrepancy
from engagement.models.citations import Cited, belongs_to, in_public, public_keys, records_by_pk, records_of
from engagement.search import normalise

# For all kinds together the keys still fit into one statement: SQLite takes 32,766 values.
EACH = 800
FEW = 5
# Within this time of its insertion a row gets what belongs to it: many-to-many links are written after the row.
SAME_WRITE = datetime.timedelta(seconds=10)

ADDED, CHANGED, REMOVED = "insert", "update", "delete"


def kinds() -> dict[str, Any]:
    """The kinds of record that stand on a page, by the name of their model."""
    models = apps.get_app_config("engagement").get_models()
    return {str(model._meta.model_name): model for model in models if getattr(model, "places", ())}


class EditsQuestion(Question):
    """What is asked of the page: which kinds of record, all if none is named."""

    kind = Vocabulary(choices=(), label=gettext_lazy("Kind of record"))

    page_parameters = ("page",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(name, capfirst(model._meta.verbose_name)) for name, model in kinds().items()]
        self.filters["kind"].vocabulary = sorted(named, key=lambda pair: normalise(str(pair[1])))
        self.filters["kind"].read_vocabulary()

    @property
    def models(self) -> list[Any]:
        return [model for name, model in kinds().items() if name in self.asked or not self.asked]

    @property
    def asked(self) -> list[str]:
        return self.data.getlist("kind")


@dataclass(frozen=True)
class Noted:
    """The newest change of a record. `withdrawn`: it is still kept, and no longer shown."""

    model: Any
    pk: int
    action: str
    at: datetime.datetime
    withdrawn: bool = False
    number: int = 0

    @property
    def key(self) -> Key:
        return self.model, self.pk


@dataclass(frozen=True)
class Entry:
    """What stands on the page as one: a record, or many of one kind to which the same was done at once.

    `is_cut`: the log was not read further back, so that there may be more of them.
    """

    records: tuple[Noted, ...]
    is_cut: bool = False

    @property
    def newest(self) -> Noted:
        return self.records[0]

    @property
    def is_one(self) -> bool:
        return len(self.records) == 1


def entries(models: Sequence[Any]) -> list[Entry]:
    """All entries about records of these models, newest first; six queries at most."""
    by_table = {model._meta.db_table: model for model in models}
    log = recent(EACH, by_table)
    return grouped(public_only(newest_of_each(log, by_table)), cut_at(log, by_table))


# -- From the log to records -----------------------------------------------------------------------------------------


def newest_of_each(log: Iterable[Change], by_table: Mapping[str, Any]) -> list[Noted]:
    """Each record once, with its newest change, of a log that comes newest first. What was just inserted was added."""
    newest: dict[tuple[str, int], Noted] = {}
    for change in log:
        noted = Noted(by_table[change.table], change.key, change.action, change.at, number=change.number)
        known = newest.setdefault((change.table, change.key), noted)
        if change.action == ADDED and known.action == CHANGED and known.at - change.at <= SAME_WRITE:
            newest[change.table, change.key] = replace(known, action=ADDED)
    return list(newest.values())


def cut_at(log: Sequence[Change], by_table: Mapping[str, Any]) -> dict[Any, datetime.datetime]:
    """By model how far back the log was read, for those of which it may hold more."""
    read: dict[str, list[datetime.datetime]] = {}
    for change in log:
        read.setdefault(change.table, []).append(change.at)
    return {by_table[table]: moments[-1] for table, moments in read.items() if len(moments) == EACH}


def public_only(found: list[Noted]) -> list[Noted]:
    """Those of which the public may know: what it may see, and what it once could see and no longer can."""
    public = public_keys(keys_of(found))
    once = once_public(keys_of(each for each in found if each.key not in public))
    hidden = about_hidden(pk for model, pk in public | once if model is Discrepancy)
    shown = []
    for each in found:
        if each.key in public - hidden:
            shown.append(replace(each, action=CHANGED) if each.action == REMOVED else each)
        elif each.key in once - hidden:
            shown.append(replace(each, action=REMOVED, withdrawn=each.action != REMOVED))
    return shown


def about_hidden(pks: Iterable[int]) -> set[Key]:
    """The discrepancies that speak, or spoke when they were deleted, of a record which the public may not see."""
    wanted = set(pks)
    remarks = {each.pk: each for each in Discrepancy.objects.filter(pk__in=wanted)} if wanted else {}
    if gone := wanted - remarks.keys():
        remarks |= {each.id: each for each in Discrepancy.history.filter(id__in=gone).order_by("history_id")}
    public = records_of(remarks.values()) if remarks else {}
    return {(Discrepancy, pk) for pk, each in remarks.items() if (each.kind, each.record_key) not in public}


def keys_of(found: Iterable[Noted]) -> dict[type[Model], list[int]]:
    keys: dict[type[Model], list[int]] = {}
    for each in found:
        keys.setdefault(each.model, []).append(each.pk)
    return keys


def once_public(keys: Mapping[Any, Collection[int]]) -> set[Key]:
    """Those of the records that their history shows as published, if what they belong to is published now.

    What goes with its organization, say, is not told besides; nor what belongs to one that was never shown.
    """
    parts = []
    for model, pks in keys.items():
        flags = dict.fromkeys(flags_of(model), True)
        rows = model.history.filter(in_public(model), **{f"{model._meta.pk.name}__in": pks}, **flags)
        marked = rows.order_by().annotate(edit_model=Value(model._meta.model_name))
        parts.append(marked.values_list("edit_model", model._meta.pk.name))
    found = parts[0].union(*parts[1:]) if parts else []
    return {(apps.get_model("engagement", name), pk) for name, pk in found}


# -- From records to entries -----------------------------------------------------------------------------------------


def grouped(found: list[Noted], cut: Mapping[Any, datetime.datetime]) -> list[Entry]:
    """One entry for a record, and one for more than FEW alike, where the newest of them stands."""
    alike: dict[Any, list[Noted]] = {}
    groups = [alike.setdefault((each.model, each.action, minute(each.at)), []) for each in found]
    for each, group in zip(found, groups, strict=True):
        group.append(each)
    found_entries = []
    for each, group in zip(found, groups, strict=True):
        if len(group) <= FEW:
            found_entries.append(Entry((each,)))
        elif group[0] is each:
            last = cut.get(each.model)
            found_entries.append(Entry(tuple(group), is_cut=last is not None and minute(last) == minute(each.at)))
    return found_entries


def minute(moment: datetime.datetime) -> int:
    return int(moment.timestamp() // 60)


# -- What a page shows of its entries --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """An entry in words, but for the name of `record`, a published one, where it is one.

    `label` is what a record that is gone was called, '' where that is not to be told. `is_silent`: of a change it is
    not known what the record said before.
    """

    newest: Noted
    action: str
    count: int
    is_cut: bool
    record: Cited | None = None
    label: str = ""
    differences: tuple[Difference, ...] = ()

    @property
    def is_silent(self) -> bool:
        is_one = self.action == CHANGED and self.count == 1
        return is_one and not self.differences and bool(public_fields(self.newest.model))


def edits(found: Sequence[Entry]) -> list[Edit]:
    """The entries of a page in words; three queries at most."""
    ones = [each.newest for each in found if each.is_one]
    not_added = [each for each in ones if each.action != ADDED]
    versions = past(keys_of(not_added))
    now = present(keys_of(each for each in not_added if each.action == CHANGED))
    changes = {
        each.key: before(now[each.key], versions.get(each.key, []), each.at) for each in not_added if each.key in now
    }
    gone = {
        each.key: versions[each.key][0].said
        for each in not_added
        if each.action == REMOVED and not each.withdrawn and versions[each.key][0].is_public
    }
    names = records_by_pk(keys_to_name(ones, now, changes, gone))
    return [edit(each, now, changes, gone, names) for each in found]


def edit(
    entry: Entry,
    now: Mapping[Key, Said],
    changes: Mapping[Key, Before],
    gone: Mapping[Key, Said],
    names: Mapping[Key, Cited],
) -> Edit:
    newest = entry.newest
    plain = Edit(newest, newest.action, len(entry.records), entry.is_cut)
    if not entry.is_one:
        return plain
    if newest.action == REMOVED:
        said = gone.get(newest.key)
        return replace(plain, label=former_label(newest.model, said, names)) if said and may_name(newest) else plain
    change = changes.get(newest.key, Before())
    differences: tuple[Difference, ...] = ()
    if change.said is not None:
        fields = changed_fields(newest.model, now[newest.key], change.said)
        differences = tuple(difference(field, change.said, now[newest.key], names) for field in fields)
    action = ADDED if change.appeared else newest.action
    return replace(plain, action=action, record=names.get(newest.key), differences=differences)


def may_name(noted: Noted) -> bool:
    """A contact that is gone is not named: it may have been erased."""
    return not issubclass(noted.model, Contact)


def keys_to_name(
    ones: Sequence[Noted], now: Mapping[Key, Said], changes: Mapping[Key, Before], gone: Mapping[Key, Said]
) -> dict[type[Model], set[int]]:
    """The records themselves, and what their versions point to."""
    wanted = {each.key for each in ones if each.action != REMOVED}
    for key, change in changes.items():
        if change.said is not None:
            fields = changed_fields(key[0], now[key], change.said)
            wanted |= named_in(key[0], [now[key], change.said], fields)
    for (model, _pk), said in gone.items():
        wanted |= named_in(model, [said], [model._meta.get_field(name) for name in belongs_to(model)])
    keys: dict[type[Model], set[int]] = {}
    for model, pk in wanted:
        keys.setdefault(model, set()).add(pk)
    return keys
