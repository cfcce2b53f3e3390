"""The rows of a list as HTML, each rendered once for as long as it says the same."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from engagement.directories import Directory
from engagement.directories.following import known_tables
from engagement.directories.questions import DirectoryFilterSet
from engagement.keysets import Made, Pieces
from engagement.views.related import with_remarks


@dataclass
class Row:
    """A row of a page: the natural key of its record, its HTML, and the letter under which it is the first."""

    key: str
    html: str
    letter: Any = None


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
        """Key and HTML of the rows that were rendered before, in this language, for this day."""
        day = self.question.day or datetime.date.today()
        name = ("rows", get_language(), self.question.day is None, day)
        return self.question.keysets.get(name, Pieces(known_tables(self.directory.name)), lasting=False)

    def _render(self, missing: list[int]) -> None:
        if not missing:
            return
        records = self.directory.in_order(self.directory.ready(self.question), missing)
        if self.directory.with_remarks:
            with_remarks(records)
        template = get_template(f"engagement/{self.directory.name}/_row.html")
        for record in records:
            html = template.render({"row": record, "day": self.question.day})
            self.made.add(record.pk, (record.natural_key()[0], mark_safe(html.rstrip("\n"))))
