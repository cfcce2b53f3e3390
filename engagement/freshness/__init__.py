"""One change log, its revision, and the projector.

Every change of a row of the register is noted by the database itself, whoever makes it, and gets a number when it is
committed. The newest number is the revision of the data. What is derived from the register follows the log.

This room knows tables, not models: what is watched and what is projected is handed in.
"""

from engagement.freshness.beside import at_revision
from engagement.freshness.carrying import carrying
from engagement.freshness.filling import filling
from engagement.freshness.glance import Newest, holds, newest_entry
from engagement.freshness.inserting import insert, update
from engagement.freshness.installing import install, watched_of
from engagement.freshness.log import Change, about, changes, names, newest, recent, revision, rows, touched, unname
from engagement.freshness.projector import (
    Projection,
    behind,
    catch_up,
    forget,
    is_behind,
    rebuild,
    register,
    seen_by,
    trim,
)
from engagement.freshness.reading import Reading, reading, seen
from engagement.freshness.store import PART, Busy, Watched

__all__ = [
    "PART",
    "Busy",
    "Change",
    "Newest",
    "Projection",
    "Reading",
    "Watched",
    "about",
    "at_revision",
    "behind",
    "carrying",
    "catch_up",
    "changes",
    "filling",
    "forget",
    "holds",
    "insert",
    "install",
    "is_behind",
    "names",
    "newest",
    "newest_entry",
    "reading",
    "rebuild",
    "recent",
    "register",
    "revision",
    "rows",
    "seen",
    "seen_by",
    "touched",
    "trim",
    "unname",
    "update",
    "watched_of",
]
