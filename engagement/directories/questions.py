"""What a page may be asked: the strict FilterSets that those of the directories are made of."""

import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.directories.filters import Day, Sorting, Vocabulary
from engagement.models import Source, SourceKind

# The order of parameters in a canonical address; a new parameter gets its place here.
CANONICAL_ORDER = (
    "q", "on", "from", "to", "category", "status", "group", "kind", "body", "instrument", "region", "country", "theme",
    "affiliation", "programme", "partner", "donor", "year", "since_from", "since_to", "source_kind", "sort", "page",
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
        filter_ = self.filters.get(name)
        return (name == "page" and value == "1") or (isinstance(filter_, Sorting) and value == filter_.default)

    @property
    def day(self) -> datetime.date | None:
        """The day that the question is asked for, None for today."""
        day: datetime.date | None = self.form.cleaned_data.get("on")
        return day


class AsOf(Question):
    """What the page of a record may be asked: how it stood on a day."""

    on = Day(combined=True)


class DirectoryFilterSet(Question):
    """The filters of one directory."""

    source_kind = Vocabulary(
        field_name="source__kind", choices=SourceKind.choices, label=gettext_lazy("Kind of source")
    )

    page_parameters: ClassVar[tuple[str, ...]] = ("page",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.filters.values():
            if isinstance(each, Vocabulary):
                each.read_vocabulary(self.queryset)

    @property
    def sorting(self) -> Sorting:
        """The filter called `sort`."""
        sorting: Sorting = self.filters["sort"]
        return sorting
