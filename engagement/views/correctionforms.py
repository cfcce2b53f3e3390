"""What a reader fills in to say that something is wrong: which field, what it should say, how they know."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from engagement.directories.correctable import WHOLE, Shown, Subject, label_in
from engagement.web.trapping import Trapped

LONGEST = 2_000
# What the form sends for the record as a whole: no field has that name.
OTHER = "-"


class Prose(forms.CharField):
    """A text of some lines. Browsers count the end of a line as one character and send two."""

    widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


@dataclass(frozen=True)
class Option:
    """A field of the record, as the form offers it."""

    value: str
    shown: Shown
    id: str
    is_chosen: bool


class CorrectionForm(Trapped):
    field = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        error_messages={"required": gettext_lazy("Choose what is wrong.")},
    )
    proposed = Prose(
        label=gettext_lazy("What should it say?"),
        help_text=gettext_lazy("It is shown in public if the correction is published. At most 2,000 characters."),
    )
    evidence = Prose(
        label=gettext_lazy("How do you know?"),
        help_text=gettext_lazy(
            "A document, a page or its address, or who can confirm it. Only those who decide see this. At most 2,000 "
            "characters."
        ),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address (if you wish)"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("To tell you what came of it. It is deleted 30 days after the decision."),
    )

    def __init__(self, subject: Subject, data: Any = None) -> None:
        super().__init__(data, auto_id="%s")
        self.shown = [(each.name, each) for each in subject.fields()]
        self.shown.append((OTHER, Shown(WHOLE, label_in(subject.kind, WHOLE), "")))
        self.fields["field"].choices = [(value, each.label) for value, each in self.shown]  # type: ignore[attr-defined]
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    @property
    def options(self) -> list[Option]:
        chosen = self["field"].value()
        return [Option(value, each, f"field_{number}", value == chosen)
                for number, (value, each) in enumerate(self.shown)]  # fmt: skip

    @property
    def texts(self) -> list[Any]:
        """The fields below the choice."""
        return [self[name] for name in ("proposed", "evidence", "email")]

    @property
    def said(self) -> dict[str, str]:
        """What a valid form says: the name of the field, what it says now, and what was written."""
        chosen = dict(self.shown)[self.cleaned_data["field"]]
        written = {name: self.cleaned_data[name] for name in ("proposed", "evidence", "email")}
        return {"field": chosen.name, "current": chosen.value, **written}
