"""Bringing a file in the admin: it is read, looked at, decided on, and only then written."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.desk.models import ImportRun, Operation, Outcome, RunState
from engagement.exchange.importing.limits import MOST_BYTES
from engagement.models import Contact, Office, Organization, Source
from tests.admin.rows import address, make

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]

ADD = reverse("admin:desk_importrun_add")
LIST = reverse("admin:desk_importrun_changelist")
STEPS = ("mapping", "options", "decide", "confirm", "drop")
NEW = "name,website\nInvented Guild of Bell Ringers,https://bells.example\nInvented Choir of Ferrymen,\n"


def at(run: ImportRun, page: str = "change") -> str:
    return reverse(f"admin:desk_importrun_{page}", args=[run.pk])


def said(**options: Any) -> dict[str, Any]:
    return {"blank": "leave", "as_of": "2024-05", "source": Source.objects.all()[0].pk, **options}


def send(
    client: Client, data: str | bytes, name: str = "invented.csv", kind: str = "organizations", **options: Any
) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    file = SimpleUploadedFile(name, raw, content_type="text/csv")
    return client.post(f"{ADD}?kind={kind}", {"file": file, **said(**options)})


def bring(client: Client, data: str | bytes, **more: Any) -> ImportRun:
    answer = send(client, data, **more)
    run = ImportRun.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, at(run))
    return run


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def taken(client: Client, url: str) -> str:
    """The text of a file that is taken away."""
    answer: Any = client.get(url)
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def rows_of(client: Client, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(taken(client, url))))


def step(client: Client, run: ImportRun, name: str, **data: Any) -> str:
    """The page after a step, with its message."""
    page = client.post(at(run, name), data, follow=True).content.decode()
    run.refresh_from_db()
    return str(page)


def confirm(client: Client, run: ImportRun, **data: Any) -> str:
    plan = client.get(at(run)).context.get("seal", "")
    return step(client, run, "confirm", plan=plan, **data)


# -- Bringing a file -----------------------------------------------------------------------------------------


def test_the_first_page_offers_the_kinds_with_their_columns_and_files_to_begin_with(editor: Client) -> None:
    assert f'href="{ADD}"' in html(editor, reverse("admin:index")) and f'href="{ADD}"' in html(editor, LIST)
    page = html(editor, f"{ADD}?kind=meetings")
    kinds = [kind.name for kind in editor.get(ADD).context["kinds"]]
    assert {"organizations", "statuses", "meetings"} <= set(kinds) and "contacts" not in kinds
    assert "<code>requests_until</code>" in page and "(needed for a new record)" in page
    for what in ("blank", "register"):
        for form in ("csv", "xlsx"):
            url = reverse("admin:desk_importrun_file", args=["meetings", what, form])
            assert f'href="{url}"' in page and editor.get(url).status_code == 200
    titles = Source.objects.values_list("title", flat=True)
    assert all(f'<option value="{source}"' in page for source in Source.objects.values_list("pk", flat=True)) and titles


def test_the_files_to_begin_with_hold_an_example_and_what_the_register_has(editor: Client) -> None:
    hidden = make(Organization, name="Invented Unpublished Body", published=False)
    rows = rows_of(editor, reverse("admin:desk_importrun_file", args=["organizations", "blank", "csv"]))
    assert len(rows) == 1 and "Invented" in rows[0]["name"]
    rows = rows_of(editor, reverse("admin:desk_importrun_file", args=["organizations", "register", "csv"]))
    assert len(rows) == Organization.objects.count() and hidden.slug in {row["key"] for row in rows}
    for kind, what, form in (
        ("organizations", "else", "csv"),
        ("organizations", "blank", "pdf"),
        ("x", "blank", "csv"),
    ):
        assert editor.get(reverse("admin:desk_importrun_file", args=[kind, what, form])).status_code == 404


def test_a_file_is_planned_shown_and_written_only_when_confirmed(editor: Client) -> None:
    run = bring(editor, NEW)
    assert (run.state, run.counts["new"], run.actor_name) == (RunState.PLANNED, 2, "editor")
    page = html(editor, at(run))
    assert "Rows read: 2. New: 2, changed: 0, unchanged: 0, to be decided: 0, rejected: 0." in page
    assert "2 rows make new records." in page and "Invented Guild of Bell Ringers" in page
    assert "<ins><bdi>https://bells.example</bdi></ins>" in page and run.sha256 in page
    assert not Organization.objects.filter(name__startswith="Invented").exists()
    page = confirm(editor, run)
    assert "Imported. New: 2, changed: 0, unchanged: 0, left out: 0." in page and "What it changed" in page
    made = Organization.objects.get(name="Invented Guild of Bell Ringers")
    assert made.as_of == "2024-05" and made.history.first().history_user.get_username() == "editor"
    assert run.state == RunState.APPLIED and address(made) in page
    assert "What it changed" in html(editor, at(run))


def test_an_import_that_is_undone_leaves_the_register_as_it_was(editor: Client) -> None:
    before = list(Organization.objects.order_by("pk").values())
    run = bring(editor, NEW)
    confirm(editor, run)
    assert run.operation and list(Organization.objects.order_by("pk").values()) != before
    editor.post(reverse("admin:desk_operation_undo", args=[run.operation.pk]))
    run.refresh_from_db()
    assert run.state == RunState.UNDONE and list(Organization.objects.order_by("pk").values()) == before
    assert at(run) in html(editor, LIST) and "Undone" in html(editor, at(run))


def test_confirming_twice_writes_once(editor: Client) -> None:
    run = bring(editor, NEW)
    plan = editor.get(at(run)).context["seal"]
    first, second = (step(editor, run, "confirm", plan=plan) for _ in range(2))
    assert "Imported. New: 2" in first and "was imported before. Nothing was written now." in second
    assert Operation.objects.count() == 1 and Organization.objects.filter(name__startswith="Invented").count() == 2


# -- What is wrong with the upload ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("empty.csv", b"", "The submitted file is empty."),
        ("scan.csv", b"%PDF-1.7 invented", "a PDF document"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save it as XLSX"),
        ("page.csv", b"<!doctype html><table><tr><td>a", "a web page (HTML)"),
        ("text.docx", b"name\nInvented\n", "is not such a file"),
        ("large.csv", b"a" * (MOST_BYTES + 1), "larger than 20 MB"),
        ("much-larger.csv", b"a" * (MOST_BYTES + 4_000_000), "larger than 20 MB"),
    ],
)
def test_a_file_that_is_no_table_is_told_of_at_the_field(editor: Client, name: str, data: bytes, text: str) -> None:
    answer = send(editor, data, name=name)
    assert answer.status_code == 400 and not ImportRun.objects.exists()
    assert text in " ".join(answer.context["form"].errors["file"])
    assert text in answer.content.decode().replace("&#x27;", "'")


def test_options_that_cannot_be_are_told_of_at_the_field(editor: Client) -> None:
    answer = send(editor, NEW, as_of="sometime", blank="", day_first="perhaps", source="999999")
    assert answer.status_code == 400 and set(answer.context["form"].errors) == {"as_of", "blank", "day_first", "source"}
    assert editor.post(f"{ADD}?kind=organizations", said()).status_code == 400
    assert editor.post(ADD, {}).status_code == 400
    assert not ImportRun.objects.exists()
    assert editor.get(f"{ADD}?kind=unheard-of").status_code == 404


def test_the_date_of_the_source_is_read_as_people_write_it(editor: Client) -> None:
    assert bring(editor, NEW, as_of="15 novembre 2006").options["as_of"] == "2006-11-15"


def test_a_workbook_that_is_damaged_stops_with_the_reason_and_is_not_kept(editor: Client) -> None:
    run = bring(editor, b"PK\x03\x04" + bytes(range(256)) * 8, name="broken.xlsx")
    assert run.state == RunState.STOPPED and bytes(run.body) == b""
    page = html(editor, at(run))
    assert "damaged or incomplete" in page and "Write to the register" not in page and "Bring the file again" in page
    for name in ("mapping", "options", "decide", "confirm"):
        assert step(editor, run, name, **said()) and run.state == RunState.STOPPED
    assert not Operation.objects.exists()


def test_a_name_of_a_file_is_kept_without_its_path_shown_escaped_and_not_too_long(editor: Client) -> None:
    run = bring(editor, NEW, name="C:\\staff\\<script>alert(1)<.csv")
    assert "staff" not in run.file_name and "/" not in run.file_name and run.file_name.endswith(".csv")
    for page in (html(editor, at(run)), html(editor, LIST), confirm(editor, run)):
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    long = bring(editor, NEW, name=f"{'x' * 300}.csv")
    assert len(long.file_name) <= 255 and html(editor, at(long))


# -- Headers, options, decisions -----------------------------------------------------------------------------


def test_headers_that_are_not_known_are_named_by_staff_or_left_out(editor: Client) -> None:
    run = bring(editor, "nom,Site web,couleur\nInvented Guild of Bell Ringers,https://bells.example,rouge\n")
    assert run.state == RunState.STOPPED
    answer = editor.get(at(run))
    form, page = answer.context["mapping_form"], answer.content.decode()
    fields = {form.fields[name].label: name for name in form.fields}
    assert {label: form.fields[name].initial for label, name in fields.items()} == {
        "nom": "name", "Site web": "website", "couleur": "",
    }  # fmt: skip
    assert "header-unknown" in page and '<option value="name" selected>' in page and "Leave out" in page
    undecided = editor.post(at(run, "mapping"), {fields["nom"]: "name", fields["Site web"]: "website"})
    assert undecided.status_code == 400 and "This field is required." in undecided.content.decode()
    sent = {fields["nom"]: "name", fields["Site web"]: "website", fields["couleur"]: "-"}
    assert "1 row makes a new record." in step(editor, run, "mapping", **sent)
    assert (run.state, run.mapping) == (RunState.PLANNED, {"nom": "name", "Site web": "website", "couleur": ""})
    sent[fields["Site web"]] = "-"
    assert "bells.example" not in step(editor, run, "mapping", **sent)


def test_what_was_said_of_headers_holds_for_the_mended_file(editor: Client) -> None:
    run = bring(editor, "nom\nInvented Guild of Bell Ringers\n", day_first="day")
    form = editor.get(at(run)).context["mapping_form"]
    step(editor, run, "mapping", **dict.fromkeys(form.fields, "name"))
    again = f"{ADD}?kind=organizations&again={run.pk}"
    assert again.replace("&", "&amp;") in html(editor, at(run))
    initial = editor.get(again).context["form"].initial
    assert (initial["day_first"], initial["as_of"], initial["source"]) == ("day", "2024-05", Source.objects.all()[0])
    file = SimpleUploadedFile("mended.csv", b"nom\nInvented Choir of Ferrymen\n")
    editor.post(again, {"file": file, **said()})
    mended = ImportRun.objects.latest("pk")
    assert mended.pk != run.pk and (mended.state, mended.counts["new"]) == (RunState.PLANNED, 1)
    for other in ("x", "9" * 30, "999999"):
        assert editor.get(f"{ADD}?kind=organizations&again={other}").status_code == 200


def test_how_a_file_is_read_can_be_changed_on_its_page(editor: Client) -> None:
    run = bring(editor, "name,founded\nInvented Guild of Bell Ringers,03/04/2006\n")
    page = html(editor, at(run))
    assert run.counts["rejected"] == 1 and "date-ambiguous" in page and "<q><bdi>03/04/2006</bdi></q>" in page
    assert 'href="#otherwise"' in page and '<details id="otherwise" open>' in page
    wrong = editor.post(at(run, "options"), said(as_of="sometime"))
    assert wrong.status_code == 400 and 'id="otherwise" open>' in wrong.content.decode()
    assert "2006-04-03" in step(editor, run, "options", **said(day_first="day")) and run.counts["new"] == 1
    assert "2006-03-04" in step(editor, run, "options", **said(day_first="month"))


@pytest.fixture
def bells() -> Organization:
    made: Organization = make(Organization, name="Invented Guild of Bell Ringers", website="https://bells.example")
    return made


ALIKE = "name,note\nInvented Guild of Bell-Ringer,A note\nInvented Guild of the Bell Ringers,\n"


def test_a_row_like_a_record_waits_until_staff_say_which_it_is(editor: Client, bells: Organization) -> None:
    run = bring(editor, ALIKE)
    page = html(editor, at(run))
    assert run.counts["alike"] == 2 and "2 rows are like records that are there" in page
    assert "Write to the register" not in page and f'href="{address(bells)}"' in page and "/100)" in page
    page = step(editor, run, "decide", number=[2, 3], **{"row-2": bells.slug})
    assert (run.decisions, run.counts["alike"], run.counts["changed"]) == ({"2": bells.slug}, 1, 1)
    assert "Decided: it is this one." in page and "Take back the decision on row 2" in page
    step(editor, run, "decide", number=[3], **{"row-3": "new"})
    assert run.counts["alike"] == 0
    page = html(editor, at(run))
    assert "1 row makes a new record." in page and "1 row changes a record." in page
    step(editor, run, "decide", take_back="3")
    assert run.counts["alike"] == 1 and run.decisions == {"2": bells.slug}
    step(editor, run, "decide", number=[3], rest_new="x")
    confirm(editor, run)
    bells.refresh_from_db()
    assert bells.note == "A note" and Organization.objects.filter(name="Invented Guild of the Bell Ringers").exists()


def test_rows_that_nothing_is_said_of_can_be_new_at_once(editor: Client, bells: Organization) -> None:
    run = bring(editor, ALIKE)
    step(editor, run, "decide", number=[2, 3], rest_new="x", **{"row-2": bells.slug})
    assert run.decisions == {"2": bells.slug, "3": "new"}
    other = bring(editor, ALIKE)
    assert "every row that is like a record is new" in step(editor, other, "decide", every_new="x")
    assert (other.counts["alike"], other.counts["new"]) == (0, 2)
    step(editor, other, "decide", take_back="*")
    assert other.counts["alike"] == 2


def test_a_decision_that_was_not_offered_is_refused(editor: Client, bells: Organization) -> None:
    run = bring(editor, ALIKE)
    other = Organization.objects.exclude(pk=bells.pk)[0]
    page = step(editor, run, "decide", number=[2], **{"row-2": other.slug})
    assert "Nothing was decided" in page and run.decisions == {} and run.counts["alike"] == 2
    assert "Nothing was chosen" in step(editor, run, "decide", number=[2, "x", 9], **{"row-9": "new"})
    assert run.decisions == {}


# -- Rejected rows -------------------------------------------------------------------------------------------


MIXED = "name,country,kind\nInvented Guild of Bell Ringers,Nowhereland,\nInvented Choir of Ferrymen,CH,ngo\n"


def test_rejected_rows_are_told_of_taken_away_to_mend_and_left_out_only_when_staff_say_so(editor: Client) -> None:
    run = bring(editor, MIXED)
    page = html(editor, f"{at(run)}?outcome=rejected")
    assert "Nowhereland" in page and "Invented Choir" not in page and 'aria-current="page"' in page
    assert 'filename="organizations-' in editor.get(at(run, "rejects"))["Content-Disposition"]
    rows = rows_of(editor, at(run, "rejects"))
    assert [(row["row"], row["country"]) for row in rows] == [("2", "Nowhereland")] and "country" in rows[0]["problem"]
    assert "1 row is rejected" in confirm(editor, run) and run.state == RunState.PLANNED
    assert "left out: 1." in confirm(editor, run, leave_out="on") and run.state == RunState.APPLIED
    assert [each.name for each in Organization.objects.filter(name__startswith="Invented")] == [
        "Invented Choir of Ferrymen"
    ]


def test_the_rejected_rows_once_mended_are_brought_again_as_they_are(editor: Client) -> None:
    run = bring(editor, MIXED)
    mended = taken(editor, at(run, "rejects")).replace("Nowhereland", "Switzerland")
    again = bring(editor, mended)
    assert (again.state, again.counts["new"], again.counts["rejected"]) == (RunState.PLANNED, 1, 0)
    assert editor.get(at(again, "rejects")).status_code == 404


def test_a_file_that_says_nothing_new_has_nothing_to_confirm(editor: Client) -> None:
    confirm(editor, bring(editor, NEW))
    run = bring(editor, NEW)
    page = html(editor, at(run))
    assert "There is nothing to write." in page and "The very same file was brought before" in page
    confirm(editor, run)
    assert run.state == RunState.PLANNED and Operation.objects.count() == 1


# -- What happens in between ---------------------------------------------------------------------------------


def test_a_plan_that_an_edit_made_stale_is_not_written_but_shown_anew(
    committed_register: None, editor: Client, bells: Organization
) -> None:
    run = bring(editor, f"key,note\n{bells.slug},A note\n")
    plan = editor.get(at(run)).context["seal"]
    bells.note = "Another note of a colleague"
    bells.save()
    page = step(editor, run, "confirm", plan=plan)
    assert "The register has changed since the plan was made" in page and "Another note of a colleague" in page
    assert run.state == RunState.PLANNED and not Operation.objects.exists()
    confirm(editor, run)
    bells.refresh_from_db()
    assert bells.note == "A note"


def test_a_plan_that_a_colleague_made_anew_has_to_be_looked_at_first(editor: Client) -> None:
    run = bring(editor, "name,founded\nInvented Guild of Bell Ringers,03/04/2006\n", day_first="day")
    plan = editor.get(at(run)).context["seal"]
    step(editor, run, "options", **said(day_first="month"))
    assert "The plan has changed since you opened it" in step(editor, run, "confirm", plan=plan)
    assert "The plan has changed since you opened it" in step(editor, run, "confirm")
    assert not Operation.objects.exists() and run.state == RunState.PLANNED


def test_a_dropped_import_can_no_longer_be_confirmed(editor: Client) -> None:
    run = bring(editor, NEW)
    plan = editor.get(at(run)).context["seal"]
    assert "Dropped. Nothing was written" in step(editor, run, "drop")
    assert run.state == RunState.DROPPED and bytes(run.body) == b"" and not run.rows.exists()
    for name in STEPS[1:]:
        step(editor, run, name, plan=plan, **said())
    assert run.state == RunState.DROPPED and not Operation.objects.exists()
    applied = bring(editor, NEW)
    confirm(editor, applied)
    assert "was imported already" in step(editor, applied, "drop") and applied.state == RunState.APPLIED


# -- Who may -------------------------------------------------------------------------------------------------


CONTACTS = "name,office,purpose,lawful_basis,retain_until\nInvented Person,{office},{purpose},{basis},2030-01-01\n"


def contacts() -> str:
    basis = Contact._meta.get_field("lawful_basis").flatchoices[0][0]
    return CONTACTS.format(office=Office.objects.all()[0].slug, purpose="Invented purpose", basis=basis)


def test_an_import_of_contacts_is_not_there_for_who_may_not_see_contacts(staff: Staff) -> None:
    editor, officer = staff("editor"), staff("contact-officer")
    assert [kind.name for kind in officer.get(ADD).context["kinds"]] == ["contacts"]
    run = bring(officer, contacts(), kind="contacts", name="invented hidden.csv")
    assert "Invented Person" in html(officer, at(run))
    assert "hidden.csv" in html(officer, LIST) and "hidden.csv" not in html(editor, f"{LIST}?q={run.sha256}")
    assert editor.get(f"{ADD}?kind=contacts").status_code == 403
    assert send(editor, contacts(), kind="contacts").status_code == 403
    for what in ("blank", "register"):
        url = reverse("admin:desk_importrun_file", args=["contacts", what, "csv"])
        assert (editor.get(url).status_code, officer.get(url).status_code) == (403, 200)
    assert [editor.get(at(run, name)).status_code for name in ("change", "rejects")] == [404, 404]
    assert "hidden.csv" not in editor.get(at(run, "history"), follow=True).content.decode()
    assert [editor.post(at(run, name)).status_code for name in STEPS] == [404] * len(STEPS)
    assert editor.get(f"{ADD}?kind=organizations&again={run.pk}").context["form"].initial["as_of"] == ""
    confirm(officer, run)
    assert run.operation and Contact.objects.filter(name="Invented Person").exists()
    assert editor.get(reverse("admin:desk_operation_change", args=[run.operation.pk])).status_code == 404
    assert "hidden.csv" not in html(editor, reverse("admin:desk_operation_changelist"))


def test_a_contact_officer_looks_at_other_imports_but_does_nothing_with_them(staff: Staff) -> None:
    run, officer = bring(staff("editor"), NEW), staff("contact-officer")
    page = officer.get(at(run))
    assert page.status_code == 200 and "options_form" not in page.context and "seal" not in page.context
    assert [officer.post(at(run, name)).status_code for name in STEPS] == [403] * len(STEPS)
    assert officer.get(f"{ADD}?kind=organizations").status_code == 403
    run.refresh_from_db()
    assert run.state == RunState.PLANNED


def test_a_viewer_reaches_no_import(staff: Staff) -> None:
    run, viewer = bring(staff("editor"), MIXED), staff("viewer")
    blank = reverse("admin:desk_importrun_file", args=["organizations", "blank", "csv"])
    for url in (ADD, LIST, at(run), at(run, "rejects"), at(run, "history"), blank):
        assert viewer.get(url).status_code == 403
    assert send(viewer, NEW).status_code == 403
    assert [viewer.post(at(run, name)).status_code for name in STEPS] == [403] * len(STEPS)
    assert ADD not in html(viewer, reverse("admin:index"))
    assert Client().get(at(run)).status_code == 302 and Client().post(at(run, "confirm")).status_code == 302


def test_the_right_to_import_alone_brings_nothing_without_rights_on_the_records(staff: Staff) -> None:
    editor = staff("editor")
    user = get_user_model().objects.get(username="editor")
    rights = user.groups.get().permissions.exclude(codename="add_seat")
    user.groups.clear()
    user.user_permissions.set(rights)
    assert "organizations" not in [kind.name for kind in editor.get(ADD).context["kinds"]]
    assert send(editor, NEW).status_code == 403 and not ImportRun.objects.exists()


def test_nobody_edits_or_deletes_an_import_and_steps_are_no_links(staff: Staff) -> None:
    administrator = staff("administrator")
    run = bring(administrator, NEW)
    assert administrator.post(at(run), {"state": "applied"}).status_code == 403
    assert administrator.post(at(run, "delete"), {"post": "yes"}).status_code == 403
    administrator.post(LIST, {"action": "delete_selected", "_selected_action": [run.pk], "post": "yes"})
    assert [administrator.get(at(run, name)).status_code for name in STEPS] == [403] * len(STEPS)
    run.refresh_from_db()
    assert run.state == RunState.PLANNED and not Operation.objects.exists()
    for number in ("999999", "abc", "9" * 30):
        assert administrator.get(reverse("admin:desk_importrun_change", args=[number])).status_code == 404


def test_a_form_without_its_token_is_refused(editor: Client) -> None:
    run = bring(editor, NEW)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.get(username="editor"))
    assert send(strict, NEW).status_code == 403
    assert [strict.post(at(run, name)).status_code for name in STEPS] == [403] * len(STEPS)
    assert ImportRun.objects.count() == 1
    page = strict.get(ADD)
    token = page.context["csrf_token"]
    assert send(strict, NEW, csrfmiddlewaretoken=str(token)).status_code == 302
    assert send(strict, b"a" * (MOST_BYTES + 4_000_000), csrfmiddlewaretoken=str(token)).status_code == 400


# -- Lists ---------------------------------------------------------------------------------------------------


def test_the_list_tells_what_became_of_each_file_and_finds_it_by_name_and_hash(editor: Client) -> None:
    run, other = bring(editor, NEW), bring(editor, MIXED, name="invented mixed.csv")
    page = html(editor, LIST)
    assert "New 2" in page and "New 1, Rejected 1" in page and "Organizations" in page and "To be confirmed" in page
    for query in (f"q={other.sha256}", "q=mixed", "kind=organizations&state__exact=planned&q=mixed"):
        page = html(editor, f"{LIST}?{query}")
        assert at(other) in page and at(run) not in page
    assert at(run) not in html(editor, f"{LIST}?kind=meetings")


def test_its_page_asks_as_many_queries_for_many_rows_as_for_few(editor: Client, bells: Organization) -> None:
    def queries(count: int) -> int:
        rows = "".join(f"Invented Guild of Bell Ringers no {number},\n" for number in range(count))
        run = bring(editor, f"name,note\n{rows}")
        assert run.rows.filter(outcome=Outcome.ALIKE).count() == count
        with CaptureQueriesContext(connection) as asked:
            html(editor, at(run))
        return len(asked)

    assert queries(2) == queries(49) <= 20


def test_its_rows_stand_on_pages_of_fifty_and_a_decision_comes_back_to_the_page(editor: Client) -> None:
    rows = "".join(f"Invented Body number {number:03} {'abcdefgh'[number % 8] * 9}\n" for number in range(120))
    run = bring(editor, f"name\n{rows}")
    page = html(editor, f"{at(run)}?outcome=new&page=2")
    assert "number 050" in page and "number 049" not in page and "outcome=new&amp;page=3" in page
    answer = editor.post(f"{at(run, 'decide')}?outcome=new&page=2&x=1", {"number": [2]})
    assert answer["Location"] == f"{at(run)}?outcome=new&page=2"
    assert html(editor, f"{at(run)}?outcome=unheard-of&page=x")


def test_the_pages_speak_french_and_spanish_too(editor: Client) -> None:
    run = bring(editor, MIXED)
    for language in ("fr", "es"):
        for url in (ADD, LIST, at(run)):
            assert f'<html lang="{language}"' in html(editor, f"/{language}{url}")
