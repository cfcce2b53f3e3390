"""The XML parts of a workbook, read as a stream: no document type, no entities, and bounds on all that could grow."""

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from engagement.exchange.importing.archives import DAMAGED, damaged
from engagement.exchange.importing.base import Refused

_AT_ONCE = 64 * 1024
# Bytes of one tag or comment. Text comes in pieces, however long it is.
_LONGEST_TAG = 256 * 1024
_MOST_NAMES = 4_000
_DEEPEST = 64
# Elements of a part. As spreadsheet programs write cells, no more fit into the largest workbook that is read.
_MOST_ELEMENTS = 8_000_000
_ENCODINGS = ("", "utf-8", "utf8", "us-ascii", "ascii")


class Handler:
    """What is told of a part while it is read. `local` names: without the prefix of their namespace."""

    depth = 0
    elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        self.opened(tag if ":" not in tag else local(tag), attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.closed(tag if ":" not in tag else local(tag))

    def opened(self, tag: str, attributes: dict[str, str]) -> None: ...

    def closed(self, tag: str) -> None: ...

    def text(self, piece: str) -> None: ...


def local(name: str) -> str:
    return name.rpartition(":")[2]


def streamed(archive: zipfile.ZipFile, name: str, handler: Handler) -> Iterator[None]:
    """Tell the handler of the part, piece by piece: one iteration each, so that it can be stopped between two."""
    parser, names = _parser(handler)
    fed = 0
    try:
        with archive.open(name) as part:
            while piece := part.read(_AT_ONCE):
                fed += len(piece)
                parser.Parse(piece, False)
                bounded = fed - parser.CurrentByteIndex <= _LONGEST_TAG and handler.depth <= _DEEPEST
                if not bounded or len(names) > _MOST_NAMES or handler.elements > _MOST_ELEMENTS:
                    raise _unlike(name)
                yield
            parser.Parse(b"", True)
            yield
    except (expat.ExpatError, KeyError, *DAMAGED) as error:
        raise damaged() from error


def whole(archive: zipfile.ZipFile, name: str, handler: Handler) -> None:
    """Tell the handler of all the part."""
    for _piece in streamed(archive, name, handler):
        pass


def refuse_document_types(archive: zipfile.ZipFile) -> None:
    """In every part that is XML: a document type, with which entities are declared, stands before the first element."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            beginning = _Beginning()
            for _piece in streamed(archive, entry.filename, beginning):
                if beginning.elements:
                    break


class _Beginning(Handler):
    """Only whether there is an element."""


def _parser(handler: Handler) -> tuple[Any, dict[str, str]]:
    names: dict[str, str] = {}
    parser = expat.ParserCreate(intern=names)
    parser.buffer_text = True
    parser.buffer_size = _AT_ONCE
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.EntityDeclHandler = _refuse_document_type
    parser.XmlDeclHandler = _refuse_encodings
    return parser, names


def _refuse_document_type(*_said: object) -> None:
    raise Refused(_("The workbook holds a document type or entities, as no spreadsheet program writes. Save it anew."))


def _refuse_encodings(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "").lower() not in _ENCODINGS:
        raise Refused(_("A part of the workbook is not in UTF-8. Save it anew as XLSX."))


def _unlike(name: str) -> Refused:
    says = _("The part “%(name)s” of the workbook is not as a spreadsheet program writes it. Save it anew as XLSX.")
    return Refused(says % {"name": name})
