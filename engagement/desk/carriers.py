"""What may carry a contact's data among others': files that were brought, the admin's log, sessions, snapshots, titles.

Each is looked through whole for the marks of the contact (desk.traces), which takes as long as it takes: nobody erases
often.
"""

import json
from collections.abc import Collection, Iterator
from pathlib import PurePath
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagement.desk.marks import Marks
from engagement.desk.models import ImportRow, ImportRun, Operation, Outcome, RecordChange, RunState
from engagement.desk.traces import Subject, Trace, named
from engagement.models import Contact, Snapshot

# Public, at the address of a snapshot that was withdrawn.
REASON = "It held personal data, which were erased from the register."


def carried(subject: Subject) -> Iterator[Trace]:
    yield imports(subject)
    yield messages_of_log(subject)
    yield sessions(subject.marks)
    yield from snapshots(subject.marks)
    yield titles(subject.marks)
    yield from reasons(subject.marks)


# -- Imports -------------------------------------------------------------------------------------------------


def imports(subject: Subject) -> Trace:
    """Of a file with the contact in it nothing is kept but that it was brought, and the rows about others."""
    of_it = set(subject.changes(RecordChange).values_list("operation__run", flat=True))
    of_it |= set(ImportRow.objects.filter(run__kind="contacts", key__in=subject.keys).values_list("run", flat=True))
    about = [run for run in ImportRun.objects.order_by("pk").iterator(chunk_size=1) if holds(run, of_it, subject)]

    def clear() -> None:
        for run in about:
            clear_run(run, subject)

    numbers = tuple(run.pk for run in about)
    for run in about:
        run.body = b""  # not to be held in memory
    return Trace(_("Imports whose file is dropped"), len(about), clear, numbers)


def holds(run: ImportRun, of_it: Collection[int], subject: Subject) -> bool:
    if run.pk in of_it:
        return bool(run.body) or any(True for _row in rows_about(run, subject))
    said = [run.file_name, run.mapping, run.decisions, run.stopped_by]
    if subject.marks.in_value(said) or subject.marks.in_file(bytes(run.body)):
        return True
    return any(subject.marks.in_value(texts) for _pk, *texts in told_by_rows(run))


def told_by_rows(run: ImportRun) -> Any:
    names = ("pk", "key", "label", "differences", "problems", "candidates")
    return run.rows.values_list(*names).iterator(chunk_size=500)


def rows_about(run: ImportRun, subject: Subject) -> Iterator[int]:
    for pk, *texts in told_by_rows(run):
        key, label, *_told = texts
        if key in subject.keys or label in subject.said["name"] or subject.all_marks.in_value(texts):
            yield pk


def clear_run(run: ImportRun, subject: Subject) -> None:
    """Nobody can go on without the file: what was not applied is dropped, rows that were rejected go."""
    marks = subject.all_marks
    if run.state in (RunState.PLANNED, RunState.STOPPED):
        run.state = RunState.DROPPED
        run.rows.all().delete()
    run.rows.filter(outcome=Outcome.REJECTED).delete()
    about = [*rows_about(run, subject)]
    blank: dict[str, Any] = {"key": "", "label": "", "differences": [], "problems": [], "candidates": []}
    for pk in about:
        ImportRow.objects.filter(pk=pk).update(**blank)
    run.body = b""
    run.file_name = PurePath(run.file_name).suffix if marks.in_text(run.file_name) else run.file_name
    run.mapping = {name: told for name, told in run.mapping.items() if not marks.in_value([name, told])}
    run.decisions = {row: told for row, told in run.decisions.items() if not marks.in_text(told)}
    run.stopped_by = [each for each in run.stopped_by if not marks.in_value(each)]
    run.save(update_fields=["state", "body", "file_name", "mapping", "decisions", "stopped_by"])


# -- Words ---------------------------------------------------------------------------------------------------


def messages_of_log(subject: Subject) -> Trace:
    """Rows in the form of another record are named in what the admin's log says of that record."""
    with override(None):
        kind = str(Contact._meta.verbose_name)
    found: dict[int, str] = {}
    told = LogEntry.objects.exclude(change_message="").values_list("pk", "change_message")
    for pk, message in told.order_by("pk").iterator():
        said = parsed(message)
        blanked = without(said, subject, kind)
        if blanked != said:
            found[pk] = json.dumps(blanked) if isinstance(blanked, list) else blanked
    names = [pk for pk, text in LogEntry.objects.values_list("pk", "object_repr") if subject.marks.in_text(text)]

    def clear() -> None:
        LogEntry.objects.filter(pk__in=names).update(object_repr="")
        for pk, message in found.items():
            LogEntry.objects.filter(pk=pk).update(change_message=message)

    says = _("Entries of the admin's log: %(records)s") % {"records": _("others, which name it")}
    return Trace(says, len({*found, *names}), clear)


def parsed(message: str) -> Any:
    """What Django writes is a list in JSON; what others write may be a sentence."""
    try:
        said = json.loads(message)
    except ValueError:
        return message
    return said if isinstance(said, list) else message


def without(said: Any, subject: Subject, kind: str) -> Any:
    """The same without the name: exactly a contact's of that name, or any text that holds a mark."""
    if isinstance(said, dict):
        is_it = said.get("name") == kind and said.get("object") in subject.said["name"]
        return {name: "" if is_it and name == "object" else without(told, subject, kind) for name, told in said.items()}
    if isinstance(said, list):
        return [without(each, subject, kind) for each in said]
    return "" if isinstance(said, str) and subject.marks.in_text(said) else said


def sessions(marks: Marks) -> Trace:
    """Of those in which it stands, the values that hold it: mostly messages that nobody has seen yet."""
    found = [(each, told) for each in Session.objects.iterator() if marks.in_value(told := each.get_decoded())]

    def clear() -> None:
        for session, told in found:
            kept = {name: value for name, value in told.items() if not marks.in_value([name, value])}
            session.session_data = Session.objects.encode(kept)
            session.save(update_fields=["session_data"])

    return Trace(named(Session), len(found), clear)


def titles(marks: Marks) -> Trace:
    """An import is called by its file, which may be called by a person."""
    found = [pk for pk, title in Operation.objects.values_list("pk", "title") if marks.in_text(title)]
    return Trace(named(Operation), len(found), lambda: Operation.objects.filter(pk__in=found).update(title=""))


def reasons(marks: Marks) -> Iterator[Trace]:
    """The same of the histories, which give an operation's title as the reason."""
    for model in apps.get_app_config("engagement").get_models():
        if hasattr(model, "history_change_reason"):
            of_model: Any = model._base_manager.exclude(history_change_reason=None).order_by()
            told = of_model.values_list("history_change_reason", flat=True).distinct()
            for text in [text for text in told if marks.in_text(text)]:
                yield reason(of_model.filter(history_change_reason=text))


def reason(found: Any) -> Trace:
    says = _("Versions: %(records)s") % {"records": named(found.model)}
    return Trace(says, found.count(), lambda: found.update(history_change_reason=""))


# -- Snapshots -----------------------------------------------------------------------------------------------


def snapshots(marks: Marks) -> Iterator[Trace]:
    """Those that hold it are withdrawn, and say so; one whose very question names it can only be deleted."""
    asking, holding = [], []
    for snapshot in Snapshot.objects.order_by("pk").iterator(chunk_size=1):
        if marks.in_value([snapshot.query, snapshot.asked, snapshot.title, snapshot.facts]):
            asking.append(snapshot.pk)
        elif not snapshot.is_withdrawn and marks.in_cells(bytes(snapshot.body)):
            holding.append(snapshot.pk)

    def withdraw() -> None:
        for snapshot in Snapshot.objects.described().filter(pk__in=holding):
            snapshot.withdraw(REASON)

    yield Trace(_("Snapshots that are withdrawn"), len(holding), withdraw)
    found = Snapshot.objects.filter(pk__in=asking)
    yield Trace(_("Snapshots that are deleted, as their question names it"), len(asking), found.delete)
