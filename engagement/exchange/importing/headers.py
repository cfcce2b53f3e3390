"""Which column of the register each column of a file is."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Problem
from engagement.search import normalise

_CLOSE = 0.7


class Named(Protocol):
    """A column that may be brought. also: further names by which it goes."""

    @property
    def name(self) -> str: ...

    @property
    def also(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Headers:
    """positions: where each column found stands, by its name. left_out: headers that staff told to leave out."""

    positions: Mapping[str, int]
    problems: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()


def known(header: Sequence[str], columns: Sequence[Named], mapping: Mapping[str, str] | None = None) -> Headers:
    """`mapping`: what staff say of headers, header -> name of the column, "" to leave it out.

    A header that is merely like a name is a problem with a suggestion, never taken silently.
    """
    names = {column.name for column in columns}
    meant = {head: (mapping or {}).get(head, head) for head in header if head}
    return Headers(
        positions={name: header.index(head) for head, name in reversed(meant.items()) if name in names},
        problems=(*_twice(header), *_meant_twice(meant, names), *_unknown(meant, columns, mapping or {})),
        left_out=tuple(head for head, name in meant.items() if not name),
    )


def _twice(header: Sequence[str]) -> Iterator[Problem]:
    for head in dict.fromkeys(header):
        if head and header.count(head) > 1:
            yield Problem(1, head, "header-twice", _("Several columns have this header. Keep one."), head)


def _meant_twice(meant: Mapping[str, str], names: set[str]) -> Iterator[Problem]:
    for name in sorted(names & set(meant.values())):
        heads = [head for head, column in meant.items() if column == name]
        for head in heads[1:]:
            says = _("“%(first)s” is the column “%(name)s” already.")
            yield Problem(1, head, "column-twice", says % {"first": heads[0], "name": name}, head)


def _unknown(meant: Mapping[str, str], columns: Sequence[Named], mapping: Mapping[str, str]) -> Iterator[Problem]:
    free = [column for column in columns if column.name not in meant.values()]
    for head, name in meant.items():
        if name and all(name != column.name for column in columns):
            if head in mapping:
                says = _("“%(name)s” is no column of these rows.")
                yield Problem(1, head, "mapping-unknown", says % {"name": name}, head, _alike(name, free)[0])
            else:
                yield _unknown_header(head, free)


def _unknown_header(head: str, free: Sequence[Named]) -> Problem:
    suggestion, same = _alike(head, free)
    if same:
        says = _("The header is like the column “%(name)s”, but not the same. Say whether it is meant.")
        return Problem(1, head, "header-alike", says % {"name": suggestion}, head, suggestion)
    says = _("No column has this name. Name the column that is meant, or leave it out.")
    return Problem(1, head, "header-unknown", says, head, suggestion)


def _alike(head: str, columns: Sequence[Named]) -> tuple[str, bool]:
    """The name of the column that the header is most like, and whether it is one of its names but for spelling."""
    words = {normalise(word): column.name for column in columns for word in (*column.also, column.name)}
    folded = normalise(head)
    if folded in words:
        return words[folded], True
    close = difflib.get_close_matches(folded, words, n=1, cutoff=_CLOSE)
    return (words[close[0]] if close else ""), False
