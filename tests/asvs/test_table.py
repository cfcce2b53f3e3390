"""The table of docs/security.md and the tests are of the same requirements."""

import ast
import re
from pathlib import Path

import pytest

from tests import environment

pytestmark = pytest.mark.once

# Those that were chosen (levels 1 and 2), and one of level 3.
CHOSEN = {
    "1.2.1", "1.2.4", "1.2.9", "1.2.10", "1.5.1", "2.2.1", "2.2.2", "2.2.3", "2.3.3", "2.4.1", "3.2.1", "3.3.1",
    "3.3.2", "3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.5.1", "3.7.2", "4.1.1", "4.1.3", "4.2.1",
    "5.2.1", "5.2.2", "5.2.3", "6.2.4", "6.2.12", "6.3.1", "6.3.3", "6.5.1", "7.2.4", "7.3.2", "7.4.2", "8.2.3",
    "13.4.2", "14.3.2", "15.3.1", "16.2.5", "16.5.2",
}  # fmt: skip


def in_the_code() -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("test_*.py")]
    named = {each.name for tree in trees for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    return {name for name in named if name.startswith("test_asvs_")}


def test_each_chosen_requirement_has_its_line_and_tests_that_exist() -> None:
    page = (environment.ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| (L[123]) \|.*\| (.+?) \|$", page, re.M)
    assert len(CHOSEN) == 41 and sorted(number for number, _level, _tests in rows) == sorted(CHOSEN)
    named = {number: set(re.findall(r"`(test_asvs_\w+)`", tests)) for number, _level, tests in rows}
    assert [number for number, tests in named.items() if not tests] == []
    assert set().union(*named.values()) == in_the_code()
