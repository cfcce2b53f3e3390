"""What the register gives out comes back as the same: of each kind the public files, and the files for staff."""

from typing import Any

import pytest
from django.http import QueryDict

from engagement.desk.models import ImportRun, RunState
from engagement.exchange.importing import runs
from engagement.exchange.importing.base import Options
from engagement.exchange.importing.kinds import KINDS, Kind
from engagement.models import (
    Constituent,
    ConsultativeStatus,
    Contact,
    Country,
    Invitation,
    Meeting,
    Organization,
    OrganizationName,
    Project,
    ProjectPartner,
    ProjectResult,
    Seat,
    Source,
)
from tests.admin.rows import make
from tests.exchange.importing.bringing import public_file, told

pytestmark = pytest.mark.django_db

EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
EACH_PUBLIC_KIND = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.directory], ids=lambda kind: kind.name
)
EACH_FORM = pytest.mark.parametrize("form", ["csv", "xlsx"])

# What texts may hold that files have their own use for.
HOSTILE = (
    "=1+1",
    "+41 22",
    "-7 =",
    "@invented",
    "'=quoted",
    "''=twice",
    "'apostrophe",
    'He said "invented"',
    "Semi; colon",
    "Semi;colon; and more",
    "اتحاد مخترع للعمال",
    "Emoji 🏮 and e\u0301 in two",
    "comma, tab\tand so on",
    "12.0",
    "007",
    "TRUE",
    "2006-11",
    "1/2/2003",
)
LINES = ("first\nsecond", 'a "quote"\n=1+1\n\nend', "; begins\nends ;")


def brought(kind: Kind, form: str, data: bytes, **options: Any) -> ImportRun:
    return runs.bring(kind.name, f"file.{form}", data, Options(**options))


def assert_all_unchanged(run: ImportRun, count: int) -> None:
    assert list(told(run)) == []
    assert run.state == RunState.PLANNED
    assert {outcome: n for outcome, n in run.counts.items() if n} == ({"unchanged": count} if count else {})


@EACH_FORM
@EACH_PUBLIC_KIND
def test_the_public_file_says_nothing_new(kind: Kind, form: str) -> None:
    assert kind.directory
    data = public_file(kind.directory, form)
    assert_all_unchanged(brought(kind, form, data), kind.directory.ask(QueryDict()).qs.count())


@EACH_FORM
@EACH_KIND
def test_the_file_for_staff_says_nothing_new_even_where_blank_cells_empty(kind: Kind, form: str) -> None:
    data = b"".join(runs.own_file(kind.name, form))
    assert_all_unchanged(brought(kind, form, data, clears=True), kind.model._base_manager.count())


@pytest.fixture
def hostile() -> None:
    """Records of each kind with every hostile text in every field that takes it."""
    country = Country.objects.all()[0]
    for number, text in enumerate(HOSTILE):
        lines = LINES[number % len(LINES)]
        evidence = {"source": make(Source, title=text), "note": lines, "locator": text, "as_of": "2008~"}
        body = make(Organization, name=text, acronym=text[:30], **evidence)
        for city in (text, "", "Invented; town"):
            make(Seat, organization=body, city=city, country=country, **evidence)
        make(OrganizationName, organization=body, name=f"former {text}", kind="former", **evidence)
        make(ConsultativeStatus, organization=body, decided_by=text, decision_document=text, **evidence)
        make(Constituent, name=text, acronym=text[:40], country=country, group="workers", organization=body, **evidence)
        agenda = {"agenda": f"{text}\nInvented; item", "place": text}
        meeting = make(Meeting, name=text, number=text[:20], **agenda, **evidence)
        make(Invitation, organization=body, meeting=meeting, name_as_printed=text, agenda_items=lines, **evidence)
        project = make(Project, title=text, budget="1234567.89", currency="CHF", **evidence)
        for role in ("donor", "partner", "government"):
            make(ProjectPartner, project=project, name=text, role=role, slug=f"invented-{number}", **evidence)
        make(ProjectPartner, project=project, name=f"{text}; {text}", role="donor", slug="invented-two", **evidence)
        make(ProjectResult, project=project, indicator=text, finding=lines, value="0.1234", unit=text, **evidence)
        consent = {"lawful_basis": "consent", "consented_on": "2020-01-02", "consent_source": text}
        make(Contact, name=text, purpose=text, phone=text, address=text, public=True, **consent, **evidence)


@EACH_FORM
@EACH_PUBLIC_KIND
def test_whatever_texts_hold_the_public_file_says_nothing_new(hostile: None, kind: Kind, form: str) -> None:
    assert kind.directory
    data = public_file(kind.directory, form)
    assert_all_unchanged(brought(kind, form, data), kind.directory.ask(QueryDict()).qs.count())


@EACH_FORM
@EACH_KIND
def test_whatever_texts_hold_the_file_for_staff_says_nothing_new(hostile: None, kind: Kind, form: str) -> None:
    data = b"".join(runs.own_file(kind.name, form))
    assert_all_unchanged(brought(kind, form, data, clears=True), kind.model._base_manager.count())


@EACH_FORM
@EACH_KIND
def test_the_blank_file_is_a_header_and_a_row_that_is_understood(kind: Kind, form: str) -> None:
    """What its codes and keys name may not be in the register; nothing else is wrong with it."""
    run = brought(kind, form, b"".join(runs.blank_file(kind.name, form)))
    (row,) = run.rows.all()
    assert {problem["rule"].split("-")[0] for problem in row.problems} <= {"unknown", "required"}
    assert run.stopped_by == []
