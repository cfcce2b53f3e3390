"""The catalogs and the sources: what is missing, what is used nowhere, what is brought up."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from engagement.management import extracting
from engagement.management.catalogs import catalogs, compiled, read
from tests import environment

pytestmark = pytest.mark.once

TEMPLATE = """\
{% load i18n %}{% translate "Home" %}
{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
"""
FRENCH = """\
msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Homes"
msgstr "Accueils"

msgid "Home"
msgstr "Accueil"
"""

needs_gettext = pytest.mark.skipif(
    shutil.which("msgfmt") is None and not environment.IN_CI, reason="GNU gettext was not found"
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """Sources with three texts, and a French catalog that knows one of them, and one more."""
    for name in extracting.SOURCES:
        (tmp_path / name).mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "engagement" / "words.py").write_text('from django.utils.translation import gettext\ngettext("Away")\n')
    path = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(FRENCH)
    with override_settings(LANGUAGES=[("en", "English"), ("fr", "Français")]):
        yield tmp_path


@needs_gettext
def test_what_a_catalog_has_not_and_what_the_sources_have_not_is_told(project: Path) -> None:
    before = catalogs(project / "locale")["fr"].read_text()
    assert list(extracting.out_of_step(project)) == [
        "fr: is missing: %(n)s row",
        "fr: is missing: Away",
        "fr: is used nowhere: Homes",
    ]
    assert catalogs(project / "locale")["fr"].read_text() == before


@needs_gettext
def test_another_plural_of_a_text_is_told(project: Path) -> None:
    extracting.bring_up(project)
    (project / "templates" / "page.html").write_text(TEMPLATE.replace("rows", "lines"))
    assert list(extracting.out_of_step(project)) == ["fr: has another plural: %(n)s row"]


@needs_gettext
def test_bringing_up_keeps_what_is_translated_guesses_nothing_and_sorts(project: Path) -> None:
    extracting.bring_up(project)
    path = catalogs(project / "locale")["fr"]
    messages = read(path)
    assert [(message.msgid, message.texts) for message in messages[1:]] == [
        ("%(n)s row", ["", ""]),
        ("Away", [""]),
        ("Home", ["Accueil"]),
    ]
    assert list(extracting.out_of_step(project)) == []
    before = path.read_text()
    extracting.bring_up(project)
    assert path.read_text() == before and "POT-Creation-Date" not in before


@needs_gettext
def test_a_catalog_is_compiled_to_what_it_says(project: Path) -> None:
    extracting.compile_catalogs(project / "locale")
    assert compiled(catalogs(project / "locale")["fr"].with_suffix(".mo"))["Home"] == "Accueil"


@needs_gettext
def test_what_gettext_refuses_is_told_and_not_compiled(project: Path) -> None:
    path = catalogs(project / "locale")["fr"]
    path.write_text(f'{FRENCH}\n#, python-format\nmsgid "%(n)s in all"\nmsgstr "%(n)d en tout"\n')
    assert any("%(n)s" in line or "'n'" in line for line in extracting.malformed(project / "locale"))
    with pytest.raises(CommandError, match="format"):
        extracting.compile_catalogs(project / "locale")


@needs_gettext
@pytest.mark.slow
def test_the_catalogs_of_the_register_are_those_of_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("messages", check=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_without_gettext_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="apt install gettext"):
        call_command("messages", check=True)
