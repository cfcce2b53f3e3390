"""What the tests of faults have counted is told at the end of the run, also where they pass."""

import pytest

FIGURE = "fault figure"


def tell(terminalreporter: pytest.TerminalReporter) -> None:
    told = {
        f"{report.nodeid.rpartition('::')[2]}: {text}"
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, text in report.user_properties
        if name == FIGURE
    }
    if told:
        terminalreporter.section("What the faults did")
        for line in sorted(told):
            terminalreporter.write_line(line)
