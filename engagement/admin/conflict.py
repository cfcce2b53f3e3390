"""What two wrote into the same record: what is open between them, and the form once that is settled.

Three states meet in every field: `read`, as the form showed it; `now`, as the register has it; `mine`, as it was sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict

from engagement.desk.states import State, plain, state_of
from engagement.desk.versions import Unreadable, comparable, names_in_state, only, seal

# The names under which a form carries what was read, what a page of conflicts showed, and what is to be kept of it.
VERSION, SEEN, KEEP = "_version", "_seen", "_keep-"
THEIRS, MINE = "theirs", "mine"


class AsTyped(str):
    """What was entered where it is no value of the field."""


@dataclass
class Rows:
    """The rows of a formset: `read`, `now` and `records` by primary key, as text."""

    formset: Any
    read: dict[str, State]
    now: dict[str, State] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)

    @property
    def posted(self) -> list[tuple[int, str]]:
        """The number and the primary key of each row that was sent back as one that was there."""
        data, pk = self.formset.data, self.formset.model._meta.pk.name
        numbers = range(min(self.formset.initial_form_count(), self.formset.total_form_count()))
        return [(number, data.get(f"{self.formset.add_prefix(number)}-{pk}", "")) for number in numbers]

    def require_known(self) -> None:
        """Of a row that was not on the form nothing is known, so nothing of it is written."""
        if not all(pk in self.read for _number, pk in self.posted):
            raise Unreadable(self.formset.prefix)

    @property
    def are_stale(self) -> bool:
        return any(self.read[pk] != self.now.get(pk) for _number, pk in self.posted)

    def parts(self) -> Iterator["Part"]:
        for number, pk in self.posted:
            form = self.formset.forms[number]
            removing = self.formset.can_delete and bool(form[DELETION_FIELD_NAME].data)
            if removing or self.formset.can_change:
                yield Part(form, self.read[pk], self.now.get(pk), self.records.get(pk), removing, self, number)


@dataclass
class Part:
    """The record's form, or the form of one of its rows."""

    form: Any
    read: State
    now: State | None  # None: it is gone
    record: Any = None
    removing: bool = False
    rows: Rows | None = None
    number: int = 0

    @property
    def name(self) -> str:
        return self.form.prefix or ""

    @cached_property
    def names(self) -> dict[str, str]:
        return names_in_state(self.form._meta.model, self.form.base_fields)

    @cached_property
    def mine(self) -> State:
        return {name: entered(self.form, field, name) for field, name in self.names.items()}

    @property
    def is_stale(self) -> bool:
        return self.read != self.now


def entered(form: Any, field: str, name: str) -> Any:
    """What was entered in a field, as the record would say it; as it was typed, where it is no value."""
    if field in form.errors:
        typed = form[field].data
        return AsTyped(", ".join(map(str, typed)) if isinstance(typed, list) else typed or "")
    if form._meta.model._meta.get_field(field).many_to_many:
        return sorted(record.pk for record in form.cleaned_data.get(field) or ())
    return comparable(plain(getattr(form.instance, name)))


@dataclass
class Question:
    """A field, or (without one) whether a row is to be there. `at`: its name in the form's data."""

    at: str
    part: Part
    read: Any
    now: Any
    mine: Any
    field: str = ""
    is_open: bool = False  # they changed it: it takes an answer
    answer: str = ""
    preset: str = ""

    @property
    def kept(self) -> str:
        return self.answer or self.preset

    @property
    def is_unanswered(self) -> bool:
        return self.is_open and not self.answer


@dataclass
class Conflict:
    """A form and what has changed since it was read. `seen`: what a page has shown before, by name in the data."""

    data: QueryDict
    parts: list[Part]
    seen: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def questions(self) -> list[Question]:
        return [question for part in self.parts for question in self.questions_on(part)]

    @property
    def is_open(self) -> bool:
        return any(question.is_unanswered for question in self.questions)

    def questions_on(self, part: Part) -> Iterator[Question]:
        if part.now is None or part.removing:
            return self.questions_on_row(part)
        return self.questions_on_fields(part, part.now)

    def questions_on_row(self, part: Part) -> Iterator[Question]:
        """Deleted by one, changed by the other. What both have deleted is no question."""
        gone = part.now is None
        if (gone and part.removing) or not (gone or self.has_moved(part.name, part.read, part.now)):
            return
        mine = None if part.removing else part.mine
        preset = THEIRS if gone and mine == part.read else ""
        answer = self.answer(part.name, part.now)
        yield Question(part.name, part, part.read, part.now, mine, "", True, answer, preset)

    def questions_on_fields(self, part: Part, now: State) -> Iterator[Question]:
        """What either has changed, unless both now say the same."""
        for name, key in part.names.items():
            at, read, mine = part.form.add_prefix(name), part.read.get(key), part.mine[key]
            theirs, own = self.has_moved(at, read, now[key]), mine != read
            if mine != now[key] and (theirs or own):
                preset = MINE if not theirs else "" if own else THEIRS
                yield Question(at, part, read, now[key], mine, name, theirs, self.answer(at, now[key]), preset)

    def has_moved(self, at: str, read: Any, now: Any) -> bool:
        """Whether they changed it: since the form was read, or since a page showed it."""
        return bool(read != now or self.seen.get(at, now) != now)

    def answer(self, at: str, now: Any) -> str:
        """What was chosen, if it was chosen over what is there now."""
        chosen = self.data.get(KEEP + at, "")
        return chosen if chosen in (THEIRS, MINE) and at in self.seen and self.seen[at] == now else ""

    # -- Settled ---------------------------------------------------------------------------------------------

    def merged(self) -> QueryDict:
        """The form's data with what is kept of theirs, as if it had been filled in for what is there now."""
        data = without_answers(self.data)
        for question in self.questions:
            if question.kept == THEIRS and question.part.now is not None:
                put_theirs(data, question.part, question.field)
        for part in self.parts:
            if part.rows is None:
                data[VERSION] = seal(part.form.page, part.now)
        for rows in {id(part.rows): part.rows for part in self.parts if part.rows}.values():
            self.settle_rows(data, rows)
        return data

    def settle_rows(self, data: QueryDict, rows: Rows) -> None:
        again = {each.part.number for each in self.questions if each.part.rows is rows and self.is_made_again(each)}
        gone = [number for number, pk in rows.posted if pk not in rows.now]
        if gone:
            renumber(data, rows, gone, again)
        data[f"{rows.formset.prefix}-{VERSION}"] = seal(rows.formset.page, rows.now)

    @staticmethod
    def is_made_again(question: Question) -> bool:
        rows = question.part.rows
        return question.part.now is None and question.kept == MINE and rows is not None and rows.formset.can_add


def without_answers(data: QueryDict) -> QueryDict:
    """A copy without what only a page of conflicts sends."""
    copy = data.copy()
    for name in data:
        if name == SEEN or name.startswith(KEEP):
            del copy[name]
    return copy


def put_theirs(data: QueryDict, part: Part, name: str) -> None:
    """Enter what is there now: in one field, or in all of a row that is not to be deleted after all."""
    shown = type(part.form)(instance=part.record, prefix=part.form.prefix)
    for each in [name] if name else part.names:
        bound = shown[each]
        for key in [key for key in data if key == bound.html_name or key.startswith(f"{bound.html_name}_")]:
            if key == bound.html_name or isinstance(unwrapped(bound.field.widget), forms.MultiWidget):
                del data[key]
        for key, values in sent(bound.html_name, unwrapped(bound.field.widget), bound.value()).items():
            data.setlist(key, values)
    if not name:
        data.pop(part.form.add_prefix(DELETION_FIELD_NAME), None)


def unwrapped(widget: Any) -> Any:
    """Django's admin wraps the pickers of relations."""
    return getattr(widget, "widget", widget)


def sent(name: str, widget: Any, value: Any) -> dict[str, list[str]]:
    """What a browser sends of a field that shows the value."""
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"]} if widget.check_test(value) else {}
    if isinstance(widget, forms.MultiWidget):
        shown = value if isinstance(value, list) else widget.decompress(value) or []
        every = zip(widget.widgets_names, widget.widgets, shown, strict=True)  # type: ignore[attr-defined]
        return {key: each for suffix, of, one in every for key, each in sent(name + suffix, of, one).items()}
    text = widget.format_value(value)
    return {name: [str(each) for each in text] if isinstance(text, list) else ["" if text is None else str(text)]}


def renumber(data: QueryDict, rows: Rows, gone: list[int], again: set[int]) -> None:
    """Take out the rows that are gone; those that are made again stand at the end, as new ones."""
    formset = rows.formset
    initial, total = formset.initial_form_count(), formset.total_form_count()
    own = {number: taken_out(data, f"{formset.add_prefix(number)}-") for number in range(total)}
    stay = [number for number in range(initial) if number not in gone]
    order = [*stay, *range(initial, total), *(number for number in gone if number in again)]
    for place, number in enumerate(order):
        for name, values in own[number].items():
            is_key = name == formset.model._meta.pk.name
            data.setlist(f"{formset.add_prefix(place)}-{name}", [""] if number in gone and is_key else values)
    data[f"{formset.prefix}-{INITIAL_FORM_COUNT}"] = str(len(stay))
    data[f"{formset.prefix}-{TOTAL_FORM_COUNT}"] = str(len(order))


def taken_out(data: QueryDict, prefix: str) -> dict[str, list[str]]:
    """What stands under the prefix, removed from the data."""
    found = {name.removeprefix(prefix): data.getlist(name) for name in list(data) if name.startswith(prefix)}
    for name in found:
        del data[prefix + name]
    return found


def shown_by(form: Any) -> State:
    """What a form that is not filled in shows: of its record as that was read, not as it may be by now."""
    names = names_in_state(form._meta.model, form.base_fields)
    links = {
        many.name: sorted(record.pk for record in form.initial.get(many.name) or ())
        for many in form._meta.model._meta.many_to_many
        if many.name in names
    }
    return only(state_of(form.instance, links), list(names.values()))
