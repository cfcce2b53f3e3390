"""One run, from the first start to the last figure."""

from contextlib import ExitStack

from bench import servers, sql
from bench.besides import measure_during, measure_exports, weight
from bench.data import Data, Say, Subjects
from bench.noise import Others
from bench.requests import questions
from bench.rounds import check, in_turn
from bench.running import Measured, Options, started


def measured(data: Data, asked: Subjects, options: Options, say: Say) -> Measured:
    found = Measured()
    with ExitStack() as stack:
        running = started(stack, data, asked, options, found)
        word = running.bare[0].run(f"SELECT rowid FROM words WHERE words MATCH {sql.quoted(asked.word)}")
        every = questions(asked, word)
        say("Looking at what is answered")
        without = check(every, running, found)
        others = Others(server.pid for server in running.servers)
        in_turn(every, running, options, found, without, say)
        found.others = others.cores()
        say("Exports, memory, weight")
        measure_exports(running, asked, found)
        measure_during(running, options, found)
        start = {"seconds": running.uncached.started_in, "pss": servers.of_a_worker(running.uncached)}
        found.figures["start/portal"] = start
        found.figures["weight/portal"] = {"kb": weight(running.again) / 1000}
        if start["pss"] is None:
            found.missing.append("memory: /proc tells of none here")
    return found
