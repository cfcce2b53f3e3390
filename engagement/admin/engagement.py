"""What the profile says of the ILO's engagement."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import RecordAdmin, by_decade
from engagement.models import (
    ActorGroup,
    InformationResource,
    Initiative,
    ProfileStatement,
    RelationKind,
    RightsArea,
    StrategicObjective,
)


@admin.register(ActorGroup)
class ActorGroupAdmin(RecordAdmin):
    main = ("name", "order", "summary", "engaged_since", "instruments")
    list_display = ("name", "order", "engaged_since", "cited", "published")
    list_filter = ("published",)
    list_select_related = ("source",)
    search_fields = ("name", "slug", "summary")


@admin.register(Initiative)
class InitiativeAdmin(RecordAdmin):
    main = ("name", "actor_group", "order", "text", "date", "instrument")
    list_display = ("name", "actor_group", "date", "instrument", "order", "cited", "published")
    list_filter = ("published", "actor_group", by_decade("date", _("date")))
    list_select_related = ("actor_group", "instrument", "source")
    search_fields = ("name", "text", "key")


@admin.register(ProfileStatement)
class ProfileStatementAdmin(RecordAdmin):
    main = (("topic", "actor_group"), "order", "text")
    list_display = ("__str__", "topic", "actor_group", "order", "cited", "published")
    list_filter = ("published", "topic", "actor_group")
    list_select_related = ("actor_group", "source")
    search_fields = ("text", "key")


@admin.register(StrategicObjective)
class StrategicObjectiveAdmin(RecordAdmin):
    main = ("text", "order")
    list_display = ("text", "order", "cited", "published")
    list_filter = ("published",)
    list_select_related = ("source",)
    search_fields = ("text", "key")


@admin.register(RightsArea)
class RightsAreaAdmin(RecordAdmin):
    main = ("name", "order")
    list_display = ("name", "order", "cited", "published")
    list_filter = ("published",)
    list_select_related = ("source",)
    search_fields = ("name", "key")


@admin.register(RelationKind)
class RelationKindAdmin(RecordAdmin):
    main = ("name", "order", "text")
    list_display = ("name", "order", "cited", "published")
    list_filter = ("published",)
    list_select_related = ("source",)
    search_fields = ("name", "text", "key")


@admin.register(InformationResource)
class InformationResourceAdmin(RecordAdmin):
    main = ("title", "order", "url")
    list_display = ("title", "order", "url", "cited", "published")
    list_filter = ("published",)
    list_select_related = ("source",)
    search_fields = ("title", "key")
