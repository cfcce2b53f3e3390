"""Invitations, the decisions on them, attendance. The rows for a meeting's form stand here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import LongRows, RecordAdmin, by_decade
from engagement.models import Attendance, Invitation, InvitationDecision


class InvitationRows(LongRows):
    model = Invitation
    fields = ("organization", "decision", "dates_as_printed", "source", "locator", "as_of", "published")


class AttendanceRows(LongRows):
    model = Attendance
    fields = ("organization", "name_as_printed", "reported", "source", "locator", "as_of", "published")


@admin.register(InvitationDecision)
class InvitationDecisionAdmin(RecordAdmin):
    main = ("label", "meetings", "date", "decided", "list_status")
    list_display = ("label", "date", "list_status", "cited", "published")
    list_filter = ("published", by_decade("date", _("date of the decision")))
    list_select_related = ("source",)
    search_fields = ("label", "decided", "key")


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    main = ("organization", "name_as_printed", "meeting", "decision", "dates_as_printed", "agenda_items")
    list_display = ("organization", "meeting", "dates_as_printed", "cited", "published")
    list_filter = ("published", "meeting__body", by_decade("meeting__start", _("start")), "source__kind")
    list_select_related = ("organization", "meeting", "source")
    search_fields = ("organization__name", "organization__acronym", "name_as_printed", "meeting__name", "key")


@admin.register(Attendance)
class AttendanceAdmin(RecordAdmin):
    main = ("organization", "name_as_printed", "meeting", "dates_as_printed", "reported")
    list_display = ("name_as_printed", "organization", "meeting", "dates_as_printed", "cited", "published")
    list_filter = ("published", "meeting__body", by_decade("meeting__start", _("start")), "source__kind")
    list_select_related = ("organization", "meeting", "source")
    search_fields = ("organization__name", "organization__acronym", "name_as_printed", "meeting__name", "key")
