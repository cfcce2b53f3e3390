"""The rules of the house that no other tool checks: sizes, where imports and SQL stand, nothing inline in templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("engagement", "fixtures", "ilo_portal")
MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.relative_to(ROOT).parts
] + [ROOT / "manage.py"]
TEST_MODULES = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "engagement").rglob("templates/**/*.html"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


each_module = pytest.mark.parametrize("path", MODULES, ids=name)
each_template = pytest.mark.parametrize("path", TEMPLATES, ids=name)


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@each_module
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@each_module
def test_no_function_is_longer_than_60_lines(path: Path) -> None:
    assert [function.name for function in functions(path) if length(function) > 60] == []


@pytest.mark.parametrize("path", sorted((ROOT / "engagement/management/commands").glob("[a-z]*.py")), ids=name)
def test_no_command_is_longer_than_50_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 50


@each_template
def test_no_template_is_longer_than_100_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 100


@pytest.mark.parametrize("path", MODULES + TEST_MODULES, ids=name)
def test_every_function_says_what_it_returns(path: Path) -> None:
    assert [function.name for function in functions(path) if function.returns is None] == []


@pytest.mark.parametrize("path", MODULES + TEST_MODULES, ids=name)
def test_imports_stand_at_the_top_and_name_what_they_import(path: Path) -> None:
    late = [
        f"{function.name}, line {node.lineno}"
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and function.name != "ready"
    ]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    stars = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    assert late == [] and stars == []


def may_hold_sql(path: Path) -> bool:
    """The search, and in the room of the change log the modules of the engines and what they share."""
    room, _, module = name(path).rpartition("/")
    return room == "engagement/search" or (
        room == "engagement/freshness" and module in {"store.py", "sqlite.py", "postgresql.py"}
    )


@pytest.mark.parametrize("path", [path for path in MODULES if not may_hold_sql(path)], ids=name)
def test_sql_is_written_in_the_search_and_the_change_log_and_nowhere_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {"raw", "extra", "execute", "executemany", "executescript", "RawSQL"}
    found = [
        f"{called}, line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (called := getattr(node.func, "attr", getattr(node.func, "id", ""))) in calls
    ]
    assert found == []


@each_template
def test_templates_hold_no_script_style_or_handler_of_their_own(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
    scripts = re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/ld\+json\")[^>]*>", text, re.I)
    styles = re.findall(r"<style\b|<[^>]*\sstyle\s*=", text, re.I)
    handlers = re.findall(r"<[^>]*\son[a-z]+\s*=", text, re.I)
    assert scripts == [] and styles == [] and handlers == []


@pytest.mark.parametrize("path", [path for path in TEST_MODULES if path.name.startswith("test_")], ids=name)
def test_the_name_of_a_test_is_a_sentence(path: Path) -> None:
    names = [function.name for function in functions(path) if function.name.startswith("test_")]
    assert [test for test in names if test.count("_") < 4 or len(test) < 20] == []
    assert len(names) == len(set(names)), "a test hides another of the same name"
