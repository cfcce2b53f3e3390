"""How much is read of a file, whatever it says of itself, and how people hear of it."""

from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
# Where a spreadsheet ends; blank rows count too.
LAST_ROW = 1_048_576
MOST_CHARACTERS = 32_767


def too_large() -> Refused:
    says = _("The file is larger than %(most)d MB. Split it into several files.")
    return Refused(says % {"most": MOST_BYTES // (1024 * 1024)})


def too_many_rows() -> Refused:
    says = _("The file has more than %(most)d rows. Split it into several files.")
    return Refused(says % {"most": MOST_ROWS})


def too_far_down() -> Refused:
    says = _("The file goes on beyond row %(last)d, where a spreadsheet ends. Delete the blank rows.")
    return Refused(says % {"last": LAST_ROW})


def too_many_columns(place: str) -> Refused:
    says = _("%(place)s: the file has more than %(most)d columns. Delete those that are not needed.")
    return Refused(says % {"place": place, "most": MOST_COLUMNS})


def letters(column: int) -> str:
    """How a spreadsheet calls a column, the first being 0: A, B … Z, AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
