"""What every record shares: a stable key, whether the public sees it, and, for facts, where it stands written."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from engagement.models.dates import PartialDateField, earliest_day, latest_day

KEY_LENGTH = 200


class RecordQuerySet(models.QuerySet):
    """Questions every record answers. Models with a parent narrow `published()` by the parent's."""

    def get_by_natural_key(self, key: str) -> Any:
        return self.get(**{self.model.key_field: key})

    def published(self) -> Self:
        """What the public may see."""
        return self.filter(published=True)

    def for_list(self) -> Self:
        """With what a list row and its evidence show, in a fixed number of queries."""
        return self


class FactQuerySet(RecordQuerySet):
    """Facts: a list shows the source of each, so it is joined in."""

    def for_list(self) -> Self:
        return self.select_related("source")


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

    published = models.BooleanField(_("published"), default=True, help_text=_("Shown to the public"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (getattr(self, self.key_field),)

    def key_parts(self) -> tuple[Any, ...]:
        """What a new record's key is made of when staff leave it blank."""
        return (str(self),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not getattr(self, self.key_field):
            wanted = " ".join(str(part) for part in self.key_parts() if part)
            setattr(self, self.key_field, unique_key(type(self), self.key_field, wanted))
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
    """From when until when something held; '' where no source says. `until` is the first day on which it no longer did."""

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
    return models.CheckConstraint(name=name, condition=in_order)


def filled(model: str, *fields: str) -> list[models.CheckConstraint]:
    """Constraints that the fields named are not '' (optional text is '', never NULL)."""
    return [
        models.CheckConstraint(name=f"engagement_{model}_{field}_filled", condition=~Q(**{field: ""}))
        for field in fields
    ]
