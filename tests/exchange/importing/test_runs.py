"""Runs: what is kept of a file, what stops one, what must be so before it is applied, and the files to take away."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from engagement.desk.journal import Journal
from engagement.desk.models import ImportRun, Operation, RunState
from engagement.exchange.importing import runs
from engagement.exchange.importing.base import Options
from engagement.exchange.importing.kinds import KINDS
from engagement.exchange.importing.planning import Planner
from engagement.exchange.importing.runs import NotReady
from engagement.models import ConsultativeStatus, Contact, Organization
from tests.admin.rows import make
from tests.exchange.importing.bringing import bring, csv_bytes, outcomes, row, rules
from tests.factories import make_organization, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Any:
    return get_user_model().objects.create_user("invented-editor", password="a long enough passphrase")


def why(run: ImportRun, **how: Any) -> str:
    """The rule for which the run cannot be applied; nothing is written."""
    before = Organization.objects.count()
    with pytest.raises(NotReady) as stopped:
        runs.apply(run, **how)
    assert Organization.objects.count() == before and not Operation.objects.exists() and stopped.value.says
    return stopped.value.rule


# -- Bringing ------------------------------------------------------------------------------------------------


def test_a_run_keeps_the_file_and_who_brought_it(actor: Any) -> None:
    data = csv_bytes("name", ("Invented A",))
    run = runs.bring("organizations", "C:\\files\\..\\inv.csv", data, Options("profile", "2008"), actor)
    run.refresh_from_db()
    assert (run.file_name, run.size, bytes(run.body)) == ("inv.csv", len(data), data)
    assert len(run.sha256) == 64 and run.actor == actor and run.actor_name == "invented-editor"
    assert runs.options_of(run) == Options("profile", "2008")
    assert run.counts == {"new": 1, "changed": 0, "unchanged": 0, "alike": 0, "rejected": 0}


def test_of_a_file_that_cannot_be_read_the_body_is_not_kept() -> None:
    run = runs.bring("organizations", "inv.xlsx", b"%PDF-1.7 invented", Options())
    run.refresh_from_db()
    assert run.state == RunState.STOPPED and bytes(run.body) == b"" and run.stopped_by[0]["says"]
    with pytest.raises(NotReady):
        runs.replan(run)
    assert why(run) == "stopped"


def test_a_file_that_breaks_off_on_the_way_leaves_no_rows() -> None:
    data = csv_bytes("name", *[(f"Invented {n}",) for n in range(1200)]) + b'"never closed\n'
    run = runs.bring("organizations", "inv.csv", data, Options("profile", "2008"))
    assert run.state == RunState.STOPPED and not run.rows.exists() and bytes(run.body) == b""


def test_unknown_headers_stop_a_run_until_staff_say_what_they_are() -> None:
    run = bring("organizations", "Nom Pays Colour", ("Invented B", "Suisse", "red"))
    assert run.state == RunState.STOPPED and why(run) == "stopped"
    assert runs.unknown_headers(run) == [("Nom", "name"), ("Pays", "country"), ("Colour", "")]
    runs.replan(run, mapping={"Nom": "name", "Pays": "country"})
    assert runs.unknown_headers(run) == [("Colour", "")]
    runs.replan(run, mapping={"Colour": ""})
    assert outcomes(run) == ["new"] and row(run).label == "Invented B"


def test_the_same_file_brought_again_is_known() -> None:
    first, other = bring("organizations", "name", ("Invented C",)), bring("organizations", "name", ("Invented D",))
    again = bring("organizations", "name", ("Invented C",))
    assert runs.brought_before(again) == [first] and runs.brought_before(other) == []


def test_other_options_make_another_plan() -> None:
    source = make_source()
    run = bring("organizations", "name founded", ("Invented E", "03/04/2006"))
    assert rules(run) == ["date-ambiguous"]
    runs.replan(run, options=Options(source.slug, "2009", day_first=True))
    assert ["founded", "", "2006-04-03"] in row(run).differences
    assert ["source_key", "", source.slug] in row(run).differences


# -- Applying ------------------------------------------------------------------------------------------------


def test_a_run_is_applied_once_and_tells_who_did_it(actor: Any) -> None:
    run = bring("organizations", "name", ("Invented F",))
    operation = runs.apply(run, actor)
    run.refresh_from_db()
    assert (run.state, run.operation) == (RunState.APPLIED, operation) and operation.actor == actor
    assert operation.title == "invented.csv"
    for again in (lambda: runs.apply(run), lambda: runs.replan(run), lambda: runs.drop(run)):
        with pytest.raises(NotReady) as stopped:
            again()
        assert stopped.value.rule == "applied"
    assert Organization.objects.filter(name="Invented F").count() == 1


def test_what_is_undecided_rejected_or_nothing_is_not_applied() -> None:
    make_organization(name="Invented Guild of Ropemakers")
    assert why(bring("organizations", "name", ("Invented Guild of Rope-makers",))) == "undecided"
    bad = bring("organizations", "name founded", ("Invented G", "never"))
    assert why(bad) == "rejected" and why(bad, leave_out_rejected=True) == "nothing"
    assert why(bring("organizations", "name")) == "nothing"


def test_a_plan_that_is_ready_after_another_has_applied_the_run_takes_nothing_back(actor: Any) -> None:
    run = bring("organizations", "name", ("Invented Late Plan",))
    stale = ImportRun.objects.get(pk=run.pk)  # as a process has it that began to plan before
    operation = runs.apply(run, actor)
    with pytest.raises(NotReady) as stopped:
        runs.replan(stale)
    stale.refresh_from_db()
    assert (stopped.value.rule, stale.state, stale.operation) == ("applied", RunState.APPLIED, operation)
    assert stale.rows.count() == 1


def test_what_changed_since_the_plan_is_planned_anew_and_shown_first(committed_register: None) -> None:
    body = make_organization(name="Invented H", acronym="OLD")
    run = bring("organizations", "key acronym", (body.slug, "NEW"))
    body.acronym = "MEANWHILE"
    body.save()
    with pytest.raises(NotReady) as stopped:
        runs.apply(run)
    assert stopped.value.rule == "outdated" and row(run).differences == [["acronym", "MEANWHILE", "NEW"]]
    runs.apply(run)
    body.refresh_from_db()
    assert body.acronym == "NEW"


def test_what_changed_elsewhere_since_the_plan_does_not_stop_it(committed_register: None) -> None:
    run = bring("organizations", "name", ("Invented I",))
    revision = run.revision
    make_organization(name="Quite another body")
    runs.apply(run)
    run.refresh_from_db()
    assert run.state == RunState.APPLIED and run.revision > revision


@pytest.mark.django_db(transaction=True)
def test_an_import_is_one_transaction_without_savepoints_which_make_many_rows_slow(committed_register: None) -> None:
    known = make_organization(name="Invented M")
    run = bring("organizations", "name acronym", ("Invented M", "INM"), ("Invented N", "INN"))
    with CaptureQueriesContext(connection) as queries:
        runs.apply(run)
    statements = [each["sql"] for each in queries]
    begun = next(at for at, sql in enumerate(statements) if sql.startswith('INSERT INTO "desk_operation"'))
    assert sum(sql.startswith("BEGIN") for sql in statements) == 1
    assert not any(sql.startswith("SAVEPOINT") for sql in statements[begun:])
    known.refresh_from_db()
    assert known.acronym == "INM" and Organization.objects.get(name="Invented N").acronym == "INN"


def test_what_is_written_is_the_record_that_the_plan_found_and_nothing_is_sought_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = make_organization(name="Invented O")
    run = bring("organizations", "name acronym", ("Invented O", "INO"), ("Invented P", "INP"))
    assert outcomes(run) == ["changed", "new"]
    monkeypatch.setattr(Planner, "find", lambda *args: pytest.fail("sought again"))
    runs.apply(run)
    known.refresh_from_db()
    assert known.acronym == "INO" and Organization.objects.get(name="Invented P").acronym == "INP"


def test_what_the_database_refuses_is_named_by_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is known for which this happens; so the writer is made to meet what the plan could not foresee."""
    run = bring("organizations", "name", ("Invented J",), ("Invented K",))

    def refuse(self: Journal, records: Any, links: Any = ()) -> None:
        raise DatabaseError("refused")

    monkeypatch.setattr(Journal, "create", refuse)
    assert why(run) == "refused"
    with pytest.raises(NotReady) as stopped:
        runs.apply(run)
    assert "rows 2 and 3" in stopped.value.says


def test_a_dropped_run_keeps_nothing_but_that_it_was_brought() -> None:
    run = bring("organizations", "name", ("Invented L",))
    runs.drop(run)
    assert run.state == RunState.DROPPED and bytes(run.body) == b"" and not run.rows.exists()
    assert why(run) == "dropped"


# -- Files to take away --------------------------------------------------------------------------------------


def as_rows(chunks: Iterator[bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(chunks).decode("utf-8-sig"), newline="")))


def test_rejected_rows_come_with_reasons_and_are_understood_again_when_mended() -> None:
    run = runs.bring(
        "organizations", "inv.csv",
        csv_bytes("Nom founded Colour note", ("Invented M", "2001", "red", ""), ("Invented N", "31/02/2001", "", "=1")),
        Options("profile", "2008"), mapping={"Nom": "name", "Colour": ""},
    )  # fmt: skip
    data = b"".join(runs.rejects_file(run))
    (rejected,) = as_rows(iter([data]))
    assert list(rejected) == ["row", "problem", "suggestion", "name", "founded", "note"]
    assert (rejected["row"], rejected["name"], rejected["founded"]) == ("3", "Invented N", "31/02/2001")
    assert rejected["problem"].startswith("founded: ")
    mended = data.replace(b"31/02/2001", b"28/02/2001")
    again = runs.bring("organizations", "mended.csv", mended, Options("profile", "2008"))
    assert outcomes(again) == ["new"] and ["note", "", "=1"] in row(again).differences


def test_the_file_for_staff_has_what_the_public_does_not_see() -> None:
    make_organization(name="Invented hidden", published=False)
    make(Contact, name="Ada Invented", email="ada@invented.example", public=False)
    bodies = {each["name"]: each for each in as_rows(runs.own_file("organizations", "csv"))}
    assert bodies["Invented hidden"]["published"] == "false" and len(bodies) == Organization.objects.count()
    contacts = {each["name"]: each for each in as_rows(runs.own_file("contacts", "csv"))}
    assert contacts["Ada Invented"]["email"] == "ada@invented.example"


def test_the_blank_file_has_every_column_and_an_example() -> None:
    for kind in KINDS.values():
        (example,) = as_rows(runs.blank_file(kind.name))
        assert list(example) == [column.name for column in kind.columns] and example["key"]


def test_the_file_for_staff_is_read_in_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    assert ConsultativeStatus.objects.count() > 10
    with django_assert_max_num_queries(12):
        b"".join(runs.own_file("organizations", "csv"))
