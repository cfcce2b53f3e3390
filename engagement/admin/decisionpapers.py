"""The papers of a decision set: the annex, in groups and by name, and the rows for letters; nothing personal in them.

They are in the language that the link names, whatever the language of whoever asks for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from engagement.desk.decisions import items_of
from engagement.desk.models import DecisionAction, DecisionItem, DecisionSet
from engagement.models import NameKind, Organization, OrganizationKind, OrganizationName
from engagement.models.languages import in_language
from engagement.search import normalise

GROUPS = {
    OrganizationKind.EMPLOYERS: gettext_lazy("Employers’ organizations"),
    OrganizationKind.WORKERS: gettext_lazy("Workers’ organizations"),
    "": gettext_lazy("Other organizations"),
}
DECIDED = {
    DecisionAction.GRANT: gettext_lazy("Status granted"),
    DecisionAction.END: gettext_lazy("Status ended"),
    DecisionAction.INVITE: gettext_lazy("Invited to the meeting"),
    DecisionAction.DEFER: gettext_lazy("Deferred"),
    DecisionAction.DECLINE: gettext_lazy("Declined"),
}
ANNEX = ("group", "name", "acronym", "decision", "category_or_meeting", "since", "document", "paragraph", "url")
LETTERS = (
    "name", "acronym", "decision", "category_or_meeting", "date", "document", "paragraph", "receipt", "language", "url",
)  # fmt: skip
BETWEEN = "; "  # of several decisions on one organization


@dataclass(frozen=True)
class Line:
    """One decision, in words. `subject`: the category, with its region, or the meeting."""

    item: DecisionItem
    group: str
    name: str
    decision: str
    subject: str

    @property
    def acronym(self) -> str:
        body, asked = self.item.organization, self.item.request
        return body.acronym if body else asked.acronym if asked else ""

    @property
    def receipt(self) -> str:
        return self.item.request.receipt if self.item.request else ""

    @property
    def path(self) -> str:
        body = self.item.organization
        return body.get_absolute_url() if body and body.published else ""


def lines_of(decision_set: DecisionSet) -> list[Line]:
    """By name in the language of the page."""
    items = items_of(decision_set)
    local = local_names([item.organization for item in items if item.organization])
    lines = [line_of(item, local) for item in items]
    return sorted(lines, key=lambda line: (normalise(line.name), line.item.organization_id or 0, line.item.pk))


def line_of(item: DecisionItem, local: dict[int, str]) -> Line:
    body, asked = item.organization, item.request
    name = local.get(body.pk, body.name) if body else asked.name if asked else ""
    group = body.kind if body and body.kind in GROUPS else ""
    return Line(item, group, name, str(DECIDED[DecisionAction(item.action)]), subject_of(item))


def subject_of(item: DecisionItem) -> str:
    if item.meeting and (item.action == DecisionAction.INVITE or not item.category):
        return str(item.meeting)
    category = item.status.category if item.status else item.category
    region = item.status.region if item.status else item.region
    named = in_language(category, "name") if category else ""
    return f"{named} ({region})" if region else named


def local_names(bodies: list[Organization]) -> dict[int, str]:
    """By organization what it is called in the language of the page, where that is another name than its own."""
    language = get_language()
    others = [body.pk for body in bodies if body.name_lang != language]
    names = OrganizationName.objects.published().filter(organization__in=others, kind=NameKind.LANGUAGE, lang=language)
    current = names.filter(until="").order_by("-key")
    return dict(current.values_list("organization_id", "name"))


def grouped(lines: list[Line]) -> Iterator[tuple[Any, list[Line]]]:
    for group, title in GROUPS.items():
        if found := [line for line in lines if line.group == group]:
            yield title, found


def annex_cells(decision_set: DecisionSet, home: str) -> Iterator[list[object]]:
    for title, lines in grouped(lines_of(decision_set)):
        for line in lines:
            yield [str(title), line.name, line.acronym, line.decision, line.subject, *written(decision_set, line, home)]


def written(decision_set: DecisionSet, line: Line, home: str) -> list[object]:
    url = home + line.path if line.path else ""
    return [decision_set.date.isoformat(), decision_set.document, decision_set.paragraph, url]


def letter_cells(decision_set: DecisionSet, home: str) -> Iterator[list[object]]:
    """One row for each organization, whatever was decided about it."""
    by_body: dict[Any, list[Line]] = {}
    for line in lines_of(decision_set):
        by_body.setdefault(line.item.organization_id or line.receipt, []).append(line)
    for lines in by_body.values():
        date, document, paragraph, url = written(decision_set, lines[0], home)
        asked = [line.item.request for line in lines if line.item.request]
        yield [
            lines[0].name,
            lines[0].acronym,
            BETWEEN.join(line.decision for line in lines),
            BETWEEN.join(line.subject for line in lines),
            *(date, document, paragraph),
            BETWEEN.join(each.receipt for each in asked),
            BETWEEN.join(dict.fromkeys(each.language for each in asked)),
            url,
        ]


def title_of(decision_set: DecisionSet) -> str:
    return _("Annex: decisions on organizations, %(session)s") % {"session": decision_set.session}
