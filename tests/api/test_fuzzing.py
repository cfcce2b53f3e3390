"""Schemathesis asks the API whatever its description allows, and what it does not: each answer is one of those that the
description has, in its form, and none is a fault."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings as portal
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode

from engagement.web.handler import Handler
from tests.faults.figures import FIGURE
from tests.web.observing.asking import keeping_connections

pytestmark = pytest.mark.django_db

# Of each operation and mode. `SCHEMATHESIS=150` asks some 11,000 times.
EXAMPLES = int(os.environ.get("SCHEMATHESIS", "3"))


@pytest.fixture
def operations(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    monkeypatch.setattr(portal, "LIMITS", dict.fromkeys(portal.LIMITS, 10**9))
    with keeping_connections():
        schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", Handler())
        yield [each.ok() for each in schema.get_all_operations()]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_as_described_whatever_is_asked(
    operations: list[Any], mode: GenerationMode, record_property: Any
) -> None:
    asked: list[int] = []
    for operation in operations:
        # Where nothing is asked for, nothing can be asked wrongly.
        if mode is GenerationMode.POSITIVE or any(operation.iter_parameters()):
            ask(operation.as_strategy(mode), asked)
    counted = ", ".join(f"{asked.count(status)} × {status}" for status in sorted({*asked}))
    record_property(FIGURE, f"{len(asked)} asked: {counted}")
    assert len(asked) >= len(operations) - 1 and max(asked) < 500


def ask(cases: Any, asked: list[int]) -> None:
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def each(case: Case) -> None:
        asked.append(case.call_and_validate(headers={"Accept-Encoding": "identity"}).status_code)

    each()
