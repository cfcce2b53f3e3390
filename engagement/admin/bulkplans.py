"""What a bulk action on records would do, record by record and to the public. Nothing is written until it is."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.admin.reverting import seal
from engagement.desk import deleting, proposals
from engagement.desk.journal import Edit, Journal, batches
from engagement.desk.proposals import Draft
from engagement.desk.states import states_of
from engagement.directories.versions import flags_of
from engagement.models.base import Record
from engagement.models.citations import belongs_to, in_public
from engagement.models.sources import AboutRecord

Lines = list[dict[str, Any]]


@dataclass
class Plan:
    """changes: records with what they say before and after. staying: those that are so already. effects: what follows,
    in sentences. refusals: why nothing of it is done, with the records that are in the way. drafts: the same as
    changes to be proposed."""

    title: str
    changes: Lines
    staying: Lines = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)
    said: Any = None
    apply: Callable[[Journal], None] = lambda journal: None
    drafts: Callable[[], list[Draft]] = list

    @property
    def seal(self) -> str:
        """Of all that the page says and of all that the records say."""
        return seal(self.title, self.changes, self.staying, self.effects, self.refusals, self.in_the_way, self.said)

    @property
    def can_be_applied(self) -> bool:
        return bool(self.changes) and not self.refusals


@dataclass(frozen=True)
class Asked:
    """An action on records of one model, read with what they are named after."""

    request: HttpRequest
    site: Any
    model: type[Record]
    records: list[Record]

    @property
    def user_pk(self) -> Any:
        return self.request.user.pk

    def sees(self, model: Any) -> bool:
        return bool(self.site.get_model_admin(model).has_view_permission(self.request))


def line(record: Any, **more: Any) -> dict[str, Any]:
    url = reverse(f"admin:engagement_{record._meta.model_name}_change", args=[record.pk])
    return {"name": str(record), "url": url, **more}


def counted(number: int, model: Any) -> str:
    """“1 seat”, “12 statuses”."""
    name = model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural
    return f"{number:,} {name}"


def listed(numbers: Iterable[tuple[int, Any]]) -> str:
    """In the order of their names."""
    return ", ".join(counted(*each) for each in sorted(numbers, key=lambda each: str(each[1]._meta.verbose_name)))


def said_of(records: Sequence[Record]) -> list[Any]:
    return [sorted(states_of(batch).items()) for batch in batches(records)]


# -- Publishing and withdrawing ------------------------------------------------------------------------------


def publish(asked: Asked) -> Plan:
    return set_published(asked, True)


def withdraw(asked: Asked) -> Plan:
    return set_published(asked, False)


def set_published(asked: Asked, published: bool) -> Plan:
    changing = [record for record in asked.records if record.published != published]
    before, after = (_("yes"), _("no")) if not published else (_("no"), _("yes"))
    title = _("Publish: %(what)s") if published else _("Withdraw from the public: %(what)s")

    def apply(journal: Journal) -> None:
        journal.change([Edit(each, {"published": not published}, {"published": published}) for each in changing])
        message = [{"changed": {"fields": ["published"]}}]
        LogEntry.objects.log_actions(asked.user_pk, changing, CHANGE, message)

    return Plan(
        title=title % {"what": counted(len(changing), asked.model)},
        changes=[line(each, before=before, after=after) for each in changing],
        staying=[line(each) for each in asked.records if each.published == published],
        effects=list(public_effects(asked.model, changing, published)) if changing else [],
        said=said_of(asked.records),
        apply=apply,
        drafts=lambda: [published_otherwise(each, published) for each in changing],
    )


def published_otherwise(record: Record, published: bool) -> Draft:
    before = states_of([record])[record.pk]
    return proposals.changed(record, before, {**before, "published": published})


def public_effects(model: type[Record], changing: Sequence[Record], published: bool) -> Iterator[str]:
    seen = sum(shown(model, batch) for batch in batches(changing))
    what = counted(seen, model)
    if published:
        yield _("The public will see %(what)s of these.") % {"what": what}
        if hidden := len(changing) - seen:
            stay = ngettext(
                "%(count)d stays out of sight: what it belongs to is withdrawn, or it is marked as not public.",
                "%(count)d stay out of sight: what they belong to is withdrawn, or they are marked as not public.",
                hidden,
            )
            yield stay % {"count": hidden}
    else:
        yield _("The public will no longer see %(what)s that it sees now.") % {"what": what}
    if with_them := listed(standing_with(model, {record.pk for record in changing})):
        said = _("With them appear: %(rows)s.") if published else _("With them disappear: %(rows)s.")
        yield said % {"rows": with_them}


def shown(model: type[Record], records: Collection[Record]) -> int:
    """How many of them are in sight, or would be if they were published."""
    flags = {flag: True for flag in flags_of(model) if flag != "published"}
    rows = model._base_manager.filter(in_public(model), pk__in=[record.pk for record in records], **flags)
    return int(rows.count())


def standing_with(model: type[Record], pks: set[int]) -> Iterator[tuple[int, Any]]:
    """By model how many published records stand on pages only while these are published, if all else they need is."""
    for other in apps.get_app_config("engagement").get_models():
        if issubclass(other, Record) and other is not model:
            owners = belongs_to(other)
            mine = [name for name in owners if other._meta.get_field(name).related_model is model]
            if mine and (number := len(dependents(other, owners, mine, pks))):
                yield number, other


def dependents(other: Any, owners: list[str], mine: list[str], pks: set[int]) -> set[int]:
    flags = dict.fromkeys(flags_of(other), True)
    columns = [lookup for name in owners for lookup in (f"{name}_id", f"{name}__published")]
    found = set()
    for batch in batches(sorted(pks)):
        touched = reduce(or_, (models.Q(**{f"{name}__in": batch}) for name in mine))
        for pk, *values in other._base_manager.filter(touched, **flags).values_list("pk", *columns):
            of_each = zip(owners, values[::2], values[1::2], strict=True)
            if all(key is None or is_shown or (name in mine and key in pks) for name, key, is_shown in of_each):
                found.add(pk)
    return found


# -- Deleting ------------------------------------------------------------------------------------------------


def delete(asked: Asked) -> Plan:
    deletion = deleting.plan(asked.records)
    cascades = deletion.cascades()
    with_each = fallen_with_each(asked, cascades)
    lacking = [
        str(model._meta.verbose_name_plural)
        for model in cascades
        if not asked.site.get_model_admin(model).has_delete_permission(asked.request)
    ]

    def apply(journal: Journal) -> None:
        LogEntry.objects.log_actions(asked.user_pk, asked.records, DELETION)
        deleting.carry_out(deletion, journal)

    plan = Plan(
        title=_("Delete: %(what)s") % {"what": counted(len(asked.records), asked.model)},
        changes=[line(each, with_it=with_each.get(each.pk, "")) for each in asked.records],
        effects=list(effects_of(asked, deletion, cascades)),
        said=[said_of(asked.records), [said_of(found) for found in cascades.values()], told(deletion)],
        apply=apply,
        drafts=lambda: [proposals.deleted(each) for each in asked.records],
    )
    if deletion.needed:
        plan.refusals.append(_("Others need these records, so that nothing can be deleted."))
        plan.in_the_way = needed(asked, deletion)
    if guarded := proposals.guarded_in(deletion):
        plan.refusals.append(deleting_guarded())
        plan.in_the_way += [named(each) for each in guarded if each not in deletion.needed and asked.sees(type(each))]
    if lacking:
        kinds = ", ".join(lacking)
        plan.refusals.append(_("Your account may not delete what would go with them: %(kinds)s.") % {"kinds": kinds})
    return plan


def told(deletion: deleting.Deletion) -> list[Any]:
    return [(edit.record.pk, edit.before, edit.after) for found in deletion.edits.values() for edit in found]


def fallen_with_each(asked: Asked, cascades: dict[type[Record], list[Record]]) -> dict[int, str]:
    """What goes with each of the records, in numbers."""
    parts: defaultdict[int, list[tuple[int, Any]]] = defaultdict(list)
    for model, found in cascades.items():
        for pk, number in deleting.fallen_with(asked.model, asked.records, found).items():
            parts[pk].append((number, model))
    return {pk: listed(numbers) for pk, numbers in parts.items()}


def effects_of(asked: Asked, deletion: deleting.Deletion, cascades: dict[type[Record], list[Record]]) -> Iterator[str]:
    """Of records that the account may not see not even the number is told."""
    if cascades:
        rows = listed((len(found), model) for model, found in cascades.items())
        yield _("With them go: %(rows)s.") % {"rows": rows}
    public = sum(
        shown(type(batch[0]), [each for each in batch if each.published]) for batch in batches(deletion.chosen)
    )
    yield _("The public sees %(count)s of the selected records now.") % {"count": f"{public:,}"}
    if rows := listed((len(found), model) for model, found in deletion.edits.items() if asked.sees(model)):
        yield _("These lose a link to them, and stay: %(rows)s.") % {"rows": rows}
    if remarks := listed(speaking_of(deletion)):
        yield _("These speak of them, and will speak of nothing: %(rows)s.") % {"rows": remarks}
    if deletion.others:
        kinds = listed((len(rows), model) for model, rows in deletion.others.items())
        yield _("These go for good; undoing does not bring them back: %(rows)s.") % {"rows": kinds}


def speaking_of(deletion: deleting.Deletion) -> Iterator[tuple[int, Any]]:
    """Further sources and discrepancies name a record by its key."""
    for about in AboutRecord.__subclasses__():
        number = 0
        for model, found in deletion.falls.items():
            for batch in batches(found):
                keys = [record.natural_key()[0] for record in batch]
                number += about._base_manager.filter(kind=model._meta.model_name, record_key__in=keys).count()
        if number:
            yield number, about


def needed(asked: Asked, deletion: deleting.Deletion) -> list[str]:
    """What needs them, by name; what the account may not see, without."""
    by_kind = Counter(type(each) for each in deletion.needed)
    seen = {model for model in by_kind if issubclass(model, Record) and asked.sees(model)}
    names = [named(each) for each in deletion.needed if type(each) in seen]
    hidden = sum(number for model, number in by_kind.items() if model not in seen)
    if hidden:
        names.append(_("Records that your account may not see: %(count)d") % {"count": hidden})
    return names


def named(record: Any) -> str:
    return f"{capfirst(record._meta.verbose_name)}: {record}"


def deleting_guarded() -> str:
    return _("Statuses and participation rights go first: propose their deletion, which another person approves.")


@dataclass(frozen=True)
class Action:
    """An action: what it needs a permission for, what it is called in the history, and what plans it."""

    permission: str
    title: str
    label: Any
    plan: Callable[[Asked], Plan]


ACTIONS = {
    "publish": Action("change", "Publish", gettext_lazy("Publish"), publish),
    "withdraw": Action("change", "Withdraw from the public", gettext_lazy("Withdraw from the public"), withdraw),
    "delete_selected": Action("delete", "Delete", gettext_lazy("Delete"), delete),
}
