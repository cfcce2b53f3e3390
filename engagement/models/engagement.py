"""The ILO's engagement as the profile tells it: objectives, rights, relations, actor groups, initiatives."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import Fact, FactQuerySet, Place, Slugged, Sourced, filled
from engagement.models.dates import PartialDateField, earliest_day, latest_day
from engagement.models.instruments import Instrument


class OrderedFact(Fact):
    """A fact in a short list with an order of its own."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "key"]


class StrategicObjective(OrderedFact):
    """One of the ILO's four strategic objectives."""

    places = (Place("engagement", anchor="objectives"),)
    label_from = ("text",)

    text = models.CharField(_("objective"), max_length=300)

    history = HistoricalRecords()

    class Meta(OrderedFact.Meta):
        verbose_name = _("strategic objective")
        verbose_name_plural = _("strategic objectives")
        constraints = filled("strategicobjective", "key", "text")

    def __str__(self) -> str:
        return self.text


class RightsArea(OrderedFact):
    """An area of basic labour rights that the international labour standards cover."""

    places = (Place("engagement", anchor="rights-areas"),)
    label_from = ("name",)

    name = models.CharField(_("area"), max_length=200)

    history = HistoricalRecords()

    class Meta(OrderedFact.Meta):
        verbose_name = _("rights area")
        verbose_name_plural = _("rights areas")
        constraints = filled("rightsarea", "key", "name")

    def __str__(self) -> str:
        return self.name


class RelationKind(OrderedFact):
    """One of the kinds of relation between the ILO and the non-governmental sector."""

    places = (Place("engagement", anchor="relations"),)
    label_from = ("name",)

    name = models.CharField(_("relation"), max_length=200)
    text = models.TextField(_("what it is"), blank=True)

    history = HistoricalRecords()

    class Meta(OrderedFact.Meta):
        verbose_name = _("relation kind")
        verbose_name_plural = _("relation kinds")
        constraints = filled("relationkind", "key", "name")

    def __str__(self) -> str:
        return self.name


class ActorGroup(Slugged, Sourced):
    """A kind of actor outside the ILO: civil society, the private sector, parliamentarians, indigenous peoples."""

    places = (Place("actor-group", "slug"),)
    label_from = ("name",)

    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    summary = models.TextField(_("summary"), blank=True)
    engaged_since = PartialDateField(_("engaged since"))
    engaged_since_earliest = earliest_day("engaged_since")
    engaged_since_latest = latest_day("engaged_since")
    instruments = models.ManyToManyField(
        Instrument, blank=True, related_name="actor_groups", verbose_name=_("instruments")
    )

    objects = FactQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[instruments])

    class Meta:
        verbose_name = _("actor group")
        verbose_name_plural = _("actor groups")
        ordering = ["order", "slug"]
        constraints = filled("actorgroup", "slug", "name")

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class InitiativeQuerySet(FactQuerySet["Initiative"]):
    def for_list(self) -> Self:
        return self.select_related("source", "actor_group", "instrument")


class Initiative(OrderedFact):
    """Something the ILO does with a group of actors: an agreement, a partnership, a line of work."""

    places = (
        Place("actor-group", "actor_group__slug", "initiatives"),
        Place("engagement", anchor="initiatives"),
    )
    label_from = ("name",)

    actor_group = models.ForeignKey(
        ActorGroup, models.PROTECT, null=True, blank=True, related_name="initiatives", verbose_name=_("actor group")
    )
    name = models.CharField(_("name"), max_length=200)
    text = models.TextField(_("what it is"), blank=True)
    date = PartialDateField(_("date"))
    date_earliest = earliest_day("date")
    date_latest = latest_day("date")
    instrument = models.ForeignKey(
        Instrument, models.SET_NULL, null=True, blank=True, related_name="initiatives", verbose_name=_("instrument")
    )

    objects = InitiativeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(OrderedFact.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = filled("initiative", "key", "name")

    def __str__(self) -> str:
        return self.name


class StatementTopic(models.TextChoices):
    """The page on which a statement stands."""

    OBJECTIVES = "objectives", _("Objectives and standards")
    CONSTITUENTS = "constituents", _("Tripartite constituents")
    CATEGORIES = "categories", _("Consultative categories")
    OPERATIONAL = "operational", _("Operational collaboration")
    MEETINGS = "meetings", _("Formal bodies and meetings")
    PROJECTS = "projects", _("Projects")
    ENGAGEMENT = "engagement", _("Engagement with other actors")
    OFFICES = "offices", _("The Office")


class ProfileStatement(OrderedFact):
    """A paragraph of the profile, restated in the register's own words."""

    places = (
        Place("actor-group", "actor_group__slug", "statements"),
        Place("engagement", anchor="statements"),
    )
    label_from = ("text",)

    topic = models.CharField(_("topic"), max_length=20, choices=StatementTopic)
    actor_group = models.ForeignKey(
        ActorGroup, models.PROTECT, null=True, blank=True, related_name="statements", verbose_name=_("actor group")
    )
    text = models.TextField(_("statement"))

    history = HistoricalRecords()

    class Meta(OrderedFact.Meta):
        verbose_name = _("profile statement")
        verbose_name_plural = _("profile statements")
        constraints = filled("profilestatement", "key", "text")

    def __str__(self) -> str:
        return self.text[:80]


class InformationResource(OrderedFact):
    """A further resource that the profile names; its links are lost, so that only the title is kept."""

    places = (Place("about", anchor="resources"),)
    label_from = ("title",)

    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta(OrderedFact.Meta):
        verbose_name = _("information resource")
        verbose_name_plural = _("information resources")
        constraints = filled("informationresource", "key", "title")

    def __str__(self) -> str:
        return self.title
