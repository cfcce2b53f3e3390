"""Merging two organizations that are one: the survivor says what was chosen of both, everything that led to the other
leads to it, and the other's name, source and address stay findable.

What two rows of the same fact said is kept of the richer one, with the other's source beside it. One operation does it
all, and undoing it brings back every row as it was.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.desk import beside
from engagement.desk.journal import Edit, Journal, Overtaken, operation, require_unchanged
from engagement.desk.models import Action, Distinct, Operation, OperationKind, Signpost
from engagement.desk.repointing import Moves, moves, name_and_key
from engagement.desk.states import State, put, states_of
from engagement.desk.undoing import needed_by
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    FurtherSource,
    NameKind,
    Organization,
    OrganizationName,
)
from engagement.models.base import Record

# Fields that are chosen together: a language is that of its name, an `as of` that of its source.
GROUPS = (
    ("name", "name_lang"),
    ("acronym",),
    ("kind",),
    ("region_id",),
    ("website",),
    ("official_url",),
    ("founded",),
    ("dissolved",),
    ("last_verified",),
    ("source_id", "locator", "as_of"),
    ("note",),
    ("published",),
)
UNITED = "themes"
# As what a name of the one that goes may be kept.
NAME_KINDS = (NameKind.VARIANT, NameKind.FORMER, NameKind.LANGUAGE, NameKind.TRANSLITERATION)


class Side(TextChoices):
    """Whose word stands."""

    SURVIVOR = "survivor", gettext_lazy("of the one that stays")
    OTHER = "other", gettext_lazy("of the one that goes")
    BOTH = "both", gettext_lazy("both, one after the other")


@dataclass(frozen=True)
class Choices:
    """sides: by the first field of a group whose word stands. kind: as what the name that goes is kept."""

    sides: Mapping[str, Side] = field(default_factory=dict)
    kind: NameKind = NameKind.VARIANT
    reason: str = ""


@dataclass
class Merge:
    """What merging `other` into `survivor` would do, as they and all that leads to them were read."""

    survivor: Organization
    other: Organization
    before: dict[int, State] = field(init=False)
    moves: Moves = field(init=False)

    def __post_init__(self) -> None:
        self.before = states_of([self.survivor, self.other])
        self.moves = moves(self.survivor, self.other)

    def says(self, side: Side | str) -> State:
        return self.before[(self.other if side == Side.OTHER else self.survivor).pk]

    @property
    def differing(self) -> list[tuple[str, ...]]:
        """The groups in which the two say different things."""
        mine, others = self.says(Side.SURVIVOR), self.says(Side.OTHER)
        return [group for group in GROUPS if any(mine[name] != others[name] for name in group)]

    def preset(self, group: tuple[str, ...]) -> Side:
        """What is filled, and where both are, the survivor's; of two notes both."""
        mine, others = self.says(Side.SURVIVOR)[group[0]], self.says(Side.OTHER)[group[0]]
        if mine and others and group[0] == "note":
            return Side.BOTH
        return Side.SURVIVOR if mine or not others else Side.OTHER

    @property
    def presets(self) -> Choices:
        languages = {self.says(side)["name_lang"] for side in (Side.SURVIVOR, Side.OTHER)}
        kind = NameKind.LANGUAGE if len(languages) > 1 else NameKind.VARIANT
        return Choices({group[0]: self.preset(group) for group in self.differing}, kind)

    @cached_property
    def fingerprint(self) -> str:
        """Of everything that this was computed from: where it differs, something changed since."""
        rows = [*(edit.record for edit in self.moves.edits), *self.moves.dropped]
        rows += [each.kept for each in self.moves.collisions]
        said = [self.survivor.pk, self.before]
        for model, records in by_model(rows).items():
            said.append([model._meta.model_name, sorted(states_of(records).items())])
        said += [sorted(Signpost.objects.filter(organization=self.other).values_list("slug", flat=True))]
        said += [sorted(Distinct.objects.filter(pk__in=beside.pairs_of([self.other.pk])).values_list("pk", flat=True))]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

    # -- What is chosen -----------------------------------------------------------------------------------------

    def after(self, choices: Choices) -> State:
        """What the survivor is to say."""
        after = dict(self.says(Side.SURVIVOR))
        for group in self.differing:
            side = choices.sides.get(group[0], self.preset(group))
            for name in group:
                after[name] = self.both(name) if side == Side.BOTH else self.says(side)[name]
        after[UNITED] = sorted({*after[UNITED], *self.says(Side.OTHER)[UNITED]})
        return after

    def both(self, name: str) -> str:
        texts = (self.says(side)[name] for side in (Side.SURVIVOR, Side.OTHER))
        return "\n\n".join(text for text in dict.fromkeys(texts) if text)

    def lost(self, choices: Choices, name: str) -> State | None:
        """The state whose word in a field does not stand; None where the two say the same or it says nothing."""
        stands = self.after(choices)[name]
        return next((state for state in self.before.values() if state[name] and state[name] != stands), None)

    def names(self, choices: Choices) -> list[OrganizationName]:
        """The name and the acronym that do not stand, as further names of the survivor; those that it has are left."""
        asked = (("name", choices.kind, "name_lang"), ("acronym", NameKind.ACRONYM, ""))
        taken = self.names_taken()
        made = []
        for name, kind, lang in asked:
            lost = self.lost(choices, name)
            if lost and (lost[name], kind, lost.get(lang, "")) not in taken:
                evidence = {each: lost[each] for each in ("source_id", "locator", "as_of", "published")}
                about = {"name": lost[name], "kind": kind, "lang": lost.get(lang, "")}
                made.append(OrganizationName(organization=self.survivor, **about, **evidence))
        return made

    def names_taken(self) -> set[tuple[str, str, str]]:
        rows = OrganizationName.objects.filter(organization__in=(self.survivor, self.other))
        return set(rows.values_list("name", "kind", "lang"))

    def sources(self, choices: Choices) -> list[FurtherSource]:
        """The evidence that does not stand, of the body and of each row that goes, as further sources."""
        made = []
        stands = self.after(choices)
        for side in (Side.SURVIVOR, Side.OTHER):
            said = self.says(side)
            if adds_evidence(said, stands):
                made.append(further(self.survivor, said, dated(said["name"], said["as_of"])))
        for each in self.moves.collisions:
            dropped, kept = (states_of([record])[record.pk] for record in (each.dropped, each.kept))
            if adds_evidence(dropped, kept):
                made.append(further(each.kept, dropped, dated(str(each.dropped), dropped["as_of"])))
        known = self.sources_known(made)
        return [each for each in made if (each.kind, each.record_key, each.source_id, each.locator) not in known]

    def sources_known(self, asked: Collection[FurtherSource]) -> set[tuple[str, str, int, str]]:
        """The further sources that there are, those of the other being the survivor's from now on."""
        keys = {self.other.slug: self.survivor.slug}
        wanted = {*(each.record_key for each in asked), *keys}
        rows = FurtherSource.objects.filter(record_key__in=wanted).values_list(
            "kind", "record_key", "source", "locator"
        )
        return {
            (kind, keys.get(key, key) if kind == "organization" else key, source, locator)
            for kind, key, source, locator in rows
        }

    def warnings(self) -> list[str]:
        """What the database allows and staff should look at."""
        held: dict[int, set[int]] = defaultdict(set)
        statuses = ConsultativeStatus.objects.filter(organization__in=(self.survivor, self.other))
        for category, organization in statuses.values_list("category", "organization"):
            held[category].add(organization)
        twice = [category for category, of in held.items() if len(of) > 1]
        said = _("Both have a status “%(category)s”: both are kept. Look whether they are one.")
        return [said % {"category": each} for each in ConsultativeCategory.objects.filter(pk__in=twice)]

    def problems(self, choices: Choices) -> list[str]:
        """Why the database would refuse what was chosen."""
        would = Organization(pk=self.survivor.pk)
        put(would, self.after(choices))
        try:
            would.validate_constraints(exclude={"sort_name"})
        except ValidationError as error:
            return list(error.messages)
        return []


def by_model(records: Iterable[Record]) -> dict[type[Record], list[Record]]:
    found: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        found[type(record)].append(record)
    return found


def adds_evidence(said: State, stands: State) -> bool:
    """Whether it names another source than the one that stands, or another place in it."""
    return bool(said["source_id"] != stands["source_id"] or (said["locator"] and said["locator"] != stands["locator"]))


def further(record: Record, said: State, reading: str) -> FurtherSource:
    kind, key = name_and_key(record)
    evidence = {"source_id": said["source_id"], "locator": said["locator"], "published": said["published"]}
    return FurtherSource(kind=kind, record_key=key, reading=reading[:500], **evidence)


def dated(text: str, as_of: str) -> str:
    """The reading of a source with the date for which it speaks, which a further source has no field for."""
    return f"{text} ({as_of})" if as_of else text


# -- Doing it ---------------------------------------------------------------------------------------------------


def merge(planned: Merge, choices: Choices, actor: Any = None) -> Operation:
    """In one transaction. Raises Overtaken, and writes nothing, where anything of it changed since it was read."""
    survivor, other = planned.survivor, planned.other
    title = f"{other.slug} → {survivor.slug}{f': {choices.reason}' if choices.reason else ''}"
    made, sources, after = planned.names(choices), planned.sources(choices), planned.after(choices)
    try:
        with operation(OperationKind.MERGE, title, actor) as journal:
            assert journal.operation
            require_unchanged([Edit(body, planned.before[body.pk], {}) for body in (survivor, other)])
            delete(journal, planned.moves.dropped)
            if after != planned.before[survivor.pk]:
                journal.change([Edit(survivor, planned.before[survivor.pk], after)])
            for edits in edits_by_model(planned.moves.kept):
                journal.change(edits)
            journal.create(made)
            journal.create(sources)
            stood = beside.move(survivor, other, journal.operation)
            let_go(journal, other, stood)
    except IntegrityError as error:  # a row that leads to the other was made in the meantime
        raise Overtaken([(*name_and_key(other), "")]) from error
    return journal.operation


def edits_by_model(edits: Collection[Edit]) -> Iterator[list[Edit]]:
    found: dict[type[Record], list[Edit]] = defaultdict(list)
    for edit in edits:
        found[type(edit.record)].append(edit)
    yield from found.values()


def delete(journal: Journal, records: Collection[Record]) -> None:
    for of_model in by_model(records).values():
        journal.delete(of_model)


def let_go(journal: Journal, other: Organization, stood: dict[str, Any]) -> None:
    """Delete the one that nothing leads to any more, and keep with it what the desk knew of it."""
    assert journal.operation
    if needed := dict(needed_by(Organization, {other.pk: other})):
        raise Overtaken([("organization", key, why) for key, why in needed.items()])
    journal.delete([other])
    change = journal.operation.changes.get(action=Action.DELETED, model="organization", record_pk=other.pk)
    change.before[beside.BESIDE] = stood
    change.save(update_fields=["before"])
