"""What a page may be asked: the strict FilterSets that those of the directories are made of."""

import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.directories.filters import RELEVANCE, Day, Sorting, Vocabulary
from engagement.models import Source, SourceKind
from engagement.search import Match, match

# The order of parameters in a canonical address; a new parameter gets its place here.
CANONICAL_ORDER = (
    "q", "on", "from", "to", "category", "status", "group", "kind", "body", "instrument", "region", "country", "theme",
    "affiliation", "programme", "partner", "donor", "year", "since_from", "since_to",
    "organization", "reach", "aims", "want", "meeting", "first", "member", "papers",
    "record", "collection", "source_kind", "show", "sort", "page",
)  # fmt: skip


class Question(django_filters.FilterSet):
    """What is asked of a page. An unknown, doubled or invalid parameter is a problem, never ignored."""

    # Parameters that belong to the page and not to the question.
    page_parameters: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, queryset: QuerySet | None = None, **kwargs: Any) -> None:
        """Without a queryset the question only says what was asked; `.qs` is then of no use."""
        super().__init__(data, Source.objects.none() if queryset is None else queryset, **kwargs)

    def problems(self) -> dict[str, str]:
        """What is wrong with the question, by parameter; empty if nothing is."""
        found: dict[str, str] = {}
        for name in self.data:
            if name not in self.filters and name not in self.page_parameters:
                found[name] = _("is not a parameter of this page")
            elif len(self.data.getlist(name)) > 1 and not isinstance(self.filters.get(name), Vocabulary):
                found[name] = _("is given more than once")
        for name, errors in self.errors.items():
            found.setdefault(name, " ".join(errors))
        return found

    def canonical(self) -> list[tuple[str, str]]:
        """The question in its one canonical form: parameters in CANONICAL_ORDER, values sorted, defaults left out."""
        pairs: list[tuple[str, str]] = []
        for name in sorted((*self.filters, *self.page_parameters), key=CANONICAL_ORDER.index):
            values = sorted(set(self.data.getlist(name)))
            pairs += [(name, value) for value in values if not self._is_default(name, value)]
        return pairs

    def _is_default(self, name: str, value: str) -> bool:
        return name == "page" and value == "1"

    @property
    def day(self) -> datetime.date | None:
        """The day that the question is asked for, None for today."""
        self.form.is_valid()
        day: datetime.date | None = self.form.cleaned_data.get("on")
        return day


class AsOf(Question):
    """What the page of a record may be asked: how it stood on a day."""

    on = Day(combined=True)


class DirectoryFilterSet(Question):
    """The filters of one directory.

    `answering()` says which rows meet the question, or one that differs from it in some parameters: the number beside
    a filter is the number of rows that answer the question with that filter chosen, by construction.
    """

    source_kind = Vocabulary(
        field_name="source__kind", choices=SourceKind.choices, label=gettext_lazy("Kind of source")
    )

    page_parameters: ClassVar[tuple[str, ...]] = ("page",)

    def __init__(self, *args: Any, collection: str = "", **kwargs: Any) -> None:
        """`collection` is the directory's name, under which the search knows its records."""
        super().__init__(*args, **kwargs)
        self.collection = collection
        for each in self.filters.values():
            if isinstance(each, Vocabulary):
                each.read_vocabulary(self.queryset)

    # -- Rows --------------------------------------------------------------------------------------------------------

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.order == RELEVANCE:
            return self.narrowed(self.found.queryset, self.form.cleaned_data)
        return self.sorting.order(self.answering(), self.order)

    def answering(self, **instead: Any) -> QuerySet:
        """The rows that meet the question, in no order; with other values of the parameters named in `instead`."""
        asked = {**self.form.cleaned_data, **instead}
        return self.narrowed(self.found.narrowed if asked.get("q") else self.queryset, asked)

    def narrowed(self, rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
        """The rows that meet all that is asked but the words; what several parameters ask together is a subclass's."""
        for name, each in self.filters.items():
            rows = each.filter(rows, asked[name])
        return rows

    @cached_property
    def found(self) -> Match:
        """What the words find among all the records."""
        return match(self.queryset, self.form.cleaned_data.get("q") or "", self.collection)

    # -- Order -------------------------------------------------------------------------------------------------------

    @property
    def sorting(self) -> Sorting:
        """The filter called `sort`."""
        sorting: Sorting = self.filters["sort"]
        return sorting

    @property
    def default_order(self) -> str:
        return RELEVANCE if self.data.get("q") else self.sorting.default

    @property
    def order(self) -> str:
        """The name of the order that the rows come in."""
        asked = self.data.get("sort") or self.default_order
        return self.default_order if self._is_default("sort", asked) else asked

    @property
    def orders(self) -> list[tuple[str, Any]]:
        """The orders on offer, by name."""
        relevance = [(RELEVANCE, _("Relevance"))] if self.data.get("q") else []
        return [*relevance, *self.sorting.options]

    def _is_default(self, name: str, value: str) -> bool:
        # Where nothing is searched for, relevance is no order of its own.
        if name == "sort":
            return value in (self.default_order, RELEVANCE)
        return super()._is_default(name, value)
