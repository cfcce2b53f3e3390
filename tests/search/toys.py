"""A collection of toys: documents of sources that a test makes, so that what is searched is all in sight."""

import random
from collections.abc import Iterable

from django.db import connection

from engagement.models import Source
from engagement.search import Document, match, normalise, write
from engagement.search.engine import DOCUMENT, NAME, TOKENS, TRIGRAM, WORD, Row
from tests.factories import make_source

TOYS = "toys"
ON_POSTGRESQL = connection.vendor == "postgresql"

# What must neither break a statement nor be taken for syntax.
HOSTILE = (
    "", " ", "\n\t", "*", '"', "'", "''", '""', "union*", "*union", "union'", '"union', "(((", "NEAR(a b)", "^union",
    "a AND b OR NOT c", "tokens:union", "-union", "=union", "union=", "'; DROP TABLE engagement_source; --", "%s %d %%",
    "%(name)s", "{}", "\\", "\\'", "& | ! : * <->", "union:*", "union & !board", "\x00", "uni\x00on", "\ud800 union",
    "union\udfff", "x" * 10_000, "union " * 2_000, "é" * 5_000, "\u0301" * 5_000, "-" * 300 + "union", "ﷺ" * 400,
    "/".join(f"part{n}" for n in range(300)), " ".join("abcdefghijklmnopqrstuvwxyz"), "国" * 3_000, "🙂", "🙂 union",
    "\u202eunion", "\ufeffunion", "u\u0301nion", "İstanbul", "ﬁnance", "Ⅷ ① ²", "a_b", "the of and", "1", "0", "00",
)  # fmt: skip


def put(*names: str, text: Iterable[str] = (), sort_name: str = "") -> int:
    """A source called by the first of the names, and its document among the toys."""
    source = make_source(title=names[0])
    write(TOYS, [Document(source.pk, normalise(sort_name or names[0]), names, tuple(text))])
    return source.pk


def found(text: str) -> list[str]:
    """The names of the toys that match, in order."""
    return [source.title for source in match(Source.objects.all(), text, TOYS).queryset]


def ranks(text: str) -> list[int]:
    return [source.search_rank for source in match(Source.objects.all(), text, TOYS).queryset]


def replaced(text: str) -> dict[str, tuple[str, ...]]:
    return match(Source.objects.all(), text, TOYS).replacements


def run(sql: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def stored(collection: str) -> list[list[Row]]:
    """Everything that the tables hold of a collection."""
    of = f"collection = (SELECT number FROM {DOCUMENT.replace('document', 'collection')} WHERE name = '{collection}')"
    ids = f"(SELECT id FROM {DOCUMENT} WHERE {of})"
    token_id = "id" if ON_POSTGRESQL else "rowid"
    selects = [
        f"SELECT record_id, sort_name, digest, words FROM {DOCUMENT} WHERE {of}",
        f"SELECT name, document FROM {NAME} WHERE {of}",
        f"SELECT word, token, frequency FROM {WORD} WHERE {of}",
        f"SELECT trigram, length, word FROM {TRIGRAM} WHERE {of}",
        f"SELECT {token_id}, tokens FROM {TOKENS} WHERE {token_id} IN {ids}",
    ]
    return [sorted(run(select)) for select in selects]


def some_documents(source: random.Random, keys: Iterable[int]) -> list[Document]:
    """Documents of invented names in several scripts."""
    words = [
        "labour",
        "labor",
        "union",
        "unions",
        "trade-union",
        "Örnek",
        "Oernek",
        "Côte",
        "d’Ivoire",
        "ILO/AIDS",
        "organisation",
        "organize",
        "اتحاد",
        "профсоюз",
        "国际大学",
        "ไทย",
        "a",
        "1",
        "1919",
        "C087",
        "co-operative",
        "cooperative",
        "école",
        "zebra",
    ]
    return [
        Document(
            key,
            f"name {source.randrange(9)}",
            [_phrase(source, words), _phrase(source, words)],
            [_phrase(source, words)],
        )
        for key in keys
    ]


def _phrase(source: random.Random, words: list[str]) -> str:
    return " ".join(source.choices(words, k=source.randrange(5)))
