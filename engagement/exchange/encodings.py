"""What a plain value is in a cell of a file, for one value and, faster, for a column of them."""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import repeat
from json.encoder import encode_basestring
from typing import Any

from engagement.exchange.tables import FORMULA, neutralised

# Between the elements of a list in a cell.
SEPARATOR = "; "
QUOTE = '"'
# What csv.writer puts a text into quotes for.
SPECIAL = (",", QUOTE, "\r", "\n")
# Between texts that are looked through together, and what may have to be neutralised after it.
BETWEEN = "\0"
SUSPECT = re.compile(f"{BETWEEN}['{re.escape(''.join(FORMULA))}]")


def cell(value: Any) -> Any:
    """A plain value as one cell has it: a list joined, truth in words, nothing empty. Text is not yet neutralised."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return SEPARATOR.join(value) if isinstance(value, list) else value


class Plain:
    """Values as they are. The other encodings answer the same four questions."""

    def one(self, value: Any) -> Any:
        """A plain value as a cell."""
        return value

    def texts(self, column: Sequence[str]) -> Sequence[Any]:
        """`one` of each of many texts."""
        return column

    def parts(self, texts: Sequence[str]) -> Sequence[Any]:
        """Each text as an element of a list."""
        return texts

    def lists(self, owners: Iterable[Any], parts: Iterable[Any], keys: Iterable[Any]) -> Sequence[Any]:
        """For each of the keys the cell of a list of its parts, those that stand beside it among the owners."""
        found: dict[Any, list[Any]] = {}
        for owner, part in zip(owners, parts, strict=True):
            found.setdefault(owner, []).append(part)
        return [found.get(key, []) for key in keys]


def joined(owners: Iterable[Any], parts: Iterable[str], keys: Iterable[Any], separator: str) -> list[str]:
    """For each of the keys its parts in one text, '' where it has none."""
    found: dict[Any, str] = {}
    for owner, part in zip(owners, parts, strict=True):
        found[owner] = found[owner] + separator + part if owner in found else part
    return [*map(found.get, keys, repeat(""))]


class Csv(Plain):
    """As a line of a CSV file has them, in quotes where they need them (RFC 4180)."""

    def one(self, value: Any) -> Any:
        return self.texts([str(cell(value))])[0] if isinstance(value, str | list) else str(cell(value))

    def texts(self, column: Sequence[str]) -> Sequence[Any]:
        # Looking through all of them at once is far cheaper than at each, and most columns have nothing of the kind.
        joined = BETWEEN + BETWEEN.join(column)
        special = [char for char in SPECIAL if char in joined]
        if SUSPECT.search(joined) or len(special) > 1:
            return [*map(quoted, column)]
        return [quoted(text) if special[0] in text else text for text in column] if special else column

    def lists(self, owners: Iterable[Any], parts: Iterable[Any], keys: Iterable[Any]) -> Sequence[Any]:
        return self.texts(joined(owners, parts, keys, SEPARATOR))


def quoted(text: str) -> str:
    """A text as a cell that may have to be neutralised, or put into quotes."""
    shown = str(neutralised(text))
    if "," in shown or QUOTE in shown or "\n" in shown or "\r" in shown:
        return f'"{shown.replace(QUOTE, QUOTE + QUOTE)}"'
    return shown


class Json(Plain):
    """As JSON has them, in characters of their own."""

    def __init__(self) -> None:
        self._encode = json.JSONEncoder(ensure_ascii=False).encode

    def one(self, value: Any) -> Any:
        return self._encode(value)

    def texts(self, column: Sequence[str]) -> Sequence[Any]:
        return [*map(encode_basestring, column)]

    def parts(self, texts: Sequence[str]) -> Sequence[Any]:
        return self.texts(texts)

    def lists(self, owners: Iterable[Any], parts: Iterable[Any], keys: Iterable[Any]) -> Sequence[Any]:
        return [f"[{text}]" for text in joined(owners, parts, keys, ", ")]
