"""Text as a cell may hold it: composed, without invisible ends, and nothing that a person could not have typed."""

import re
import unicodedata

from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Broken, Raw
from engagement.exchange.importing.limits import MOST_CHARACTERS

# No-break spaces, spaces without width and marks of direction, which come along when one copies.
INVISIBLE = "\u00a0\u2007\u202f\u200b\u2060\ufeff\u200e\u200f\u061c"
# Control characters but tab and line ends; halves of characters; what no text may hold.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What a program puts where it could not read a letter.
_LOST = "\ufffd"


def cleaned(text: str) -> Raw:
    """The text of a cell: composed (NFC), invisible ends cut; None where blank, Broken where it is no text."""
    if len(text) > MOST_CHARACTERS:
        return too_long(text)
    if text.isascii() and text.isprintable():
        return text if text and not text.isspace() else None
    if found := _NO_TEXT.search(text):
        says = _("The cell holds a character that is no text (U+%(code)s). Type the cell anew.")
        visible = _NO_TEXT.sub("�", text[:100])
        return Broken("cell-control", says % {"code": f"{ord(found[0]):04X}"}, visible)
    if _LOST in text:
        says = _("Letters of the cell were lost (�) when the file was saved. Type the cell anew.")
        return Broken("cell-lost", says, text[:100])
    composed = unicodedata.normalize("NFC", text).strip(INVISIBLE)
    return composed if composed and not composed.isspace() else None


def too_long(text: str) -> Broken:
    says = _("The cell has more than %(most)d characters.") % {"most": MOST_CHARACTERS}
    return Broken("cell-long", says, f"{text[:100]}…")
