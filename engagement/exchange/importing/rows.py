"""A row of a file on its way to the register: what it says, which record it is, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from engagement.desk.models import ImportRow, Outcome
from engagement.desk.states import State
from engagement.exchange.importing.base import Problem, Raw, Wrong
from engagement.exchange.importing.parts import Held, PartWork

# What begins so is to be known, and rejects nothing.
NOTE = "note-"

Difference = list[str]


@dataclass(slots=True)
class Row:
    """number: as the spreadsheet counts. cells: by column, as the file has them, None where blank.

    key: the one given or decided. pk: of the record that it is. said: what cells were read to find that. record,
    before, parts: what the register has. after, works: what it is to have.
    """

    number: int
    cells: dict[str, Raw]
    digest: int = 0
    key: str = ""
    pk: int | None = None
    decided: str = ""
    said: State = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    record: Any = None
    before: State = field(default_factory=dict)
    after: State = field(default_factory=dict)
    parts: dict[str, list[Held]] = field(default_factory=dict)
    works: list[PartWork] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    label: str = ""

    @property
    def is_new(self) -> bool:
        return self.pk is None

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REJECTED
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.before != self.after or self.works else Outcome.UNCHANGED

    def wrong(self, header: str, raw: Raw, wrong: Wrong) -> None:
        self.problems.append(wrong.at(self.number, header, raw))

    def note(self, rule: str, says: str, suggestion: str = "") -> None:
        self.notes.append(Problem(self.number, "", f"{NOTE}{rule}", says, "", suggestion))


@dataclass(slots=True)
class Planned:
    """What a plan makes of one row: as ImportRow, without its run."""

    number: int
    outcome: str
    key: str
    label: str
    differences: Sequence[Difference]
    problems: list[Problem]
    candidates: list[Mapping[str, Any]] = field(default_factory=list)

    def as_row(self, run: Any) -> ImportRow:
        return ImportRow(
            run=run,
            number=self.number,
            outcome=self.outcome,
            key=self.key,
            label=self.label[:300],
            differences=self.differences,
            problems=[asdict(problem) for problem in self.problems],
            candidates=self.candidates,
        )


def planned(row: Row) -> Planned:
    problems = [*row.problems, *row.notes]
    differences = [] if row.problems else row.differences
    return Planned(row.number, row.outcome.value, row.key, row.label, differences, problems)


def same_as(number: int, other: int) -> Problem:
    says = _("The same as row %(row)d.") % {"row": other}
    return Problem(number, "", f"{NOTE}duplicate", says)


def contradicts(number: int, other: int) -> Problem:
    says = _("Row %(row)d is the same record and says something else. Keep one of the two.") % {"row": other}
    return Problem(number, "", "duplicate", says)
