"""Backups: the database and the ledger of erasures in one file, and back (docs/adr/0017-backups.md)."""

from engagement.backups.archives import NotABackup
from engagement.backups.databases import Refused
from engagement.backups.keeping import back_up, drop_old, newest
from engagement.backups.restoring import restore

__all__ = ["NotABackup", "Refused", "back_up", "drop_old", "newest", "restore"]
