"""The HTML of every kind of page is valid to the Nu Html Checker, which runs where Java and its jar are found."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tests import environment
from tests.browser.kinds import KINDS, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# `.ci/run` fetches it; HTML_CHECKER names another one, or is `none` where it cannot be had.
JAR = os.environ.get("HTML_CHECKER", str(environment.ROOT / ".venv" / "vnu.jar"))
# What the checker warns of and may stay: an organization has several seats; a day of the register may lie far ahead.
KNOWN = re.compile("^(Duplicate “dt” name|Potentially bad value “9999-12-31”)")


@pytest.fixture(scope="module")
def checker() -> list[str]:
    java = shutil.which("java")
    if java and Path(JAR).is_file():
        return [java, "-jar", JAR, "--exit-zero-always", "--format", "json"]
    missing = f"the HTML is not checked: {'no Java' if not java else 'no vnu.jar'} was found"
    (pytest.fail if environment.IN_CI and JAR != "none" else pytest.skip)(missing)


def complaints(checker: list[str], *pages: Path) -> list[str]:
    """Errors and warnings, a line each."""
    done = subprocess.run([*checker, *map(str, pages)], capture_output=True, text=True, timeout=240, check=True)
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{Path(each['url']).stem}, line {each.get('lastLine')}: {each['message']}"
        for each in messages
        if (each["type"] == "error" or each.get("subType") == "warning") and not KNOWN.match(each["message"])
    ]


def test_the_html_of_every_kind_of_page_is_valid(client: Client, checker: list[str], tmp_path: Path) -> None:
    for kind, address in KINDS.items():
        response = client.get(address)
        assert response.status_code == status_of(kind), kind
        (tmp_path / f"{kind}.html").write_bytes(response.content)
    found = complaints(checker, *sorted(tmp_path.glob("*.html")))
    assert found == [], "\n".join(found[:20])


def test_a_mistake_in_the_html_would_be_found(checker: list[str], tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text("<!doctype html><html lang=en><title>x</title><p><ul onclick=x><li id=a><li id=a></ul></p>")
    assert {line.split(": ")[1].split("“")[0] for line in complaints(checker, page)} >= {"Duplicate ID "}
