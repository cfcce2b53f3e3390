"""The file of a backup: a compressed archive that says of itself what it holds, with a digest of each member."""

import datetime
import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SAYS, DATABASE, ERASURES = "backup.json", "database", "erasures"
FORMAT = 1
MODE = 0o600
# Of gzip: what PostgreSQL dumps is compressed before, and a copy of SQLite's file shrinks by most of it at once.
LEVEL = 3
# Of what a backup says of itself; a longer one is none.
MOST_SAID = 64 * 1024
AT_ONCE = 1024 * 1024


class NotABackup(Exception):
    """In one line, what is wrong with a file that is to be restored."""


@dataclass(frozen=True)
class Said:
    """What a backup says of itself.

    engine: sqlite or postgresql. made: when, in UTC. release: the digest of the code. revision: of the data.
    digests: SHA-256 by member.
    """

    engine: str
    made: datetime.datetime
    release: str
    revision: int
    digests: Mapping[str, str]


def write(path: Path, said: Said, folder: Path) -> None:
    """Put the files of the folder into an archive of this name: the whole of it or nothing, through to the disk.

    Only its owner may read it.
    """
    begun = path.with_name(unfinished(path.name))
    (folder / SAYS).write_text(json.dumps({"format": FORMAT, **vars(said), "made": said.made.isoformat()}, indent=1))
    try:
        with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=LEVEL) as archive:
                for name in (SAYS, *said.digests):
                    archive.add(folder / name, name, filter=impersonal)
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)


def unfinished(name: str) -> str:
    """What an archive is called before it is whole."""
    return f".{name}.unfinished"


def impersonal(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of whoever made it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = MODE
    return member


def unpack(path: Path, folder: Path) -> Said:
    """Put what the archive holds into the folder, each member as it was when the backup was made, or NotABackup."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            said = said_by(archive)
            for name in said.digests:
                put_out(archive, name, folder / name)
    except (tarfile.TarError, EOFError, zlib.error, KeyError) as error:
        raise NotABackup("is no backup of the register, or is cut off") from error
    for name, digest in said.digests.items():
        if digest_of(folder / name) != digest:
            raise NotABackup(f"is damaged: its member “{name}” is not what was put in")
    return said


def put_out(archive: tarfile.TarFile, name: str, path: Path) -> None:
    """The content of a member, and nothing else that an archive may say of it."""
    content = archive.extractfile(name)
    if content is None:
        raise NotABackup(f"is damaged: its member “{name}” is no file")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE), "wb") as file:
        shutil.copyfileobj(content, file, AT_ONCE)


def said_by(archive: tarfile.TarFile) -> Said:
    member = archive.next()
    if member is None or member.name != SAYS or member.size > MOST_SAID:
        raise NotABackup("is no backup of the register")
    file = archive.extractfile(member)
    try:
        told = json.load(file) if file else {}
        if told.pop("format") != FORMAT:
            raise NotABackup("is of another release's form")
        said = Said(**{**told, "made": datetime.datetime.fromisoformat(told["made"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotABackup("does not say what it holds") from error
    if set(said.digests) != {DATABASE, ERASURES}:
        raise NotABackup("does not hold what a backup holds")
    return said


def digest_of(path: Path) -> str:
    """SHA-256, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while portion := file.read(AT_ONCE):
            digest.update(portion)
    return digest.hexdigest()
