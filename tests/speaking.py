"""Languages made for the tests: a catalog written without gettext, and the site speaking it."""

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from engagement.management.catalogs import CONTEXT, Message, catalogs, read

HEAD = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
MADE_UP = ("vo", "Volapük")


def write_mo(path: Path, texts: Mapping[str, str]) -> None:
    """A compiled catalog, in the format of GNU gettext."""
    pairs = sorted((key.encode(), text.encode()) for key, text in {"": HEAD, **texts}.items())
    places, strings = [], b""
    start = 28 + 16 * len(pairs)
    for column in (0, 1):
        for pair in pairs:
            places.append((len(pair[column]), start + len(strings)))
            strings += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head + b"".join(struct.pack("<2I", *place) for place in places) + strings)


@contextmanager
def site_that_speaks(locale: Path, texts: Mapping[str, str]) -> Iterator[str]:
    """The prefix of a language that the site has besides, with these texts."""
    code, _name = MADE_UP
    write_mo(locale / code / "LC_MESSAGES" / "django.mo", texts)
    paths = [locale, *settings.LOCALE_PATHS]
    with override_settings(LANGUAGES=[*settings.LANGUAGES, MADE_UP], LOCALE_PATHS=paths):
        yield f"/{code}"


def bracketed() -> dict[str, str]:
    """Every text of the interface as itself in brackets: what stands outside them on a page is not translated."""
    path = next(iter(catalogs(settings.BASE_DIR / "locale").values()))
    return dict(in_brackets(message) for message in read(path) if message.msgid)


def in_brackets(message: Message) -> tuple[str, str]:
    key = f"{message.context}{CONTEXT}{message.msgid}" if message.context else message.msgid
    if not message.plural:
        return key, f"⟦{message.msgid}⟧"
    return f"{key}\0{message.plural}", f"⟦{message.msgid}⟧\0⟦{message.plural}⟧"
