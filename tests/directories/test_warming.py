"""A process that begins to serve has the directories' sets before the first reader asks for them."""

import threading

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES
from engagement.directories.counting import facet_counts
from engagement.directories.letters import runs_of
from engagement.directories.warming import warm, warm_beside


def first_pages() -> int:
    """The queries that the sets of the first page of every directory cost."""
    with CaptureQueriesContext(connection) as queries:
        for directory in DIRECTORIES:
            question = directory.ask(QueryDict())
            facet_counts(question)
            runs_of(question)
            question.page(0, 1)
    return len(queries)


def test_after_warming_the_first_page_of_every_directory_asks_for_no_set(committed_register: None) -> None:
    warm()
    assert first_pages() == 0


def test_without_warming_it_does(committed_register: None) -> None:
    assert first_pages() > len(DIRECTORIES)


def test_it_goes_on_beside_what_is_served_and_ends(committed_register: None) -> None:
    warm_beside()
    for thread in threading.enumerate():
        if thread.name == "warming":
            thread.join(timeout=60)
    assert "warming" not in {thread.name for thread in threading.enumerate()}
