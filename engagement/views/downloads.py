"""Under a directory's rows: the same rows as files, all of them, by the same question; how they are cited."""

from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from engagement.directories import Directory
from engagement.exchange.formats import FORMATS
from engagement.views.citing import asked_to_cite, citing_files
from engagement.web.frames import frame

SUFFIXES = tuple(FORMATS)


def downloads_of(directory: Directory, path: str, query: str, rows: int) -> SafeString:
    """What stands under the rows that answer the `query` at the `path`; '' where there is nothing to take away."""
    if not rows:
        return SafeString()
    around = frame(
        "engagement/_downloads.html", "words", "asked", "cited", "query",
        directory=directory, suffixes=SUFFIXES, citing=tuple(citing_files()),
    )  # fmt: skip
    asked = f"?{query}" if query else ""
    words = ngettext("Download this row:", "Download these %(n)s rows:", rows) % {"n": localize(rows)}
    return around.filled(words=words, asked=asked, cited=asked_to_cite(f"{path}{asked}"), query=query)
