"""Exports that stay on the disk: whole or not at all, bounded in number, and nobody needs them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engagement.exchange import shelves
from engagement.exchange.shelves import LEFT, Copied, opened

CHUNKS = [b"one ", b"two ", b"three"]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    return shelves.folder()


def copied(path: Path, chunks: Iterator[bytes] | None = None) -> Copied:
    return Copied(iter(CHUNKS) if chunks is None else chunks, path, "all-csv-")


def test_what_passes_stands_on_the_disk_once_all_of_it_has_passed(folder: Path) -> None:
    path = folder / "all-csv-1.csv"
    chunks = copied(path)
    assert [next(chunks), next(chunks), next(chunks)] == CHUNKS
    assert opened(path) is None
    assert list(chunks) == []
    chunks.close()
    with opened(path) as file:
        assert file.read() == b"one two three"
    assert list(folder.iterdir()) == [path]


def test_of_a_file_that_is_not_read_to_its_end_nothing_stays(folder: Path) -> None:
    chunks = copied(folder / "all-csv-1.csv")
    next(chunks)
    chunks.close()
    assert list(folder.iterdir()) == []


def test_of_a_file_that_cannot_be_made_nothing_stays(folder: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield b"one"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(copied(folder / "all-csv-1.csv", failing()))
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_is_full_keeps_nothing_and_the_reader_gets_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = copied(folder / "all-csv-1.csv", iter([b"x" * 100_000] * 3))
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, chunks._part.fileno())
    os.close(full)
    assert sum(map(len, chunks)) == 300_000
    assert list(folder.iterdir()) == []


def test_where_nothing_can_be_written_the_reader_gets_all(folder: Path) -> None:
    folder.write_text("a file where the folder would be")
    assert list(copied(folder / "all-csv-1.csv")) == CHUNKS
    assert opened(folder / "all-csv-1.csv") is None


def test_of_a_series_the_two_newest_stay_and_other_series_stay_as_they_are(folder: Path) -> None:
    list(Copied(iter(CHUNKS), folder / "some-csv-1.csv", "some-csv-"))
    for number in range(4):
        list(copied(folder / f"all-csv-{number}.csv"))
        os.utime(folder / f"all-csv-{number}.csv", (number, number))
    assert {path.name for path in folder.iterdir()} == {"some-csv-1.csv", "all-csv-2.csv", "all-csv-3.csv"}


def test_a_part_that_a_killed_process_left_goes_and_one_that_is_being_written_stays(folder: Path) -> None:
    folder.mkdir()
    old, young = folder / "all-csv-old.part", folder / "all-csv-young.part"
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (0, time.time() - LEFT - 60))
    list(copied(folder / "all-csv-1.csv"))
    assert not old.exists() and young.exists()
