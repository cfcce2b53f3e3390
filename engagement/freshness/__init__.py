"""One change log, its revision, and the projector.

Every change of a row of the register is noted by the database itself, whoever makes it, and gets a number when it is
committed. The newest number is the revision of the data. What is derived from the register follows the log.

This room knows tables, not models: what is watched and what is projected is handed in.
"""

from engagement.freshness.installing import install, watched_of
from engagement.freshness.log import Change, changes, recent, revision, rows
from engagement.freshness.projector import Projection, behind, catch_up, forget, rebuild, register, trim
from engagement.freshness.store import PART, Busy, Watched

__all__ = [
    "PART",
    "Busy",
    "Change",
    "Projection",
    "Watched",
    "behind",
    "catch_up",
    "changes",
    "forget",
    "install",
    "rebuild",
    "recent",
    "register",
    "revision",
    "rows",
    "trim",
    "watched_of",
]
