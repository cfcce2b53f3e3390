"""What a kind of import is: one table that staff bring, declared once for the admin, the command and the documents."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from engagement.desk.states import State
from engagement.directories import Directory
from engagement.exchange.importing import cells, dates
from engagement.exchange.importing.columns import REASONS, Column, Ignored, Key, Link, OfPart
from engagement.exchange.importing.derived import Derived, Label, OfLink, OfRow, Page
from engagement.exchange.importing.parts import Part
from engagement.exchange.importing.resolving import Book
from engagement.models import Organization, Source
from engagement.models.base import KEY_LENGTH, Record
from engagement.models.dates import PartialDate

# What makes a record the one that it is, or what may be only once: any value that can be compared.
Mark = Any
# Field values of a record as the database gives them: foreign keys by their columns.
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Identity:
    """How a row without a key finds its record.

    columns: what the row must tell for it. fields: what is read of the register's records. marks: all that a record
    answers to. asks: what a row asks for, None where it does not tell enough. unique: what the database has only once,
    None where the record takes part in no such rule. found: how records are found instead of by their marks.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    marks: Callable[[Said], Iterable[Mark]]
    asks: Callable[[Said], Mark]
    unique: Callable[[Said], Mark] = lambda said: None
    found: Callable[[Said, Book], Collection[int]] | None = None


@dataclass(frozen=True)
class Rule:
    """A constraint of the model, judged without the database. It is worded as the model words it."""

    constraint: str
    column: str
    holds: Callable[[State], bool]

    def says(self, model: type[Record]) -> str:
        return next(
            str(each.violation_error_message) for each in model._meta.constraints if each.name == self.constraint
        )


def nothing_follows(state: State, book: Book) -> State:
    return {}


def any_may_be_new(key: str) -> None:
    """Every key that no record has may be given to a new one."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of table.

    name: as in addresses and commands. title: for people. columns: what can be written, in their order. derived: what
    the public export has besides. permissions: the models whose "add" and "change" rights it takes. label: how a row is
    called in a plan. follows: what a new record's state says because of the rest of it. may_be_new: raises Wrong
    where no new record may have the key. directory: the public collection with the same rows. private: seen by few.
    """

    name: str
    title: Any
    model: type[Record]
    columns: tuple[Column, ...]
    derived: tuple[Derived, ...]
    identity: Identity
    label: Callable[[State, Book], str]
    rules: tuple[Rule, ...] = ()
    parts: tuple[Part, ...] = ()
    follows: Callable[[State, Book], State] = nothing_follows
    may_be_new: Callable[[str], None] = any_may_be_new
    directory: Directory | None = None
    private: bool = False

    @property
    def permissions(self) -> tuple[type[Record], ...]:
        return (self.model, *dict.fromkeys(part.model for part in self.parts))

    @cached_property
    def accepted(self) -> tuple[Column | Derived | Ignored, ...]:
        """All that a header may name; of two that go by one name the later is meant."""
        labels = [Ignored(name) for part in self.parts for name in part.labels]
        return (*REASONS, *labels, *self.derived, *self.columns)

    @cached_property
    def written(self) -> tuple[Column, ...]:
        """The columns that are read one by one: not the key, nor those of parts."""
        return tuple(column for column in self.columns if not isinstance(column, Key | OfPart))

    @cached_property
    def labels(self) -> dict[str, Label]:
        """By the name of a column, its label."""
        return {each.column.name: each for each in self.derived if isinstance(each, Label)}

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


# -- Columns that many kinds have ----------------------------------------------------------------------------


def key(model: type[Record], example: str) -> Key:
    says = _("The key in the register. Blank: the row is matched by other columns, or is new")
    return Key(name="key", says=says, parse=cells.slug(KEY_LENGTH), to=model.key_field, model=model, example=example)


def evidence(model: type[Record]) -> tuple[Column, ...]:
    """Where the row stands written: the last columns of each kind."""
    return (
        Column(
            name="locator", says=_("Where in the source it stands: section, paragraph, article"),
            parse=cells.text(200), to="locator", model=model, example="p. 12",
        ),
        Column(
            name="note", says=_("What has to be known to read it rightly"),
            parse=cells.multiline, to="note", model=model,
        ),
        source(model),
        Column(
            name="as_of", says=_("The date for which the source speaks; blank: that of the file, or of the source"),
            parse=dates.partial, to="as_of", model=model, example="2024-05",
        ),
        published(model),
    )  # fmt: skip


def source(model: type[Record]) -> Link:
    return Link(
        name="source_key", says=_("The source: its key, or its title; blank: the one of the file"),
        parse=cells.text(500), to="source_id", model=model, target=Source, required=True, example="invented-directory",
    )  # fmt: skip


def published(model: type[Record]) -> Column:
    return Column(
        name="published", says=_("Whether the public sees it; a new row is seen if nothing is said"),
        parse=cells.boolean, to="published", model=model, required=True, example="true",
    )  # fmt: skip


def of_source(model: type[Record]) -> tuple[Derived, ...]:
    column = source(model)
    return (
        Label(name="source", instead="source_key", column=column, lookup="title"),
        OfLink(name="source_url", instead="source_key", column=column, lookup="url"),
    )


def page(directory: Directory) -> Page:
    return Page(name="url", instead="key", value=shown_in(directory, "url"))


def row(directory: Directory, name: str, instead: str) -> OfRow:
    """A column of the public export that says something of the whole record."""
    return OfRow(name=name, instead=instead, value=shown_in(directory, name))


def shown_in(directory: Directory, name: str) -> Callable[[Any], Any]:
    return next(column.value for column in directory.columns if column.name == name)


def organization(model: type[Record], says: Any, *, required: bool = False) -> Link:
    return Link(
        name="organization", says=says, parse=cells.text(300), to="organization_id", model=model, target=Organization,
        required=required, example="invented-union" if required else "",
    )  # fmt: skip


def in_order(constraint: str, start: str, end: str) -> Rule:
    """The end does not lie before the beginning (models.base.begins_before_it_ends)."""

    def holds(state: State) -> bool:
        first, last = state[start], state[end]
        return not first or not last or PartialDate(first).earliest <= PartialDate(last).latest

    return Rule(constraint, end, holds)
