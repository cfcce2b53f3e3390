"""The rows of a list as HTML, each rendered once for as long as it says the same."""

import datetime
from dataclasses import dataclass

from django.template.loader import get_template
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from engagement.directories import Directory
from engagement.directories.following import known_tables
from engagement.directories.questions import DirectoryFilterSet
from engagement.keysets import Made, Pieces
from engagement.views.letters import Letter
from engagement.views.related import with_remarks

# Stands where a letter may stand: a character that no text has.
LETTER = "\ue000"


@dataclass
class Row:
    """A row of a page: the natural key of its record, its HTML before and after the place of a letter, and the letter
    under which it is the first."""

    key: str
    before: str
    after: str
    letter: Letter | None = None

    def __html__(self) -> SafeString:
        return SafeString(f"{self.before}{self.letter.mark if self.letter else ''}{self.after}")


class Rows:
    """The rows that answer a question, as a Paginator counts and cuts them."""

    def __init__(self, directory: Directory, question: DirectoryFilterSet) -> None:
        self.directory, self.question = directory, question

    def __len__(self) -> int:
        return len(self.question.chosen)

    def __getitem__(self, places: slice) -> list[Row]:
        return self.rendered(self.question.page(places.start, places.stop))

    def rendered(self, records: list[int]) -> list[Row]:
        """The rows of these records, without those that are gone meanwhile."""
        self._render([record for record in records if record not in self.made.by_record])
        found = (self.made.by_record.get(record) for record in records)
        return [Row(*row) for row in found if row]

    @cached_property
    def made(self) -> Made:
        """Natural key and HTML of the rows that were rendered before, in this language, for this day."""
        day = self.question.day or datetime.date.today()
        name = ("rows", get_language(), self.question.day is None, day)
        return self.question.keysets.get(name, Pieces(known_tables(self.directory.name)), lasting=False)

    def _render(self, missing: list[int]) -> None:
        if not missing:
            return
        records = self.directory.in_order(self.directory.ready(self.question), missing)
        if self.directory.with_remarks:
            with_remarks(records)
        template = get_template("engagement/_row.html")
        own = get_template(f"engagement/{self.directory.name}/_row.html")
        for record in records:
            key = record.natural_key()[0]
            row = {"directory": self.directory, "own": own, "key": key, "row": record, "day": self.question.day}
            before, _letter, after = template.render({**row, "letter": LETTER}).partition(LETTER)
            self.made.add(record.pk, (key, before, after.rstrip("\n")))
