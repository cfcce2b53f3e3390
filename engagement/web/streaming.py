"""Answers that are sent while they are read."""

from collections.abc import Iterator

from django.http import FileResponse

from engagement.freshness import Reading


class Streamed(Iterator[bytes]):
    """What is made of a reading, which ends with it: when all is sent, or when the reader hangs up."""

    def __init__(self, chunks: Iterator[bytes], reading: Reading) -> None:
        self._chunks, self._reading = chunks, reading

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """Called by Django when the response is closed, however much of it was sent; the cursor goes first."""
        if (close := getattr(self._chunks, "close", None)) is not None:
            close()
        self._reading.close()


class Sent(FileResponse):
    """A file from the disk, in pieces of a size that costs little. It is open: whatever becomes of its name, it is
    sent whole."""

    block_size = 64 * 1024
