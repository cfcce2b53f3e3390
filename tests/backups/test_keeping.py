"""How long backups are kept."""

import datetime
import os
from pathlib import Path

from django.utils import timezone

from engagement.backups import drop_old, newest
from engagement.backups.keeping import drop_unfinished


def backup_of(directory: Path, days: float) -> Path:
    at = timezone.now() - datetime.timedelta(days=days)
    path = directory / f"register-{at:%Y%m%dT%H%M%SZ}.backup"
    path.touch()
    return path


def test_those_older_than_asked_go_and_the_others_stay(tmp_path: Path) -> None:
    old, older, new = backup_of(tmp_path, 36), backup_of(tmp_path, 50), backup_of(tmp_path, 34)
    assert drop_old(tmp_path, 35) == [older, old]
    assert list(tmp_path.iterdir()) == [new]


def test_the_newest_stays_however_old_it_is(tmp_path: Path) -> None:
    backup_of(tmp_path, 400)
    newest_one = backup_of(tmp_path, 300)
    drop_old(tmp_path, 35)
    assert list(tmp_path.iterdir()) == [newest_one]
    assert drop_old(tmp_path, 0) == []


def test_other_files_are_left_alone_and_are_no_backups(tmp_path: Path) -> None:
    for name in ("register-2026.backup", "register-20200101T000000Z.backup.txt", "notes", ".register-x.unfinished"):
        (tmp_path / name).touch()
    assert newest(tmp_path) is None and drop_old(tmp_path, 1) == []
    assert len(list(tmp_path.iterdir())) == 4


def test_the_newest_is_told_by_its_name(tmp_path: Path) -> None:
    backup_of(tmp_path, 9)
    last = timezone.now().replace(microsecond=0) - datetime.timedelta(days=2)
    (tmp_path / f"register-{last:%Y%m%dT%H%M%SZ}.backup").touch()
    assert newest(tmp_path) == last
    assert newest(tmp_path / "nowhere") is None


def test_what_a_killed_backup_left_goes_after_a_day_and_one_being_made_stays(tmp_path: Path) -> None:
    day = datetime.timedelta(days=1, minutes=1).total_seconds()
    now = timezone.now().timestamp()
    for name, age in (("old", day), ("new", 60.0)):
        folder = tmp_path / f".making-{name}"
        folder.mkdir()
        (folder / "database").write_text("Vera Canary")
        archive = tmp_path / f".register-{name}.backup.unfinished"
        archive.touch()
        for path in (folder, archive):
            os.utime(path, (now - age, now - age))
    drop_unfinished(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".making-new", ".register-new.backup.unfinished"]
