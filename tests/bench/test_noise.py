"""What else the machine does."""

import os
import subprocess
import sys

import pytest

from bench.noise import Others, all_work, by_group

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="the system tells of no processes"),
]

WORKS_THEN_WAITS = "sum(range(20_000_000)); print('done', flush=True); input()"


def test_work_is_ours_where_its_group_is_named() -> None:
    command = [sys.executable, "-c", WORKS_THEN_WAITS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as other:
        assert other.stdout is not None and other.stdout.readline()
        ticks = dict(by_group())[other.pid]
        assert ticks > 0
        named, unnamed = Others([other.pid]), Others([])
        # Half of it: the two did not look at the same moment.
        assert unnamed.before - named.before > ticks / 2
        other.communicate(b"\n")


def test_all_work_is_at_least_that_of_every_process() -> None:
    ours = sum(ticks for group, ticks in by_group() if group == os.getpgrp())
    assert all_work() >= ours > 0
