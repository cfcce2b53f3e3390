"""`manage.py import_data` and `undo_operation`: what they say, what they write, and what they leave alone."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from engagement.desk.models import ImportRun, Operation
from engagement.exchange.importing import runs
from engagement.models import Organization
from tests.exchange.importing.bringing import csv_bytes
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "invented.csv"


def run(file: Path, header: str, *rows: Any, kind: str = "organizations", source: str = "profile", **how: Any) -> Any:
    """Exit code, what stands on standard output, and on standard error."""
    file.write_bytes(csv_bytes(header, *rows))
    return called("import_data", kind, file, source=source, as_of="2008", **how)


def called(*arguments: Any, **how: Any) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*map(str, arguments), stdout=out, stderr=err, **how)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def left_alone() -> bool:
    made = Organization.objects.filter(name__startswith="Invented X").exists()
    return not (made or ImportRun.objects.exists() or Operation.objects.exists())


def test_without_commit_it_says_what_would_change_and_leaves_nothing(file: Path) -> None:
    code, out, err = run(file, "name", ("Invented X1",), ("Invented X2",))
    assert (code, err) == (0, "") and out == "2 new, 0 changed, 0 unchanged, 0 alike, 0 rejected\n"
    assert left_alone()


def test_with_commit_it_writes_and_says_how_to_undo_it(file: Path) -> None:
    code, out, _err = run(file, "name", ("Invented X1",), commit=True)
    made = Operation.objects.get()
    assert code == 0 and f"manage.py undo_operation {made.pk}" in out and made.actor_name == "manage.py"
    assert Organization.objects.filter(name="Invented X1").exists()
    code, out, _err = called("undo_operation", made.pk)
    assert (code, out) == (0, "Undone: Import: invented.csv\n")
    assert not Organization.objects.filter(name="Invented X1").exists()
    with pytest.raises(CommandError, match="undone already"):
        called("undo_operation", made.pk)
    with pytest.raises(CommandError, match="no operation 0"):
        called("undo_operation", 0)


def test_what_is_wrong_stands_in_a_line_each_and_nothing_is_written(file: Path) -> None:
    rows = (("Invented X1", "2001", ""), ("Invented X2", "31/02/2001", "inv.example"))
    for commit in (False, True):
        code, out, err = run(file, "name founded website", *rows, commit=commit)
        first, second = err.splitlines()
        assert code == 1 and "1 new" in out and "1 rejected" in out
        assert first.startswith(f"{file}:3: founded: ") and "“31/02/2001”" in first
        assert second.startswith(f"{file}:3: website: ") and second.endswith("“inv.example” (https://inv.example)")
        assert left_alone()


def test_rejected_rows_can_be_left_out(file: Path) -> None:
    rows = (("Invented X1", "2001"), ("Invented X2", "never"))
    code, out, _err = run(file, "name founded", *rows, commit=True, leave_out_rejected=True)
    assert code == 0 and "Operation" in out
    assert [body.name for body in Organization.objects.filter(name__startswith="Invented X")] == ["Invented X1"]


def test_look_alikes_are_named_and_can_be_said_to_be_new(file: Path) -> None:
    body = make_organization(name="Invented Guild of Saddlers")
    row = ("Invented Guild of Saddler",)
    code, _out, err = run(file, "name", row, commit=True)
    assert code == 1 and f"{file}:2: looks like {body.slug}" in err and not Operation.objects.exists()
    code, _out, err = run(file, "name", row, commit=True, look_alikes="new")
    assert (code, err) == (0, "") and Organization.objects.filter(name=row[0]).exists()


def test_headers_are_mapped_by_hand(file: Path) -> None:
    code, _out, err = run(file, "Nom Couleur", ("Invented X1", "red"))
    assert code == 1 and f"{file}:1: Nom: " in err and "(name)" in err
    code, out, err = run(file, "Nom Couleur", ("Invented X1", "red"), map=["Nom=name", "Couleur="])
    assert (code, err) == (0, "") and "1 new" in out
    with pytest.raises(CommandError, match="HEADER=COLUMN"):
        run(file, "Nom", ("Invented X1",), map=["Nom"])


@pytest.mark.parametrize(("how", "day"), [({"day_first": True}, "2006-04-03"), ({"month_first": True}, "2006-03-04")])
def test_the_order_of_day_and_month_is_asked_for(file: Path, how: dict[str, Any], day: str) -> None:
    code, _out, err = run(file, "name founded", ("Invented X1", "03/04/2006"), commit=True)
    assert code == 1 and "2006-04-03" in err and "2006-03-04" in err
    run(file, "name founded", ("Invented X1", "03/04/2006"), commit=True, **how)
    assert Organization.objects.get(name="Invented X1").founded == day


def test_blank_cells_empty_only_if_asked(file: Path) -> None:
    body = make_organization(name="Invented X3", acronym="INV")
    for clears, acronym in ((False, "INV"), (True, "")):
        run(file, "key acronym", (body.slug, ""), commit=True, clear_blanks=clears)
        body.refresh_from_db()
        assert body.acronym == acronym


def test_a_file_with_nothing_new_is_no_failure(file: Path) -> None:
    file.write_bytes(b"".join(runs.own_file("meetings", "csv")))
    code, out, err = called("import_data", "meetings", file, commit=True)
    assert (code, err) == (0, "") and "nothing to do" in out and left_alone()


def test_what_cannot_be_read_is_told_in_one_line(file: Path) -> None:
    file.write_bytes(b"%PDF-1.7 invented")
    code, out, err = called("import_data", "organizations", file)
    assert code == 1 and out == "" and err.startswith(f"{file}:0: ") and err.count("\n") == 1
    with pytest.raises(CommandError, match="No such file"):
        called("import_data", "organizations", file.with_name("none.csv"))
    with pytest.raises(CommandError, match="none of organizations"):
        called("import_data", "bodies", file)
    assert left_alone()


def test_a_source_that_is_not_there_stops_it(file: Path) -> None:
    code, _out, err = run(file, "name", ("Invented X1",), source="profil")
    assert code == 1 and "source_key" in err and "(profile)" in err


def test_the_columns_are_told_for_the_document() -> None:
    code, out, _err = called("import_columns")
    assert code == 0 and "| `name_as_printed` |" in out
