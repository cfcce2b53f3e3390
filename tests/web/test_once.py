"""Turns at one page: one after the other, nobody for ever, and nothing is left of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from engagement.web import once
from engagement.web.once import Once, Turns


def test_who_comes_later_waits_until_the_turn_is_given_and_finds_what_was_made() -> None:
    turns, made = Turns(), list[str]()
    first, second = (Once("page", turns, lambda: made[0] if made else None, day=1) for _number in range(2))
    assert not first.is_rendered_by_another()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(second.is_rendered_by_another)
        assert not waiting.done()
        made.append("the page")
        first.finish()
        assert waiting.result(timeout=30) and second.found == "the page"
    second.finish()
    assert len(turns) == 0


def test_another_page_waits_for_nobody() -> None:
    turns = Turns()
    assert turns.take("one") and turns.take("another")
    turns.give("one", True)
    turns.give("another", True)
    assert len(turns) == 0


def test_who_has_waited_long_enough_renders_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "PATIENCE", 0.01)
    turns, asked = Turns(), Event()
    assert turns.take("page")
    late = Once[str]("page", turns, lambda: asked.set(), day=1)
    assert not late.is_rendered_by_another() and asked.is_set()
    late.finish()
    turns.give("page", True)
    assert len(turns) == 0


def test_a_request_that_asked_for_no_turn_owes_none() -> None:
    turns = Turns()
    Once[str]("page", turns, lambda: None, day=1).finish()
    assert len(turns) == 0
