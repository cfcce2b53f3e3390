"""One question, one answer: the page, the files and the API give the same rows in the same order, whatever is asked.

Questions are drawn from what the directories declare. QUESTIONS sets their number, SEED the draw.
"""

import csv
import io
import json
import os
import random
import re
from collections.abc import Callable, Iterable
from math import ceil
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client, override_settings
from openpyxl import load_workbook

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.filters import FIRST_YEAR, Day, Sorting, Vocabulary, Words, Year, YearBound
from engagement.exchange.formats import FORMATS

pytestmark = pytest.mark.django_db

QUESTIONS = int(os.environ.get("QUESTIONS", "200"))
SEED = int(os.environ.get("SEED", "2026"))
TEXTS = (
    "international", "labour", "union", "c144", "geneva", "child labor", "cooperatve", "fédération", "pakistan", "ITUC",
    "world", "2006", "trade union", "convention", "zzzz", "n", "عمل", "%", "co-operative",
)  # fmt: skip
UNLIMITED = dict.fromkeys(settings.LIMITS, 10**9)

Pairs = list[tuple[str, str]]


def value_of(draw: random.Random, each: Any) -> list[str]:
    """Values that the filter takes."""
    if isinstance(each, Vocabulary):
        return [draw.choice(each.known).value for _ in range(draw.choice((1, 1, 2, 4)))] if each.known else []
    if isinstance(each, Words):
        return [draw.choice(TEXTS)]
    if isinstance(each, Day):
        return [f"{draw.randint(1946, 2027)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"]
    if isinstance(each, Year | YearBound):
        return [str(draw.randint(FIRST_YEAR, 2030))]
    assert isinstance(each, Sorting)
    return [draw.choice([name for name, _label in each.extra["choices"]])]


def question(draw: random.Random, directory: Directory) -> Pairs:
    """A question with few parameters, in the canonical order that pages want."""
    filters = directory.ask(QueryDict()).filters
    names = draw.sample(sorted(filters), k=min(len(filters), draw.choice((0, 1, 1, 1, 2, 2, 3))))
    asked = QueryDict(mutable=True)
    for name in names:
        asked.setlist(name, value_of(draw, filters[name]))
    return directory.ask(asked).canonical()


def of_api(client: Client, directory: Directory, pairs: Pairs, limit: int) -> list[str]:
    address: str | None = f"/api/v1/{directory.name}/?{urlencode([*pairs, ('limit', str(limit))])}"
    found: list[str] = []
    while address:
        said = client.get(address).json()
        found += [row["key"] for row in said["results"]]
        address = said["next"]
    assert len(found) == said["count"]
    return found


def of_file(client: Client, directory: Directory, pairs: Pairs, suffix: str) -> list[str]:
    body = client.get(f"/{directory.name}.{suffix}?{urlencode(pairs)}").getvalue()
    return [str(row["key"]) for row in READERS[suffix](body)]


def rows_of_sheet(body: bytes) -> list[dict[Any, Any]]:
    head, *rows = load_workbook(io.BytesIO(body), read_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


READERS: dict[str, Callable[[bytes], Iterable[dict[Any, Any]]]] = {
    "json": lambda body: json.loads(body)["results"],
    "csv": lambda body: csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")),
    "xlsx": rows_of_sheet,
}


def of_pages(client: Client, directory: Directory, pairs: Pairs, draw: random.Random) -> dict[int, list[str]]:
    """The keys in the ids of the rows, by page; of a long list the first pages, the last and a few between."""
    found: dict[int, list[str]] = {}
    waiting = [1]
    while waiting:
        number = waiting.pop()
        page = [("page", str(number))] if number > 1 else []
        answer = client.get(f"/{directory.name}/?{urlencode([*pairs, *page])}")
        assert answer.status_code == 200, (pairs, answer.status_code, answer.get("Location"))
        found[number] = re.findall(rf'<li class="row" id="{directory.name}-([^"]+)"', answer.content.decode())
        if number == 1:
            last = answer.context["page"].paginator.num_pages
            between = range(3, last)
            waiting = sorted({*range(2, min(last, 2) + 1), last, *draw.sample(between, min(len(between), 2))} - {1})
    return found


@override_settings(LIMITS=UNLIMITED)
def test_pages_files_and_the_api_give_the_same_rows_in_the_same_order(client: Client) -> None:
    draw = random.Random(SEED)
    for number in range(QUESTIONS):
        directory = DIRECTORIES[number % len(DIRECTORIES)]
        pairs = question(draw, directory)
        keys = of_api(client, directory, pairs, draw.choice((7, 50, 100, 500)))
        asked = (directory.name, pairs)
        for suffix in FORMATS:
            assert keys == of_file(client, directory, pairs, suffix), (suffix, asked)
        pages = of_pages(client, directory, pairs, draw)
        size = len(pages[1])
        assert {number: keys[size * (number - 1) : size * number] for number in pages} == pages, asked
        assert max(pages) == max(1, ceil(len(keys) / size) if size else 1), asked
