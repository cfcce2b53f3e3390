"""The bar of long commands."""

import io

import pytest

from engagement.management import progress
from engagement.management.progress import Bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_says_how_many_of_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    with Bar("Reading", 40, "rows") as bar:
        bar.reached(30)
        bar.reached(40)
        bar.shown.refresh()
    assert "Reading" in terminal.getvalue() and "40/40" in terminal.getvalue()


def test_where_there_is_no_terminal_it_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(progress.sys, "stderr", log)
    with Bar("Reading", 40) as bar:
        bar.reached(40)
    assert log.getvalue() == ""
