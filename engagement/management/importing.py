"""What `manage.py import_data` and `undo_operation` do: the same runs as the staff's pages, told in lines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db import DatabaseError

from engagement.desk.journal import Overtaken
from engagement.desk.models import ImportRun, Operation, Outcome, RunState
from engagement.desk.undoing import TooLate, undo
from engagement.exchange.importing import runs
from engagement.exchange.importing.base import Options, Problem
from engagement.exchange.importing.limits import MOST_BYTES
from engagement.exchange.importing.rows import NOTE
from engagement.freshness import catch_up
from engagement.management.progress import Bar

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Wish:
    """What the command was asked for. mapping: header -> column."""

    commit: bool
    leave_out_rejected: bool
    look_alikes_new: bool
    mapping: Mapping[str, str]
    options: Options


def import_file(kind: str, path: Path, wish: Wish, tell: Tell, warn: Tell) -> bool:
    """Whether all is well. Without `commit` nothing stays; with it nothing is written unless all is well, or what is
    not is to be left out."""
    if kind not in runs.KINDS:
        raise CommandError(f"{kind} is none of {', '.join(runs.KINDS)}")
    decisions = {runs.EVERY: "new"} if wish.look_alikes_new else {}
    try:
        with Bar("Reading", unit="rows") as bar:
            run = runs.bring(
                kind,
                path.name,
                bytes_of(path),
                wish.options,
                mapping=wish.mapping,
                decisions=decisions,
                progress=bar.reached,
            )
    except DatabaseError as error:
        raise CommandError(f"Database: {' '.join(str(error).split())}") from error
    try:
        well = told(run, path, tell, warn)
        return commit(run, wish, tell) if wish.commit and (well or wish.leave_out_rejected) else well
    finally:
        if run.state != RunState.APPLIED:
            run.delete()


def bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{error.strerror}: {error.filename}") from error


def told(run: ImportRun, path: Path, tell: Tell, warn: Tell) -> bool:
    """Say what the plan is, and, a line each, what is wrong; whether nothing is."""
    for before in runs.brought_before(run):
        tell(f"The same file was brought on {before.brought_at:%Y-%m-%d} ({before.get_state_display()}).")
    for line in lines(run, path):
        warn(line)
    if run.state == RunState.STOPPED:
        return False
    tell(", ".join(f"{run.counts[outcome]} {outcome}" for outcome in Outcome.values))
    return not (run.counts[Outcome.REJECTED] or run.counts[Outcome.ALIKE])


def lines(run: ImportRun, path: Path) -> Iterator[str]:
    for each in run.stopped_by:
        yield line(path, Problem(**each))
    rows = run.rows.exclude(problems=[], candidates=[]).order_by("number")
    for number, outcome, problems, candidates in rows.values_list(
        "number", "outcome", "problems", "candidates"
    ).iterator():
        yield from (line(path, Problem(**each)) for each in problems)
        if outcome == Outcome.ALIKE:
            which = "; ".join(f"{each['key']} ({each['label']}, {each['score']}: {each['why']})" for each in candidates)
            yield f"{path}:{number}: looks like {which}"


def line(path: Path, problem: Problem) -> str:
    """`file:row: column: sentence (suggestion)`; what is merely to be known says so."""
    note = "note" if problem.rule.startswith(NOTE) else ""
    place = ": ".join(part for part in (f"{path}:{problem.row}", note, one_line(problem.column)) if part)
    shown = f" “{one_line(problem.value)}”" if problem.value else ""
    suggestion = f" ({one_line(problem.suggestion)})" if problem.suggestion else ""
    return f"{place}: {one_line(problem.says)}{shown}{suggestion}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def commit(run: ImportRun, wish: Wish, tell: Tell) -> bool:
    try:
        with Bar("Writing", sum(run.counts.values()), "rows") as bar:
            made = runs.apply(run, leave_out_rejected=wish.leave_out_rejected, progress=bar.reached)
    except runs.NotReady as wrong:
        if wrong.rule == "nothing":
            tell(wrong.says)
            return not run.counts[Outcome.REJECTED]
        raise CommandError(wrong.says) from wrong
    catch_up()
    tell(f"Operation {made.pk}; to undo it until {made.until:%Y-%m-%d}: manage.py undo_operation {made.pk}")
    return True


def undo_operation(number: int, tell: Tell) -> None:
    made = Operation.objects.filter(pk=number).first()
    if made is None:
        raise CommandError(f"There is no operation {number}.")
    try:
        undo(made)
    except TooLate as error:
        raise CommandError(f"Operation {number} was undone already, or its time is over.") from error
    except Overtaken as error:
        raise CommandError(f"Nothing was undone, as records changed since: {named(error.records)}") from error
    catch_up()
    tell(f"Undone: {made}")


def named(records: Sequence[tuple[str, str, str]]) -> str:
    return "; ".join(f"{model} {key}{f' ({why})' if why else ''}" for model, key, why in records)


def wished(options: Mapping[str, Any]) -> Wish:
    """From the arguments of the command. CommandError where one cannot be understood."""
    mapping = dict(pair.rpartition("=")[::2] for pair in options["map"])
    if wrong := [pair for pair in options["map"] if "=" not in pair]:
        raise CommandError(f"--map {wrong[0]}: write HEADER=COLUMN, or HEADER= to leave it out")
    day_first = True if options["day_first"] else False if options["month_first"] else None
    return Wish(
        options["commit"],
        options["leave_out_rejected"],
        options["look_alikes"] == "new",
        mapping,
        Options(options["source"], options["as_of"], options["clear_blanks"], day_first),
    )
