"""Pages for forms that cannot be saved as they are: what two wrote, side by side; what was entered, to be copied."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagement.admin.conflict import KEEP, MINE, SEEN, THEIRS, AsTyped, Conflict, Part, Question, without_answers
from engagement.admin.differing import Names, differences, relations, worded
from engagement.desk.states import State, different, state_of
from engagement.desk.versions import deletions_of, notes_on, seal

CSRF = "csrfmiddlewaretoken"


@dataclass
class Line:
    """A label and a text; of a whole row there are several to a cell."""

    label: str
    text: str


@dataclass
class Choice:
    value: str
    lines: list[Line]
    label: str = ""  # '' where it cannot be chosen
    is_kept: bool = False


@dataclass
class Shown:
    """A question as the page asks it."""

    name: str
    label: str
    read: list[Line]
    choices: list[Choice]
    is_unanswered: bool
    by_both: bool


@dataclass
class Section:
    """The questions on the record, or on one of its rows, and who made them arise."""

    title: str
    questions: list[Shown]
    notes: list[Any]
    is_told: bool  # the history says who did it


# By model, record and field the row of history in which it came to say what it says; field '': its deletion.
Notes = dict[tuple[Any, int, str], Any]

# -- Two wrote -----------------------------------------------------------------------------------------------


def conflict_page(admin: Any, request: HttpRequest, found: Conflict, record: Any, page: str) -> TemplateResponse:
    """Ask of each field whose is to stay. `page`: what the seal of what is shown here is good for."""
    parts = [part for part in found.parts if any(each.is_open for each in found.questions if each.part is part)]
    shown = [each for each in found.questions if each.part in parts]
    words = Words(shown)
    notes = written_by(parts, shown)
    context = {
        "title": _("Changed by another meanwhile"),
        "subtitle": str(record) if record else None,
        "sections": [section(part, [each for each in shown if each.part is part], words, notes) for part in parts],
        "carried": carried(found),
        "seen_name": SEEN,
        "seen": seal(page, {each.at: each.now for each in shown}),
        "is_asked_again": SEEN in found.data,
    }
    return answer(admin, request, "conflict", 409, context, record)


def answer(
    admin: Any, request: HttpRequest, name: str, status: int, context: dict[str, Any], record: Any = None
) -> TemplateResponse:
    request.current_app = admin.admin_site.name
    common = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": record,
        "is_popup": IS_POPUP_VAR in request.POST,
        "anew": request.get_full_path(),
    }
    return TemplateResponse(request, f"admin/engagement/{name}.html", {**common, **context}, status=status)


def carried(found: Conflict) -> list[tuple[str, str]]:
    """All that was sent, to be sent again."""
    data = without_answers(found.data)
    return [(name, value) for name, values in data.lists() if name != CSRF for value in values]


def section(part: Part, questions: list[Question], words: "Words", notes: Notes) -> Section:
    told = {row.pk: row for each in questions if each.is_open for row in noted(each, notes)}
    return Section(
        title=words.title(part),
        questions=[words.shown(each) for each in questions],
        notes=[told[number] for number in sorted(told)],
        is_told=all(noted(each, notes) for each in questions if each.is_open),
    )


def written_by(parts: list[Part], questions: list[Question]) -> Notes:
    """Who changed what is asked about, by record and field; with a field '' who deleted the record."""
    wanted: defaultdict[Any, dict[int, State]] = defaultdict(dict)
    gone: defaultdict[Any, set[int]] = defaultdict(set)
    for part in parts:
        model = part.form._meta.model
        if part.record is None or part.now is None:
            gone[model].add(pk_of(part))
            continue
        moved = {name for each in questions if each.part is part and each.is_open for name in moved_in(each)}
        wanted[model][pk_of(part)] = {name: part.now[name] for name in moved}
    notes: Notes = {}
    for model, now in wanted.items():
        notes |= {(model, pk, name): row for (pk, name), row in notes_on(model, now).items()}
    for model, pks in gone.items():
        notes |= {(model, pk, ""): row for pk, row in deletions_of(model, pks).items()}
    return notes


def pk_of(part: Part) -> int:
    if part.record is not None:
        return int(part.record.pk)
    return int(dict(part.rows.posted)[part.number]) if part.rows else 0


def moved_in(question: Question) -> list[str]:
    """The names in a state of what they changed."""
    if question.field:
        return [question.part.names[question.field]]
    return different(question.read, question.now) if question.now else [""]


def noted(question: Question, notes: Notes) -> list[Any]:
    model, pk = question.part.form._meta.model, pk_of(question.part)
    return [notes[model, pk, name] for name in moved_in(question) if (model, pk, name) in notes]


class Words:
    """What states say in words. The records that they point to are read together, with a query a model."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.names = Names(state for question in questions for state in states_in(question))

    def title(self, part: Part) -> str:
        """A row that is gone has no name any more."""
        kind = capfirst(part.form._meta.model._meta.verbose_name)
        for field in relations(type(part.record)) if part.record else ():
            key = None if field.many_to_many else getattr(part.record, field.attname)
            if self.names.is_there(field.related_model, key):
                setattr(part.record, field.name, self.names.records[field.related_model][key])
        return f"{kind}: {part.record}" if part.record else str(kind)

    def shown(self, question: Question) -> Shown:
        label = capfirst(label_of(question.part.form, question.field)) if question.field else _("The row")
        theirs, mine = labels(question)
        return Shown(
            name=KEEP + question.at,
            label=str(label),
            read=self.lines(question, question.read),
            choices=[
                Choice(THEIRS, self.lines(question, question.now), theirs, question.kept == THEIRS),
                Choice(MINE, self.lines(question, question.mine), mine, question.kept == MINE),
            ],
            is_unanswered=question.is_unanswered,
            by_both=not question.preset,
        )

    def lines(self, question: Question, value: Any) -> list[Line]:
        if question.field:
            return [Line("", self.text(question.part.form, question.field, value))]
        if value is None:
            return [Line("", _("deleted"))]
        form, names = question.part.form, question.part.names
        told = (Line(label_of(form, field), self.text(form, field, value[name])) for field, name in names.items())
        return [line for line in told if line.text]

    def text(self, form: Any, name: str, value: Any) -> str:
        field = form._meta.model._meta.get_field(name)
        if isinstance(value, AsTyped):
            return str(value)
        if field.many_to_many:
            return ", ".join(sorted(self.names.of(field.related_model, pk) for pk in value or ()))
        return worded(field, value, self.names)


def states_in(question: Question) -> Iterator[tuple[Any, State]]:
    """What is known of the record by each of the three, without what is no value; and all that names it."""
    model, part = question.part.form._meta.model, question.part
    if part.record:
        yield model, state_of(part.record, {})
    for state in (part.read, part.now, part.mine):
        yield model, {name: value for name, value in (state or {}).items() if not isinstance(value, AsTyped)}


def label_of(form: Any, name: str) -> str:
    return str(capfirst(form.fields[name].label or name))


def labels(question: Question) -> tuple[str, str]:
    """What keeping the one or the other is called."""
    if question.field:
        return _("Keep theirs"), _("Keep mine")
    if question.part.removing:
        return _("Keep the row as it is now"), _("Delete it")
    rows = question.part.rows
    return _("Leave it deleted"), _("Add it again as I have it") if rows and rows.formset.can_add else ""


# -- Nothing to save it over ---------------------------------------------------------------------------------


def lost(
    admin: Any, request: HttpRequest, why: Any, status: int, forms: Iterable[Any], pk: Any = None
) -> TemplateResponse:
    """Say why nothing was saved, and show what was entered. `pk`: of the record that is gone."""
    context = {
        "title": _("Not saved"),
        "why": why,
        "notes": [] if pk is None else list(deletions_of(admin.model, [int(pk)]).values()),
        "is_gone": pk is not None,
        "entered": entered(forms),
    }
    return answer(admin, request, "conflict_lost", status, context)


def entered(forms: Iterable[Any]) -> list[tuple[str, list[Line]]]:
    """What was entered in each form, of the record and of its rows."""
    parts = [Part(form, {}, None) for form in forms if is_filled_in(form)]
    words = Words([Question("", part, None, None, part.mine) for part in parts])
    lines = [(part, words.lines(Question("", part, None, None, part.mine), part.mine)) for part in parts]
    return [(words.title(part), of_part) for part, of_part in lines if of_part]


def is_filled_in(form: Any) -> bool:
    """Rows that are only read send nothing but their keys."""
    return form.has_changed() and any(form[name].html_name in form.data for name in form.base_fields)


def forms_sent(admin: Any, request: HttpRequest) -> Iterator[Any]:
    """The forms that were filled in, as of a record that is not there."""
    form = admin.get_form(request, None, change=False)(request.POST, request.FILES)
    formsets, _inlines = admin._create_formsets(request, form.instance, change=False)
    yield form
    for formset in formsets:
        yield from formset.forms


def changes(record: Any, read: State, now: State) -> dict[str, Any]:
    """For the page that asks once more whether to delete: what the record says now and did not say before."""
    model = type(record)
    told = differences(model, read, now, Names([(model, read), (model, now)]))
    notes = notes_on(model, {record.pk: {name: now[name] for name in different(read, now)}})
    return {"is_overtaken": True, "changes": told, "notes": list({row.pk: row for row in notes.values()}.values())}
