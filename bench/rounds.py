"""The same questions to all in turn, several times: of each measure the median."""

import statistics
from collections.abc import Callable, Iterator
from functools import partial

from bench import client, sql
from bench.client import Load, Target, ask, loaded
from bench.data import Say
from bench.requests import Question, wrong_with
from bench.running import BROTLI, Measured, Options, Running

# Of what takes longer than this, once is enough (milliseconds).
ONCE = 2000


def check(every: list[Question], running: Running, found: Measured) -> set[str]:
    """Look at the answer to each question; who has none to which ("word/portal") is given back, to be asked no more."""
    without = set()
    for question in every:
        for name, target in targets(question, running):
            try:
                answer = ask(target)
            except OSError:
                wrong = f"does not answer within {client.PATIENCE} s"
                without.add(f"{question.key}/{name}")
            else:
                wrong = wrong_with(question, answer)
                if answer.seconds < client.SLOWER:
                    client.by_own_client(target, client.AT_ONCE, 0)  # Every worker has read by now what it keeps.
            if wrong:
                found.remarks.append(f"{question.title}: {name} {wrong}")
    return without


def targets(question: Question, running: Running) -> Iterator[tuple[str, Target]]:
    yield "portal", Target(running.uncached.url + question.portal)
    if running.datasette and question.datasette:
        yield "datasette", Target(running.datasette.url + question.datasette)


def in_turn(
    every: list[Question], running: Running, options: Options, found: Measured, without: set[str], say: Say
) -> None:
    """Every question to everybody but those named in `without`, one after the other, `rounds` times: the medians."""
    samples: dict[str, list[Load]] = {}

    def note(key: str, measure: Callable[[], Load | None]) -> None:
        before = samples.setdefault(key, [])
        if key in without or (before and before[0].p50 > ONCE):
            return
        load = measure()
        if load is not None:
            before.append(load)

    for number in range(options.rounds):
        say(f"Round {number + 1} of {options.rounds}")
        for question in every:
            for name, target in targets(question, running):
                note(f"{question.key}/{name}", partial(loaded, target, options.seconds))
            for bare in running.bare:
                note(f"{question.key}/{bare.name.lower()}", partial(sql.timed, bare, question.key, options.seconds / 5))
        for key, target in asked_again(every, running, found):
            note(key, partial(loaded, target, options.seconds))
    found.figures.update({key: medians(loads) for key, loads in samples.items() if loads})
    for key, loads in samples.items():
        if failed := sum(load.failed for load in loads):
            found.remarks.append(f"{key}: {failed} answers failed under load")


def asked_again(every: list[Question], running: Running, found: Measured) -> Iterator[tuple[str, Target]]:
    """Pages that were asked for before, the floor beside them, and the page that the asker still has."""
    address = f"{running.again.url}/organizations/"
    yield "again/portal", Target(address, BROTLI)
    yield "again/constant", Target(f"{running.constant.url}/", BROTLI)
    filters = next(question for question in every if question.key == "filters")
    yield "again-filters/portal", Target(running.again.url + filters.portal, BROTLI)
    etag = ask(Target(address, BROTLI)).headers.get("etag")
    if etag and ask(kept := Target(address, {**BROTLI, "If-None-Match": etag})).status == 304:
        yield "not-modified/portal", kept
    elif (said := "304: the list has no ETag that is answered so") not in found.missing:
        found.missing.append(said)


def medians(loads: list[Load]) -> dict[str, float | None]:
    rates = [load.per_second for load in loads if load.per_second is not None]
    return {
        "p50": statistics.median(load.p50 for load in loads),
        "p95": statistics.median(load.p95 for load in loads),
        "per_second": statistics.median(rates) if rates else None,
    }
