"""Another time of day for what asks engagement/web/states.py what day it is."""

import time
from types import SimpleNamespace

import pytest

from engagement.web import states


def at_another_time(monkeypatch: pytest.MonkeyPatch, *, days: int) -> None:
    later = time.time() + days * states.SECONDS_OF_A_DAY
    monkeypatch.setattr(states, "time", SimpleNamespace(time=lambda: later))
