"""What the hostile inputs were answered is told at the end of the run, also where all is well."""

from collections.abc import Callable

import pytest

FIGURE = "hostile figure"


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """figure("1,200 inputs …") is a line under the results."""
    return lambda told: record_property(FIGURE, str(told))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [each for outcome in ("passed", "failed") for each in terminalreporter.getreports(outcome)]
    calls = [report for report in reports if getattr(report, "when", "") == "call"]
    told = [text for report in calls for name, text in report.user_properties if name == FIGURE]
    if told:
        terminalreporter.section("What hostile inputs were answered")
        for line in sorted(set(map(str, told))):
            terminalreporter.write_line(line)
