"""What every record shares: a stable key, whether the public sees it, and, for facts, where it stands written."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from engagement.models.dates import ByteOrderedCharField, PartialDateField, earliest_day, latest_day
from engagement.models.paths import path_of
from engagement.search import normalise

KEY_LENGTH = 200

M = TypeVar("M", bound=models.Model, covariant=True)


class RecordQuerySet(models.QuerySet[M]):
    """Questions every record answers. Models with a parent narrow `published()` by the parent's."""

    def get_by_natural_key(self, key: str) -> Any:
        return self.get(**{self.model.key_field: key})  # type: ignore[attr-defined]  # every model here is a Record

    def published(self) -> Self:
        """What the public may see."""
        return self.filter(published=True)

    def for_list(self) -> Self:
        """With what a list row and its evidence show, in a fixed number of queries."""
        return self

    def for_list_on(self, day: datetime.date) -> Self:
        """The same, of rows that are read as of a past day."""
        return self.for_list()


class FactQuerySet(RecordQuerySet[M]):
    """Facts: a list shows the source of each, so it is joined in."""

    def for_list(self) -> Self:
        return self.select_related("source")


@dataclass(frozen=True)
class Place:
    """Where records of a model stand on the site.

    A route of the app, the lookup from the record to the route's argument ('' for none), and, for records that
    stand on another's page, the anchor's prefix: `#<anchor>-<key>`. On a list of several pages, `search` is the
    lookup of the words that find the record. A model may name several places: the first whose argument is not null
    is the record's.
    """

    route: str
    argument: str = ""
    anchor: str = ""
    search: str = ""

    def page(self, argument: Any) -> str:
        return path_of(f"engagement:{self.route}", *([argument] if self.argument else []))

    def url(self, argument: Any, key: str, search: str = "") -> str:
        page = self.page(argument)
        query = f"?{urlencode({'q': search})}" if search else ""
        return f"{page}{query}#{self.anchor}-{key}" if self.anchor else page


def follow(record: Any, lookup: str) -> Any:
    """The value that a lookup such as `organization__slug` leads to from `record`; None where a step is null."""
    for step in lookup.split("__"):
        record = getattr(record, step, None)
    return record


def unique_key(model: type[models.Model], field: str, wanted: str) -> str:
    """`wanted` as a slug no other row of `model` has in `field`: `-2`, `-3` … is added where it is taken."""
    slug = slugify(wanted)[: KEY_LENGTH - 5].strip("-") or "record"
    taken = set(model._default_manager.filter(**{f"{field}__startswith": slug}).values_list(field, flat=True))
    candidate, number = slug, 2
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate


class Record(models.Model):
    """Anything the register keeps. Its natural key is one stable text, given once and never derived again."""

    key_field: ClassVar[str] = "key"
    # Whether the key may still be told when the record is gone. Not where it is made of a person's name.
    key_may_outlive: ClassVar[bool] = True
    # Where it stands, and the lookups whose texts name it there; a model without a place stands on no page.
    places: ClassVar[tuple[Place, ...]] = ()
    label_from: ClassVar[tuple[str, ...]] = ()
    # The foreign key to the record that this one is a part of: when it changes, so does what is found of that record.
    part_of: ClassVar[str] = ""

    published = models.BooleanField(_("published"), default=True, help_text=_("Shown to the public"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (getattr(self, self.key_field),)

    def get_absolute_url(self) -> str:
        """The record's page, or the page it stands on with its anchor; '' for a model without a place."""
        for place in self.places:
            argument = follow(self, place.argument) if place.argument else None
            if argument is not None or not place.argument:
                return place.url(argument, self.natural_key()[0], follow(self, place.search) if place.search else "")
        return ""

    @property
    def anchor(self) -> str:
        """The id of the record's element on the page it stands on."""
        return f"{self.places[0].anchor}-{self.natural_key()[0]}" if self.places else ""

    def key_parts(self) -> tuple[Any, ...]:
        """What a new record's key is made of when staff leave it blank."""
        return (str(self),)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Forms leave out columns that are not on them; generated ones follow from those that are, so they stay in."""
        generated = {field.name for field in self._meta.fields if field.generated}
        super().validate_constraints(exclude=set(exclude or ()) - generated)

    def complete(self, free_key: Callable[[str], str] | None = None) -> None:
        """Fill what follows from the other fields. `free_key`: what makes the key of the words for it."""
        if not getattr(self, self.key_field):
            wanted = " ".join(str(part) for part in self.key_parts() if part)
            made = free_key(wanted) if free_key else unique_key(type(self), self.key_field, wanted)
            setattr(self, self.key_field, made)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever writes many records at once, past this, completes them first (desk.journal)."""
        self.complete()
        super().save(*args, **kwargs)


class Keyed(Record):
    """A record without a code of its own: it is known by its key."""

    key = models.SlugField(
        _("key"),
        max_length=KEY_LENGTH,
        unique=True,
        blank=True,
        help_text=_("Made on saving if left blank; stable from then on"),
    )

    class Meta:
        abstract = True


class Slugged(Record):
    """A record with a page of its own, or a code in filters: it is known by its slug."""

    key_field: ClassVar[str] = "slug"

    slug = models.SlugField(
        _("slug"),
        max_length=KEY_LENGTH,
        unique=True,
        blank=True,
        help_text=_("Made on saving if left blank; stable from then on"),
    )

    class Meta:
        abstract = True


class Sorted(Record):
    """A record that lists order by name: `sort_name` is the name folded, compared byte by byte on both engines."""

    sort_from: ClassVar[str] = "name"

    sort_name = ByteOrderedCharField(max_length=300, editable=False, db_index=True)

    class Meta:
        abstract = True

    def complete(self, free_key: Callable[[str], str] | None = None) -> None:
        self.sort_name = normalise(getattr(self, self.sort_from))
        super().complete(free_key)


class Sourced(models.Model):
    """Where a fact stands written: the source, the place in it, and the date for which the source speaks."""

    source = models.ForeignKey("engagement.Source", models.PROTECT, related_name="+", verbose_name=_("source"))
    locator = models.CharField(
        _("locator"), max_length=200, blank=True, help_text=_("Section, paragraph or article in the source")
    )
    as_of = PartialDateField(_("as of"), help_text=_("The day, month, year or span for which the source speaks"))
    as_of_earliest = earliest_day("as_of")
    as_of_latest = latest_day("as_of")
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


class Fact(Keyed, Sourced):
    """One sourced fact with a key."""

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class Period(models.Model):
    """From when until when something held; '' where no source says. `until` is the first day on which it did not."""

    since = PartialDateField(_("since"))
    since_earliest = earliest_day("since")
    since_latest = latest_day("since")
    until = PartialDateField(_("until"))
    until_earliest = earliest_day("until")
    until_latest = latest_day("until")

    class Meta:
        abstract = True


def begins_before_it_ends(name: str, start: str = "since", end: str = "until") -> models.CheckConstraint:
    """The constraint for a model with the two partial dates named."""
    in_order = Q(**{start: ""}) | Q(**{end: ""}) | Q(**{f"{start}_earliest__lte": models.F(f"{end}_latest")})
    message = _("The end lies before the beginning.")
    return models.CheckConstraint(name=name, condition=in_order, violation_error_message=message)


def filled(model: str, *fields: str) -> list[models.BaseConstraint]:
    """Constraints that the fields named are not '' (optional text is '', never NULL)."""
    return [
        models.CheckConstraint(name=f"engagement_{model}_{field}_filled", condition=~Q(**{field: ""}))
        for field in fields
    ]
