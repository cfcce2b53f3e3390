"""Atom feeds (RFC 4287): the newest changes of the rows of a directory, and the edits of one record."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from engagement import freshness
from engagement.directories import Directory
from engagement.directories.columns import Column, Kind, plain
from engagement.directories.editing import ADDED, CHANGED, REMOVED, Edit
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.versions import Difference
from engagement.exchange.encodings import cell
from engagement.exchange.xml import holdable
from engagement.models import PartialDate
from engagement.models.languages import ENGLISH

ACTIONS = {ADDED: "added", CHANGED: "changed", REMOVED: "removed"}
# What tells rows apart, besides their names: columns by directory.
TELLING = {
    "organizations": ("kind_label", "category_label", "granted", "ended", "country_label"),
    "statuses": ("category_label", "status_label", "granted", "ended"),
    "invitations": ("meeting_label", "meeting_start", "country_label"),
    "constituents": ("country_label", "group_label", "affiliation_label"),
    "countries": ("region_label", "member_since", "member_until"),
    "projects": ("programme_label", "country_label", "donor_label", "start", "end"),
    "instruments": ("kind_label", "adopted", "in_force_from", "status"),
    "ratifications": ("state_label", "date"),
    "meetings": ("body_label", "start", "end", "place"),
    "contacts": ("title", "office_label", "organization_label"),
    "offices": ("kind_label", "city", "country_label"),
    "sources": ("publisher", "kind_label", "date"),
}
EVIDENCE = ("source", "as_of")


@dataclass(frozen=True)
class Item:
    """An entry of a feed. `summary` is HTML."""

    id: str
    url: str
    title: str
    summary: str
    updated: datetime.datetime


@dataclass(frozen=True)
class Feed:
    """A feed: where it stands, which is its id too, and the page that says more. `updated`: of one without items."""

    title: str
    address: str
    page: str
    updated: datetime.datetime
    items: tuple[Item, ...] = ()


class Written(Atom1Feed):
    """Django's, with the moment of an empty feed from the log and not from the clock."""

    def latest_post_date(self) -> datetime.datetime:
        moments = [item["updateddate"] for item in self.items]
        newest: datetime.datetime = max(moments, default=self.feed["updated"])
        return newest


def atom(feed: Feed) -> str:
    written = Written(
        title=holdable(feed.title),
        link=feed.page,
        description="",
        language=ENGLISH,
        author_name=holdable(str(settings.SITE_PUBLISHER or settings.SITE_NAME)),
        feed_url=feed.address,
        feed_guid=feed.address,
        feed_copyright=holdable(settings.DATA_LICENCE),
        updated=feed.updated,
    )
    for item in feed.items:
        written.add_item(
            title=holdable(item.title),
            link=item.url,
            description=holdable(item.summary),
            unique_id=item.id,
            updateddate=item.updated,
        )
    text: str = written.writeString("utf-8")
    return text


# -- Rows of a directory ---------------------------------------------------------------------------------------------


def items_of(directory: Directory, question: DirectoryFilterSet, limit: int, site: str) -> Iterator[Item]:
    """The rows that answer the question, those that changed last first. `site`: `https://register.example`."""
    table = directory.filterset._meta.model._meta.db_table
    changed = {change.key: change for change in freshness.newest(table, question.answering(), limit)}
    rows = {row.pk: row for row in directory.rows_in_full(question).filter(pk__in=list(changed))}
    for pk, change in changed.items():
        yield item_of(directory, rows[pk], change.at, site)


def item_of(directory: Directory, row: Any, at: datetime.datetime, site: str) -> Item:
    said = {column.name: in_words(column, row, site) for column in directory.columns}
    telling = [name for name in (*TELLING[directory.name], *EVIDENCE) if said[name] not in ("", said["name"])]
    summary = format_html_join(" · ", "{}: {}", [(heading(name), said[name]) for name in telling])
    # A list's address may name a row in words that change (Place.search): these are no part of its id.
    lasting = urlsplit(said["url"])._replace(query="").geturl()
    return Item(lasting, said["url"], said["name"], summary, at)


def in_words(column: Column, row: Any, site: str) -> str:
    """What the row says in the column, dates as readers know them; '' for nothing."""
    value = plain(column.value(row), column.kind, site)
    if column.kind is Kind.DATE:
        return str(PartialDate(value)) if value else ""
    if column.kind is Kind.DATES:
        value = [str(PartialDate(each)) for each in value if each]
    return str(cell(value))


def heading(column: str) -> str:
    """`member_since` as “Member since”."""
    return capfirst(column.removesuffix("_label").replace("_", " "))


# -- Edits of a record -----------------------------------------------------------------------------------------------


def items_about(edits: Iterable[Edit], page: str, site: str) -> Iterator[Item]:
    """`page`: the absolute address of the record's page."""
    for edit in edits:
        newest, named = edit.newest, edit.record.label if edit.record else edit.label
        kind = f"{capfirst(newest.model._meta.verbose_name)} {ACTIONS[edit.action]}"
        url = f"{site}{edit.record.url}" if edit.record and edit.record.url else page
        title = f"{kind}: {named}" if named else kind
        yield Item(f"{page}#change-{newest.number}", url, title, summary_of(edit), newest.at)


def summary_of(edit: Edit) -> str:
    if edit.is_silent:
        return "What it said before is not known."
    return format_html_join("", "<p>{}: {} → {}</p>", map(worded, edit.differences))


def worded(difference: Difference) -> tuple[str, str, str]:
    name = capfirst(difference.field)
    return name, marked("del", difference.before), marked("ins", difference.after)


def marked(element: str, text: str) -> str:
    return format_html(f"<{element}>{{}}</{element}>", text) if text else "not recorded"
