"""The forms of an import: the file with how it is to be read, and what headers mean that are not known."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.forms.widgets import Select
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.exchange.importing.base import Options, Refused, Wrong
from engagement.exchange.importing.dates import partial
from engagement.exchange.importing.limits import MOST_BYTES
from engagement.exchange.importing.limits import too_large as exceeding
from engagement.exchange.importing.runs import Kind
from engagement.exchange.importing.sniffing import is_workbook
from engagement.models import FurtherSource, Source

# What a form sends for a header that is to be left out: "" says that nothing was chosen.
LEFT_OUT = "-"
DAY_FIRST = {"": None, "day": True, "month": False}


class SourcePicker(AutocompleteSelect):
    """Sources by typing and, where there is no JavaScript, from the whole list."""

    def __init__(self) -> None:
        super().__init__(FurtherSource._meta.get_field("source"), site)

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return Select.optgroups(self, name, value, attr)


class OptionsForm(forms.Form):
    """How a file is to be read."""

    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source"),
        required=False,
        empty_label="",
        help_text=gettext_lazy("For rows that name none in source_key."),
    )
    as_of = forms.CharField(
        label=gettext_lazy("As of"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "The day, month or year for which the source speaks, for rows that give none: 2006-11-15."
        ),
    )
    blank = forms.ChoiceField(
        label=gettext_lazy("Blank cells"),
        choices=(
            ("leave", gettext_lazy("leave what the register has")),
            ("empty", gettext_lazy("empty what the register has")),
        ),
        initial="leave",
        widget=forms.RadioSelect,
    )
    day_first = forms.ChoiceField(
        label=gettext_lazy("03/04/2006 is"),
        choices=(
            ("", gettext_lazy("asked of me, row by row")),
            ("day", gettext_lazy("3 April (day first)")),
            ("month", gettext_lazy("March 4 (month first)")),
        ),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.widget = SourcePicker()
        source.widget.choices = source.choices

    def clean_as_of(self) -> str:
        try:
            return str(partial(self.cleaned_data["as_of"] or None, Options()))
        except Wrong as wrong:
            said = _("%(says)s Perhaps: %(suggestion)s") if wrong.suggestion else "%(says)s"
            raise ValidationError(said % {"says": wrong.says, "suggestion": wrong.suggestion}) from wrong

    def options(self) -> Options:
        said = self.cleaned_data
        return Options(
            source=said["source"].slug if said["source"] else "",
            as_of=said["as_of"],
            clears=said["blank"] == "empty",
            day_first=DAY_FIRST[said["day_first"]],
        )


def saying(options: Options) -> dict[str, Any]:
    """The form's initial values that say these options."""
    return {
        "source": Source.objects.filter(slug=options.source).first() if options.source else None,
        "as_of": options.as_of,
        "blank": "empty" if options.clears else "leave",
        "day_first": next(name for name, value in DAY_FIRST.items() if value is options.day_first),
    }


class BringForm(OptionsForm):
    """A file of one kind."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        help_text=gettext_lazy(
            "CSV (UTF-8) or XLSX, up to 20 MB and 50,000 rows. Nothing is written to the register yet."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    field_order = ("file",)

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        """`too_large`: the file was, so that it was not kept (Bounded)."""
        super().__init__(*args, **kwargs)
        self.data_of_file = b""
        if too_large:
            self.fields["file"].error_messages["required"] = exceeding().says

    def clean_file(self) -> Any:
        """The file, small enough and by its first bytes one that can be a table; its bytes are in `data`."""
        file = self.cleaned_data["file"]
        try:
            if file.size > MOST_BYTES:
                raise exceeding()
            self.data_of_file = file.read()
            is_workbook(file.name, self.data_of_file)
        except Refused as refused:
            raise ValidationError(refused.says, code="refused") from refused
        return file


class Bounded(FileUploadHandler):
    """Keeps no more of a file than one that is too large needs to be known as such."""

    too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start > MOST_BYTES:
            self.too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


class MappingForm(forms.Form):
    """For each header that is not known: the column that it is, or that it is left out."""

    def __init__(self, kind: Kind, headers: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        """`headers`: what each may be, or what staff said of it before."""
        super().__init__(*args, **kwargs)
        self.headers = {field_name(header): header for header in headers}
        choices = [("", _("Choose…")), (LEFT_OUT, _("Leave out")), *((name, name) for name in names_of(kind))]
        for name, header in self.headers.items():
            self.fields[name] = forms.ChoiceField(
                label=header, label_suffix="", choices=choices, initial=headers[header]
            )

    def mapping(self) -> dict[str, str]:
        said = self.cleaned_data
        return {header: "" if said[name] == LEFT_OUT else said[name] for name, header in self.headers.items()}


def field_name(header: str) -> str:
    """The same for the same header, wherever it stands: the form that was sent may be older than the run."""
    return f"header-{hashlib.sha256(header.encode()).hexdigest()[:12]}"


def names_of(kind: Kind) -> list[str]:
    """The columns that are written, then those of the register's own files that are only checked."""
    derived = [column.name for column in kind.derived]
    return list(dict.fromkeys([*(column.name for column in kind.columns), *derived]))
