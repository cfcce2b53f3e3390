"""Exports that stay on the disk once somebody has asked for them: the next one gets the same bytes, unmade.

Nobody misses one that is gone, and where the disk cannot be written each is made anew.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings

# Of each series of files, so many stay: whoever reads the former one has it open.
KEPT = 2
# Seconds after which a part was left by a process that is no more.
LEFT = 60 * 60
PART = ".part"


def folder() -> Path:
    return Path(settings.VAR_DIR) / "exports"  # desk.erasing empties it


def opened(path: Path) -> BinaryIO | None:
    with suppress(OSError):
        return path.open("rb")
    return None


class Copied(Iterator[bytes]):
    """The same chunks, written beside `path` on their way; there they stand once all of them have passed.

    Of those that are cut short nothing stays. `series`: how the names of the files begin that this one replaces.
    """

    def __init__(self, chunks: Iterator[bytes], path: Path, series: str) -> None:
        self._chunks, self._path, self._series = chunks, path, series
        self._part: IO[bytes] | None = None
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._part = tempfile.NamedTemporaryFile(  # noqa: SIM115  # it is kept under another name
                dir=path.parent, prefix=series, suffix=PART, delete=False
            )

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            self._finish()
            raise
        except BaseException:
            self._discard()
            raise
        self._write(chunk)
        return chunk

    def close(self) -> None:
        """Called when the response is closed, however much of it was sent."""
        if (close := getattr(self._chunks, "close", None)) is not None:
            close()
        self._discard()

    def _write(self, chunk: bytes) -> None:
        if self._part is None:
            return
        try:
            self._part.write(chunk)
        except OSError:  # the disk is full: the reader gets the file, nobody else
            self._discard()

    def _finish(self) -> None:
        if self._part is None:
            return
        try:
            self._part.flush()
            os.fsync(self._part.fileno())  # after a power cut there is a whole file or none
            os.replace(self._part.name, self._path)
        except OSError:
            self._discard()
            return
        with suppress(OSError):
            self._part.close()
        self._part = None
        tidy(self._path.parent, self._series)

    def _discard(self) -> None:
        part, self._part = self._part, None
        if part is None:
            return
        with suppress(OSError):
            os.unlink(part.name)
        with suppress(OSError):
            part.close()


def tidy(shelf: Path, series: str) -> None:
    """Leave the newest of a series, and of parts those that are being written."""
    with suppress(OSError):
        whole = [each for each in shelf.glob(f"{series}*") if each.suffix != PART]
        for old in sorted(whole, key=lambda each: each.stat().st_mtime_ns)[:-KEPT]:
            old.unlink(missing_ok=True)
        for part in shelf.glob(f"*{PART}"):
            if part.stat().st_mtime < time.time() - LEFT:
                part.unlink(missing_ok=True)
