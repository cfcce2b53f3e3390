"""The meeting check: whom names that are pasted mean, and whether each may attend a meeting on a day.

What is pasted leaves no trace: it comes by POST, is answered at once and is neither kept in a session nor logged; an
error report would not hold it, caches are told not to store the page, and nothing of it stands in an address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from engagement.directories.questions import Question
from engagement.directories.recognizing import Candidate, Recognition, Result, recognized
from engagement.directories.searching import PORTION
from engagement.directories.standing_at import Answer, Occasion, Standing, standings
from engagement.exchange.tables import csv_response
from engagement.freshness import catch_up
from engagement.models import Meeting, Organization, ParticipationRight
from engagement.models.languages import in_language
from engagement.views.pasting import DayRule, Line, MeetingCheckForm
from engagement.web.addresses import address, pairs_of, tidied

TEMPLATE = "engagement/meeting_check.html"
SHOWN = 8  # organizations that one line may mean; of more, it is said how many there are


class MeetingQuestion(Question):
    """What the empty form may be asked: which meeting stands chosen in it."""

    meeting = django_filters.ModelChoiceFilter(
        queryset=lambda _request: Meeting.objects.published(), to_field_name="slug"
    )


@sensitive_variables()
@sensitive_post_parameters()
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_check(request: HttpRequest) -> HttpResponse:
    """The form; to a POST the answers below it, the same as a file, or a 400 that names what is wrong."""
    query = tidied(request.GET)
    question = MeetingQuestion(query)
    if problems := question.problems():
        return page(request, MeetingCheckForm(), status=400, problems=problems)
    if address(request.path, pairs_of(query)) != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(address(request.path, pairs_of(query)))
    if request.method != "POST":
        return page(request, MeetingCheckForm(initial={"meeting": query.get("meeting", "")}))
    form = MeetingCheckForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=400)
    check = checked(form)
    if request.POST.get("format") == "csv":
        return csv_response(f"meeting-check-{check.occasion.day.isoformat()}.csv", HEADER, cells(request, check))
    return page(request, form, check=check)


def page(request: HttpRequest, form: MeetingCheckForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "known": Organization.objects.published().count(), **more}
    return render(request, TEMPLATE, context, status=status)


# -- The answers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """The answer to one line: what is made of it and, where one organization is meant or may be, its standing."""

    line: Line
    recognition: Recognition
    standing: Standing | None
    rules: tuple[tuple[int, ParticipationRight], ...]

    @property
    def chosen(self) -> Candidate | None:
        return self.recognition.chosen

    @property
    def shown(self) -> tuple[Candidate, ...]:
        return self.recognition.candidates[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.recognition.candidates) - len(self.shown)

    @property
    def untold(self) -> str:
        """Why there is no answer, where no single organization is meant."""
        if self.recognition.result is Result.UNKNOWN:
            return _("Not found; that is no proof that it holds nothing.")
        return "" if self.chosen else _("Several organizations may be meant: put the name of one in its place.")


@dataclass(frozen=True)
class Check:
    """All the answers, what they were asked for, and the rights that they cite, numbered from one."""

    occasion: Occasion
    day_rule: DayRule
    rows: list[Row]
    rights: list[ParticipationRight]

    @property
    def counts(self) -> dict[str, int]:
        return {result.value: sum(row.recognition.result is result for row in self.rows) for result in Result}


def checked(form: MeetingCheckForm) -> Check:
    """The answers to a valid form, in a fixed number of queries for however many lines."""
    catch_up(limit=PORTION)
    occasion, day_rule = form.occasion()
    lines: list[Line] = form.cleaned_data["names"]
    made = recognized([line.name for line in lines])
    chosen = {each.chosen.organization for each in made if each.chosen}
    told = standings(sorted(chosen, key=lambda body: body.pk), occasion)
    numbers: dict[ParticipationRight, int] = {}
    rows = []
    for line, recognition in zip(lines, made, strict=True):
        standing = told[recognition.chosen.organization.pk] if recognition.chosen else None
        rights = standing.rights if standing else ()
        rules = tuple((numbers.setdefault(right, len(numbers) + 1), right) for right in rights)
        rows.append(Row(line, recognition, standing, rules))
    return Check(occasion, day_rule, rows, list(numbers))


# -- The file -------------------------------------------------------------------------------------------------------

HEADER = (
    "line", "pasted", "result", "result_label", "key", "name", "reason", "reason_label", "matched_name", "replaced",
    "others", "category", "category_label", "standing", "standing_label", "standing_source", "standing_as_of",
    "invited", "answer", "answer_label", "rule", "rule_label", "rule_holds_if", "meeting", "kind", "kind_label", "day",
    "day_rule", "source", "source_url", "as_of", "url",
)  # fmt: skip
BETWEEN = "; "  # of several values in one cell
IF_IT_HELD, NOTHING = "if-the-standing-holds", "nothing-recorded"


def cells(request: HttpRequest, check: Check) -> Iterator[list[object]]:
    """The rows of the page as rows of a file, codes beside labels."""
    occasion = check.occasion
    meeting = occasion.meeting.slug if occasion.meeting else ""
    asked = [meeting, occasion.kind.value, occasion.kind.label, occasion.day.isoformat(), check.day_rule.value]
    for row in check.rows:
        url = request.build_absolute_uri(row.chosen.organization.get_absolute_url()) if row.chosen else ""
        yield [
            row.line.number,
            row.line.pasted,
            row.recognition.result.value,
            row.recognition.result.label,
            *match_cells(row),
            *standing_cells(row.standing),
            *answer_cells(row),
            *asked,
            *evidence_cells(row.standing),
            url,
        ]


def match_cells(row: Row) -> list[object]:
    if not row.chosen:
        return [*[""] * 6, BETWEEN.join(each.organization.slug for each in row.shown)]
    body, why, alias = row.chosen.organization, row.chosen.why, row.chosen.alias
    replaced = BETWEEN.join(f"{typed} > {word}" for typed, word in row.chosen.replaced)
    return [body.slug, body.name, why.value, why.label, alias.name or body.name, replaced, ""]


def standing_cells(standing: Standing | None) -> list[str]:
    if standing is None:
        return [""] * 6
    if not standing.holdings:
        return ["", "", NOTHING, _("nothing is recorded; that is no proof that there is nothing"), "", ""]
    held = standing.holdings
    return [
        BETWEEN.join(each.category.slug if each.category else "" for each in held),
        BETWEEN.join(str(each.category or "") for each in held),
        BETWEEN.join(each.held.value for each in held),
        BETWEEN.join(each.sentence for each in held),
        BETWEEN.join(each.fact.source.title for each in held),
        BETWEEN.join(each.fact.as_of for each in held),
    ]


def answer_cells(row: Row) -> list[object]:
    standing = row.standing
    if standing is None:
        return ["", "", row.untold, "", "", ""]
    return [
        "yes" if standing.invitation else "",
        standing.answer.value,
        standing.answer.label,
        BETWEEN.join(right.key for right in standing.rights),
        BETWEEN.join(in_language(right, "right") for right in standing.rights),
        IF_IT_HELD if standing.rights and standing.answer is Answer.UNKNOWN else "",
    ]


def evidence_cells(standing: Standing | None) -> list[str]:
    """Of what the answer rests on: the invitation where it is one, and the rights."""
    if standing is None:
        return [""] * 3
    invitation = [standing.invitation] if standing.answer is Answer.INVITED else []
    facts: list[Any] = [*invitation, *standing.rights]
    return [
        BETWEEN.join(fact.source.title for fact in facts),
        BETWEEN.join(fact.source.url for fact in facts),
        BETWEEN.join(fact.as_of for fact in facts),
    ]
