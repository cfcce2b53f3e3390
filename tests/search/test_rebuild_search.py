"""The command that makes what is searched anew, and its check."""

from io import StringIO
from typing import Any

from django.core.management import call_command

from engagement.directories.documents import DOCUMENTS
from engagement.models import Organization
from engagement.search import remove, write
from engagement.search.documents import Document
from engagement.search.engine import TABLES
from tests.search.toys import run


def rebuild_search(**options: Any) -> tuple[int, str]:
    """The command's exit code and what it says."""
    said = StringIO()
    try:
        call_command("rebuild_search", stdout=said, **options)
    except SystemExit as stopped:
        return int(stopped.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_a_rebuild_names_every_collection_once(searched_register: None) -> None:
    code, said = rebuild_search()
    assert code == 0 and [line.split(":")[0] for line in said.splitlines()] == list(DOCUMENTS)
    assert f"organizations: {Organization.objects.published().count()} documents" in said


def test_a_check_of_what_was_just_rebuilt_finds_nothing(searched_register: None) -> None:
    code, said = rebuild_search(check=True)
    assert code == 0 and said.count(": 0 stale, 0 missing, 0 superfluous") == len(DOCUMENTS)


def test_a_check_tells_what_is_out_of_step_and_changes_nothing(searched_register: None) -> None:
    first, second = Organization.objects.published().order_by("pk")[:2]
    Organization.objects.filter(pk=first.pk).update(name="Changed by hand")
    remove("organizations", [second.pk])
    write("organizations", [Document(10**6, "x", ["X"])])
    for _ in range(2):
        code, said = rebuild_search(check=True)
        assert code == 1 and "organizations: 1 stale, 1 missing, 1 superfluous" in said
    assert rebuild_search()[0] == 0 == rebuild_search(check=True)[0]


def test_a_check_without_documents_finds_them_missing(searched_register: None) -> None:
    for table in TABLES:
        run(f"DELETE FROM {table}")
    assert rebuild_search(check=True)[0] == 1


def test_a_rebuild_makes_the_tables_that_are_missing(searched_register: None) -> None:
    for table in TABLES:
        run(f"DROP TABLE {table}")
    assert rebuild_search()[0] == 0 == rebuild_search(check=True)[0]
