"""Sources, further sources, discrepancies."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import RecordAdmin, by_decade
from engagement.models import Contact, Discrepancy, FurtherSource, Source


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    main = ("title", ("publisher", "kind"), "url", ("date", "as_of"), "licence", "note")
    list_display = ("title", "publisher", "kind", "date", "as_of", "published")
    list_filter = (
        "published",
        "kind",
        by_decade("date", _("date of the document")),
        ("url", admin.EmptyFieldListFilter),
    )
    search_fields = ("title", "publisher", "slug", "url")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], Any, set[Any], list[Any]]:
        """Django names what keeps a source from being deleted; contacts it may name only to those who see them."""
        hidden = not request.user.has_perm("engagement.view_contact")
        if hidden and Contact.objects.filter(source__in=objs).exists():
            return [], {}, set(), [_("A contact, which your account may not see")]
        return super().get_deleted_objects(objs, request)


@admin.register(FurtherSource)
class FurtherSourceAdmin(RecordAdmin):
    main = (("kind", "record_key"), "source", "locator", "reading")
    list_display = ("record_key", "kind", "reading", "cited", "published")
    list_filter = ("published", "kind", "source__kind")
    list_select_related = ("source",)
    search_fields = ("record_key", "reading", "source__title")


@admin.register(Discrepancy)
class DiscrepancyAdmin(RecordAdmin):
    main = (("kind", "record_key"), ("label", "field"), "reading_a", "source_a", "reading_b", "source_b", "note")
    list_display = ("label", "field", "reading_a", "reading_b", "kind", "published")
    list_filter = ("published", "kind", "field")
    search_fields = ("label", "record_key", "field", "reading_a", "reading_b")
