"""Which contacts were erased, so that none comes back with a restored database or a fixture.

docs/adr/0013-erasures.md. The ledger stands twice: in the database (`Erasure`) and in a file beside it, since a
database that is restored is older than its erasures, and a directory may be lost. Either is enough; each is brought up
to the other. An entry is a digest of the contact's key with a salt of its own, so that there is no key of the
installation to be lost, to be changed, or to be kept in step between the two.
"""

import datetime
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from engagement.desk.models import Erasure

# Bytes of the salt and of the digest: with both, in hexadecimal, an entry fills `Erasure.digest`.
SALT = SIZE = 16
# A line that was not written to its end is no entry: its erasure did not take place either.
LINE = re.compile(r"([0-9a-f]{64}) (\S+)")

# By digest, when the contact was erased.
Entries = dict[str, datetime.datetime]


def path() -> Path:
    return Path(settings.VAR_DIR) / "erasures"


def digest(key: str, salt: str = "") -> str:
    salt = salt or secrets.token_hex(SALT)
    return salt + hashlib.blake2b(key.encode(), digest_size=SIZE, salt=bytes.fromhex(salt)).hexdigest()


def names(entries: Iterable[str], key: str) -> bool:
    """Whether one of the entries is of this key."""
    return any(hmac.compare_digest(digest(key, each[: 2 * SALT]), each) for each in entries)


def known() -> Entries:
    """The entries of both. Raises OSError where the file is there and cannot be read."""
    return {**in_file(), **in_database()}


def in_database() -> Entries:
    return dict(Erasure.objects.order_by("pk").values_list("digest", "erased_at"))


def in_file(file: Path | None = None) -> Entries:
    """Those of the file, or of a copy of it."""
    try:
        lines = (file or path()).read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return {}
    found: Entries = {}
    for line in lines:
        if (told := LINE.fullmatch(line)) and (at := moment(told[2])):
            found[told[1]] = at
    return found


def moment(text: str) -> datetime.datetime | None:
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


def note(keys: Collection[str], actor: Any = None) -> None:
    """Enter these keys, unless they are entered, in both; in the erasing transaction, as its last step.

    The file comes before the commit. Where it cannot be written (OSError) nothing is erased; where the commit fails
    after it, the contact was to be erased and is, with the next `prepare`.
    """
    entries, at = known(), timezone.now().replace(microsecond=0)
    made = [digest(key) for key in sorted(keys) if not names(entries, key)]
    name = actor.get_username() if actor else "manage.py"
    rows = [Erasure(digest=each, erased_at=at, actor=actor, actor_name=name) for each in made]
    Erasure.objects.bulk_create(rows)
    append({**in_database(), **dict.fromkeys(made, at)})


def sync() -> Entries:
    """Bring each up to the other; the entries. Raises OSError where the file cannot be read or written."""
    written, stored = in_file(), in_database()
    missing = [Erasure(digest=each, erased_at=at) for each, at in written.items() if each not in stored]
    Erasure.objects.bulk_create(missing, ignore_conflicts=True)
    append(stored)
    return {**written, **stored}


def append(entries: Entries) -> None:
    """Write to the file those that are not in it, through to the disk. Nobody but the owner may read it."""
    there = in_file()
    lines = [line(each, at) for each, at in entries.items() if each not in there]
    if not lines:
        return
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(file).st_size
            torn = size and os.pread(file, 1, size - 1) != b"\n"
            write(file, ("\n" if torn else "") + "".join(lines))
        finally:
            os.close(file)
        keep_name(path().parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path())) from error


def line(entry: str, at: datetime.datetime) -> str:
    return f"{entry} {at.isoformat()}\n"


def write(file: int, text: str) -> None:
    data = text.encode()
    while data:
        data = data[os.write(file, data) :]
    os.fsync(file)


def keep_name(directory: Path) -> None:
    """A new file is only there after a crash if its directory was written to the disk too."""
    folder = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
