"""The rules of the catalogs, each on a catalog that breaks it."""

from pathlib import Path

import pytest

from engagement.management.catalogs import compiled, faults, parsed, read
from tests.speaking import write_mo

HEAD = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
ONE = 'msgid "Home"\nmsgstr "Accueil"\n'
ROWS = '#, python-format\nmsgid "%(n)s row"\nmsgid_plural "%(n)s rows"\n'
COUNTED = f'{ROWS}msgstr[0] "une ligne"\nmsgstr[1] "%(n)s lignes"\n'


def folder(tmp_path: Path, *blocks: str, same: str = "", mo: dict[str, str] | None = None) -> Path:
    """A folder of catalogs with a French one of these blocks, compiled from them unless `mo` says otherwise."""
    path = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join((HEAD, *blocks)), encoding="utf-8")
    (tmp_path / "fr" / "same_as_english.txt").write_text(same)
    texts = {}
    for message in read(path):
        if message.msgid and all(message.texts):
            name = f"{message.context}\x04{message.msgid}" if message.context else message.msgid
            name += f"\0{message.plural}" if message.plural else ""
            texts[name] = "\0".join(message.texts)
    write_mo(path.with_suffix(".mo"), texts if mo is None else mo)
    return tmp_path


def test_a_catalog_that_says_everything_has_no_fault(tmp_path: Path) -> None:
    in_context = 'msgctxt "of a list"\nmsgid "Home"\nmsgstr "Maison"\n'
    assert list(faults(folder(tmp_path, ONE, COUNTED, in_context))) == []


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ('msgid "Home"\nmsgstr ""\n', "fr: is not translated: Home"),
        (f'{ROWS}msgstr[0] "une"\nmsgstr[1] ""\n', "fr: is not translated: %(n)s row"),
        ('#, fuzzy\nmsgid "Home"\nmsgstr "Accueil"\n', "fr: is marked as fuzzy: Home"),
        ('#, fuzzy, python-format\nmsgid "%(a)s"\nmsgstr "a %(a)s"\n', "fr: is marked as fuzzy: %(a)s"),
        ('msgid "Home"\nmsgstr "Home"\n', "fr: is the English: Home"),
        ('msgid "until %(date)s"\nmsgstr "fin"\n', "fr: has other placeholders or tags: until %(date)s"),
        ('msgid "until %(date)s"\nmsgstr "fin %(day)s"\n', "fr: has other placeholders or tags: until %(date)s"),
        ('msgid "Revert %s"\nmsgstr "Annuler"\n', "fr: has other placeholders or tags: Revert %s"),
        ('msgid "<a>All</a>"\nmsgstr "Tous"\n', "fr: has other placeholders or tags: <a>All</a>"),
        (f'{ROWS}msgstr[0] "une"\nmsgstr[1] "lignes"\n', "fr: has other placeholders or tags: %(n)s row"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_is_said(tmp_path: Path, block: str, fault: str) -> None:
    assert fault in list(faults(folder(tmp_path, block)))


def test_the_head_of_a_catalog_may_not_be_fuzzy(tmp_path: Path) -> None:
    made = folder(tmp_path, ONE)
    path = made / "fr" / "LC_MESSAGES" / "django.po"
    path.write_text("#, fuzzy\n" + path.read_text())
    assert list(faults(made)) == ["fr: is marked as fuzzy: the head of the file"]


def test_a_text_may_say_the_english_if_the_list_says_so(tmp_path: Path) -> None:
    same = "# the same word\nSources\n; \n"
    made = folder(tmp_path, 'msgid "Sources"\nmsgstr "Sources"\n', 'msgid "; "\nmsgstr "; "\n', same=same)
    assert list(faults(made)) == []


def test_the_list_names_nothing_that_is_not_the_same(tmp_path: Path) -> None:
    made = folder(tmp_path, ONE, same="# a reason\nHome\n")
    assert list(faults(made)) == ["fr: same_as_english.txt names what is not the same: Home"]


@pytest.mark.parametrize("mo", [{}, {"Home": "Maison"}, {"Home": "Accueil", "Gone": "Parti"}])
def test_a_compiled_catalog_says_what_the_catalog_says(tmp_path: Path, mo: dict[str, str]) -> None:
    assert list(faults(folder(tmp_path, ONE, mo=mo))) == ["fr: django.mo is not made of django.po: make messages"]


def test_a_catalog_that_is_not_compiled_is_told(tmp_path: Path) -> None:
    made = folder(tmp_path, ONE)
    (made / "fr" / "LC_MESSAGES" / "django.mo").unlink()
    assert list(faults(made)) == ["fr: django.mo is not made of django.po: make messages"]


def test_texts_over_several_lines_and_with_signs_of_their_own_are_read() -> None:
    message = parsed(
        '#. Said of a list.\nmsgctxt "list"\nmsgid ""\n"One \\"row\\"\\n"\n"or two"\nmsgstr "Une \\n deux"\n'
    )
    assert message and (message.context, message.msgid) == ("list", 'One "row"\nor two')
    assert message.texts == ["Une \n deux"]
    assert parsed("# Only a comment.") is None


def test_the_compiled_texts_are_those_that_were_written(tmp_path: Path) -> None:
    write_mo(tmp_path / "django.mo", {"Home": "Accueil", "%(n)s row\0%(n)s rows": "une\0%(n)s lignes"})
    assert compiled(tmp_path / "django.mo") == {
        "Home": "Accueil",
        "%(n)s row[0]": "une",
        "%(n)s row[1]": "%(n)s lignes",
    }
