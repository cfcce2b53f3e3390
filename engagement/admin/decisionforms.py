"""The forms of a decision set: organizations gathered from a list of names, one item mended, its heading."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.admin.importforms import SourcePicker
from engagement.desk.decisionchecks import AHEAD
from engagement.desk.models import DecisionAction, DecisionItem, DecisionSet
from engagement.directories.recognizing import Candidate, Result, recognized
from engagement.models import ConsultativeCategory, Meeting, Organization, Region
from engagement.search import tidied

MOST_LINES, LONGEST_LINE = 500, 300
SHOWN = 8  # organizations that one line may mean
LEFT_OUT = "-"

# What each decision asks for, and what else may be said with it.
NEEDS = {
    DecisionAction.GRANT: ("category",),
    DecisionAction.END: ("category",),
    DecisionAction.INVITE: ("meeting",),
}
SAYS = {
    DecisionAction.GRANT: ("category", "region", "note"),
    DecisionAction.END: ("note",),
    DecisionAction.INVITE: ("meeting", "note"),
}


class HeadingForm(forms.ModelForm):
    """What the items of a set share."""

    class Meta:
        model = DecisionSet
        fields = ("session", "date", "decided_by", "document", "paragraph", "source", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if source := self.fields.get("source"):  # nobody edits the heading of a set that is no draft
            choices: Any = source
            choices.widget = SourcePicker()
            choices.widget.choices = choices.choices

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        if date > datetime.date.today() + AHEAD:
            raise forms.ValidationError(_("The day of the sitting lies more than a year ahead."))
        return date


class GatherForm(forms.Form):
    """Organizations by name or slug, and the one decision for all of them."""

    names = forms.CharField(
        label=gettext_lazy("Names of organizations"),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("One on each line: names, acronyms, former names, in any language, or slugs."),
    )
    action = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(action.value, action.label) for action in NEEDS],
        initial=DecisionAction.GRANT,
        widget=forms.RadioSelect,
    )
    category = forms.ModelChoiceField(
        ConsultativeCategory.objects.published(),
        label=gettext_lazy("Category"),
        required=False,
        help_text=gettext_lazy("Which status is granted, or ends"),
    )
    region = forms.ModelChoiceField(
        Region.objects.all(),
        label=gettext_lazy("Region"),
        required=False,
        help_text=gettext_lazy("For regional status"),
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.published().order_by("-start_earliest", "slug"),
        label=gettext_lazy("Meeting"),
        required=False,
        help_text=gettext_lazy("To which they are invited"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        help_text=DecisionItem._meta.get_field("note").help_text,
    )

    def clean_names(self) -> list[str]:
        lines = [line for line in map(str.strip, self.cleaned_data["names"].splitlines()) if tidied(line)]
        if len(lines) > MOST_LINES:
            numbers = {"n": len(lines), "most": MOST_LINES}
            raise forms.ValidationError(_("These are %(n)s names; %(most)s are taken at once.") % numbers)
        if long := [line for line in lines if len(line) > LONGEST_LINE]:
            said = _("“%(line)s …” is longer than %(most)s characters.")
            raise forms.ValidationError([said % {"line": line[:40], "most": LONGEST_LINE} for line in long[:20]])
        return lines

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if action := cleaned.get("action"):
            for name in NEEDS[DecisionAction(action)]:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def said(self) -> dict[str, Any]:
        """What of the form goes into the items."""
        names = {
            *NEEDS[DecisionAction(self.cleaned_data["action"])],
            *SAYS[DecisionAction(self.cleaned_data["action"])],
        }
        return {name: self.cleaned_data[name] for name in names}


class ItemForm(forms.ModelForm):
    """What one item says besides its organization."""

    class Meta:
        model = DecisionItem
        fields = ("category", "region", "meeting", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = DecisionAction(self.instance.action)
        for name in list(self.fields):
            if name not in SAYS.get(action, ("note",)):
                del self.fields[name]
            elif name in NEEDS.get(action, ()):
                self.fields[name].required = True


# -- Whom the lines mean ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenLine:
    """A line of which it is not sure whom it means; of `candidates` staff choose one."""

    number: int
    text: str
    candidates: tuple[Candidate, ...] = ()
    more: int = 0


@dataclass
class Read:
    """What is made of lines: the organizations, each with its line, and the lines that are open."""

    lines: dict[Organization, str] = field(default_factory=dict)
    open: list[OpenLine] = field(default_factory=list)


def read(lines: list[str], chosen: Mapping[str, str]) -> Read:
    """`chosen`: by line the slug of the organization that staff say it means, or LEFT_OUT."""
    names = {line: chosen.get(line) or tidied(line) for line in dict.fromkeys(lines)}
    names = {line: name for line, name in names.items() if name != LEFT_OUT}
    by_slug = {each.slug: each for each in Organization.objects.filter(slug__in=set(names.values()))}
    unknown = [line for line, name in names.items() if name not in by_slug]
    made = dict(zip(unknown, recognized([names[line] for line in unknown]), strict=True))
    found = Read()
    for number, (line, name) in enumerate(names.items()):
        body = by_slug.get(name)
        if line in made and made[line].result is Result.RECOGNIZED:
            body = made[line].candidates[0].organization
        if body:
            found.lines.setdefault(body, line)
        else:
            candidates = made[line].candidates
            found.open.append(OpenLine(number, line, candidates[:SHOWN], max(len(candidates) - SHOWN, 0)))
    return found


def choices_in(sent: Mapping[str, str]) -> dict[str, str]:
    """What a form says of open lines: `line-N` the line, `choice-N` whom it means."""
    numbers = [name.removeprefix("choice-") for name in sent if name.startswith("choice-")]
    return {sent[f"line-{number}"]: sent[f"choice-{number}"] for number in numbers if f"line-{number}" in sent}
