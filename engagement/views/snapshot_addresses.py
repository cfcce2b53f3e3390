"""The addresses of snapshots: a state of the data, a collection, and a question in the words of then or of today."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import register_converter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.directories.questions import DirectoryFilterSet
from engagement.exchange.keeping import KEPT, query_of
from engagement.models import Snapshot
from engagement.models.snapshots import WHOLE
from engagement.web.addresses import pairs_of

TITLES: dict[str, Any] = {name: directory.title for name, directory in KEPT.items()}
TITLES[WHOLE] = gettext_lazy("The whole register")
Moment = int | datetime.date


class MomentConverter:
    """A revision of the data, or a day: `1234`, `2026-05-01`."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,18}"

    def to_python(self, value: str) -> Moment:
        return datetime.date.fromisoformat(value) if "-" in value else int(value)

    def to_url(self, value: Moment) -> str:
        return str(value)


# Here, as the views of pages and of files both import this module.
register_converter(MomentConverter, "moment")


def title_of(snapshot: Snapshot) -> Any:
    """What its rows are, in the language of the page while the collection exists."""
    return TITLES.get(snapshot.collection, snapshot.title)


@dataclass(frozen=True)
class Asked:
    """A revision or a day, a collection, and the query of the address, tidied."""

    moment: Moment
    collection: str
    query: QueryDict

    @cached_property
    def kept(self) -> Snapshot | None:
        """The newest that fits, by the words of the address first: so it is found by them whatever became of them."""
        exact = urlencode(pairs_of(self.query))
        found = self.of_query.filter(query=exact).first()
        if found is None and self.title and not self.problems and self.canonical != exact:
            found = self.of_query.filter(query=self.canonical).first()
        return found

    @property
    def of_query(self) -> Any:
        return Snapshot.objects.filter(collection=self.collection).as_asked(self.moment).newest_first()

    @property
    def title(self) -> Any:
        """What the rows are called; None where there is no such collection, or it is never kept."""
        return TITLES.get(self.collection)

    @cached_property
    def question(self) -> DirectoryFilterSet | None:
        directory = KEPT.get(self.collection)
        return directory.ask(self.query) if directory else None

    @cached_property
    def problems(self) -> dict[str, str]:
        """What is wrong with the query, by the parameters that there are today."""
        if self.question is None:
            return {name: _("is not a parameter of the whole register") for name in self.query}
        return problems_of(self.question)

    @cached_property
    def canonical(self) -> str:
        return query_of(self.question) if self.question else ""

    @property
    def nearest(self) -> list[Snapshot]:
        """The snapshots of the same question before and after the moment, as far as there are any."""
        kept = Snapshot.objects.described().filter(collection=self.collection, query=self.canonical)
        if not isinstance(self.moment, int):  # before the day there is none
            found = [kept.order_by("kept_at", "revision").first()]
        else:
            found = [
                kept.filter(revision__lt=self.moment).order_by("-revision").first(),
                kept.filter(revision__gt=self.moment).order_by("revision").first(),
            ]
        return [each for each in found if each]


def problems_of(question: DirectoryFilterSet) -> dict[str, str]:
    of_pages = [name for name in question.page_parameters if name in question.data]
    return question.problems() | dict.fromkeys(of_pages, _("is not a parameter of a snapshot"))
