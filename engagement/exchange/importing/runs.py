"""Imports as staff know them: a file is brought, planned, decided on, applied or dropped. The admin and the command use
nothing else of this package.

Nothing is written to the register but by `apply`. A run keeps its file, so that any process can go on with it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement import freshness
from engagement.desk.journal import Overtaken, operation
from engagement.desk.models import ImportRow, ImportRun, Operation, OperationKind, Outcome, RunState
from engagement.exchange.importing import headers, reporting
from engagement.exchange.importing.applying import WRITTEN, Applier
from engagement.exchange.importing.base import Options, Problem, Refused
from engagement.exchange.importing.columns import REASONS, Column
from engagement.exchange.importing.comparing import Plan
from engagement.exchange.importing.kinds import KINDS, Kind
from engagement.exchange.importing.planning import Planner
from engagement.exchange.importing.reading import Line, Table, read

__all__ = [
    "KINDS", "Column", "Kind", "NotReady", "Options", "apply", "blank_file", "bring", "brought_before", "drop",
    "options_of", "own_file", "rejects_file", "replan", "unknown_headers",
]  # fmt: skip

BATCH = 500
LONGEST_NAME = 255
# Told again and again how many rows of the file have been read.
Progress = Callable[[int], object]
# What a decision of this number is about: every row that looks like a record which is there.
EVERY = "*"
# The fields of a run that planning sets.
OF_PLAN = ("body", "options", "mapping", "decisions", "state", "stopped_by", "counts", "revision")


class NotReady(Exception):
    """The run cannot be applied or planned as it stands: nothing was written. says: why, in words.

    rule: stopped, undecided, rejected, nothing, applied, dropped, outdated (planned anew: look at the new plan),
    refused (the database did).
    """

    def __init__(self, rule: str, says: str) -> None:
        super().__init__(says)
        self.rule, self.says = rule, says


# -- Bringing and planning -----------------------------------------------------------------------------------


def bring(
    kind: str,
    file_name: str,
    data: bytes,
    options: Options,
    actor: Any = None,
    *,
    mapping: Mapping[str, str] | None = None,
    decisions: Mapping[Any, str] | None = None,
    progress: Progress | None = None,
) -> ImportRun:
    """Keep the file and plan it. A file that cannot be read, or whose header is not understood, gives a STOPPED run,
    with why in `stopped_by`; of one that cannot be read the body is not kept, and it cannot be planned anew.

    mapping, decisions: as for `replan`, where they are known beforehand. A decision of "*" is about every look-alike.
    """
    run = ImportRun(
        kind=KINDS[kind].name,
        file_name=file_name.replace("\\", "/").rpartition("/")[2][-LONGEST_NAME:],
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        body=data,
        options=asdict(options),
        mapping=dict(mapping or {}),
        decisions={str(number): decision for number, decision in (decisions or {}).items()},
        actor=actor,
        actor_name=actor.get_username() if actor else "manage.py",
    )
    return plan(run, progress)


def replan(
    run: ImportRun,
    *,
    mapping: Mapping[str, str] | None = None,
    decisions: Mapping[Any, str] | None = None,
    options: Options | None = None,
) -> ImportRun:
    """Plan it anew, with what is given in place of, or (mapping, decisions) added to, what was there.

    mapping: header -> column, "" to leave it out. decisions: row -> "new", the key of a record, or "" to take it back.
    Raises NotReady for a run that was applied, dropped, undone, or whose file could not be read.
    """
    require_open(run)
    run.mapping = {**run.mapping, **(mapping or {})}
    decided = {**run.decisions, **{str(number): decision for number, decision in (decisions or {}).items()}}
    run.decisions = {number: decision for number, decision in decided.items() if decision}
    run.options = asdict(options) if options else run.options
    return plan(run)


def require_open(run: ImportRun) -> None:
    if run.state in (RunState.APPLIED, RunState.UNDONE):
        raise NotReady("applied", _("The file was imported already."))
    if run.state == RunState.DROPPED:
        raise NotReady("dropped", _("The import was dropped. Bring the file again."))
    if not run.body:
        raise NotReady("stopped", _("The file could not be read. Mend it, and bring it again."))


def plan(run: ImportRun, progress: Progress | None = None) -> ImportRun:
    """Plan it, outside of any transaction, and keep what came of it in one."""
    run.revision = freshness.revision()
    run.stopped_by, run.counts, run.state = [], {}, RunState.PLANNED
    try:
        table, found = opened(run)
        if found.problems:
            return stopped(run, list(found.problems))
        planner = planner_of(run, table, found)
        if problems := planner.problems():
            return stopped(run, problems)
        with Plan(planner) as made:
            made.take(counted(table.rows, progress))
            keep(run, made)
    except Refused as refused:
        run.body = b""
        return stopped(run, [Problem(0, "", "refused", refused.says)])
    return run


def counted(lines: Iterable[Line], progress: Progress | None) -> Iterator[Line]:
    """The lines; `progress` is told after each batch, and at the end."""
    number = 0
    for number, line in enumerate(lines, start=1):
        if progress and number % BATCH == 0:
            progress(number)
        yield line
    if progress:
        progress(number)


def opened(run: ImportRun) -> tuple[Table, headers.Headers]:
    table = read(run.file_name, bytes(run.body))
    return table, headers.known(table.header, KINDS[run.kind].accepted, run.mapping)


def planner_of(
    run: ImportRun, table: Table, found: headers.Headers, *, planned: Mapping[int, tuple[str, str]] | None = None
) -> Planner:
    return Planner(KINDS[run.kind], table.header, found.positions, options_of(run), run.decisions, planned=planned)


def stopped(run: ImportRun, problems: list[Problem]) -> ImportRun:
    run.state, run.stopped_by = RunState.STOPPED, [asdict(problem) for problem in problems]
    with transaction.atomic():
        save_plan(run)
        run.rows.all().delete()
    return run


def save_plan(run: ImportRun) -> None:
    """In a transaction. What was applied or dropped while this was planned stays as it is: NotReady."""
    if run._state.adding:
        run.save()
        return
    require_open(ImportRun.objects.select_for_update().get(pk=run.pk))
    run.save(update_fields=OF_PLAN)


def keep(run: ImportRun, made: Plan) -> None:
    run.counts = {outcome: made.counts[outcome] for outcome in Outcome.values}
    with transaction.atomic():
        save_plan(run)
        run.rows.all().delete()
        rows: list[ImportRow] = []
        for row in made:
            rows.append(row.as_row(run))
            if len(rows) == BATCH:
                freshness.insert(rows)
                rows.clear()
        freshness.insert(rows)


# -- Applying ------------------------------------------------------------------------------------------------


def apply(
    run: ImportRun, actor: Any = None, *, leave_out_rejected: bool = False, progress: Progress | None = None
) -> Operation:
    """Write what the plan says, as one operation. Raises NotReady, with nothing written."""
    run.refresh_from_db()
    require_ready(run, leave_out_rejected)
    require_current(run)
    applier: Applier | None = None
    try:
        with transaction.atomic():
            locked = ImportRun.objects.select_for_update().get(pk=run.pk)
            require_ready(locked, leave_out_rejected)
            if freshness.revision() != locked.revision:  # edited since it was looked at, a moment ago
                raise Overtaken([])
            with operation(OperationKind.IMPORT, locked.file_name, actor, savepoint=False) as journal:
                rows = locked.rows.filter(outcome__in=WRITTEN).values_list("number", "outcome", "key")
                planned = {number: (outcome, key) for number, outcome, key in rows}
                applier = Applier(KINDS[locked.kind], journal)
                table, found = opened(locked)
                planner = planner_of(locked, table, found, planned=planned)
                planner.problems()
                # What the other rows say was looked at when the plan was made, of this very revision.
                wanted = (line for line in counted(table.rows, progress) if line.number in planned)
                for batch in planner.batches(wanted):
                    applier.write(batch)
            locked.state, locked.operation = RunState.APPLIED, journal.operation
            locked.save(update_fields=["state", "operation"])
    except Overtaken as overtaken:
        plan(run)
        raise outdated() from overtaken
    except DatabaseError as error:
        raise NotReady("refused", refusal(applier, error)) from error
    run.refresh_from_db()
    assert run.operation is not None
    return run.operation


def require_ready(run: ImportRun, leave_out_rejected: bool) -> None:
    require_open(run)
    if run.state == RunState.STOPPED:
        raise NotReady("stopped", _("The file was not planned: see why it stopped."))
    if run.counts.get(Outcome.ALIKE):
        says = ngettext(
            "%(n)d row looks like a record that is there. Say which one it is, or that it is new.",
            "%(n)d rows look like records that are there. Say of each which one it is, or that it is new.",
            run.counts[Outcome.ALIKE],
        )
        raise NotReady("undecided", says % {"n": run.counts[Outcome.ALIKE]})
    if run.counts.get(Outcome.REJECTED) and not leave_out_rejected:
        says = ngettext(
            "%(n)d row is rejected. Mend it, or say that it is to be left out.",
            "%(n)d rows are rejected. Mend them, or say that they are to be left out.",
            run.counts[Outcome.REJECTED],
        )
        raise NotReady("rejected", says % {"n": run.counts[Outcome.REJECTED]})
    if not any(run.counts.get(outcome) for outcome in WRITTEN):
        raise NotReady("nothing", _("There is nothing to do: the register says all of it already."))


def require_current(run: ImportRun) -> None:
    """Where the register has changed since, plan it anew; what comes out otherwise is to be looked at first."""
    if freshness.revision() == run.revision:
        return
    before = fingerprint(run)
    plan(run)
    if fingerprint(run) != before:
        raise outdated()


def outdated() -> NotReady:
    return NotReady("outdated", _("The register has changed since the plan was made. Look at the new plan."))


def fingerprint(run: ImportRun) -> str:
    """What the plan says, to be compared."""
    told = hashlib.sha256()
    for row in run.rows.order_by("number").values_list("number", "outcome", "key", "differences").iterator():
        told.update(json.dumps(row, ensure_ascii=False).encode())
    return told.hexdigest()


def refusal(applier: Applier | None, error: DatabaseError) -> str:
    number, why = applier.refused() if applier else (0, "")
    says = _("The database refused it, and nothing was written.")
    if number:
        return f"{says} " + _("Row %(row)d: %(why)s") % {"row": number, "why": why}
    between = [row.number for row in applier.at] if applier else []
    where = _("Between rows %(first)d and %(last)d: ") % {"first": between[0], "last": between[-1]} if between else ""
    return f"{says} {where}{' '.join(str(error).split())}"


def drop(run: ImportRun) -> None:
    """Give it up: its rows and its file go, that it was brought stays. Raises NotReady for one that was applied."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state in (RunState.APPLIED, RunState.UNDONE):
            require_open(locked)
        locked.rows.all().delete()
        locked.state, locked.body = RunState.DROPPED, b""
        locked.save(update_fields=["state", "body"])
    run.refresh_from_db()


# -- What there is to know of a run --------------------------------------------------------------------------


def options_of(run: ImportRun) -> Options:
    """How the run's file is read."""
    return Options(**run.options)


def brought_before(run: ImportRun) -> list[ImportRun]:
    """Earlier runs of the very same file (kind and SHA-256), the newest first; without their bodies."""
    same = ImportRun.objects.filter(kind=run.kind, sha256=run.sha256, pk__lt=run.pk)
    return list(same.defer("body", "decisions", "mapping", "stopped_by"))


def unknown_headers(run: ImportRun) -> list[tuple[str, str]]:
    """Of a run that stopped at its header: each header that is not known, and the column that it may be, or ""."""
    rules = ("header-unknown", "header-alike", "mapping-unknown", "column-twice")
    return [(each["column"], each["suggestion"]) for each in run.stopped_by if each["rule"] in rules]


# -- Files to take away --------------------------------------------------------------------------------------


def rejects_file(run: ImportRun) -> Iterator[bytes]:
    """The rejected rows as CSV, as they were, with why before each: to mend and bring again."""
    rows = run.rows.filter(outcome=Outcome.REJECTED).values_list("number", "problems")
    problems = {number: [Problem(**each) for each in told] for number, told in rows.iterator()}
    table, found = opened(run)
    reasons = {each.name for each in REASONS}
    places = sorted((place, name) for name, place in found.positions.items() if name not in reasons)
    return reporting.rejects(table, dict(places), problems)


def own_file(kind: str, form: str) -> Iterator[bytes]:
    """All that the register has of the kind, unpublished and private records too. form: csv or xlsx."""
    return reporting.own(KINDS[kind], form)


def blank_file(kind: str, form: str = "csv") -> Iterator[bytes]:
    """The header and one invented row."""
    return reporting.blank(KINDS[kind], form)
