"""What the page of an import shows: its rows, how many there are of which outcome, and what confirming would do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.admin.deskpages import ON_A_PAGE
from engagement.desk.models import ImportRow, ImportRun, Outcome, RunState
from engagement.exchange.importing import runs
from engagement.exchange.importing.runs import Kind

NEW = "new"
# The rules that an option for the whole file may settle (exchange.importing.base.Options).
OF_THE_WHOLE = frozenset({"source", "as-of", "date-ambiguous"})


@dataclass(frozen=True)
class Candidate:
    """A record that a row may be."""

    key: str
    label: str
    why: str
    score: int
    url: str


@dataclass(frozen=True)
class Shown:
    """A row of the file. url: of the record in the admin, '' where there is none yet. decision: what staff said."""

    row: ImportRow
    url: str
    candidates: tuple[Candidate, ...]
    decision: str

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.row.outcome).label)


@dataclass(frozen=True)
class Tab:
    """The rows of one outcome, '' for all."""

    value: str
    label: str
    count: int


def shown_rows(run: ImportRun, kind: Kind, rows: Sequence[ImportRow]) -> list[Shown]:
    """The rows with links to their records, all of which take one query."""
    keys = {row.key for row in rows} | {one["key"] for row in rows for one in row.candidates}
    urls = urls_of(kind, keys - {""})
    return [
        Shown(
            row=row,
            url=urls.get(row.key, ""),
            candidates=tuple(candidate(one, urls) for one in row.candidates),
            decision=run.decisions.get(str(row.number), ""),
        )
        for row in rows
    ]


def said_for_the_whole(row: ImportRow) -> bool:
    """Is something wrong with the row that can be said once for the whole file?"""
    return any(problem["rule"] in OF_THE_WHOLE for problem in row.problems)


def candidate(told: dict[str, Any], urls: dict[str, str]) -> Candidate:
    return Candidate(told["key"], told["label"], told["why"], told["score"], urls.get(told["key"], ""))


def urls_of(kind: Kind, keys: set[str]) -> dict[str, str]:
    field, name = kind.model.key_field, kind.model._meta.model_name
    found = kind.model._base_manager.filter(**{f"{field}__in": keys}).values_list(field, "pk")
    return {key: reverse(f"admin:engagement_{name}_change", args=[pk]) for key, pk in found}


def tabs(run: ImportRun) -> list[Tab]:
    of_each = [Tab(value, str(label), count_of(run, value)) for value, label in Outcome.choices]
    return [Tab("", _("All rows"), sum(tab.count for tab in of_each)), *(tab for tab in of_each if tab.count)]


def count_of(run: ImportRun, outcome: str) -> int:
    return int(run.counts.get(outcome, 0))


def effects(run: ImportRun) -> list[str]:
    """What applying the plan would do, in words."""
    said = (
        (Outcome.NEW, lambda n: ngettext("%(n)d row makes a new record.", "%(n)d rows make new records.", n)),
        (Outcome.CHANGED, lambda n: ngettext("%(n)d row changes a record.", "%(n)d rows change records.", n)),
        (
            Outcome.UNCHANGED,
            lambda n: ngettext(
                "%(n)d row says what the register says already.", "%(n)d rows say what the register says already.", n
            ),
        ),
        (
            Outcome.REJECTED,
            lambda n: ngettext("%(n)d rejected row is left out.", "%(n)d rejected rows are left out.", n),
        ),
    )
    counts = [(count_of(run, outcome), words) for outcome, words in said]
    return [words(count) % {"n": count} for count, words in counts if count]


def done(run: ImportRun) -> str:
    """What applying it did."""
    counts = {str(outcome): count_of(run, outcome) for outcome in Outcome}
    return _("Imported. New: %(new)d, changed: %(changed)d, unchanged: %(unchanged)d, left out: %(rejected)d.") % counts


def planned(run: ImportRun) -> str:
    """What reading the file came to."""
    if run.state == RunState.STOPPED:
        return _("The file cannot be read as it is. Problems: %(count)d.") % {"count": len(run.stopped_by)}
    counts = {str(outcome): count_of(run, outcome) for outcome in Outcome}
    said = _(
        "Rows read: %(all)d. New: %(new)d, changed: %(changed)d, unchanged: %(unchanged)d, to be decided: %(alike)d, "
        "rejected: %(rejected)d."
    )
    return said % {"all": sum(counts.values()), **counts}


def seal(run: ImportRun) -> str:
    """Stands for the plan that a page shows: whoever confirms confirms that one and no other."""
    plan = [run.revision, run.counts, run.options, run.mapping, run.decisions]
    return salted_hmac("engagement.admin.imports", json.dumps(plan, sort_keys=True)).hexdigest()


def decided(run: ImportRun, sent: QueryDict) -> dict[int | str, str]:
    """The decisions that a form sent; ValueError for one that is none of those offered.

    number: the rows that it shows. row-N: what row N is. rest_new: those of which it says nothing are new. take_back:
    the row whose decision is to be forgotten. every_new: all that look like a record, on whichever page.
    """
    decisions: dict[int | str, str] = {}
    if "every_new" in sent:
        decisions[runs.EVERY] = NEW
        return decisions
    if "take_back" in sent:
        decisions[str(sent["take_back"])] = ""
        return decisions
    numbers = [int(number) for number in sent.getlist("number") if number.isdecimal()][:ON_A_PAGE]
    for row in run.rows.filter(number__in=numbers, outcome=Outcome.ALIKE):
        said = sent.get(f"row-{row.number}") or (NEW if "rest_new" in sent else "")
        if said not in {"", NEW, *(one["key"] for one in row.candidates)}:
            raise ValueError(said)
        if said:
            decisions[row.number] = said
    return decisions
