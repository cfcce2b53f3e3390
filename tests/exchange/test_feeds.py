"""Atom feeds as text: valid whatever names hold, and the same for the same rows."""

import datetime
from dataclasses import replace
from typing import Any

import feedparser
import pytest
from django.utils.html import escape
from lxml import etree

from engagement.directories import DIRECTORIES
from engagement.directories.columns import Kind
from engagement.exchange.feeds import EVIDENCE, TELLING, Feed, Item, atom
from engagement.exchange.xml import holdable

NOON = datetime.datetime(2006, 11, 15, 12, tzinfo=datetime.UTC)
ITEM = Item("https://x.example/a/", "https://x.example/a/?b=1&c=2", "A name", "Kind: other", NOON)
FEED = Feed("A feed", "https://x.example/a.atom", "https://x.example/a/", NOON, (ITEM,))
HOSTILE = (
    "]]> <script>alert(1)</script> & \"quotes\"",
    "\x00\x01\x08\x0b\x0c\x1f\x7f\ufffe\uffff of control",
    "منظمة العمل \u202edebut\u202c",
    "\ud800 half of a pair",
    "😀 – “é” ΑΒΓ",
    "tab\tand\nline",
)  # fmt: skip


def parsed(feed: Feed) -> Any:
    text = atom(feed).encode()
    etree.fromstring(text)
    found = feedparser.parse(text)
    assert not found.bozo, found.bozo_exception
    return found


def test_a_feed_says_who_writes_it_and_where_it_and_its_page_are() -> None:
    feed = parsed(FEED).feed
    assert (feed.title, feed.id, feed.language) == ("A feed", "https://x.example/a.atom", "en")
    assert feed.author and feed.rights
    assert {link.rel: link.href for link in feed.links} == {"self": FEED.address, "alternate": FEED.page}


def test_an_entry_has_its_id_its_link_its_moment_and_its_summary() -> None:
    (entry,) = parsed(FEED).entries
    assert (entry.id, entry.link, entry.title, entry.summary) == (ITEM.id, ITEM.url, ITEM.title, ITEM.summary)
    assert entry.updated == "2006-11-15T12:00:00+00:00"


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gives_a_feed_that_can_be_read_and_stays_text(name: str) -> None:
    hostile = replace(ITEM, title=name, summary=escape(name))
    found = parsed(replace(FEED, title=name, items=(hostile,)))
    assert etree.fromstring(atom(replace(FEED, title=name)).encode())[0].text == holdable(name)
    assert "<script" not in found.entries[0].summary


def test_an_empty_feed_is_valid_and_says_the_moment_that_it_was_given() -> None:
    found = parsed(replace(FEED, items=()))
    assert found.entries == [] and found.feed.updated == "2006-11-15T12:00:00+00:00"


def test_a_feed_is_as_new_as_its_newest_entry_and_the_same_each_time() -> None:
    later = replace(ITEM, id="https://x.example/b/", updated=NOON + datetime.timedelta(days=1))
    feed = replace(FEED, items=(later, ITEM))
    assert parsed(feed).feed.updated == "2006-11-16T12:00:00+00:00"
    assert atom(feed) == atom(feed)


def test_what_tells_rows_apart_are_columns_of_their_directory() -> None:
    assert set(TELLING) == {directory.name for directory in DIRECTORIES}
    for directory in DIRECTORIES:
        columns = {column.name: column for column in directory.columns}
        assert {*TELLING[directory.name], *EVIDENCE} <= set(columns), directory.name
        assert columns["url"].kind is Kind.PAGE
