"""Offices, their figures, office holders, contacts. Contacts are for those with permissions on them alone."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, RecordAdmin, RowForm, Rows, by_decade
from engagement.admin.confirming import ConfirmingAdmin
from engagement.admin.contactfilters import ByConfirmation, ByRetention, ByVerification, months_between
from engagement.admin.erasing import ErasingAdmin
from engagement.models import Contact, Office, OfficeFigure, Official
from engagement.models.offices import kept_until

# Why and until when a contact is kept.
KEPT = (
    ("purpose", "lawful_basis"),
    ("consented_on", "consent_source"),
    ("last_verified", "retain_until"),
)


class ForAWhile(forms.ModelForm):
    """A new contact of which nobody says until when it is kept, is kept for two years."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "retain_until" in self.fields:
            self.fields["retain_until"].help_text = _("Of a new contact, if left blank: for 24 months from today")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance._state.adding and "retain_until" in cleaned and not cleaned["retain_until"]:
            cleaned["retain_until"] = kept_until(timezone.localdate())
        return cleaned


class ContactForm(ForAWhile):
    class Meta:
        model = Contact
        exclude: tuple[str, ...] = ()


class ContactRowForm(ForAWhile, RowForm):
    pass


class FigureRows(Rows):
    model = OfficeFigure
    fields = (("indicator", "value", "approximate"), *EVIDENCE_IN_ROWS)


class ContactRows(Rows):
    model = Contact
    fields = (
        ("name", "title"),
        "address",
        ("phone", "email"),
        "public",
        *KEPT,
        *EVIDENCE_IN_ROWS,
    )
    form = ContactRowForm


@admin.register(Office)
class OfficeAdmin(RecordAdmin):
    main = (
        ("name", "acronym"),
        ("kind", "order"),
        "address",
        ("city", "country"),
        "covers",
        "covered_countries",
        "mandate",
        ("since", "until"),
        "predecessor",
    )
    list_display = ("name", "acronym", "kind", "city", "country", "since", "until", "cited", "published")
    list_filter = ("published", "kind", "country__region")
    list_select_related = ("country", "source")
    search_fields = ("name", "acronym", "city", "slug", "country__name")
    inlines = (FigureRows, ContactRows)


@admin.register(OfficeFigure)
class OfficeFigureAdmin(RecordAdmin):
    main = ("office", ("indicator", "value", "approximate"))
    list_display = ("indicator", "value", "approximate", "office", "as_of", "cited", "published")
    list_filter = ("published", "approximate")
    list_select_related = ("office", "source")
    search_fields = ("indicator", "office__name", "key")


@admin.register(Official)
class OfficialAdmin(RecordAdmin):
    main = (("name", "position"), "nationality", ("since", "until"))
    list_display = ("name", "position", "nationality", "since", "until", "cited", "published")
    list_filter = ("published", "position", by_decade("since", _("since")))
    list_select_related = ("nationality", "source")
    search_fields = ("name", "position", "key")


@admin.register(Contact)
class ContactAdmin(ErasingAdmin, ConfirmingAdmin, RecordAdmin):
    form = ContactForm
    main = (
        ("name", "title"),
        "office",
        "organization",
        "address",
        ("phone", "email"),
        "public",
        *KEPT,
    )
    list_display = ("name", "title", "office", "organization", "public", "verified", "retain_until", "published")
    list_filter = (ByVerification, ByRetention, ByConfirmation, "lawful_basis", "public", "published")
    list_select_related = ("office", "organization")
    search_fields = ("name", "title", "office__name", "organization__name", "key")
    date_hierarchy = "retain_until"
    actions = (*RecordAdmin.actions, "ask_selected")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Why and until when a person's data are kept stands in a section of its own."""
        (title, person), *others = super().get_fieldsets(request, obj)
        fields = tuple(row for row in person["fields"] if row not in KEPT)
        return [(title, {"fields": fields}), (_("Why, and until when, it is kept"), {"fields": KEPT}), *others]

    @admin.display(description=_("last verified"), ordering="last_verified")
    def verified(self, contact: Contact) -> str:
        """The day, and how long ago that is."""
        if contact.last_verified is None:
            return gettext("never")
        months = months_between(contact.last_verified, timezone.localdate())
        ago = ngettext("%(n)s month ago", "%(n)s months ago", months) % {"n": months}
        return f"{contact.last_verified.isoformat()} ({ago})"
