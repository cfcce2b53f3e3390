"""Bodies that meet, and their meetings."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import RecordAdmin, by_decade
from engagement.admin.invitations import AttendanceRows, InvitationRows
from engagement.models import Meeting, MeetingBody


@admin.register(MeetingBody)
class MeetingBodyAdmin(RecordAdmin):
    main = (("name", "acronym"), ("kind", "region"), "order", "composition")
    list_display = ("name", "acronym", "kind", "region", "order", "cited", "published")
    list_filter = ("published", "kind", "region")
    list_select_related = ("region", "source")
    search_fields = ("name", "acronym", "slug")


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    main = (
        "name",
        ("body", "number"),
        ("start", "end"),
        ("place", "country"),
        "agenda",
        ("requests_from", "requests_until"),
    )
    list_display = ("name", "number", "body", "start", "end", "place", "cited", "published")
    list_filter = ("published", "body", by_decade("start", _("start")), "source__kind")
    list_select_related = ("body", "source")
    search_fields = ("name", "number", "place", "slug", "agenda")
    inlines = (InvitationRows, AttendanceRows)
