"""The inbox: forty requests from the list to a draft set in one sitting; whom it is shown to; what cannot go wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.admin.requestpages import file_name
from engagement.desk import decisions, deleting, details, inbox, requests
from engagement.desk.journal import Overtaken, operation
from engagement.desk.merging import Choices, Merge, merge
from engagement.desk.models import (
    DecisionSet,
    Operation,
    OperationKind,
    Request,
    RequestKind,
    RequestPaper,
    Stage,
)
from engagement.desk.undoing import undo
from engagement.models import (
    ConsultativeCategory,
    FurtherSource,
    NameKind,
    Organization,
    OrganizationName,
    Seat,
    Source,
)
from engagement.models.answers import Paper
from tests.admin.conftest import Staff
from tests.factories import make_country, make_meeting, make_organization, make_source

pytestmark = pytest.mark.django_db

LIST = reverse("admin:desk_request_changelist")
PUT = reverse("admin:desk_request_put")
# Names that nobody bears and that are unlike each other.
WORDS = [f"{first}{last}" for first in ("Quon", "Bril", "Zemp", "Fraw", "Hoxt") for last in (
    "adar", "ibble", "ummet", "orvin", "esque", "ynth", "akko", "elph",
)]  # fmt: skip


@pytest.fixture(autouse=True)
def published_by(settings: Any) -> None:
    settings.SITE_PUBLISHER = "Invented Publisher"


def at(asked: Request, step: str = "change", *more: Any) -> str:
    return reverse(f"admin:desk_request_{step}", args=[asked.pk, *more])


def sent(name: str, papers: list[str] | None = None, **fields: Any) -> Request:
    """A request that came in, with papers: all that are required unless some are named."""
    kind = fields.pop("kind", RequestKind.STATUS)
    asked, _secret = requests.begin(kind, fields.pop("language", "en"))
    if kind == RequestKind.STATUS:
        fields.setdefault("category", ConsultativeCategory.objects.get(slug="special-list"))
    for field, value in {"email": "a@invented.example", "contact_name": "Invented Person", **fields}.items():
        setattr(asked, field, value)
    asked.name = name
    asked.save()
    for paper in requests.required(asked) if papers is None else papers:
        add(asked, paper)
    requests.send(asked)
    return asked


def paper_of(
    asked: Request, paper: str, name: str = "paper.pdf", content_type: str = "application/pdf"
) -> RequestPaper:
    said = {"file_name": name, "content_type": content_type, "sha256": "0" * 64, "size": 9, "body": b"%PDF-1.7 "}
    return RequestPaper(request=asked, kind=paper, **said)


def add(asked: Request, paper: str) -> None:
    assert requests.add_paper(asked, paper_of(asked, paper))


def shown(client: Client, asked: Request) -> Any:
    response = client.get(at(asked))
    assert response.status_code == 200
    return response.context


def of_form(form: Any, **changes: Any) -> dict[str, Any]:
    """What a form sends back as it was shown, with `changes`."""
    said = {bound.html_name: bound.value() for bound in form}
    said = {name: getattr(value, "pk", value) for name, value in said.items() if value not in (None, False)}
    return {name: value for name, value in {**said, **changes}.items() if value is not None}


def step(client: Client, asked: Request, name: str, **said: Any) -> Any:
    """A step taken on the request as it stands."""
    seen = inbox.version_of(Request.objects.get(pk=asked.pk))
    return client.post(at(asked, name), {"seen": seen, "tell": "on", **said})


def said(client: Client, path: str = "") -> list[str]:
    """What the next page tells."""
    return [str(each) for each in client.get(path or LIST).context["messages"]]


def begun_set() -> DecisionSet:
    return DecisionSet.objects.create(
        session="Invented session", date=timezone.localdate(), document="INV.1/2", source=make_source(), actor_name="x"
    )


# -- The whole of it -------------------------------------------------------------------------------------------------


def test_forty_requests_go_from_the_inbox_to_a_draft_set_in_one_sitting(editor: Client) -> None:
    known = [make_organization(name=f"Invented {word} League") for word in WORDS[:5]]
    land = make_country("XB")
    asked = [
        *(sent(f"Invented {word} Leauge", country=land) for word in WORDS[:5]),
        *(sent(f"Invented {word} League", country=land) for word in WORDS[5:24]),
        *(sent(f"Invented {word} League", [Paper.STATUTES]) for word in WORDS[24:37]),
        *(sent(f"Invented {word} League") for word in WORDS[5:8]),
    ]
    assert len(asked) == 40
    for one in asked:
        page = shown(editor, one)
        if page["candidates"]:
            chosen = page["candidates"][0]["organization"]
            assert editor.post(at(one, "link"), {"organization": chosen.pk}).status_code == 302
        else:
            assert editor.post(at(one, "create"), of_form(page["create"], published="on")).status_code == 302
        assert bool(page["others"]) == (one in asked[37:] or one in asked[5:8])
    linked = [Request.objects.get(pk=one.pk).organization for one in asked]
    assert linked[:5] == known and linked[37:] == linked[5:8] and None not in linked
    assert len(set(linked)) == 37 and Seat.objects.filter(country=land).count() == 19

    for one in asked[24:37]:
        page = editor.get(at(one, "ask"))
        assert str(one.receipt) in page.context["mail"][1]
        editor.post(at(one, "ask"), of_form(page.context["form"], shown=page.context["shown"]))
    told = [message.body for message in mail.outbox if "/requests/continue/" in message.body]
    assert len(told) == 13 and Request.objects.filter(stage=Stage.INCOMPLETE).count() == 13
    for one in asked[24:37]:
        for paper in requests.missing(one):
            add(one, paper)
    for one in asked[:37]:
        assert step(editor, one, "complete").status_code == 302
    for one in asked[37:]:  # sent twice
        step(editor, one, "withdraw")

    decision_set = begun_set()
    everything = {"action": "put_on_set", "_selected_action": [one.pk for one in asked]}
    page = editor.post(LIST, everything).context
    assert sum(bool(row["why"]) for row in page["rows"]) == 3
    form = {"shown": [one.pk for one in asked], "decision_set": decision_set.pk, "tell": "on"}
    assert editor.post(PUT, {**form, "requests": [one.pk for one in asked]}).status_code == 409
    assert not decision_set.items.exists()
    ready = [row["request"].pk for row in page["rows"] if row["ticked"]]
    assert editor.post(PUT, {**form, "requests": ready}).status_code == 302
    assert decision_set.items.count() == 37 and Request.objects.filter(stage=Stage.SCHEDULED).count() == 37
    assert not decisions.problems(decision_set)
    sources = Source.objects.filter(title="Requests sent to Invented Publisher")
    assert sources.count() == 1 and Operation.objects.filter(kind=OperationKind.REQUEST).count() == 32


# -- The list --------------------------------------------------------------------------------------------------------


def listed(client: Client, query: str = "") -> list[str]:
    return [row.name for row in client.get(LIST + query).context["cl"].result_list]


def test_the_list_begins_with_what_is_complete_and_urgent_and_does_not_show_drafts(editor: Client) -> None:
    def invited(name: str, until: str, **fields: Any) -> Request:
        meeting = make_meeting(requests_until=until)
        return sent(name, kind=RequestKind.INVITATION, first_time=False, meeting=meeting, **fields)

    invited("Invented late", "2999-05-01"), invited("Invented soon", "2999-04-01"), sent("Invented whenever")
    lacking = sent("Invented lacking", [Paper.STATUTES])
    closed = sent("Invented closed")
    inbox.settle(closed, Stage.DECLINED, None, "Invented reason")
    past = invited("Invented past", "2001-01-01")
    draft, _secret = requests.begin(RequestKind.STATUS, "en")
    draft.name = "Invented draft"
    draft.save()
    assert listed(editor) == [
        "Invented past", "Invented soon", "Invented late", "Invented whenever", "Invented lacking", "Invented closed",
    ]  # fmt: skip
    page = editor.get(LIST).content.decode()
    wanted = len(requests.required(lacking))
    assert f"1 of {wanted}" in page and f"{wanted} of {wanted}" in page
    assert "Invented Person" not in page and "a@invented.example" not in page and "Invented draft" not in page
    assert editor.get(at(draft)).status_code == 404 == editor.post(at(draft, "complete")).status_code
    assert listed(editor, "?attention=overdue") == ["Invented past"]
    Request.objects.filter(pk=lacking.pk).update(stage_since=timezone.now() - timedelta(days=11))
    assert listed(editor, "?attention=overdue") == ["Invented past", "Invented lacking"]
    inbox.link(past, make_organization())
    assert "Invented past" not in listed(editor, "?linked=no") and listed(editor, "?linked=yes") == ["Invented past"]
    assert listed(editor, "?stage__exact=declined") == ["Invented closed"]
    assert listed(editor, f"?q={lacking.receipt}") == ["Invented lacking"] == listed(editor, "?q=lacking")
    assert listed(editor, "?kind__exact=status&o=1") and "Draft" not in editor.get(LIST).content.decode()


def test_the_lists_queries_do_not_grow_and_read_no_file(editor: Client) -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(LIST).status_code == 200
        return [query["sql"] for query in queries]

    categories = list(ConsultativeCategory.objects.order_by("order"))
    for number in range(3):
        sent(f"Invented {WORDS[number]}", [Paper.STATUTES])
    few = asked()
    for number in range(40):
        one = sent(f"Invented {WORDS[number]}", [Paper.STATUTES], category=categories[number % len(categories)])
        Request.objects.filter(pk=one.pk).update(first_time=[None, True, False][number % 3])
    many = asked()
    assert len(many) == len(few)
    assert not [sql for sql in many if '"body"' in sql and "requestpaper" in sql]


# -- For whom --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["viewer", "contact-officer"])
def test_whoever_may_not_see_requests_sees_none_of_them_anywhere(staff: Staff, role: str) -> None:
    asked = sent("Invented body 3")
    inbox.link(asked, body := make_organization())
    client = staff(role)
    pages = [LIST, f"{LIST}?q=Invented", PUT, at(asked), at(asked, "ask"), at(asked, "paper", asked.papers.all()[0].pk)]
    assert {client.get(page).status_code for page in pages} == {403}
    assert {client.post(at(asked, name)).status_code for name in ("link", "create", "complete", "tell")} == {403}
    assert client.post(LIST, {"action": "put_on_set", "_selected_action": [asked.pk]}).status_code == 403
    organizations = reverse("admin:engagement_organization_changelist")
    assert client.get(f"{organizations}?requests__stage=received").status_code in (302, 400)
    front = client.get(reverse("admin:index")).content.decode()
    assert LIST not in front and asked.receipt not in client.get(organizations).content.decode()
    page = client.get(reverse("admin:engagement_organization_change", args=[body.pk])).content.decode()
    assert asked.receipt not in page and "Invented Person" not in page
    assert Client().get(at(asked)).status_code == 302


def test_whoever_may_only_look_at_requests_is_offered_nothing_to_do(staff: Staff) -> None:
    asked = sent("Invented body 3")
    client = staff("viewer")
    user = get_user_model().objects.get(username="viewer")
    user.user_permissions.add(Permission.objects.get(codename="view_request"))
    page = client.get(at(asked)).content.decode()
    assert "a@invented.example" in page and page.count("<form") == 1  # the one that logs out
    for name in ("link", "unlink", "create", "complete", "decline", "withdraw", "take_over", "tell", "ask"):
        assert client.post(at(asked, name)).status_code == 403, name
    assert client.post(PUT).status_code == 403
    asked.refresh_from_db()
    assert (asked.stage, asked.organization) == (Stage.RECEIVED, None)


# -- Files -----------------------------------------------------------------------------------------------------------


def test_a_paper_is_saved_under_a_name_that_harms_nobody_and_never_shown_as_a_page(editor: Client) -> None:
    asked = sent("Invented body 3", [])
    hostile = {
        "../../etc/passwd": "passwd.pdf",
        "C:\\x\\by-laws.PDF": "by-laws.pdf",
        'a"; filename=evil.exe; x="\r\nSet-Cookie: a=b.pdf': "a__ filename=evil.exe_ x=_Set-Cookie_ a=b.pdf",
        "annual\u202efdp.exe": "annualfdp.exe.pdf",
        "statuts é.pdf": "statuts é.pdf",
        "...": "statutes.pdf",
        "x" * 300 + ".html": "x" * 100 + ".pdf",
    }
    for name, safe in hostile.items():
        paper = paper_of(asked, Paper.STATUTES, name[:255])
        paper.save()
        assert file_name(paper) == safe
        answer = editor.get(at(asked, "paper", paper.pk))
        assert answer.content == b"%PDF-1.7 " and answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment; filename") and "\n" not in str(answer.headers)
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Security-Policy"].startswith("sandbox")
    active = paper_of(asked, Paper.STATUTES, "page.html", "text/html")
    active.save()
    answer = editor.get(at(asked, "paper", active.pk))
    assert (answer["Content-Type"], file_name(active)) == ("application/octet-stream", "page.html.bin")
    assert editor.get(at(sent("Invented body 4"), "paper", active.pk)).status_code == 404
    RequestPaper.objects.update(body=b"", file_name="")
    assert editor.get(at(asked, "paper", active.pk)).status_code == 404
    assert "no longer kept" in editor.get(at(asked)).content.decode()


# -- Whose it is -----------------------------------------------------------------------------------------------------


def test_what_is_created_is_what_was_shown_with_the_day_as_its_source_and_can_be_undone(editor: Client) -> None:
    land = make_country("XB")
    asked = sent(
        "Invented Quibble League", acronym="IQL", website="https://quibble.example/", country=land, language="fr"
    )
    form = shown(editor, asked)["create"]
    assert editor.post(at(asked, "create"), of_form(form, website="not an address")).status_code == 400
    assert not Organization.objects.filter(name=asked.name).exists()
    assert editor.post(at(asked, "create"), of_form(form)).status_code == 302
    body = Organization.objects.get(name="Invented Quibble League")
    assert (body.acronym, body.website, body.name_lang, body.published) == (
        "IQL",
        "https://quibble.example/",
        "fr",
        False,
    )
    day = timezone.localdate().isoformat()
    [seat] = body.seats.all()
    for record in (body, seat):
        assert (record.source.title, record.source.kind) == ("Requests sent to Invented Publisher", "own-statement")
        assert (record.locator, record.as_of) == (f"received {day}", day)
    assert seat.country == land and body.history.get().history_user.username == "editor"
    made = Operation.objects.get()
    assert asked.receipt not in made.title and made.kind == OperationKind.REQUEST
    undo(made)
    asked.refresh_from_db()
    assert asked.organization is None and not Organization.objects.filter(pk=body.pk).exists()
    assert Source.objects.filter(title__startswith="Requests sent").count() == 1
    assert shown(editor, asked)["create"] is not None


def test_one_that_is_nearly_there_is_made_only_after_a_second_look(editor: Client) -> None:
    there = make_organization(name="Invented League of Lamplighters", published=False)
    asked = sent("Invented League of Lampligthers")
    page = shown(editor, asked)
    assert page["candidates"][0]["organization"] == there and page["candidates"][0]["why"]
    answer = editor.post(at(asked, "create"), of_form(page["create"]))
    assert answer.status_code == 409 and [one["organization"] for one in answer.context["doubles"]] == [there]
    blind = of_form(page["create"], other="on", known="")
    assert editor.post(at(asked, "create"), blind).status_code == 409
    assert Organization.objects.filter(name__contains="Lamplig").count() == 1
    assert editor.post(at(asked, "create"), {**blind, "known": str(there.pk)}).status_code == 302
    assert Organization.objects.filter(name__contains="Lamplig").count() == 2


def test_what_a_request_says_of_itself_is_shown_first_and_follows_merges_and_deletions(editor: Client) -> None:
    there, other = make_organization(name="Invented Bril Union"), make_organization(name="Invented Quibble League")
    asked = sent("Invented Quibble Leauge", claimed=there)
    candidates = shown(editor, asked)["candidates"]
    assert [(each["organization"], each["is_claimed"]) for each in candidates] == [(there, True), (other, False)]
    assert Request.objects.get(pk=asked.pk).organization is None
    made = merge(Merge(other, there), Choices(), None)
    assert [each["organization"] for each in shown(editor, asked)["candidates"]] == [other]
    undo(made)
    assert Request.objects.get(pk=asked.pk).claimed == there
    inbox.link(asked, there)
    with operation(OperationKind.BULK, "Invented deletion") as journal:
        deleting.carry_out(deleting.plan([there]), journal)
    asked.refresh_from_db()
    assert (asked.claimed, asked.organization) == (None, None)


def test_of_two_at_one_moment_the_second_makes_and_links_nothing(editor: Client) -> None:
    one, double = sent("Invented Quibble League"), sent("Invented Quibble League")
    first, second = (shown(editor, one)["create"] for _twice in range(2))
    of_double = shown(editor, double)["create"]
    editor.post(at(one, "create"), of_form(first))
    editor.post(at(one, "create"), of_form(second))
    assert "Somebody else changed the request" in said(editor)[-1]
    assert editor.post(at(double, "create"), of_form(of_double)).status_code == 409
    [body] = Organization.objects.filter(name="Invented Quibble League")
    other = make_organization()
    editor.post(at(one, "link"), {"organization": other.pk})
    assert "Somebody else changed the request" in said(editor)[-1]
    assert Request.objects.get(pk=one.pk).organization == body
    for key in ("", "x", "999999", "9" * 30):
        assert editor.post(at(double, "link"), {"organization": key}).status_code == 302
    editor.post(at(double, "link"), {"organization": body.pk})
    editor.post(at(double, "unlink"))
    assert Request.objects.get(pk=double.pk).organization is None


# -- Its stage -------------------------------------------------------------------------------------------------------


def test_a_mail_that_was_not_shown_is_shown_before_it_is_sent(editor: Client) -> None:
    asked = sent("Invented body 3", [Paper.STATUTES], language="fr")
    page = editor.get(at(asked, "ask"))
    assert asked.receipt in page.context["mail"][0] and "***" in page.context["mail"][1]
    form = of_form(page.context["form"], shown=page.context["shown"], note="Un exemplaire lisible.")
    again = editor.post(at(asked, "ask"), form)
    assert again.status_code == 200 and "Un exemplaire lisible." in again.context["mail"][1] and not mail.outbox
    assert editor.post(at(asked, "ask"), {**form, "papers": ["no-such-paper"]}).status_code == 400
    asked.refresh_from_db()
    assert asked.stage == Stage.RECEIVED and asked.steps.count() == 1
    form |= {"papers": [Paper.STATUTES, Paper.MEMBERS]}
    shown_so = editor.post(at(asked, "ask"), {**form, "preview": ""}).context["shown"]
    assert editor.post(at(asked, "ask"), {**form, "shown": shown_so}).status_code == 302
    asked.refresh_from_db()
    assert (asked.stage, asked.missing) == (Stage.INCOMPLETE, [Paper.STATUTES, Paper.MEMBERS])
    [told] = mail.outbox
    assert "Un exemplaire lisible." in told.body and "***" not in told.body and told.to == ["a@invented.example"]
    step(editor, asked, "complete")
    assert Request.objects.get(pk=asked.pk).stage == Stage.INCOMPLETE  # papers are missing, and that is not ticked
    step(editor, asked, "complete", although="on", tell="")
    asked.refresh_from_db()
    assert (asked.stage, asked.missing, len(mail.outbox)) == (Stage.COMPLETE, [], 1)


def test_a_step_whose_mail_fails_stands_and_the_mail_can_be_sent_again(
    editor: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = sent("Invented body 3")
    with monkeypatch.context() as broken:
        broken.setattr("engagement.web.mailing.EmailMessage.send", refuse)
        step(editor, asked, "complete")
    assert "could not be sent" in said(editor)[-1] and not mail.outbox
    assert Request.objects.get(pk=asked.pk).stage == Stage.COMPLETE
    page = editor.get(at(asked)).content.decode()
    assert at(asked, "tell") in page
    editor.post(at(asked, "tell"))
    assert len(mail.outbox) == 1 and "told by mail" in said(editor)[-1]


def refuse(*_args: Any, **_options: Any) -> int:
    raise OSError("the server does not answer")


def test_what_somebody_else_did_meanwhile_is_not_done_over(editor: Client) -> None:
    asked = sent("Invented body 3")
    opened = of_form(shown(editor, asked)["decline"], note="Invented reason")
    assert editor.post(at(asked, "decline"), {**opened, "note": ""}).status_code == 400
    step(editor, asked, "complete")
    editor.post(at(asked, "decline"), opened)
    assert "Somebody else changed the request" in said(editor)[-1]
    step(editor, asked, "decline", note="Invented reason")
    asked.refresh_from_db()
    assert asked.stage == Stage.DECLINED and asked.steps.last().note == "Invented reason"
    assert "Invented reason" in mail.outbox[-1].body
    for name in ("complete", "withdraw", "link", "unlink"):
        step(editor, asked, name, organization=str(make_organization().pk))
    assert Request.objects.get(pk=asked.pk).steps.count() == 3 and "in_hand" not in shown(editor, asked)


# -- A change of details ---------------------------------------------------------------------------------------------


@pytest.fixture
def moved(db: None) -> Request:
    """A request that asks for another name, website and seat of an organization."""
    old, new = make_country("XB"), make_country("XC")
    body = make_organization(name="Invented Lamp Guild", acronym="ILG", website="https://lamps.example/")
    Seat.objects.create(organization=body, city="Invented City", country=old, source=body.source)
    wanted = {"name": "Invented Light Guild", "website": "https://lights.example/", "seat.country": new.iso2}
    asked = sent(
        "Invented Light Guild", [], kind=RequestKind.DETAILS, details={**wanted, "seat.city": "New Invented City"}
    )
    inbox.link(asked, body)
    return asked


def body_of(asked: Request) -> Organization:
    assert asked.organization_id
    return Organization.objects.get(pk=asked.organization_id)


def taken(client: Client, asked: Request, **changes: Any) -> Any:
    return client.post(at(asked, "take_over"), of_form(shown(client, asked)["details"], **changes))


def test_what_is_ticked_is_taken_over_with_the_former_name_and_seat_kept_and_can_be_undone(
    editor: Client, moved: Request
) -> None:
    changes = {change["name"]: (change["before"], change["after"]) for change in shown(editor, moved)["changes"]}
    assert changes["name"] == ("Invented Lamp Guild", "Invented Light Guild")
    assert changes["seat.country"] == ("Invented land XB", "Invented land XC")
    assert taken(editor, moved, names=["name", "seat.city", "seat.country"]).status_code == 302
    body = body_of(moved)
    day = timezone.localdate().isoformat()
    assert (body.name, body.website, body.sort_name) == (
        "Invented Light Guild",
        "https://lamps.example/",
        "invented light guild",
    )
    former = OrganizationName.objects.get(organization=body)
    assert (former.name, former.kind, former.until, former.source) == (
        "Invented Lamp Guild", NameKind.FORMER, f"../{day}", body.source,
    )  # fmt: skip
    assert {(seat.city, seat.until) for seat in body.seats.all()} == {
        ("Invented City", f"../{day}"), ("New Invented City", ""),
    }  # fmt: skip
    assert FurtherSource.objects.get(record_key=body.slug).reading == "name: Invented Light Guild"
    moved.refresh_from_db()
    assert moved.stage == Stage.GRANTED and moved.operation
    assert moved.steps.last().note == mail.outbox[-1].body.split("\n")[2] == (
        "Taken over: Name, City, Country. Not taken over: Website."
    )  # fmt: skip
    undo(moved.operation)
    back = Request.objects.get(pk=moved.pk)
    body.refresh_from_db()
    assert (back.stage, back.operation, body.name) == (Stage.RECEIVED, None, "Invented Lamp Guild")
    assert body.seats.get().until == "" and not body.names.exists()


def test_what_was_wrong_all_along_is_mended_in_place(editor: Client, moved: Request) -> None:
    [seat] = body_of(moved).seats.all()
    assert taken(editor, moved, names=["name", "seat.city"], keep_names=None, keep_seat=None).status_code == 302
    [now] = body_of(moved).seats.all()
    assert (now.pk, now.city, now.country, now.source.title) == (
        seat.pk, "New Invented City", seat.country, "Requests sent to Invented Publisher",
    )  # fmt: skip
    assert not OrganizationName.objects.filter(organization=body_of(moved)).exists()


def test_what_the_register_would_refuse_or_no_longer_says_is_not_taken_over(editor: Client, moved: Request) -> None:
    form = of_form(shown(editor, moved)["details"])
    body = body_of(moved)
    assert editor.post(at(moved, "take_over"), {**form, "names": []}).status_code == 400
    editor.post(at(moved, "take_over"), {**form, "state": "forged"})
    assert "Nothing was written" in said(editor)[-1]
    Request.objects.filter(pk=moved.pk).update(
        details={**moved.details, "website": "javascript:alert(1)", "seat.country": "QQ"}
    )
    for name in ("website", "seat.country"):
        answer = taken(editor, moved, names=["name", name])
        assert answer.status_code == 400 and answer.context["details"].errors["names"]
    Organization.objects.filter(pk=body.pk).update(website="https://elsewhere.example/")
    editor.post(at(moved, "take_over"), {**form, "names": ["name"]})
    assert "Nothing was written" in said(editor)[-1]
    seen = details.said(body, details.seats_of(body))
    with pytest.raises(Overtaken):
        details.take_over(moved, details.Choice(["name"]), seen, get_user_model().objects.get())
    body.refresh_from_db()
    moved.refresh_from_db()
    assert (body.name, moved.stage, Operation.objects.count()) == ("Invented Lamp Guild", Stage.RECEIVED, 0)
    step(editor, moved, "decline", note="Invented reason")
    assert (
        editor.post(PUT, {"requests": [moved.pk], "shown": [moved.pk], "decision_set": begun_set().pk}).status_code
        == 409
    )
