"""The questions of the guide and what may be answered: the words that criteria, the page and its addresses share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Applicant(models.TextChoices):
    """What asks."""

    WORKERS = "workers", gettext_lazy("A workers’ organization")
    EMPLOYERS = "employers", gettext_lazy("An employers’ organization")
    NGO = "ngo", gettext_lazy("Another non-governmental organization")
    GOVERNMENT = "government", gettext_lazy("A government body or another public authority")
    COMPANY = "company", gettext_lazy("A company")
    PERSON = "person", gettext_lazy("A person, not an organization")


class Reach(models.TextChoices):
    """Where it has members or affiliates."""

    ONE_COUNTRY = "one-country", gettext_lazy("In one country")
    ONE_REGION = "one-region", gettext_lazy("In several countries of one region")
    SEVERAL_REGIONS = "several-regions", gettext_lazy("In several regions of the world")


class Aims(models.TextChoices):
    """Whether its aims fit the ILO's, and how much of the ILO's work concerns it."""

    WIDE = "wide", gettext_lazy("They fit, and it has a major stake in a wide range of the ILO’s work")
    FIELDS = "fields", gettext_lazy("They fit, and one or more fields of the ILO’s work concern it")
    APART = "apart", gettext_lazy("They do not fit, or nothing in the ILO’s work concerns it")


class Want(models.TextChoices):
    """What it is after."""

    STANDING = "standing", gettext_lazy("A lasting relation with the ILO")
    ONE_MEETING = "one-meeting", gettext_lazy("To attend one meeting")
    PROJECT = "project", gettext_lazy("To work with the ILO in a country or in a project")
    HOME = "home", gettext_lazy("To be heard in its own country")


class First(models.TextChoices):
    """Whether it asks for an invitation for the first time."""

    YES = "yes", gettext_lazy("Yes, the first")
    NO = "no", gettext_lazy("No, it has asked before")


class Member(models.TextChoices):
    """Whether it belongs to an international organization."""

    YES = "yes", gettext_lazy("Yes, it belongs to one")
    NO = "no", gettext_lazy("No, to none")


class Paper(models.TextChoices):
    """What it has in hand."""

    STATUTES = "statutes", gettext_lazy("Statutes or by-laws")
    MEMBERS = "members", gettext_lazy("List of members or affiliates")
    OFFICERS = "officers", gettext_lazy("Names and addresses of the officers")
    ACTIVITY_REPORT = "activity-report", gettext_lazy("Latest annual or activity report")
    FINANCIAL_REPORT = "financial-report", gettext_lazy("Latest financial report")
    LETTERHEAD = "letterhead", gettext_lazy("Request on letterhead")
    AGENDA_ITEMS = "agenda-items", gettext_lazy("Statement of the agenda items of special interest")


# By the name of the parameter, in the order in which the page asks.
VOCABULARIES: dict[str, type[models.TextChoices]] = {
    "organization": Applicant,
    "reach": Reach,
    "aims": Aims,
    "want": Want,
    "first": First,
    "member": Member,
    "papers": Paper,
}
QUESTIONS = {
    "organization": gettext_lazy("What is the organization?"),
    "reach": gettext_lazy("Where does it have members or affiliates?"),
    "aims": gettext_lazy("Do its aims fit those of the ILO?"),
    "want": gettext_lazy("What does it want?"),
    "first": gettext_lazy("Is it the first request?"),
    "member": gettext_lazy("Does it belong to an international organization?"),
    "papers": gettext_lazy("Which papers does it have?"),
}
PAPERS = "papers"
CODES = [f"{question}:{answer}" for question, vocabulary in VOCABULARIES.items() for answer in vocabulary.values]

# By question, the answers that count.
Condition = dict[str, frozenset[str]]


def condition(text: str) -> Condition:
    """`reach:one-region reach:several-regions papers:statutes` by question; `` asks nothing."""
    found: dict[str, frozenset[str]] = {}
    for code in text.split():
        question, _colon, answer = code.partition(":")
        found[question] = found.get(question, frozenset()) | {answer}
    return found


def in_words(text: str) -> str:
    """The answers for readers, in the order in which the page asks."""
    codes = (code.partition(":") for code in text.split())
    return "; ".join(str(VOCABULARIES[question](answer).label) for question, _colon, answer in codes)


class AnswersFormField(forms.MultipleChoiceField):
    """A box for every answer to every question; what is ticked comes back as the text that is kept."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        groups = [(QUESTIONS[name], [(f"{name}:{code}", label) for code, label in vocabulary.choices])
                  for name, vocabulary in VOCABULARIES.items()]  # fmt: skip
        super().__init__(choices=groups, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        chosen = super().clean(value)
        return " ".join(code for code in CODES if code in chosen)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class AnswersField(models.CharField):
    """Answers to the guide's questions, as `question:answer` with a space between. Others fail, in `loaddata` too."""

    description = gettext_lazy("Answers to the questions of the guide")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 600, "blank": True, "default": "", **kwargs})

    def to_python(self, value: Any) -> str:
        codes = set((super().to_python(value) or "").split())
        if unknown := sorted(codes - set(CODES)):
            raise ValidationError(_("“%(code)s” is no answer of the guide") % {"code": unknown[0]}, code="invalid")
        return " ".join(code for code in CODES if code in codes)

    def formfield(self, **kwargs: Any) -> Any:
        return AnswersFormField(required=not self.blank, label=capfirst(self.verbose_name), help_text=self.help_text)
