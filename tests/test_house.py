"""The rules of the house that no other tool checks: sizes, where imports and SQL stand, nothing inline in templates."""

import ast
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("audit", "bench", "engagement", "fixtures", "ilo_portal")
MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.relative_to(ROOT).parts
] + [ROOT / "manage.py"]
TEST_MODULES = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "engagement").rglob("templates/**/*.html"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


pytestmark = pytest.mark.once


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, Function)]


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def faults(paths: Iterable[Path], of: Callable[[Path], list[str]]) -> dict[str, list[str]]:
    """What is found in each file, by its name; nothing of a file in which nothing is found."""
    return {name(path): found for path in paths if (found := of(path))}


def test_no_module_is_longer_than_400_lines() -> None:
    assert {name(path): lines for path in MODULES if (lines := lines_of(path)) > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    assert faults(MODULES, lambda path: [each.name for each in functions(path) if length(each) > 60]) == {}


def test_no_command_is_longer_than_50_lines() -> None:
    commands = sorted((ROOT / "engagement/management/commands").glob("[a-z]*.py"))
    assert commands and {name(path): lines for path in commands if (lines := lines_of(path)) > 50} == {}


def test_no_template_is_longer_than_100_lines() -> None:
    assert {name(path): lines for path in TEMPLATES if (lines := lines_of(path)) > 100} == {}


def test_every_function_says_what_it_returns() -> None:
    every = MODULES + TEST_MODULES
    assert faults(every, lambda path: [each.name for each in functions(path) if each.returns is None]) == {}


def late_and_starred_imports(path: Path) -> list[str]:
    late = [
        f"{function.name}, line {node.lineno}"
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and function.name != "ready"
    ]
    imports = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom)]
    return late + [f"line {node.lineno}" for node in imports if node.names[0].name == "*"]


def test_imports_stand_at_the_top_and_name_what_they_import() -> None:
    assert faults(MODULES + TEST_MODULES, late_and_starred_imports) == {}


def may_hold_sql(path: Path) -> bool:
    """The search, in the room of the change log the modules of the engines and what they share, what copies a whole
    database, and the benchmark, which measures bare SQL."""
    room, _, module = name(path).rpartition("/")
    held = {
        "engagement/backups": {"databases.py"},
        "engagement/freshness": {"store.py", "sqlite.py", "postgresql.py", "leftovers.py", "lag.py"},
    }
    return room in {"bench", "engagement/search"} or module in held.get(room, ())


def sql_in(path: Path) -> list[str]:
    calls = {"raw", "extra", "execute", "executemany", "executescript", "RawSQL"}
    return [
        f"{called}, line {node.lineno}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and (called := getattr(node.func, "attr", getattr(node.func, "id", ""))) in calls
    ]


def test_sql_is_written_in_the_search_and_the_change_log_and_nowhere_else() -> None:
    assert faults([path for path in MODULES if not may_hold_sql(path)], sql_in) == {}


def inline_in(path: Path) -> list[str]:
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
    scripts = re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/ld\+json\")[^>]*>", text, re.I)
    styles = re.findall(r"<style\b|<[^>]*\sstyle\s*=", text, re.I)
    return scripts + styles + re.findall(r"<[^>]*\son[a-z]+\s*=", text, re.I)


def test_templates_hold_no_script_style_or_handler_of_their_own() -> None:
    assert faults(TEMPLATES, inline_in) == {}


def named_in(path: Path) -> list[str]:
    return [function.name for function in functions(path) if function.name.startswith("test_")]


def test_the_name_of_a_test_is_a_sentence() -> None:
    modules = [path for path in TEST_MODULES if path.name.startswith("test_")]
    short = faults(modules, lambda path: [test for test in named_in(path) if test.count("_") < 4 or len(test) < 20])
    assert short == {}
    assert [name(path) for path in modules if len(named_in(path)) != len(set(named_in(path)))] == [], (
        "one hides another"
    )
