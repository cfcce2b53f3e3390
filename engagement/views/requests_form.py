"""The form of a request, one a kind: what may be left open until it is sent, and what is in the register already."""

import datetime
from copy import copy
from dataclasses import dataclass
from typing import Any
from unicodedata import category as category_of

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.desk import requests
from engagement.desk.models import Request, RequestKind
from engagement.desk.secrets import secret
from engagement.directories.recognizing import Candidate, recognized
from engagement.guide.dates import Standing, Window, is_over, window_of
from engagement.models import ConsultativeCategory, Country, Meeting, Organization, PartialDate
from engagement.web.trapping import Trapped

SALT = "engagement.views.requests"
SHOWN = 5  # organizations that the name may mean
NONE = "none"
CHECK, SAVE, SEND = "check", "save", "send"
# What has to be said, by what is done with the form.
ALWAYS_SENT = ("name", "contact_name", "email")
NEEDED: dict[str, dict[RequestKind, tuple[str, ...]]] = {
    CHECK: {},
    SAVE: dict.fromkeys(RequestKind, ("email",)),
    SEND: {
        RequestKind.STATUS: (*ALWAYS_SENT, "country", "category", "first_time"),
        RequestKind.INVITATION: (*ALWAYS_SENT, "country", "meeting", "first_time"),
        RequestKind.DETAILS: ALWAYS_SENT,
    },
}
# Fields of the form for what a change of details asks for (desk.requests.DETAILS).
DETAIL_FIELDS = {f"new_{name.replace('.', '_')}": name for name in requests.DETAILS}
ORGANIZATION, REQUEST = ("acronym", "country", "website"), ("category", "meeting", "first_time")
PERSON = ("contact_name", "email")
FIELDS: dict[RequestKind, tuple[str, ...]] = {
    RequestKind.STATUS: ("name", *ORGANIZATION, "category", "first_time", "statement", *PERSON),
    RequestKind.INVITATION: ("name", *ORGANIZATION, "meeting", "first_time", "statement", *PERSON),
    RequestKind.DETAILS: ("name", *DETAIL_FIELDS, "statement", *PERSON),
}
COLUMNS = ("name", *ORGANIZATION, *REQUEST, "statement", *PERSON)
OF_THE_FORM = ("website_2", "shown_at", "token", "same", "shown_for")


def no_controls(text: str) -> None:
    if any(category_of(each) == "Cc" for each in text):
        raise ValidationError(_("It holds a control character, or more than one line."))


def line(label: Any, most: int, autocomplete: str = "off", **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, widget=widget, validators=[no_controls], **more)


def site(label: Any) -> forms.URLField:
    widget = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
    return forms.URLField(label=label, max_length=200, assume_scheme="https", widget=widget)


def countries(label: Any) -> forms.ModelChoiceField:
    every = Country.objects.published()
    return forms.ModelChoiceField(every, to_field_name="iso2", label=label, empty_label=gettext_lazy("Choose"))


class RequestForm(Trapped):
    """All fields of all kinds; those of the other kinds are taken out. `token`: the secret of the draft, signed, so
    that a form that comes twice makes one request."""

    name = line(gettext_lazy("Name of the organization"), 300, "organization")
    acronym = line(gettext_lazy("Acronym"), 30)
    country = countries(gettext_lazy("Country of its seat"))
    website = site(gettext_lazy("Website"))
    category = forms.ModelChoiceField(
        ConsultativeCategory.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Category"),
        empty_label=gettext_lazy("Choose"),
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Meeting"),
        empty_label=gettext_lazy("Choose"),
        error_messages={"invalid_choice": gettext_lazy("Requests for this meeting are not taken now.")},
    )
    first_time = forms.TypedChoiceField(
        label=gettext_lazy("Is it the first request?"),
        choices=(("yes", gettext_lazy("Yes, the first")), ("no", gettext_lazy("No, it has asked before"))),
        coerce=lambda said: said == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    new_name = line(gettext_lazy("The name should be"), 300)
    new_acronym = line(gettext_lazy("The acronym should be"), 30)
    new_website = site(gettext_lazy("The website should be"))
    new_seat_city = line(gettext_lazy("The city of the seat should be"), 100)
    new_seat_country = countries(gettext_lazy("The country of the seat should be"))
    statement = forms.CharField(
        label=gettext_lazy("What else the organization wants to say"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    contact_name = line(gettext_lazy("Your name"), 200, "name")
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("The link to continue, the receipt and every change go to it. It is not published."),
    )
    token = forms.CharField(widget=forms.HiddenInput)
    same = forms.CharField(max_length=200, label=gettext_lazy("Is it one of these?"))
    shown_for = forms.CharField(strip=False, max_length=300, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, kind: str, *args: Any, mode: str = CHECK, told: str = "", **kwargs: Any) -> None:
        """`told`: the secret of the draft that is continued; without it the form brings one of its own."""
        super().__init__(*args, auto_id="%s", **kwargs)
        self.kind, self.mode = RequestKind(kind), mode
        self.is_continued, self.told = bool(told), told or secret()
        self.initial.setdefault("token", signing.Signer(salt=SALT).sign(self.told))
        for name in [*self.fields]:
            if name not in (*OF_THE_FORM, *FIELDS[self.kind]):
                del self.fields[name]
                continue
            needed: Any = self.fields[name]
            needed.required = name in NEEDED[mode].get(self.kind, ())
            needed.asked = name in NEEDED[SEND][self.kind]
        self.order_fields([*FIELDS[self.kind], *OF_THE_FORM])
        self.offer()

    def offer(self) -> None:
        """What may be chosen: categories that are asked for, meetings for which requests are taken now."""
        if "category" in self.fields:
            offered: Any = self.fields["category"]
            offered.queryset = ConsultativeCategory.objects.published().exclude(slug=requests.INVITED)
        if "meeting" in self.fields:
            choice: Any = self.fields["meeting"]
            choice.queryset = Meeting.objects.published().filter(pk__in=[each.pk for each in self.meetings])
            choice.label_from_instance = meeting_label

    @cached_property
    def meetings(self) -> list[Meeting]:
        return meetings_taken(datetime.date.today())

    # -- Reading -----------------------------------------------------------------------------------------------------

    def clean_token(self) -> str:
        if self.is_continued:
            return self.told
        try:
            self.told = signing.Signer(salt=SALT).unsign(self.cleaned_data["token"])
        except signing.BadSignature:
            data: Any = copy(self.data)  # it comes back with one that is good
            data[self.add_prefix("token")] = self.initial["token"]
            self.data = data
            raise ValidationError(_("The form was open too long, or is not one of this site. Send it again.")) from None
        return self.told

    def clean_new_seat_country(self) -> str:
        chosen = self.cleaned_data["new_seat_country"]
        return chosen.iso2 if chosen else ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.mode == SEND:
            if self.kind == RequestKind.DETAILS and not self.details:
                self.add_error("new_name", _("Say what is to change: one field at least."))
            if self.alike and not self.chosen:
                self.add_error("same", _("Say whether it is one of these organizations, or none of them."))
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Whether it comes from a program, as far as can be told: then nothing of it is kept."""
        return not self.is_bound or bool(self.non_field_errors() or "token" in self.errors)

    @property
    def details(self) -> dict[str, str]:
        said = {name: self.cleaned_data.get(field) or "" for field, name in DETAIL_FIELDS.items()}
        return {name: value for name, value in said.items() if value}

    def values(self) -> dict[str, Any]:
        """What is kept in the request, of all that is valid."""
        found = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        if self.kind == RequestKind.DETAILS:
            found["details"] = self.details
        found["claimed"] = self.claimed
        return found

    # -- In the register already? ------------------------------------------------------------------------------------

    @cached_property
    def alike(self) -> list["Alike"]:
        """The organizations of the register that its name may mean, with what they hold."""
        name = self.cleaned_data.get("name", "") if self.is_bound else self.initial.get("name", "")
        if not name:
            return []
        (found,) = recognized([name])
        candidates = {each.organization.pk: each for each in found.candidates[:SHOWN]}
        said = self.cleaned_data.get("same", "") if self.is_bound else self.initial.get("same", "")
        # Also the one that was chosen before, as by a link from its page, whatever the search makes of the name.
        chosen = Organization.objects.published().filter(slug=said).values_list("pk", flat=True)
        bodies = Organization.objects.published().for_list().in_bulk([*candidates, *chosen])
        order = [key for key in dict.fromkeys([*candidates, *chosen]) if key in bodies]
        return [Alike(bodies[key], candidates.get(key)) for key in order]

    @cached_property
    def chosen(self) -> str:
        """Which of these was said to be it, or NONE; '' where nothing was, or it was of another name."""
        if not self.is_bound:
            return str(self.initial.get("same", ""))
        said, shown_for = self.cleaned_data.get("same", ""), self.cleaned_data.get("shown_for", "")
        offered = [NONE, *(each.body.slug for each in self.alike)]
        return said if said in offered and shown_for == self.cleaned_data.get("name") else ""

    @property
    def claimed(self) -> Organization | None:
        return next((each.body for each in self.alike if each.body.slug == self.chosen), None)

    @property
    def after_name(self) -> list[forms.BoundField]:
        """The fields below the name and what it may mean, in their order."""
        return [self[name] for name in FIELDS[self.kind] if name != "name"]

    @property
    def shown_name(self) -> str:
        """The name for which the organizations alike are shown."""
        return str(self.cleaned_data.get("name", "") if self.is_bound else self.initial.get("name", ""))


@dataclass(frozen=True)
class Alike:
    """An organization that the name may mean, and how the search found it; None where it was chosen before."""

    body: Organization
    found: Candidate | None


def initial_of(request: Request) -> dict[str, Any]:
    """What the form says of a draft."""
    said = {name: getattr(request, name) for name in COLUMNS}
    said["country"] = request.country.iso2 if request.country else ""
    said["category"] = request.category.slug if request.category else ""
    said["meeting"] = request.meeting.slug if request.meeting else ""
    said["first_time"] = {True: "yes", False: "no"}.get(request.first_time, "")  # type: ignore[arg-type]
    said |= {field: request.details.get(name, "") for field, name in DETAIL_FIELDS.items()}
    return said | {"same": request.claimed.slug if request.claimed else ""}


# -- Meetings --------------------------------------------------------------------------------------------------------


def meetings_taken(day: datetime.date) -> list[Meeting]:
    """Those to come whose window is open, or for which no source publishes one; the next first."""
    every = Meeting.objects.published().for_list()
    taken = [each for each in every if not is_over(each, day) and not closed_window(each, day)]
    return sorted(taken, key=lambda each: each.start or "9999")


def closed_window(meeting: Meeting, day: datetime.date) -> Window | None:
    """The window in which requests are taken, where it is not open."""
    window = window_of(meeting, day)
    return window if window and window.standing != Standing.OPEN else None


def meeting_label(meeting: Meeting) -> str:
    if not meeting.start:
        return _("%(meeting)s, date not published") % {"meeting": meeting}
    return _("%(meeting)s, %(date)s") % {"meeting": meeting, "date": PartialDate(meeting.start)}
