"""How a page of the register is cited: in words, and as BibTeX, RIS and CSL-JSON for programs that keep references.

It knows nothing of HTTP, nor of what the page shows.
"""

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.text import slugify
from django.utils.translation import gettext as _

from engagement.models.dates import day_label

# Marks that say in which direction text runs, and the byte-order mark: left in a title, they turn round what follows.
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# Characters of the address in a key, beside the digest that tells equal beginnings apart.
LONGEST_SLUG = 60
RIS_END = "\r\n"


@dataclass(frozen=True)
class Citation:
    """One page as it is cited.

    title: as the page is headed. url: absolute. accessed: the day on which it was read. revision: that of the data.
    register: the name of the site. publisher: who stands behind it, '' for nobody. as_of: the past day that the page is
    asked for, None for today. rows: whether it is a list of rows, or a file of them, and not the page of a record.
    """

    title: str
    url: str
    accessed: datetime.date
    revision: int
    register: str
    publisher: str = ""
    as_of: datetime.date | None = None
    rows: bool = False

    @property
    def address(self) -> str:
        """The URL in ASCII, with nothing in it that a format would have to escape in its own way."""
        return quote(self.url, safe=":/?#[]@!$&'()*+,;=-._~%")

    @property
    def key(self) -> str:
        """Of the entry: ASCII, the same for the same page at the same revision, another for any other."""
        slug = slugify(urlsplit(self.address).path.replace("/", "-"))[:LONGEST_SLUG].strip("-") or "register"
        digest = hashlib.sha256(self.address.encode()).hexdigest()[:8]
        return f"{slug}-{digest}-revision-{self.revision}"

    @property
    def day(self) -> str:
        """“as of 15 November 2006”; '' for today."""
        return _("as of %(date)s") % {"date": day_label(self.as_of)} if self.as_of else ""

    @property
    def state(self) -> str:
        """Which state of the data it is: “revision 37, as of 15 November 2006”."""
        revision = _("revision %(number)s") % {"number": self.revision}
        return f"{revision}, {self.day}" if self.day else revision


def plainly(text: str) -> str:
    """The text on one line, without what is no text: controls, marks of direction, halves of surrogate pairs."""
    kept = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif category != "Cs" and character not in DIRECTIONS:
            kept.append(character)
    return " ".join("".join(kept).split())


# -- In words --------------------------------------------------------------------------------------------------------


def around(citation: Citation) -> tuple[str, str]:
    """What a citation in words has before the title and after it, in the language of the page."""
    accessed = _("accessed %(day)s") % {"day": day_label(citation.accessed)}
    after = [plainly(citation.publisher), citation.state, citation.address, accessed]
    opening, closing = _("“%(title)s”").split("%(title)s")
    return f"{plainly(citation.register)}, {opening}", f"{closing}, {', '.join(filter(None, after))}."


def text(citation: Citation) -> str:
    """“Register …, “Amnesty International (AI)”, revision 37, https://…, accessed 9 March 2026.”"""
    before, after = around(citation)
    return f"{before}{plainly(citation.title)}{after}"


# -- BibTeX ----------------------------------------------------------------------------------------------------------

# Braces as commands: BibTeX counts those in a field, escaped or not, and loses its way where they do not match.
LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "<": r"{\textless}",
        ">": r"{\textgreater}",
        "|": r"{\textbar}",
        **{character: f"\\{character}" for character in "&%$#_"},
    }
)


def latex(words: str) -> str:
    """Text as LaTeX prints it; what is not ASCII stays as it is, in UTF-8."""
    return plainly(words).translate(LATEX)


def bibtex(citation: Citation) -> str:
    """An entry that BibTeX and biber read. Names and title stand in braces of their own: their capitals stay."""
    fields = {
        "author": f"{{{latex(citation.publisher or citation.register)}}}",
        "title": f"{{{latex(citation.title)}}}",
        "howpublished": latex(citation.register),
        "note": latex(citation.state),
        "url": citation.address,
        "urldate": citation.accessed.isoformat(),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}", ""])


# -- RIS -------------------------------------------------------------------------------------------------------------


def ris(citation: Citation) -> str:
    """A record of RIS: a tag and its value on each line; no value holds the end of a line."""
    lines = [
        ("TY", "DATA" if citation.rows else "ELEC"),
        ("ID", citation.key),
        ("AU", plainly(citation.publisher or citation.register)),
        ("TI", plainly(citation.title)),
        ("T2", plainly(citation.register)),
        ("PB", plainly(citation.publisher)),
        ("ET", citation.state),
        ("UR", citation.address),
        ("Y2", citation.accessed.strftime("%Y/%m/%d")),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}{RIS_END}" for tag, value in lines if value or tag == "ER")


# -- CSL-JSON --------------------------------------------------------------------------------------------------------


def csl(citation: Citation) -> dict[str, Any]:
    """An item of CSL-JSON."""
    day = citation.accessed
    item = {
        "id": citation.key,
        "type": "dataset" if citation.rows else "webpage",
        "title": plainly(citation.title),
        "author": [{"literal": plainly(citation.publisher or citation.register)}],
        "container-title": plainly(citation.register),
        "version": str(citation.revision),
        "note": citation.day,
        "publisher": plainly(citation.publisher),
        "URL": citation.address,
        "accessed": {"date-parts": [[day.year, day.month, day.day]]},
    }
    return {name: value for name, value in item.items() if value}


def csl_json(citation: Citation) -> str:
    return json.dumps([csl(citation)], ensure_ascii=False, indent=1) + "\n"


# -- As files --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """suffix: how an address and a file name end. name: as readers know it. write: the text of a file."""

    suffix: str
    name: str
    content_type: str
    write: Callable[[Citation], str]


STYLES = {
    each.suffix: each
    for each in (
        Style("bib", "BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
        Style("ris", "RIS", "application/x-research-info-systems; charset=utf-8", ris),
        Style("json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
    )
}
