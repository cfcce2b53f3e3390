"""The form of the meeting check: names that are pasted, a meeting or a kind of meeting, a day."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.filters import DayField
from engagement.directories.standing_at import Occasion
from engagement.models import Meeting, MeetingKind, PartialDate
from engagement.search import tidied

MOST_LINES, LONGEST_LINE, MOST_BYTES = 500, 300, 200_000
LINES_NAMED = 20  # in a message on lines that are wrong
KIND = "kind:"  # before a kind of meeting, among the slugs of meetings


@dataclass(frozen=True)
class Line:
    """A line that holds something: its number in what was pasted, the line, and the name in it."""

    number: int
    pasted: str
    name: str


def lines_of(text: str) -> list[Line]:
    """Of a list or of the rows of a table; empty lines count, so that numbers are those of what was pasted."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = (Line(number, line.strip(), tidied(line)) for number, line in enumerate(broken, 1))
    return [line for line in lines if line.pasted]


class NamesField(forms.Field):
    """Lines of names. What is wrong is told with the numbers of the lines; nothing is cut or left out."""

    widget = forms.Textarea(attrs={"rows": 10, "dir": "auto", "spellcheck": "false", "autocomplete": "off"})
    default_error_messages = {"required": gettext_lazy("Paste one name at least, one on each line.")}

    def to_python(self, value: Any) -> list[Line]:
        text = value or ""
        if (size := len(text.encode(errors="replace"))) > MOST_BYTES:
            message = _("The text has %(size)s bytes; %(most)s are taken at once.")
            numbers = {"size": number_format(size), "most": number_format(MOST_BYTES)}
            raise forms.ValidationError(message % numbers, code="large")
        return lines_of(text)

    def validate(self, value: list[Line]) -> None:
        super().validate(value)
        if problems := list(self._problems(value)):
            raise forms.ValidationError(problems)

    @staticmethod
    def _problems(lines: list[Line]) -> Iterator[str]:
        if len(lines) > MOST_LINES:
            message = _("These are %(n)s names; %(most)s are taken at once. The first too many is on line %(line)s.")
            yield message % {"n": len(lines), "most": MOST_LINES, "line": lines[MOST_LINES].number}
        if long := [line.number for line in lines if len(line.name) > LONGEST_LINE]:
            message = ngettext(
                "Line %(lines)s is longer than %(most)s characters.",
                "Lines %(lines)s are longer than %(most)s characters.",
                len(long),
            )
            yield message % {"lines": listed(long), "most": LONGEST_LINE}
        if odd := [
            line.number for line in lines if any(category(each) == "Cc" for each in line.pasted if each != "\t")
        ]:
            message = ngettext(
                "Line %(lines)s holds a control character, which no name has.",
                "Lines %(lines)s hold control characters, which no name has.",
                len(odd),
            )
            yield message % {"lines": listed(odd)}


def listed(numbers: list[int]) -> str:
    """The first of the numbers of lines: “3, 8, 11 …”."""
    shown = ", ".join(map(str, numbers[:LINES_NAMED]))
    return f"{shown} …" if len(numbers) > LINES_NAMED else shown


class DayRule(TextChoices):
    """Where the day comes from that the answers are for."""

    CHOSEN = "chosen", gettext_lazy("as chosen")
    FIRST_DAY = "first-day-of-the-meeting", gettext_lazy("the first day of the meeting")
    TODAY = "today", gettext_lazy("today")


class MeetingCheckForm(forms.Form):
    names = NamesField(
        label=gettext_lazy("Names of organizations"),
        help_text=gettext_lazy(
            "One on each line: names, acronyms, former names, in any language. Up to 500 lines of 300 characters. "
            "Of the rows of a table the first cell is read; numbers and bullets before a name do not matter."
        ),
    )
    meeting = forms.ChoiceField(label=gettext_lazy("Meeting, or kind of meeting"))
    on = DayField(
        label=gettext_lazy("Day"),
        required=False,
        help_text=gettext_lazy("If none is chosen: the first day of the meeting where it is recorded, else today."),
    )

    def __init__(self, data: QueryDict | None = None, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="%s")
        every = Meeting.objects.published().select_related("body").order_by("-start_earliest", "slug")
        self.meetings = {meeting.slug: meeting for meeting in every}
        self.fields["meeting"].choices = [("", _("Choose")), *self._kinds(), *self._by_body()]  # type: ignore[attr-defined]
        self.fields["on"].widget.attrs["max"] = "9999-12-31"

    @staticmethod
    def _kinds() -> list[Any]:
        kinds = [(f"{KIND}{kind.value}", kind.label) for kind in MeetingKind if kind is not MeetingKind.ANY]
        return [(_("Any meeting of a kind"), kinds)]

    def _by_body(self) -> list[Any]:
        """The meetings, newest first, under their bodies."""
        groups: dict[Any, list[tuple[str, str]]] = {}
        for meeting in self.meetings.values():
            groups.setdefault(meeting.body, []).append((meeting.slug, self._label(meeting)))
        bodies = sorted(groups, key=lambda body: (body.order, body.slug))
        return [(str(body), groups[body]) for body in bodies]

    @staticmethod
    def _label(meeting: Meeting) -> str:
        if not meeting.start:
            return _("%(meeting)s, date not published") % {"meeting": meeting}
        return _("%(meeting)s, %(date)s") % {"meeting": meeting, "date": PartialDate(meeting.start)}

    def occasion(self) -> tuple[Occasion, DayRule]:
        """What a valid form asks for, and by which rule its day was found."""
        asked = self.cleaned_data["meeting"]
        meeting = self.meetings.get(asked)
        kind = MeetingKind(meeting.body.kind if meeting else asked.removeprefix(KIND))
        day, rule = self._day(meeting)
        return Occasion(kind, day, meeting), rule

    def _day(self, meeting: Meeting | None) -> tuple[datetime.date, DayRule]:
        if chosen := self.cleaned_data["on"]:
            return chosen, DayRule.CHOSEN
        if meeting and (first := first_day(meeting)):
            return first, DayRule.FIRST_DAY
        return datetime.date.today(), DayRule.TODAY


def first_day(meeting: Meeting) -> datetime.date | None:
    """The first day of the meeting; None where its source gives a month, a year, or a day that is not sure."""
    try:
        return datetime.date.fromisoformat(meeting.start)
    except ValueError:
        return None
