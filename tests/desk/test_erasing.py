"""An erased contact is in no table, file, log, index or export, does not come back, and takes nobody along."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from engagement import freshness, search
from engagement.desk import erasing, ledger
from engagement.desk.journal import Edit, operation
from engagement.desk.marks import Marks
from engagement.desk.models import Correction, Erasure, ImportRun, Operation, OperationKind, RecordChange, RunState
from engagement.desk.undoing import undo
from engagement.directories import organizations
from engagement.exchange import keeping
from engagement.exchange.importing import runs
from engagement.exchange.importing.base import Options
from engagement.models import Contact, Discrepancy, FurtherSource, Keeper, Office, Organization, Snapshot, Source
from engagement.roles import ROLES, give
from tests.admin.rows import address, filled, make
from tests.desk import canaries
from tests.desk.canaries import ADDRESS, EMAIL, FORMER, KEY, NAME, PHONE, row, tables_with_signs, workbook
from tests.exchange.importing.bringing import csv_bytes
from tests.factories import make_organization
from tests.freshness.toys import number

pytestmark = pytest.mark.django_db

OF_FIXTURE = "pierre-martinot-lagarde"
SAID = Options(source="profile", as_of="2008")

Committed = Callable[..., Any]


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def officer() -> Any:
    user = get_user_model()(username="invented-officer")
    give(user, ROLES["contact-officer"])
    return user


@pytest.fixture
def client(officer: Any) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def contact(**fields: Any) -> Contact:
    said = {"name": NAME, "email": EMAIL, "phone": PHONE, "address": ADDRESS, "public": True, "key": KEY}
    return Contact.objects.create(**{
        **said, "purpose": "Invented", "lawful_basis": "public-role", "source": Source.objects.all()[0], **fields,
    })  # fmt: skip


def other(**fields: Any) -> dict[str, Any]:
    said = {
        "name": "Invented Other",
        "email": "o@invented.example",
        "phone": "+41 22 000 00 00",
        "address": "Elsewhere",
    }
    return row(**said, **fields)


def brought(name: str, data: bytes, **how: Any) -> ImportRun:
    return runs.bring("contacts", name, data, SAID, **how)


# -- Nothing is left -------------------------------------------------------------------------------------------------


def plant(client: Client, officer: Any) -> Contact:
    """Everywhere where a contact leaves traces, and beside it what is of others."""
    run = brought(f"{FORMER}.xlsx", workbook(row(name=FORMER, key=KEY), other(key="")))
    runs.apply(run, officer)
    made = Contact.objects.get(email=EMAIL)
    form = client.get(address(made))
    assert client.post(address(made), filled(form, name=NAME)).status_code == 302
    office = Office.objects.order_by("pk")[0]
    Contact.objects.filter(pk=made.pk).update(office=office)
    message = [{"changed": {"name": "contact", "object": NAME, "fields": ["Telephone"]}}]
    LogEntry.objects.log_actions(officer.pk, [office], 2, message)
    with operation(OperationKind.BULK, "Invented", officer) as journal:
        journal.change([Edit(Contact.objects.get(pk=made.pk), {"title": ""}, {"title": "Invented"})])
    brought("invented.csv", csv_bytes("name email public purpose lawful_basis", (NAME, EMAIL, "perhaps", "x", "no")))
    organizations_too = csv_bytes("name note", ("Invented Guild", f"Write to {NAME}"))
    runs.bring("organizations", "guilds.csv", organizations_too, SAID)
    about = {"kind": "contact", "record_key": made.key}
    FurtherSource.objects.create(source=Source.objects.all()[0], reading=NAME, **about)
    Discrepancy.objects.create(label=NAME, field="phone", reading_a=PHONE, **about).delete()
    Discrepancy.objects.create(label=NAME, field="phone", reading_a=PHONE, **about)
    Correction.objects.create(reference="C-1", label=NAME, proposed=PHONE, evidence="I am it", email=EMAIL, **about)
    plant_where_readers_look()
    return made


def plant_where_readers_look() -> None:
    session = SessionStore()
    session.update({"_messages": f"“{NAME}” was changed", "kept": "invented"})
    session.save()
    body = make_organization(name="Invented Society", note=f"Its secretary is {NAME}.")
    with freshness.reading() as state:
        for query in ("", f"q={NAME}"):
            snapshot = keeping.made(organizations, QueryDict(query), "http://testserver", state.revision)
            keeping.keep(snapshot, Keeper.READER)
    pk = body.pk
    body.delete()
    Organization.history.filter(id=pk).delete()


def test_nothing_of_it_is_left_in_any_table_file_or_log(
    client: Client, officer: Any, var: Path, django_capture_on_commit_callbacks: Committed, caplog: Any, capfd: Any
) -> None:
    made = plant(client, officer)
    number()
    freshness.catch_up()
    package = var / "exports" / "register-1.zip"
    package.parent.mkdir()
    package.write_bytes(b"invented")
    planted = set(tables_with_signs())
    assert {"engagement_contact", "engagement_historicalcontact", "desk_importrun", "desk_importrow"} <= planted
    assert {"desk_recordchange", "desk_operation", "desk_correction", "django_admin_log"} <= planted
    assert {"django_session", "engagement_snapshot", search.writing.DOCUMENT, "freshness_change"} <= planted
    page = client.get(address(made, "erase"))
    assert NAME in page.content.decode() and len(page.context["plan"].imports) == 3
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        done = client.post(address(made, "erase"), {"sure": "yes"}, follow=True)
    assert next(str(each) for each in done.context["messages"]) == "The contact was erased."
    assert not canaries.signs_in(done.content)
    number()
    assert tables_with_signs() == {}
    assert not package.exists() and {path.name for path in var.iterdir()} == {"erasures"}
    assert not canaries.signs_in(
        "".join([*(path.read_text() for path in var.iterdir()), caplog.text, *capfd.readouterr()])
    )


def test_what_others_are_stays_and_says_what_went(
    client: Client, officer: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    made = plant(client, officer)
    number()
    revision = freshness.revision()
    with django_capture_on_commit_callbacks(execute=True):
        done = erasing.erase(made, officer)
    number()
    assert done.cleared["Contacts"] == 1 and done.cleared["Imports whose file is dropped"] == len(done.imports) == 3
    states = ImportRun.objects.order_by("pk").values_list("state", "body", "file_name")
    assert [(state, bytes(body), name) for state, body, name in states] == [
        (RunState.APPLIED, b"", ".xlsx"),
        (RunState.DROPPED, b"", "invented.csv"),
        (RunState.DROPPED, b"", "guilds.csv"),
    ]
    assert ImportRun.objects.all()[2].rows.values_list("label", flat=True).filter(number=3)[0] == "Invented Other"
    assert Contact.objects.filter(name="Invented Other").exists()
    assert Office.objects.filter(pk=Office.objects.order_by("pk")[0].pk, name__gt="").exists()
    (withdrawn,) = Snapshot.objects.all()
    assert withdrawn.is_withdrawn and Client().get(withdrawn.get_absolute_url()).status_code == 410
    gone = [change for change in freshness.changes(revision, tables=["engagement_contact"]) if change.key == made.pk]
    assert [(change.action, change.name) for change in gone] == [("delete", "")]
    told = [change.name for change in freshness.changes(0, tables=["engagement_discrepancy"])]
    assert told and not any(canaries.signs_in(name) for name in told)
    assert {"kept": "invented"} in [each.get_decoded() for each in SessionStore.get_model_class().objects.all()]
    entry = Erasure.objects.get()
    assert entry.actor == officer and ledger.names([entry.digest], KEY)


def test_a_text_that_others_have_too_drops_nothing_of_theirs() -> None:
    made, office = contact(phone="", email=""), Office.objects.exclude(address="").order_by("pk")[0]
    Contact.objects.filter(pk=made.pk).update(name=office.name, address=office.address)
    run = runs.bring("organizations", "invented.csv", csv_bytes("name note", ("Invented Guild", office.name)), SAID)
    made.refresh_from_db()
    Contact.history.filter(id=made.pk).update(name=office.name, address=office.address)
    assert erasing.erase(made).imports == []
    run.refresh_from_db()
    assert run.body and run.state == RunState.PLANNED


def test_texts_of_others_that_hold_it_are_named_and_left() -> None:
    body = make_organization(name="Invented Society", note=f"Its secretary is {NAME}.")
    assert erasing.erase(contact()).elsewhere["Organizations"] == [body.pk]
    body.refresh_from_db()
    assert NAME in body.note


# -- It does not come back -------------------------------------------------------------------------------------------


def test_undoing_what_was_done_before_brings_nothing_back_and_undoes_the_rest(officer: Any) -> None:
    made = runs.apply(brought("invented.csv", workbook(row(), other())))
    there = Contact.objects.get(email=EMAIL)
    with operation(OperationKind.BULK, "Invented", officer) as journal:
        journal.delete([there])
    assert journal.operation
    erasing.erase(there, officer)
    undo(journal.operation, officer)
    assert not Contact.objects.filter(email=EMAIL).exists() and tables_with_signs() == {}
    undo(Operation.objects.get(pk=made.pk), officer)
    assert not Contact.objects.filter(name="Invented Other").exists()
    assert not RecordChange.objects.filter(record_pk=there.pk, model="contact").exists()


def test_a_contact_that_was_deleted_before_is_erased_by_its_number_or_key() -> None:
    for told in ("pk", "key"):
        made = contact(key=f"{KEY}-{told}")
        pk = made.pk
        made.delete()
        assert Contact.history.filter(id=pk).exists()
        erasing.erase(erasing.find(str(pk) if told == "pk" else made.key))
        assert not Contact.history.filter(id=pk).exists()
        for gone in (str(pk), made.key, "no-such-key", "9" * 30):
            with pytest.raises(erasing.Unknown):
                erasing.find(gone)


def test_loading_the_fixtures_again_does_not_bring_it_back(django_capture_on_commit_callbacks: Committed) -> None:
    erasing.erase(Contact.objects.get(key=OF_FIXTURE))
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("loaddata", "profile", verbosity=0)
        assert not Contact.objects.filter(key=OF_FIXTURE).exists()
        assert not Contact.history.filter(key=OF_FIXTURE).exists()
    assert Erasure.objects.count() == 1 and len(ledger.in_file()) == 1


def test_either_half_of_the_ledger_is_enough(var: Path) -> None:
    erasing.erase(contact())
    written = ledger.path().read_text()
    assert written.count("\n") == 1 and not canaries.signs_in(written) and ledger.path().stat().st_mode & 0o077 == 0
    # A database from before the erasure, the directory kept; what a crash left half-written is no entry.
    Erasure.objects.all().delete()
    ledger.path().write_text(written + written[:20])
    contact()
    assert erasing.is_erased(KEY) and erasing.reapply() == 1
    assert not Contact.objects.filter(key=KEY).exists() and Erasure.objects.get().digest == written[:64]
    # The directory lost, the database kept; and both at once, with a contact that came back meanwhile.
    ledger.path().unlink()
    assert erasing.is_erased(KEY) and erasing.reapply() == 0 and list(ledger.in_file()) == [written[:64]]
    erasing.erase(contact(key="invented-second"))
    assert len(ledger.in_file()) == Erasure.objects.count() == 2


def test_a_ledger_that_cannot_be_written_or_read_erases_and_loads_nothing(var: Path, client: Client) -> None:
    made = contact()
    ledger.path().mkdir()
    with pytest.raises(OSError, match="directory"):
        erasing.erase(made)
    answer = client.post(address(made, "erase"), {"sure": "yes"})
    assert answer.status_code == 503 and "Nothing was erased" in answer.content.decode()
    assert Contact.objects.filter(pk=made.pk).exists() and not Erasure.objects.exists()
    assert made.history.count() == 1
    with pytest.raises(CommandError, match=r"Nothing was loaded.*erasures"):
        call_command("loaddata", "profile", verbosity=0)


def test_a_database_that_fails_in_the_middle_leaves_all_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    made = contact()
    before = tables_with_signs()

    def fails(*_arguments: Any, **_named: Any) -> None:
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr(search, "remove", fails)
    with pytest.raises(DatabaseError):
        erasing.erase(made)
    assert tables_with_signs() == before and not ledger.path().exists()


def test_its_key_is_taken_neither_by_a_form_nor_by_an_import(client: Client) -> None:
    erasing.erase(contact())
    for key, rule in ((KEY, "erased"), ("invented-key", None)):
        run = brought("invented.csv", workbook(row(key=key, name="Invented Other")))
        problems = [problem["rule"] for problem in run.rows.get().problems]
        assert (rule in problems) is (rule is not None)
    page = client.get(address(Contact, "add"))
    said = {"name": "Invented Other", "purpose": "Invented", "lawful_basis": "public-role", "key": KEY}
    answer = client.post(address(Contact, "add"), filled(page, **said, source=Source.objects.all()[0].pk, as_of="2020"))
    assert answer.status_code == 200 and "key" in answer.context["adminform"].form.errors
    assert not Contact.objects.filter(key=KEY).exists()


# -- Who, and when ---------------------------------------------------------------------------------------------------


def test_erasing_twice_says_that_it_is_gone_and_a_form_that_was_open_saves_nothing(client: Client) -> None:
    made = contact()
    form = client.get(address(made))
    pk = made.pk
    erasing.erase(made)
    with pytest.raises(erasing.Unknown):
        erasing.erase(made)
    made.pk = pk
    assert client.get(address(made, "erase")).status_code == 404
    assert client.post(address(made, "erase"), {"sure": "yes"}).status_code == 404
    assert client.post(address(made), filled(form, title="Invented")).status_code == 409
    assert tables_with_signs() == {} and Erasure.objects.count() == 1


def test_only_those_who_may_delete_contacts_erase_and_only_when_they_say_that_they_are_sure(client: Client) -> None:
    made = contact()
    assert "Erase" in client.get(address(made)).content.decode()
    assert address(made, "erase") in client.get(address(made, "delete")).content.decode()
    assert client.post(address(made, "erase")).status_code == 400
    for role in ("viewer", "editor", "approver"):
        user = get_user_model()(username=role)
        give(user, ROLES[role])
        other = Client()
        other.force_login(user)
        assert other.get(address(made, "erase")).status_code == 403
        assert other.post(address(made, "erase"), {"sure": "yes"}).status_code == 403
    assert Contact.objects.filter(pk=made.pk).exists()


def test_the_list_of_erasures_says_when_and_by_whom_and_nothing_else(client: Client, officer: Any) -> None:
    erasing.erase(contact(), officer)
    page = client.get("/admin/desk/erasure/").content.decode()
    assert "invented-officer" in page and str(timezone.now().year) in page
    assert Erasure.objects.get().digest not in page and not canaries.signs_in(page)


def test_words_and_numbers_are_found_however_they_are_written() -> None:
    marks = Marks.of([f"Dr {NAME}", "Anna", EMAIL], [PHONE, "12"])
    for text in ("QUILLFEATHER, Zyxwana", "a\tzyxwana\nquillféather b", "0041 (0)22-555.71.93", f"<{EMAIL}>"):
        assert marks.in_text(text), text
    for text in ("Joanna and Anna", "Zyxwana", "Quillfeathers Zyxwanas", "22 555 71 9", "12"):
        assert not marks.in_text(text), text
    assert marks.in_file(f"name;phone\r\n{NAME};1".encode("utf-16")) and marks.in_file(f"x;{NAME}".encode("cp1252"))
    assert marks.in_file(workbook(row())) and not marks.in_file(workbook(row(name="Invented", email="", phone="")))
    assert marks.in_file(b"PK\x05\x06" + b"\0" * 17) is False and not Marks.of(["Anna"])


def test_making_others_of_the_same_office_leaves_them_alone() -> None:
    office = make(Office)
    first, second = contact(office=office), contact(office=office, key="invented-second", name="Invented Second")
    erasing.erase(first)
    assert second.history.count() == 1 and Contact.objects.filter(pk=second.pk, office=office).exists()
    assert connection.vendor in ("sqlite", "postgresql")
