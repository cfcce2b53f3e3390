"""Sources."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.filters import Sort, Sorting, Vocabulary, Words
from engagement.directories.questions import DirectoryFilterSet
from engagement.models import Source, SourceKind


class SourceFilterSet(DirectoryFilterSet):
    q = Words()
    source_kind = Vocabulary(field_name="kind", choices=SourceKind.choices, label=gettext_lazy("Kind of source"))
    sort = Sorting(
        Sort("name", gettext_lazy("Title A–Z"), ("title", "slug")),
        Sort("publisher", gettext_lazy("Publisher"), ("publisher", "title", "slug")),
        Sort("-date", gettext_lazy("Newest first"), ("-date_earliest", "slug")),
    )

    class Meta:
        model = Source
        fields: tuple[str, ...] = ()


def sources_lede() -> str:
    return _("Every fact in the register points at one of these, with the date for which the source speaks.")


sources = Directory(
    name="sources",
    title=gettext_lazy("Sources"),
    count_label=lambda n: ngettext("%(n)s source", "%(n)s sources", n) % {"n": n},
    records=Source.objects.published,
    filterset=SourceFilterSet,
    lede=sources_lede,
)
