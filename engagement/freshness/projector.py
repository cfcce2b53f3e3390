"""What is derived from the register, kept up to date from the change log.

A projection (search documents, counts, a feed) is registered once, in `AppConfig.ready()`. The state says up to which
number it has seen the log; `catch_up()` gives it what came after, in order, and moves the number in the same
transaction. A projection that fails or is held by another process is left where it is, and the others go on.
"""

import datetime
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from engagement.freshness import replica
from engagement.freshness.log import Change, as_changes
from engagement.freshness.store import Busy
from engagement.freshness.stores import store

logger = logging.getLogger(__name__)

# Entries a transaction: few enough that others get to write in between (SQLite) and that they fit into memory.
BATCH = 2_000
# Seconds that one who has written waits for another who is catching up, and that a rebuild waits.
WRITERS_PATIENCE, REBUILDERS_PATIENCE = 5.0, 60.0


# After a projection's name, the row of the state that counts how often it was rebuilt.
REBUILT = ", rebuilt"

Report = Callable[[str], object]


class Projection(Protocol):
    """`apply` brings up to date what is derived from the rows named: it reads them as they are now, and a row that is
    gone is to be forgotten. Being told of a row once more must do no harm. `rebuild` makes everything anew, and tells
    how far it is."""

    @property
    def name(self) -> str: ...

    @property
    def tables(self) -> Collection[str]: ...

    def apply(self, changes: Sequence[Change]) -> None: ...

    def rebuild(self, report: Report) -> None: ...


_registered: dict[str, Projection] = {}


def register(projection: Projection) -> None:
    """A new projection has seen nothing: it catches up with the whole log, or is rebuilt."""
    if not projection.tables:
        raise ValueError(f"The projection {projection.name} watches no table.")
    if _registered.setdefault(projection.name, projection) is not projection:
        raise ValueError(f"There is already a projection called {projection.name}.")


def catch_up(limit: int | None = None, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Let the projections apply what they have not seen; the names of those that failed, whose errors are logged.

    With a limit, at most so many entries each, and without waiting for anyone: that is for readers. Call it outside
    the transaction whose changes are meant: they are in the log once it has been committed. A reader of the replica
    lets the primary catch up, and hears of it when the replica does. With READ_ONLY nothing is done.
    """
    if not _registered or settings.READ_ONLY or not (waiting := _waiting(using)):
        return []
    with replica.left():
        return [projection.name for projection in waiting if not _advance(projection, limit, using)]


def _waiting(using: str) -> list[Projection]:
    """Those that have not seen all of the log."""
    newest, seen = store(using).standing()
    return [projection for name, projection in _registered.items() if seen.get(name, 0) < newest]


def _advance(projection: Projection, limit: int | None, using: str) -> bool:
    """Whether it went without an error."""
    try:
        if limit is not None:
            _step(projection, limit, 0, using)
        else:
            while _step(projection, BATCH, WRITERS_PATIENCE, using):
                pass
    except Busy:
        logger.info("Projection %s: another process is at it", projection.name)
    except Exception:
        logger.exception("Projection %s could not apply what changed", projection.name)
        return False
    return True


def _step(projection: Projection, limit: int, patience: float, using: str) -> bool:
    """Apply up to `limit` entries in a transaction of its own; whether there may be more."""
    source = store(using)
    with source.hold(projection.name, patience) as seen:
        upto = source.revision()
        entries = source.entries(after=seen, upto=upto, tables=projection.tables, limit=limit)
        if entries:
            projection.apply(as_changes(source, entries))
        full = len(entries) == limit
        if upto > seen:
            source.note_seen(projection.name, entries[-1][0] if full else upto)
        return full


def rebuild(name: str, report: Report = str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make a projection anew, in as many transactions as it likes. Raises Busy if another holds it for a minute.

    Meanwhile others may apply what is new, and have it overwritten by what was read before: so all that was committed
    since the beginning is applied once more.
    """
    projection, source = _registered[name], store(using)
    with source.hold(name, REBUILDERS_PATIENCE):
        number = source.revision()
    projection.rebuild(report)
    with source.hold(name, REBUILDERS_PATIENCE):
        upto = source.revision()
        meanwhile = source.entries(after=number, upto=upto, tables=projection.tables)
        if meanwhile:
            projection.apply(as_changes(source, meanwhile))
        source.note_seen(name, upto)
        source.note_seen(f"{name}{REBUILT}", source.state(f"{name}{REBUILT}") + 1)


def forget(name: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Take it that a projection has seen nothing: what it had made is gone. It catches up with the whole log."""
    source = store(using)
    with source.hold(name, REBUILDERS_PATIENCE):
        source.note_seen(name, 0)


@dataclass(frozen=True)
class Seen:
    """How far a projection has followed the log, and how often it was made anew: equal, and it holds the same."""

    number: int
    rebuilt: int


def seen_by(name: str, using: str = DEFAULT_DB_ALIAS) -> Seen | None:
    """None in a transaction of the reader's own, which may have changed anything."""
    source = store(using)
    if not source.is_settled():
        return None
    _newest, seen = source.standing()
    return Seen(seen.get(name, 0), seen.get(f"{name}{REBUILT}", 0))


def behind(using: str = DEFAULT_DB_ALIAS) -> int:
    """How many entries the projection that lags most has yet to apply."""
    source = store(using)
    newest, seen = source.standing()
    lagging = [projection for name, projection in _registered.items() if seen.get(name, 0) < newest]
    return max((source.count(seen.get(each.name, 0), each.tables) for each in lagging), default=0)


def is_behind(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether any projection has yet to see an entry, be it of a table that it does not watch. One query."""
    newest, seen = store(using).standing()
    return any(seen.get(name, 0) < newest for name in _registered)


def trim(before: datetime.datetime, using: str = DEFAULT_DB_ALIAS) -> int:
    """Delete the entries noted before that moment which later ones have overtaken; how many.

    What a projection has yet to see stays, and so does the newest entry of each row, deleted rows included: whoever
    asks what changed since a revision, however old, is told of the same rows as before.
    """
    source = store(using)
    newest, seen = source.standing()
    return source.trim(min((seen.get(name, 0) for name in _registered), default=newest), before)
