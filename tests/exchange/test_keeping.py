"""What is kept is what the file gave, and stays that, whatever becomes of the rows and of the columns."""

import datetime
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.http import QueryDict
from django.test import Client, override_settings
from django.utils import timezone, translation
from openpyxl import load_workbook

from engagement.directories import DIRECTORIES, Directory, organizations
from engagement.directories.columns import field
from engagement.exchange import keeping, packages
from engagement.exchange.keeping import (
    KEPT,
    KeptOtherwise,
    NotKept,
    content,
    file_of,
    held_for_readers,
    keep,
    keep_for_reader,
    made,
    rows_in,
)
from engagement.freshness import reading, revision
from engagement.models import Contact, Keeper, Organization, Snapshot
from tests.factories import make_organization, make_source
from tests.freshness.toys import ON_POSTGRESQL, number

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


def kept(directory: Directory = organizations, query: str = "", site: str = SITE) -> Snapshot:
    with reading() as state:
        snapshot = made(directory, QueryDict(query), site, state.revision)
    return Snapshot.objects.get(pk=keep(snapshot, Keeper.OPERATOR).pk)


def kept_for_reader(query: str = "") -> Snapshot:
    return keep_for_reader(organizations, organizations.ask(QueryDict(query)), SITE)


def given(address: str) -> bytes:
    return Client().get(address).getvalue()


# -- The same bytes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("directory", KEPT.values(), ids=KEPT)
def test_what_is_kept_is_what_the_files_gave(directory: Directory) -> None:
    snapshot = kept(directory)
    for suffix in ("json", "csv", "xlsx"):
        assert b"".join(file_of(snapshot, suffix)) == given(f"/{directory.name}.{suffix}"), suffix
    export = given(f"/{directory.name}.json")
    assert snapshot.sha256 == hashlib.sha256(export).hexdigest()
    assert (snapshot.size, snapshot.rows) == (len(export), json.loads(export)["count"])


def test_the_question_is_kept_with_its_order_and_not_with_its_page() -> None:
    snapshot = kept(query="sort=-name&kind=ngo")
    assert snapshot.query == "kind=ngo&sort=-name"
    assert b"".join(content(snapshot)) == given("/organizations.json?kind=ngo&sort=-name")


def delete_a_row() -> None:
    row = Organization.objects.filter(statuses=None, invitations=None).first()
    assert row
    row.delete()


def rename_rows_by_sql() -> None:
    Organization.objects.update(name="Renamed", sort_name="renamed")


def withdraw_rows() -> None:
    Organization.objects.update(published=False)


def add_a_row() -> None:
    make_organization(name="Aaa, an invented body")


@pytest.mark.parametrize("change", [delete_a_row, rename_rows_by_sql, withdraw_rows, add_a_row])
def test_a_snapshot_outlives_what_becomes_of_its_rows(change: Callable[[], None]) -> None:
    snapshot = kept(query="sort=-name")
    before = {suffix: b"".join(file_of(snapshot, suffix)) for suffix in ("json", "csv", "xlsx")}
    change()
    assert given("/organizations.json?sort=-name") != before["json"]
    again = Snapshot.objects.get(pk=snapshot.pk)
    assert {suffix: b"".join(file_of(again, suffix)) for suffix in before} == before


def test_a_snapshot_outlives_what_becomes_of_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = kept()
    before = {suffix: b"".join(file_of(snapshot, suffix)) for suffix in ("json", "csv", "xlsx")}
    key, name, *others = organizations.columns
    renamed = replace(name, name="full_name")
    upgraded = replace(organizations, columns=(key, field("id", "A number"), renamed, *others[1:]), title="Bodies")
    monkeypatch.setitem(keeping.KEPT, "organizations", upgraded)
    assert [column.name for column in keeping.columns_of(kept(upgraded, "kind=ngo"))][:3] == ["key", "id", "full_name"]
    again = Snapshot.objects.get(pk=snapshot.pk)
    assert {suffix: b"".join(file_of(again, suffix)) for suffix in before} == before


def test_a_workbook_says_the_day_and_the_licence_of_when_it_was_kept() -> None:
    snapshot = kept(query="kind=ngo")
    read_on = dict(snapshot.facts)["read on"]
    with override_settings(DATA_LICENCE="Another licence", SITE_NAME="Another name"):
        book = load_workbook(io.BytesIO(b"".join(file_of(snapshot, "xlsx"))))
    facts = {name.value: value.value for name, value in book["About"].iter_rows()}
    assert facts["read on"] == read_on == datetime.datetime.now(datetime.UTC).date().isoformat()
    assert (facts["licence of the compilation"], facts["query"]) == ("CC BY 4.0", "kind=ngo")
    assert (facts["revision"], facts["rows"]) == (snapshot.revision, snapshot.rows)


def test_rows_come_back_with_whatever_stands_in_them() -> None:
    name = 'Zzz "quoted", \\ =1+1 \u2028\u202e\u0085 \x1f ]} {"a":\t"b"}, \U0001f54a مجلس'
    make_organization(name=name)
    snapshot = kept(query="sort=-name")
    rows = list(rows_in(snapshot))
    assert len(rows) == snapshot.rows and rows[0][1] == name


def test_an_answer_without_rows_is_kept_as_well() -> None:
    snapshot = kept(query="category=general&kind=cooperative&region=africa")
    assert (snapshot.rows, list(rows_in(snapshot))) == (0, [])


def test_what_is_kept_is_in_english_whatever_the_page_speaks() -> None:
    with translation.override("fr"):
        snapshot = kept()
    assert b"".join(content(snapshot)) == given("/organizations.json")
    assert snapshot.title == "Organizations"


# -- Once ------------------------------------------------------------------------------------------------------------


def test_the_same_question_at_the_same_revision_is_kept_once() -> None:
    before = revision()
    first = kept(query="kind=ngo")
    assert kept(query="kind=ngo") == first and kept_for_reader("kind=ngo") == first
    assert (Snapshot.objects.count(), revision()) == (1, before)
    make_organization()
    number()
    later = kept(query="kind=ngo")
    assert later != first and later.revision > first.revision


def open_connection() -> Any:
    connection.ensure_connection()
    return connection.connection


@pytest.fixture
def of_a_file(committed_register: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads get connections as they are in earnest: SQLite in memory keeps those of one process apart otherwise.

    The thread of the test keeps its own, which is to another database then.
    """
    if not ON_POSTGRESQL:
        path, source = tmp_path / "register.sqlite3", open_connection()
        copy = type(source)(path)
        source.backup(copy)
        copy.close()
        monkeypatch.setitem(connections.settings["default"], "NAME", str(path))


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls give, each made in a thread of its own, all at the same time."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            ready.wait(30)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def elsewhere(call: Callable[[], Any]) -> Any:
    return together(call)[0]


@pytest.mark.usefixtures("of_a_file")
@pytest.mark.django_db(transaction=True)
def test_readers_who_keep_at_the_same_time_get_one_snapshot() -> None:
    def post() -> str:
        answer = Client().post("/snapshots/", {"collection": "organizations", "query": "kind=ngo"})
        assert answer.status_code == 303, answer.content
        return str(answer["Location"])

    assert together(post, post, post, post) == [f"/snapshots/{elsewhere(revision)}/organizations/?kind=ngo"] * 4
    assert elsewhere(Snapshot.objects.count) == 1


@pytest.mark.usefixtures("of_a_file")
@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_the_state_that_was_read_even_if_it_changes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = keeping.packed

    def packed_while_another_writes(chunks: Any) -> Any:
        assert elsewhere(lambda: Organization.objects.update(note="Written meanwhile"))
        return packed(chunks)

    def kept_meanwhile() -> tuple[Snapshot, int]:
        return kept_for_reader("kind=ngo"), revision()

    before, expected = elsewhere(lambda: (revision(), given("/organizations.json?kind=ngo")))
    monkeypatch.setattr(keeping, "packed", packed_while_another_writes)
    snapshot, after = elsewhere(kept_meanwhile)
    assert after > before == snapshot.revision
    assert b"".join(content(snapshot)) == expected


def test_other_rows_of_the_same_revision_are_refused_and_not_passed_off_as_kept() -> None:
    first = kept()
    other = gzip.compress(b"other rows")
    Snapshot.objects.filter(pk=first.pk).update(body=other, sha256=hashlib.sha256(b"other rows").hexdigest())
    with pytest.raises(KeptOtherwise) as found:
        kept_for_reader()
    assert found.value.kept == first
    assert bytes(Snapshot.objects.get(pk=first.pk).body) == other


def test_the_same_rows_at_another_address_of_the_site_are_the_snapshot_that_was_kept() -> None:
    first = kept(site="https://register.example")
    assert kept_for_reader() == first


def test_what_was_withdrawn_is_not_kept_anew_at_its_revision() -> None:
    first = kept()
    first.withdraw("It named a person.")
    assert kept_for_reader().is_withdrawn and Snapshot.objects.count() == 1


# -- Bounds ----------------------------------------------------------------------------------------------------------


def test_a_reader_keeps_no_more_rows_than_the_bound_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT_ROWS", organizations.ask(QueryDict()).qs.count())
    assert kept_for_reader().rows == keeping.MOST_KEPT_ROWS
    make_organization()
    number()
    with pytest.raises(NotKept, match=rf"these are {keeping.MOST_KEPT_ROWS + 1}.*register\.zip") as why:
        kept_for_reader()
    assert why.value.status == 400
    assert kept().rows == keeping.MOST_KEPT_ROWS + 1


def test_readers_share_a_room_that_what_the_operator_keeps_does_not_take() -> None:
    kept()
    assert held_for_readers() == 0
    first = kept_for_reader("kind=ngo")
    assert held_for_readers() == len(first.body)
    with override_settings(SNAPSHOT_BYTES=len(first.body) + 10):
        with pytest.raises(NotKept) as why:
            kept_for_reader("kind=workers")
        assert why.value.status == 503
        assert kept_for_reader("kind=ngo") == first  # it takes no more room
        first.withdraw("It named a person.")
        assert held_for_readers() == 0


def test_a_question_longer_than_the_key_is_refused() -> None:
    with pytest.raises(NotKept, match="too long"):
        kept_for_reader("q=" + "%F0%9F%95%8A" * 200 + "&" + "&".join(f"kind={kind}" for kind in KINDS_OF_BODY))


KINDS_OF_BODY = [kind for kind, _label in Organization._meta.get_field("kind").flatchoices]


# -- Of contacts nothing, by the command all else ----------------------------------------------------------------------


def test_of_contacts_nothing_is_kept() -> None:
    assert {directory.name for directory in DIRECTORIES} - set(KEPT) == {"contacts"}
    with pytest.raises(CommandError, match="contacts"):
        call_command("keep_snapshot", "contacts", site=SITE)
    assert not Snapshot.objects.exists()


def test_the_archive_that_is_kept_is_that_of_the_whole_register_without_contacts() -> None:
    stands = {"purpose": "A test", "lawful_basis": "public-role", "source": make_source()}
    Contact.objects.create(name="Jane Invented", public=True, **stands)
    call_command("keep_snapshot", "register", site=SITE)
    snapshot = Snapshot.objects.get()
    body = b"".join(content(snapshot))
    assert (snapshot.collection, snapshot.columns, snapshot.size) == ("register", [], len(body))
    assert hashlib.sha256(body).hexdigest() == snapshot.sha256
    whole = io.BytesIO()
    with reading() as state:
        packages.write(whole, SITE, state.revision)
    with zipfile.ZipFile(io.BytesIO(body)) as kept_then, zipfile.ZipFile(whole) as everything:
        assert set(everything.namelist()) - set(kept_then.namelist()) == {"contacts.csv"}
        assert "Jane Invented" in everything.read("contacts.csv").decode()
        assert [name for name in kept_then.namelist() if b"Jane Invented" in kept_then.read(name)] == []
        assert all(
            kept_then.read(name) == everything.read(name) for name in kept_then.namelist() if name.endswith(".csv")
        )


def test_the_command_keeps_each_collection_once_and_says_what_it_kept(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("keep_snapshot", site=f"{SITE}/")
    told = capsys.readouterr().out.splitlines()
    collections = Snapshot.objects.filter(query="", kept_by=Keeper.OPERATOR, revision=revision())
    assert {each.collection for each in collections} >= set(KEPT)
    assert all(" rows, " in line or " kept" in line for line in told) and len(told) == collections.count()
    kept_then = collections.values_list("pk", "sha256")
    before = set(kept_then)
    call_command("keep_snapshot", site=SITE)
    assert set(kept_then) == before
    assert all("kept before, on " in line for line in capsys.readouterr().out.splitlines())


def test_the_command_names_the_snapshots_in_which_a_text_stands(capsys: pytest.CaptureFixture[str]) -> None:
    name = 'Aaa "Élan" of an invented body'
    kept()
    row = make_organization(name=name)
    number()
    held = [kept(), kept(query="sort=-name"), kept_for_reader("sort=-since")]
    call_command("keep_snapshot", "register", site=SITE)
    held.append(Snapshot.objects.get(collection="register"))
    row.delete()
    number()
    kept()
    capsys.readouterr()
    call_command("keep_snapshot", holding='aaa "éLAN" of')
    assert sorted(capsys.readouterr().out.split()) == sorted(snapshot.cited_path for snapshot in held)
    held[0].withdraw("It named a person.")
    call_command("keep_snapshot", holding="élan")
    assert held[0].cited_path not in capsys.readouterr().out.split()


def test_the_command_keeps_what_is_named_and_no_more() -> None:
    call_command("keep_snapshot", "meetings", "sources", site=SITE)
    assert {each.collection for each in Snapshot.objects.all()} == {"meetings", "sources"}


def test_the_command_says_where_other_rows_were_kept_and_leaves_them(capsys: pytest.CaptureFixture[str]) -> None:
    first = kept()
    Snapshot.objects.filter(pk=first.pk).update(sha256="0" * 64, kept_at=timezone.now() - datetime.timedelta(days=1))
    call_command("keep_snapshot", "organizations", site=SITE)
    assert "not kept, as other rows were kept at this revision on " in capsys.readouterr().out
    assert Snapshot.objects.get().sha256 == "0" * 64
