"""What else the machine does meanwhile: figures taken beside other work are worth less, and the report says so."""

import os
import time
from collections.abc import Iterable
from pathlib import Path


class Others:
    """The processor time that is taken by neither this process, its children nor the processes of the groups named.
    PostgreSQL's counts for ours."""

    def __init__(self, groups: Iterable[int]) -> None:
        self.groups = {0, *groups}
        self.before, self.began = self._others(), time.monotonic()

    def cores(self) -> float:
        """How many processors that was on average since this was made; 0 where the system does not tell."""
        taken = (self._others() - self.before) / os.sysconf("SC_CLK_TCK")
        return max(0.0, taken / (time.monotonic() - self.began))

    def _others(self) -> float:
        """All that was worked on this machine so far, in ticks, without what is ours."""
        times = os.times()
        own = (times.user + times.system + times.children_user + times.children_system) * os.sysconf("SC_CLK_TCK")
        return all_work() - own - sum(ticks for group, ticks in by_group() if group in self.groups)


def all_work() -> int:
    """Ticks of all processors since the machine began, but for those spent idle or waiting; 0 where nobody tells."""
    try:
        user, nice, system, _idle, _waiting, *rest = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return 0
    return sum(map(int, (user, nice, system, *rest)))


def by_group() -> list[tuple[int, int]]:
    """Of each process its group and its ticks, PostgreSQL's under 0."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (place / "stat").read_text().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        found.append((0 if name.endswith("(postgres") else int(fields[2]), int(fields[11]) + int(fields[12])))
    return found
