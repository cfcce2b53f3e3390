"""The forms with which staff take a request on: what was asked for stands in them already."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from engagement.desk import details, inbox, requests
from engagement.desk.models import DecisionSet, Request, SetState
from engagement.models import Country, Organization, Seat
from engagement.models.answers import Paper

TELL = gettext_lazy("Tell the organization by mail")


class StepForm(forms.Form):
    """A step that staff take. seen: what the page was made for (inbox.version_of)."""

    asks_for_note = False

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("What it is told"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    tell = forms.BooleanField(label=TELL, required=False, initial=True)

    def __init__(self, asked: Request, data: Any = None, **initial: Any) -> None:
        super().__init__(data, initial={"seen": inbox.version_of(asked), **initial}, auto_id=f"id_{self.name()}_%s")
        self.asked = asked
        self.fields["note"].required = self.asks_for_note
        language = dict(settings.LANGUAGES).get(asked.language, asked.language)
        said = _("In the language of the request: %(language)s. Whoever has the number can read it: name no person.")
        self.fields["note"].help_text = said % {"language": language}

    @classmethod
    def name(cls) -> str:
        return cls.__name__.removesuffix("Form").lower()


class CompleteForm(StepForm):
    although = forms.BooleanField(label=gettext_lazy("Complete without the papers that are missing"), required=False)

    def __init__(self, asked: Request, data: Any = None, **initial: Any) -> None:
        super().__init__(asked, data, **initial)
        if requests.missing(asked):
            self.fields["although"].required = True
        else:
            del self.fields["although"]


class DeclineForm(StepForm):
    asks_for_note = True


class WithdrawForm(StepForm):
    pass


class AskForm(StepForm):
    """Which papers are asked for: those that the rules ask for and that are not there in any case, others if ticked.
    shown: of the mail that the page showed; what was not shown is not sent."""

    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers"), choices=Paper.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("papers", "note", "tell")

    def __init__(self, asked: Request, data: Any = None, **initial: Any) -> None:
        super().__init__(asked, data, papers=requests.missing(asked), **initial)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned["papers"] and not cleaned["note"]:
            self.add_error("papers", _("Tick a paper, or say what is missing."))
        return cleaned


class CreateForm(forms.ModelForm):
    """The organization that would be made, with its seat. known: organizations of nearly that name which were shown."""

    website = forms.URLField(label=gettext_lazy("Website"), max_length=300, required=False, assume_scheme="https")
    country = forms.ModelChoiceField(
        label=gettext_lazy("Country of its seat"), queryset=Country.objects.order_by("sort_name"), required=False
    )
    other = forms.BooleanField(label=gettext_lazy("It is none of these"), required=False)
    known = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Organization
        fields = ("name", "name_lang", "acronym", "kind", "website", "country", "published")

    def __init__(self, asked: Request, data: Any = None, **kwargs: Any) -> None:
        said = {"name": asked.name, "name_lang": asked.language, "acronym": asked.acronym, "website": asked.website}
        initial = {**said, "country": asked.country_id, "published": False}
        super().__init__(data, initial=initial, auto_id="id_create_%s", **kwargs)
        self.fields["published"].help_text = _("A decision set takes only organizations that are published.")

    def known_keys(self) -> list[int]:
        """Those shown and found to be others; none unless that is ticked."""
        if not self.cleaned_data.get("other"):
            return []
        return [int(key) for key in self.cleaned_data["known"].split(",") if key.isdecimal() and len(key) < 19]


class DetailsForm(StepForm):
    """Which of the changes are taken over. state: what the register said to whoever chooses, sealed."""

    names = forms.MultipleChoiceField(label=gettext_lazy("Take over"), widget=forms.CheckboxSelectMultiple)
    seat = forms.ModelChoiceField(
        label=gettext_lazy("Seat"), queryset=Seat.objects.none(), required=False, empty_label=gettext_lazy("a new seat")
    )
    keep_names = forms.BooleanField(
        label=gettext_lazy("It was called so until now: keep name and acronym as former ones"),
        required=False,
        initial=True,
    )
    keep_seat = forms.BooleanField(
        label=gettext_lazy("Its seat was there until now: keep it as a former one"), required=False, initial=True
    )
    state = forms.CharField(widget=forms.HiddenInput)

    field_order = ("names", "seat", "keep_names", "keep_seat", "note", "tell")

    def __init__(self, asked: Request, seats: list[Seat], data: Any = None, **initial: Any) -> None:
        names = list(details.asked(asked))
        first = seats[0].pk if seats else None
        super().__init__(asked, data, names=names, seat=first, **initial)
        self.fields["names"].choices = [(name, labels()[name]) for name in names]  # type: ignore[attr-defined]
        these = Seat.objects.filter(pk__in=[seat.pk for seat in seats]).select_related("country")
        self.fields["seat"].queryset = these  # type: ignore[attr-defined]
        if not set(names) & set(details.KEPT_AS):
            del self.fields["keep_names"]
        if not any(name.startswith(details.OF_SEAT) for name in names):
            del self.fields["seat"], self.fields["keep_seat"]
        elif not seats:
            del self.fields["keep_seat"]

    def add_problems(self, name: str, problems: list[str]) -> None:
        """What is wrong with a value that the request asks for."""
        label = labels().get(name, "")
        for problem in problems:
            self.add_error("names", f"{label}: {problem}" if label else problem)

    def choice(self) -> details.Choice:
        said = self.cleaned_data
        keeps = {name: bool(said.get(name)) for name in ("keep_names", "keep_seat")}
        return details.Choice(said["names"], said.get("seat"), **keeps)


def labels() -> dict[str, str]:
    """By the name of a detail what people call it."""
    found = {}
    for name in requests.DETAILS:
        model: Any = Seat if name.startswith(details.OF_SEAT) else Organization
        field = model._meta.get_field(name.removeprefix(details.OF_SEAT))
        found[name] = str(capfirst(field.verbose_name))
    return found


def taken_over_in_words(asked: Request, names: list[str]) -> str:
    """What the organization is told, in its language."""
    with override(asked.language):
        words, wanted = labels(), list(details.asked(asked))
        said = _("Taken over: %(names)s.") % {"names": ", ".join(words[name] for name in wanted if name in names)}
        if left := [words[name] for name in wanted if name not in names]:
            said += " " + _("Not taken over: %(names)s.") % {"names": ", ".join(left)}
        return said


class PutForm(forms.Form):
    """The requests that go on a draft."""

    requests = forms.ModelMultipleChoiceField(queryset=Request.objects.sent(), required=True)
    decision_set = forms.ModelChoiceField(
        label=gettext_lazy("Decision set"),
        queryset=DecisionSet.objects.filter(state=SetState.DRAFT),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    tell = forms.BooleanField(label=gettext_lazy("Tell the organizations by mail"), required=False, initial=True)
