"""Making the directories' sets before the first reader asks for them."""

import gc
import logging
from threading import Thread

from django.db import DatabaseError, connections
from django.http import QueryDict

from engagement.directories import DIRECTORIES
from engagement.directories.counting import facet_counts
from engagement.directories.filters import Vocabulary
from engagement.directories.letters import runs_of

logger = logging.getLogger(__name__)


def warm() -> None:
    """What the first page of each directory needs; who asks meanwhile waits for that directory alone."""
    for directory in DIRECTORIES:
        question = directory.ask(QueryDict())
        facet_counts(question)
        for each in question.filters.values():
            if isinstance(each, Vocabulary):
                each.labels  # noqa: B018
        runs_of(question)
        question.page(0, 1)


def warm_beside() -> None:
    """The same in a thread of its own, for a process that has begun to serve."""
    Thread(target=_warm_and_close, name="warming", daemon=True).start()


def _warm_and_close() -> None:
    try:
        warm()
    except DatabaseError:  # readers make what is missing, and say what is wrong
        logger.exception("The sets of the directories could not be made beforehand")
    finally:
        connections.close_all()
        gc.collect()
        gc.freeze()
