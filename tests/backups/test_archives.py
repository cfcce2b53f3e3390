"""A backup is whole and says what it holds, or it is refused and nothing of it is used."""

import datetime
import io
import json
import os
import stat
import tarfile
from pathlib import Path

import pytest

from engagement.backups import archives
from engagement.backups.archives import NotABackup, Said

CONTENT = {archives.DATABASE: os.urandom(50_000), archives.ERASURES: b"none"}


def made(folder: Path) -> tuple[Path, Said]:
    source = folder / "source"
    source.mkdir()
    for name, content in CONTENT.items():
        (source / name).write_bytes(content)
    digests = {name: archives.digest_of(source / name) for name in CONTENT}
    said = Said("sqlite", datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC), "abc", 7, digests)
    archives.write(folder / "a.backup", said, source)
    return folder / "a.backup", said


def unpacked(path: Path) -> Said:
    target = path.parent / "target"
    target.mkdir(exist_ok=True)
    return archives.unpack(path, target)


def archive_of(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def told(**changed: object) -> bytes:
    digests = dict.fromkeys(CONTENT, "0" * 64)
    said = {"format": 1, "engine": "sqlite", "made": "2026-12-01T00:00:00+00:00", "release": "a", "revision": 1}
    return json.dumps({**said, "digests": digests, **changed}).encode()


def test_what_was_put_in_comes_out_and_says_of_what_it_is(tmp_path: Path) -> None:
    path, said = made(tmp_path)
    assert unpacked(path) == said
    assert {name: (tmp_path / "target" / name).read_bytes() for name in CONTENT} == CONTENT


def test_only_its_owner_may_read_it_and_it_names_nobody(tmp_path: Path) -> None:
    path, _said = made(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as archive:
        assert {(member.uid, member.uname, member.mode) for member in archive} == {(0, "", 0o600)}


def test_where_it_cannot_be_written_to_its_end_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        made(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["source"]


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.99])
def test_one_that_is_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    path, _said = made(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept if kept > 1 else kept * len(whole))])
    with pytest.raises(NotABackup):
        unpacked(path)


def test_one_of_which_a_byte_was_changed_is_refused(tmp_path: Path) -> None:
    path, _said = made(tmp_path)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(NotABackup):
        unpacked(path)


def test_a_member_that_is_not_what_was_put_in_is_named(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "b", {archives.SAYS: told(), **CONTENT})
    with pytest.raises(NotABackup, match="“database” is not what was put in"):
        unpacked(path)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"other": b"{}"},
        {archives.SAYS: b"not JSON"},
        {archives.SAYS: b"[]"},
        {archives.SAYS: told(format=2)},
        {archives.SAYS: told(made="yesterday")},
        {archives.SAYS: told(surprise=1)},
        {archives.SAYS: told(digests={"../outside": "0" * 64})},
        {archives.SAYS: told()},
        {archives.SAYS: b" " * (archives.MOST_SAID + 1)},
    ],
)
def test_an_archive_that_is_no_backup_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    with pytest.raises(NotABackup):
        unpacked(archive_of(tmp_path / "b", members))
    assert not (tmp_path / "outside").exists()


def test_a_member_that_is_a_link_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b", "w:gz") as archive:
        says = tarfile.TarInfo(archives.SAYS)
        says.size = len(told())
        archive.addfile(says, io.BytesIO(told()))
        link = tarfile.TarInfo(archives.DATABASE)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    with pytest.raises(NotABackup):
        unpacked(tmp_path / "b")
    assert not (tmp_path / "target" / archives.DATABASE).exists()


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"SQLite format 3\0" * 100)
    with pytest.raises(NotABackup):
        unpacked(tmp_path / "b")
