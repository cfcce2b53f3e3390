"""What only other rows, or the names of all organizations, tell of a row: duplicates, contradictions, look-alikes."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, replace
from typing import Any

from django.utils.translation import gettext as _

from engagement.desk.models import Outcome
from engagement.directories.alike import Candidate, Entry, alike
from engagement.exchange.importing.base import Problem
from engagement.exchange.importing.columns import as_text
from engagement.exchange.importing.planning import Planner
from engagement.exchange.importing.reading import Line
from engagement.exchange.importing.resolving import chunked, folded
from engagement.exchange.importing.rows import NOTE, Planned, Row, contradicts, planned, same_as
from engagement.models import Organization

# Names looked at together.
PORTION = 10_000
# Names that the register does not have and for which look-alikes are sought, of one file.
MOST_SOUGHT = 2_000
UNKNOWN = "unknown-organization"
# Letters of each word by which names within a file are held to be near.
LETTERS = 5


class Plan:
    """The rows of a file as they were planned, kept outside of memory; iterate as often as you like."""

    def __init__(self, planner: Planner) -> None:
        self.planner, self.finder = planner, planner.finder
        self.file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # it is closed with the plan
        self.counts: Counter[str] = Counter()
        # By mark the row that claimed it: number, digest of its cells, key, whether it changes nothing.
        self.claimed: dict[Any, tuple[int, int, str, bool]] = {}
        self.copies: dict[int, list[int]] = {}
        self.contradicted: set[tuple[int, int]] = set()
        self.later: dict[int, list[Problem]] = {}
        self.near: dict[str, int] = {}
        self.entries: dict[int, Entry] = {}
        self.sought: dict[str, str] = {}
        self.candidates: dict[int, list[Candidate]] = {}

    def __enter__(self) -> "Plan":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()

    # -- Taking rows -----------------------------------------------------------------------------------------------

    def take(self, lines: Iterable[Line]) -> None:
        for rows in self.planner.batches(lines):
            for row in rows:
                self.planner.describe(row)
                self.write(self.compared(row))
        self.seek()
        for each in self:
            self.counts[each.outcome] += 1

    def write(self, row: Planned) -> None:
        told = [astuple(problem) for problem in row.problems]
        record = (row.number, row.outcome, row.key, row.label, row.differences, told)
        self.file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")

    def compared(self, row: Row) -> Planned:
        copy_of = self.claim(row)
        if row.is_new and not row.problems and self.finder.kind.model is Organization and not copy_of:
            self.look(row)
        for problem in row.problems:
            if problem.rule == UNKNOWN and len(self.sought) < MOST_SOUGHT:
                self.sought.setdefault(problem.value, "")
        told = planned(row)
        if copy_of:
            told.outcome = Outcome.UNCHANGED.value
            told.differences = []
            told.problems.append(same_as(row.number, copy_of))
        return told

    def claim(self, row: Row) -> int:
        """The number of the row that this one merely repeats; 0. Rows that contradict one another are told so."""
        repeats = 0
        for mark in self.finder.claims(row):
            first = self.claimed.setdefault(mark, (row.number, row.digest, row.key, row.outcome == Outcome.UNCHANGED))
            number, digest, key, unchanged = first
            if number == row.number or (number, row.number) in self.contradicted:
                continue
            if digest == row.digest:
                repeats = number
            elif mark[0] == "mark" and key and row.key and key != row.key:
                self.same_name(number, row.number)
            elif not (unchanged and row.outcome == Outcome.UNCHANGED):
                self.contradict(number, row.number)
        if repeats and not row.problems:
            self.copies.setdefault(repeats, []).append(row.number)
            return repeats
        return 0

    def contradict(self, first: int, second: int) -> None:
        self.contradicted.add((first, second))
        for number in (first, *self.copies.get(first, ())):
            self.later.setdefault(number, []).append(contradicts(number, second))
        self.later.setdefault(second, []).append(contradicts(second, first))

    def same_name(self, first: int, second: int) -> None:
        for number, other in ((first, second), (second, first)):
            says = _("Row %(row)d has the same name and another key.") % {"row": other}
            self.later.setdefault(number, []).append(Problem(number, "", f"{NOTE}same-name", says))

    def look(self, row: Row) -> None:
        """A new organization is compared with those of the register, and with the other names of the file."""
        state = row.after
        if row.decided != "new":
            raw = row.cells.get("country") or row.cells.get("country_label")
            country = as_text(raw) if raw is not None else ""
            first = country.split(";")[0].strip() if isinstance(country, str) else ""
            self.entries[row.number] = Entry(state["name"], state["acronym"], state["website"], first)
        words = sorted(as_near(word) for word in folded(state["name"]).split() if len(word) > 2 or not word.isalpha())
        other = self.near.setdefault(" ".join(words), row.number)
        if other != row.number:
            for number, like in ((other, row.number), (row.number, other)):
                says = _("Row %(row)d has a name that is nearly the same.") % {"row": like}
                self.later.setdefault(number, []).append(Problem(number, "", f"{NOTE}near", says))

    def seek(self) -> None:
        """Ask for all look-alikes at once."""
        for portion in chunked(self.entries.items(), PORTION):
            for (number, _entry), found in zip(portion, alike([entry for _number, entry in portion]), strict=True):
                if found:
                    self.candidates[number] = found
        self.entries.clear()
        texts = list(self.sought)
        for text, found in zip(texts, alike([Entry(text) for text in texts]) if texts else (), strict=True):
            self.sought[text] = "; ".join(f"{one.slug} ({one.name})" for one in found[:3])

    # -- Giving them back ------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Planned]:
        self.file.seek(0)
        for line in self.file:
            number, outcome, key, label, differences, told = json.loads(line)
            problems = [self.suggested(Problem(*problem)) for problem in told] + self.later.get(number, [])
            yield self.final(Planned(number, outcome, key, label, differences, problems))

    def suggested(self, problem: Problem) -> Problem:
        return replace(problem, suggestion=self.sought.get(problem.value, "")) if problem.rule == UNKNOWN else problem

    def final(self, row: Planned) -> Planned:
        if any(not problem.rule.startswith(NOTE) for problem in row.problems):
            row.outcome, row.differences = Outcome.REJECTED.value, []
        elif row.outcome == Outcome.NEW and row.number in self.candidates:
            row.outcome = Outcome.ALIKE.value
            row.candidates = [
                {"key": one.slug, "label": one.name, "why": one.why, "score": one.score}
                for one in self.candidates[row.number]
            ]
        return row


def as_near(word: str) -> str:
    """How a word begins; a number is compared whole."""
    return word[:LETTERS] if word.isalpha() else word
