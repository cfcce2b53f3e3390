"""What a page may be asked: the strict FilterSets that those of the directories are made of."""

import datetime
from collections.abc import Hashable, Iterator
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from engagement.directories.filters import RELEVANCE, Day, Sorting, Vocabulary
from engagement.directories.following import Searched, keysets_of
from engagement.keysets import ByFields, Codes, Coding, Keysets, Order, page_of_ranks
from engagement.models import Source, SourceKind
from engagement.search import ByName, Match, match, ranked

# The order of parameters in a canonical address; a new parameter gets its place here.
CANONICAL_ORDER = (
    "q", "on", "from", "to", "category", "status", "group", "kind", "body", "instrument", "region", "country", "theme",
    "affiliation", "programme", "partner", "donor", "year", "since_from", "since_to",
    "organization", "reach", "aims", "want", "meeting", "first", "member", "papers",
    "record", "collection", "source_kind", "show", "find_partner", "find_donor", "sort", "page",
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

    def of_rows(self) -> list[tuple[str, str]]:
        """The canonical form without what belongs to a page alone: which rows, and in which order."""
        return [pair for pair in self.canonical() if pair[0] not in self.page_parameters]

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

    `keys()` says which records meet the question, or one that differs from it in some parameters: the number beside
    a filter is the number of records that answer the question with that filter chosen, by construction. `answering()`
    says the same in SQL, for what is read row by row.
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
                each.read_vocabulary()

    def get_form_class(self) -> type[forms.Form]:
        """Of the parameters that are given: fields for all of them cost more than the rest of a plain question."""
        fields = {name: each.field for name, each in self.filters.items() if name in self.data}
        return type(f"{type(self).__name__}Form", (self._meta.form,), fields)

    # -- Records -----------------------------------------------------------------------------------------------------

    @cached_property
    def keysets(self) -> Keysets:
        """The sets of the directory's records, of the revision that is read."""
        return keysets_of(self.collection, self.queryset.db)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What is asked, by parameter, None where nothing is; of a question with problems, what is understood of it."""
        self.form.is_valid()
        return {name: self.form.cleaned_data.get(name) for name in self.filters}

    @property
    def everything(self) -> BitMap:
        return self.keysets.one("everything", lambda: [Coding(self.queryset)])

    @cached_property
    def chosen(self) -> BitMap:
        """The records that meet the question."""
        return self.keys()

    def keys(self, **instead: Any) -> BitMap:
        """The records that meet the question; with other values of the parameters named in `instead`."""
        asked = {**self.asked, **instead}
        found = self.found_keys if asked.get("q") else self.everything
        for narrowing in self.narrowings(asked):
            found = found & narrowing
        return found

    def narrowings(self, asked: dict[str, Any]) -> Iterator[BitMap]:
        """Sets, all of which a record has to be in that meets what is asked besides the words."""
        for name, each in self.filters.items():
            if isinstance(each, Vocabulary):
                if (keys := each.keys(asked[name])) is not None:
                    yield keys
            elif (rows := each.filter(self.queryset, asked[name])) is not self.queryset:
                yield self.selected((name, asked[name]), rows)

    def selected(self, name: Hashable, rows: QuerySet) -> BitMap:
        """The records that a queryset selects, by a name that says which these are."""
        return self.keysets.one(name, lambda: [Coding(rows)], lasting=False)

    def without(self, name: str) -> BitMap:
        """The records that meet the question with the filter left out, of which `codes_of` says the codes."""
        return self.keys(**{name: []}) if self.asked[name] else self.chosen

    def codes_of(self, name: str) -> Codes:
        """The records with each of the filter's codes, as far as the rest of the question has a say in it."""
        return self.filters[name].codes

    @cached_property
    def found_keys(self) -> BitMap:
        """What the words find among all the records."""
        return self.everything & BitMap.union(BitMap(), *self.ranks)

    @cached_property
    def ranks(self) -> list[BitMap]:
        """What the words find, the best first."""
        found = self.found
        return ranked(found.engine, found.question, self.searched.passing) if found.engine else []

    @cached_property
    def searched(self) -> Keysets:
        """The sets of those records that have been made searchable."""
        return Searched(self.queryset.db)(self.collection)

    # -- Rows --------------------------------------------------------------------------------------------------------

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.order == RELEVANCE:
            return self.narrowed(self.found.queryset, self.asked)
        return self.sorting.order(self.answering(), self.order)

    def answering(self, **instead: Any) -> QuerySet:
        """The rows that meet the question, in no order; with other values of the parameters named in `instead`."""
        asked = {**self.asked, **instead}
        return self.narrowed(self.found.narrowed if asked.get("q") else self.queryset, asked)

    def narrowed(self, rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
        """The rows that meet all that is asked but the words; what several parameters ask together is a subclass's."""
        for name, each in self.filters.items():
            rows = each.filter(rows, asked[name])
        return rows

    @cached_property
    def found(self) -> Match:
        """What the words find among all the records."""
        return match(self.queryset, self.asked.get("q") or "", self.collection)

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

    def page(self, start: int, stop: int) -> list[int]:
        """The records that meet the question, in its order, from the place `start` to before `stop`."""
        if self.order == RELEVANCE:
            return self._page_found(start, stop)
        sort, turned = self.sorting.named(self.order)
        order = Order(ByFields(self.queryset, lambda rows: sort.apply(rows, turned=turned)))
        in_order = self.keysets.get(("order", sort.name, turned, *sort.columns), order)
        return order.page(self.chosen, in_order, start, stop)

    def _page_found(self, start: int, stop: int) -> list[int]:
        if not self.ranks or self.found.engine is None:
            return []
        (number,) = self.found.question.numbers.values()
        order = Order(ByName(self.found.engine, number))
        ranks = (rank & self.chosen for rank in self.ranks)
        return page_of_ranks(order, self.searched.get("order", order), ranks, start, stop)

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
