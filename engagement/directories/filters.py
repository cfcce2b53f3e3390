"""The kinds of filter a directory has. A query parameter is defined by one of these, in a FilterSet, nowhere else."""

import copy
import datetime
import re
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from pyroaring import BitMap

from engagement.keysets import Coding, Keysets, Remembered
from engagement.models.languages import InLanguage
from engagement.search import normalise

FIRST_YEAR, LAST_YEAR = 1919, 2100
# Of what is searched for, as it was given.
MOST_CHARACTERS = 200


class _Everything:
    def __contains__(self, value: object) -> bool:
        return True


EVERYTHING = _Everything()


class Choice(NamedTuple):
    """One value of a vocabulary, and whether any record of the directory has it."""

    value: str
    label: str
    occurs: bool


@dataclass(frozen=True)
class Codes:
    """A vocabulary kept in a table: each published row's code and how readers know it.

    In the model's order or, with `by_label`, in that of the labels in the language of the page.
    """

    model: type[Model]
    code: str
    label: str = ""
    by_label: bool = False

    def read(self, occurring: Container[str]) -> list[Choice]:
        """All of it, in one query; `occurring`: the codes that any record of the directory has."""
        rows: Any = self.model._default_manager.published()  # type: ignore[attr-defined]
        coded = [(getattr(row, self.code), getattr(row, self.label) if self.label else str(row)) for row in rows.all()]
        choices = [Choice(code, label, code in occurring) for code, label in coded]
        return sorted(choices, key=lambda choice: normalise(choice.label)) if self.by_label else choices


class Shared:
    """A filter whose declaration is shared by all questions: each has a copy of its own, and none of what it holds."""

    extra: dict[str, Any]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = copy.copy(self)
        copied.extra = {**self.extra}
        return copied


class VocabularyField(django_filters.fields.MultipleChoiceField):
    """Values of a vocabulary. `known`, called, gives it as a mapping, so that no value is sought among hundreds."""

    def __init__(self, *, known: Callable[[], Container[str]], **kwargs: Any) -> None:
        self.known = known
        super().__init__(**kwargs)

    def valid_value(self, value: str) -> bool:
        return value in self.known()


class Vocabulary(Shared, django_filters.MultipleChoiceFilter):
    """Checkboxes over a fixed vocabulary: OR within. A value outside it is an error, one without rows is not.

    `choices` are pairs, or Codes. `many` says that the field leads to several rows, so that a record may not be listed
    twice. A `combined` filter narrows nothing by itself: its FilterSet puts it into one condition with others. `lang`
    is the language of labels that are not in that of the page, '' where it is not known.
    """

    field_class = VocabularyField

    def __init__(
        self,
        *,
        choices: Iterable[tuple[str, Any]] | Codes,
        many: bool = False,
        combined: bool = False,
        lang: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.vocabulary = choices
        self.many, self.combined, self.lang = many, combined, lang
        super().__init__(choices=[], known=dict, **kwargs)

    def read_vocabulary(self) -> None:
        """Let the choices be those of the FilterSet that this filter belongs to; they are read once they are needed."""
        # A function: forms copy their fields deeply, and of a method the filter and its FilterSet with it.
        self.extra |= {"choices": lambda: self.pairs(), "known": lambda: self.labels}

    @property
    def name(self) -> str:
        """The parameter."""
        return next(name for name, each in self.parent.filters.items() if each is self)

    @property
    def known(self) -> list[Choice]:
        """The vocabulary in the language of the page. That of a directory is read once for each revision."""
        return self._read_once("known", self.all_choices)

    @property
    def labels(self) -> dict[str, str]:
        """Its labels by value."""
        return self._read_once("labels", lambda: dict(self.pairs()))

    def pairs(self) -> list[tuple[str, str]]:
        return [(choice.value, choice.label) for choice in self.known]

    def _read_once(self, name: str, read: Callable[[], Any]) -> Any:
        keysets: Keysets | None = getattr(self.parent, "keysets", None)
        if keysets is None:
            return read()
        return keysets.get((name, self.name, *self.varying, get_language()), Remembered(read))

    def all_choices(self) -> list[Choice]:
        if isinstance(self.vocabulary, Codes):
            return self.vocabulary.read(EVERYTHING if self.combined else self.codes)
        return [Choice(value, str(label), True) for value, label in self.vocabulary]

    # -- As sets of primary keys -------------------------------------------------------------------------------------

    @property
    def varying(self) -> tuple[Hashable, ...]:
        """What else than the records decides which of them has a code: the day that is asked for."""
        return ()

    def codings(self) -> tuple[Coding, ...]:
        """The rows that lead to records and to their codes."""
        return (Coding(self.parent.queryset, self.field_name),)

    @property
    def codes(self) -> dict[str, BitMap]:
        """The records with each code; of a `combined` filter, which its FilterSet knows, none."""
        name = ("codes", self.name, *self.varying)
        return self.parent.keysets.codes(name, self.codings, lasting=not self.varying)

    def keys(self, values: Sequence[str]) -> BitMap | None:
        """The records with any of the codes; None where the filter narrows nothing."""
        if not values or self.combined:
            return None
        codes = self.codes
        return BitMap.union(BitMap(), *(codes[value] for value in values if value in codes))

    # -- As SQL ------------------------------------------------------------------------------------------------------

    def filter(self, queryset: QuerySet, values: Sequence[str]) -> QuerySet:
        if not values or self.combined:
            return queryset
        matching = Q(**{f"{self.field_name}__in": values})
        if not self.many:
            return queryset.filter(matching)
        return queryset.filter(pk__in=queryset.model._default_manager.filter(matching).values("pk"))


class Growing(Vocabulary):
    """A vocabulary that grows with the register: a page offers the commonest of it, and finds others by their labels.

    The parameter by which it finds them is one of `page_parameters`.
    """

    @property
    def finding(self) -> str:
        return f"find_{self.name}"

    def called(self, words: str) -> list[Choice]:
        """The values whose labels have each of the words in them."""
        wanted = normalise(words).split()
        folded = self._read_once("folded", lambda: [(normalise(each.label), each) for each in self.known])
        return [choice for label, choice in folded if all(word in label for word in wanted)]


class Words(Shared, django_filters.CharFilter):
    """What is searched for. The FilterSet asks the search for it once, and narrows what was found by the rest."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Search"))
        super().__init__(max_length=MOST_CHARACTERS, strip=False, **kwargs)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset


# What strptime takes is more: other alphabets' digits, months and days of one digit.
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayField(forms.DateField):
    """A day as `YYYY-MM-DD` and in no other form."""

    widget = forms.DateInput(attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = gettext_lazy("is not a day of the form YYYY-MM-DD")

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, str) and value and not DAY.fullmatch(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        day: datetime.date | None = super().to_python(value)
        return day


class Day(Shared, django_filters.DateFilter):
    """The register as of a day: hands the day to the queryset's own `on()`, unless it is `combined`."""

    field_class = DayField

    def __init__(self, *, combined: bool = False, **kwargs: Any) -> None:
        self.combined = combined
        kwargs.setdefault("label", gettext_lazy("As of"))
        super().__init__(**kwargs)

    def filter(self, queryset: Any, value: datetime.date | None) -> QuerySet:
        return queryset.on(value) if value and not self.combined else queryset


class YearField(forms.IntegerField):
    """A year between 1919 and 2100, in four digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value and not (len(value) == 4 and value.isascii() and value.isdigit()):
            raise forms.ValidationError(_("is not a year of four digits"), code="invalid")
        year: int | None = super().to_python(value)
        return year


class Year(Shared, django_filters.Filter):
    """Records whose dates touch the year: from the first date's earliest day to the last one's latest."""

    field_class = YearField

    def __init__(self, *, start: str, end: str, **kwargs: Any) -> None:
        self.start, self.end = start, end
        kwargs.setdefault("label", gettext_lazy("Year"))
        super().__init__(**kwargs)

    def filter(self, queryset: QuerySet, value: int | None) -> QuerySet:
        if value is None:
            return queryset
        ends = Q(**{f"{self.end}_latest__gte": f"{value}-01-01"})
        undated_end = Q(**{self.end: "", f"{self.start}_latest__gte": f"{value}-01-01"})
        begun = ~Q(**{self.start: ""}) & Q(**{f"{self.start}_earliest__lte": f"{value}-12-31"})
        return queryset.filter(begun & (ends | undated_end))


class YearBound(Shared, django_filters.Filter):
    """A year that a combined condition uses (`since_from`, `since_to`); alone it narrows nothing."""

    field_class = YearField

    def filter(self, queryset: QuerySet, value: int | None) -> QuerySet:
        return queryset


RELEVANCE = "relevance"


@dataclass(frozen=True)
class Sort:
    """One order: its name in the address, its label in the select, its fields.

    `annotations` are added first; one that depends on the language of the page is a function that makes it.
    `alphabetical`: its first field is a name folded and compared byte by byte (models.base.Sorted), so that the rows
    come letter by letter.
    """

    name: str
    label: Any
    fields: tuple[str, ...]
    annotations: dict[str, Any] = field(default_factory=dict)
    alphabetical: bool = False

    def apply(self, queryset: QuerySet, *, turned: bool = False) -> QuerySet:
        """In this order, or with every field but the last (the tie-breaker) turned round."""
        *leading, last = self.columns
        if turned:
            leading = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in leading]
        made = {name: each() if callable(each) else each for name, each in self.annotations.items()}
        return queryset.annotate(**made).order_by(*leading, last)

    @property
    def columns(self) -> list[str]:
        """The fields, each in the language of the page where it has one."""
        return [name.column if isinstance(name, InLanguage) else name for name in self.fields]


def opposite(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


class Sorting(Shared, django_filters.ChoiceFilter):
    """The order of the rows. The first sort is the default; a leading `-` more or less turns a sort round.

    What was searched for comes in the order of the search, unless another is asked for.
    """

    def __init__(self, *sorts: Sort, **kwargs: Any) -> None:
        self.sorts = {sort.name: sort for sort in sorts}
        self.default = sorts[0].name
        self.options = [(sort.name, sort.label) for sort in sorts]
        accepted = dict.fromkeys(name for each in self.sorts for name in (each, opposite(each)))
        kwargs.setdefault("label", gettext_lazy("Sort by"))
        super().__init__(choices=[(name, name) for name in (*accepted, RELEVANCE)], empty_label=None, **kwargs)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset

    def order(self, rows: QuerySet, name: str) -> QuerySet:
        """The rows in the order called so."""
        sort, turned = self.named(name)
        return sort.apply(rows, turned=turned)

    def named(self, name: str) -> tuple[Sort, bool]:
        """The sort that is called so, and whether it is turned round."""
        return (self.sorts[name], False) if name in self.sorts else (self.sorts[opposite(name)], True)
