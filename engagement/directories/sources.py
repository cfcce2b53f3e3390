"""Sources."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.columns import PAGE, Column, Kind, coded, field, key_and_name, of
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


COLUMNS = (
    *key_and_name(of("title")),
    field("publisher", "Publisher"),
    *coded("kind", "Kind of source"),
    field("date", "Date of the document", Kind.DATE),
    field("licence", "Licence or terms, where known"),
    field("note", "What has to be known of it"),
    Column("source", "Title, as facts that rest on it have it in this column", of("title")),
    Column("source_url", "Its own address, where it has one", of("url"), Kind.URL),
    field("as_of", "The date for which it speaks, where that is not its own date", Kind.DATE),
    PAGE,
)

sources = Directory(
    name="sources",
    title=gettext_lazy("Sources"),
    count_label=lambda n: ngettext("%(n)s source", "%(n)s sources", n) % {"n": n},
    records=Source.objects.published,
    filterset=SourceFilterSet,
    lede=sources_lede,
    columns=COLUMNS,
)
