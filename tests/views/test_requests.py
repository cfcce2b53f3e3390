"""Requests as the public sends them: closed, opened, saved, continued, sent once; their papers, receipts and mails."""

import datetime
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from engagement.desk import requests
from engagement.desk.models import DRAFT_KEPT, DecisionSet, Request, RequestPaper, Stage
from engagement.models import Source
from engagement.web import mailing, trapping
from engagement.web.requestmail import tell_stage
from tests.asking import PDF, make_request, sent_file
from tests.factories import make_meeting, make_organization, make_status
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db

NEW, PUBLISHER, HOME = "/requests/new/", "Invented secretariat", "http://testserver"
NAME = "Invented applicants of Zzyzx"


@pytest.fixture(autouse=True)
def _open(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.REQUESTS, settings.SITE_PUBLISHER = True, PUBLISHER
    monkeypatch.setattr(trapping, "QUICKEST", -1)
    cache.clear()
    catch_up()
    yield
    cache.clear()


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found is not None, name
    return unescape(found[1])


def filled(client: Client, at: str, **said: Any) -> dict[str, Any]:
    """The form at an address as a person sends it: what is hidden in it, and what they say."""
    html = client.get(at).content.decode()
    hidden = {name: field(html, name) for name in ("token", "shown_at")}
    person = {"name": NAME, "contact_name": "Invented person", "email": "person@invented.example"}
    status = {"country": "CH", "category": "special-list", "first_time": "yes"} if "kind=status" in at else {}
    return {**hidden, "website_2": "", **person, **status, **said}


def sent(client: Client, at: str = f"{NEW}?kind=status", **said: Any) -> Any:
    with_mails = filled(client, at, do="send", **said)
    return client.post(at, with_mails)


def link_in(body: str) -> str:
    found = re.search(rf"{HOME}(/\S*requests/continue/\S+)", body)
    assert found is not None
    return found[1]


# -- Closed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "publisher"), [(False, ""), (True, ""), (False, PUBLISHER)])
def test_closed_nobody_can_believe_that_they_applied(client: Client, settings: Any, on: bool, publisher: str) -> None:
    made = make_request()
    draft, told = requests.begin("status", "en")
    settings.REQUESTS, settings.SITE_PUBLISHER = on, publisher
    for prefix in ("", "/fr", "/es"):
        response = client.get(prefix + NEW)
        main = response.content.decode().split("<main")[1].split("</main>")[0]
        assert response.status_code == 200 and not response.cookies
        assert "<form" not in main and "<input" not in main and "<button" not in main
        assert "/which-status/" in main and "/offices/?q=civil" in main and "/sources/" in main
    main = client.get(NEW).content.decode()
    assert "No request can be made here" in main
    assert ("Nothing sent here reaches the ILO." in main) is (not publisher)
    assert client.post(NEW, {"name": NAME}).status_code == 404
    for path in ("/requests/", f"/requests/{made.receipt}/", f"/requests/continue/{told}/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)
    assert client.get(f"{NEW}?kind=status").status_code == 200
    assert "do=" not in client.get("/meetings/ilc-106/").content.decode()
    assert NEW + "?" not in client.get("/meetings/ilc-106/").content.decode()
    assert Request.objects.filter(pk=draft.pk).exists() and mail.outbox == []


# -- What may be asked -----------------------------------------------------------------------------------------------


def test_what_the_address_says_is_known_or_a_mistake(client: Client) -> None:
    first = client.get(NEW)
    assert first.status_code == 200 and PUBLISHER in first.content.decode() and not first.cookies
    for wrong in ("?kind=visa", "?meeting=none", "?organization=none", "?colour=red", "?kind=status&kind=details"):
        assert client.get(NEW + wrong).status_code == 400
    assert client.post(NEW, {"do": "send"}).status_code == 404
    body = make_organization(name="Invented body of Qwxz", acronym="IBQ", website="https://invented.example/")
    html = client.get(f"{NEW}?kind=details&organization={body.slug}").content.decode()
    assert "Invented body of Qwxz" in html and f'value="{body.slug}" checked' in html
    response = client.get(f"{NEW}?kind=status")
    assert response["Cache-Control"] == "no-store" and response["Referrer-Policy"] == "strict-origin"
    assert 'content="noindex"' in response.content.decode()


def test_only_meetings_are_offered_for_which_requests_are_taken(client: Client) -> None:
    today = datetime.date.today()
    day = datetime.timedelta(days=1)
    later = (today + 200 * day).isoformat()
    no_window = make_meeting(start=later)
    opened = make_meeting(start=later, requests_from=(today - day).isoformat(), requests_until=today.isoformat())
    shut = make_meeting(start=later, requests_from="2020-01-02", requests_until=(today - day).isoformat())
    coming = make_meeting(start=later, requests_from=(today + day).isoformat())
    over = make_meeting(start="2001-06-01", end="2001-06-14")
    html = client.get(f"{NEW}?kind=invitation").content.decode()
    for meeting, offered in ((no_window, True), (opened, True), (shut, False), (coming, False), (over, False)):
        assert (f'value="{meeting.slug}"' in html) is offered
    html = client.get(f"{NEW}?meeting={shut.slug}").content.decode()
    assert "requests are no longer taken." in html and "2 January 2020" in html
    assert "requests are not taken yet." in client.get(f"{NEW}?meeting={coming.slug}").content.decode()
    chosen = client.get(f"{NEW}?meeting={opened.slug}").content.decode()
    assert f'value="{opened.slug}" selected' in chosen
    response = sent(client, f"{NEW}?kind=invitation", meeting=shut.slug, country="CH", first_time="no")
    assert response.status_code == 400 and "Requests for this meeting are not taken now." in response.content.decode()
    assert not Request.objects.sent().exists()


# -- Sending ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committed_register")
def test_sent_with_a_receipt_at_once_and_by_mail_and_twice_is_once(client: Client) -> None:
    said = filled(client, f"{NEW}?kind=status", do="send", acronym="IAZ", website="invented.example", statement="Why.")
    papers = {"paper-statutes": sent_file("statutes.pdf"), "paper-other": sent_file("letter.pdf", PDF + b" ")}
    response = client.post(f"{NEW}?kind=status", {**said, **papers})
    made = Request.objects.get()
    assert response.status_code == 302 and response["Location"] == f"/requests/{made.receipt}/"
    assert (made.stage, made.name, made.website) == (Stage.RECEIVED, NAME, "https://invented.example")
    assert {each.kind for each in made.papers.all()} == {"statutes", "other"}
    (told,) = mail.outbox
    assert told.to == ["person@invented.example"] and made.receipt in told.subject and made.receipt in told.body
    assert f"{HOME}/requests/{made.receipt}/" in told.body and "List of members" in told.body
    assert NAME not in told.body and "Invented person" not in told.body
    again = client.post(f"{NEW}?kind=status", {**said, "name": "Changed"})
    assert again["Location"] == response["Location"]
    made.refresh_from_db()
    assert made.name == NAME and Request.objects.count() == 1 and len(mail.outbox) == 1


def test_what_is_wrong_stands_beside_each_field_and_nothing_that_was_said_is_lost(client: Client) -> None:
    wrong = {
        "name": "x" * 301,
        "email": "nobody",
        "website": "javascript:alert(1)",
        "contact_name": "two\nlines",
        "country": "ZZ",
        "category": "invited",
        "statement": "<script>alert(1)</script>",
    }
    response = sent(client, **wrong)
    html = response.content.decode()
    assert response.status_code == 400 and "<script>alert" not in html
    for name in ("name", "email", "website", "contact_name", "country", "category"):
        assert f'href="#{name}"' in html and f'id="{name}_error"' in html
    assert 'value="nobody"' in html and "&lt;script&gt;" in html
    assert not Request.objects.sent().exists() and mail.outbox == []


def test_programs_are_held_up_and_nothing_of_them_is_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at = f"{NEW}?kind=status"
    for trap in ({"website_2": "x"}, {"token": "made-up"}, {"token": ""}, {"shown_at": "made-up"}):
        said = filled(client, at, do="send") | trap
        response = client.post(at, {**said, "paper-statutes": sent_file("statutes.pdf")})
        assert response.status_code == 400 and "The files were not kept" in response.content.decode()
    mended = {name: field(response.content.decode(), name) for name in ("token", "shown_at")}
    assert client.post(at, {**said, **mended, "do": "check"}).status_code == 200
    cache.clear()
    monkeypatch.setattr(trapping, "QUICKEST", 60)
    assert sent(client).status_code == 400
    assert not Request.objects.exists() and not RequestPaper.objects.exists()


def test_an_address_sends_so_many_forms_a_minute_and_without_a_token_none(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{NEW}?kind=status", {"do": "send"}).status_code == 403
    cache.clear()
    said = filled(client, f"{NEW}?kind=status")
    codes = [client.post(f"{NEW}?kind=status", said).status_code for _number in range(11)]
    assert codes == [200] * 10 + [429]


def test_look_alikes_are_shown_with_what_they_hold_and_one_has_to_choose(client: Client) -> None:
    body = make_organization(name="Invented weavers of Vvrrk", acronym="IWV")
    make_status(organization=body, granted="2001-02-03")
    catch_up()
    at = f"{NEW}?kind=status"
    response = client.post(at, filled(client, at, name="Invented weavers of Vvrk"))
    html = response.content.decode()
    assert response.status_code == 200 and "Is it one of these?" in html and body.name in html
    assert "Special List" in html.split('id="same"')[1]
    unsaid = sent(client, name=body.name)
    assert unsaid.status_code == 400 and "or none of them" in unsaid.content.decode()
    said_of_another = sent(client, name=body.name, same="none", shown_for="Another name")
    assert said_of_another.status_code == 400
    assert sent(client, name=body.name, same="some-other-body", shown_for=body.name).status_code == 400
    assert sent(client, name=body.name, same=body.slug, shown_for=body.name).status_code == 302
    made = Request.objects.sent().get()
    assert made.claimed == body and made.organization is None
    assert sent(client, name=body.name, same="none", shown_for=body.name).status_code == 302
    assert Request.objects.sent().first().claimed is None


def test_a_change_of_details_says_what_each_field_should_be(client: Client) -> None:
    body = make_organization(name="Invented body of Jjqx")
    catch_up()
    at = f"{NEW}?kind=details&organization={body.slug}"
    chosen = {"name": body.name, "same": body.slug, "shown_for": body.name}
    nothing = sent(client, at, **chosen)
    assert nothing.status_code == 400 and "one field at least" in nothing.content.decode()
    assert sent(client, at, **chosen, new_name="Invented body of Jjqy", new_seat_country="FR").status_code == 302
    made = Request.objects.sent().get()
    assert made.details == {"name": "Invented body of Jjqy", "seat.country": "FR"} and made.claimed == body
    assert set(made.details) <= set(requests.DETAILS)


def test_mails_and_pages_are_in_the_language_of_the_form(client: Client) -> None:
    said = filled(client, f"{NEW}?kind=status", do="save")
    client.post(f"/fr{NEW}?kind=status", said)
    made = Request.objects.get()
    assert made.language == "fr" and "/fr/requests/continue/" in mail.outbox[0].body
    requests.send(made)
    assert tell_stage(made, HOME)
    assert f"{HOME}/fr/requests/{made.receipt}/" in mail.outbox[1].body


# -- Saved for later -------------------------------------------------------------------------------------------------


def test_saved_with_no_more_than_an_e_mail_and_continued_by_the_link(client: Client) -> None:
    said = filled(client, f"{NEW}?kind=invitation", do="save", name="", contact_name="")
    response = client.post(f"{NEW}?kind=invitation", {**said, "paper-letterhead": sent_file("letter.pdf")})
    link = link_in(str(mail.outbox[0].body))
    assert response["Location"] == link
    told = link.split("/")[-2]
    draft = requests.continued(told)
    assert draft and told not in str(Request.objects.filter(pk=draft.pk).values().get())
    other = Client().get(link)
    assert other.status_code == 200 and "letter.pdf" in other.content.decode()
    assert other["Referrer-Policy"] == "strict-origin" and other["Cache-Control"] == "no-store"
    assert 'content="noindex"' in other.content.decode() and 'rel="canonical"' not in other.content.decode()
    assert f"The page {link}" not in other.content.decode()
    for wrong in (told[:-1], told + "x", draft.digest, "x"):
        assert client.get(f"/requests/continue/{wrong}/").status_code == 404
    paper = draft.papers.get()
    foreign = make_request(sent=False)
    requests.add_paper(
        foreign, RequestPaper(kind="other", file_name="b", content_type="c", sha256="d", size=1, body=b"e")
    )
    for number in (foreign.papers.get().pk, "-1", "9" * 30, paper.pk):
        assert client.post(link, filled(client, link, do="", remove=number)).status_code == 200
    assert not draft.papers.exists() and foreign.papers.exists()
    meeting = make_meeting(start="2999-06-01")
    done = client.post(link, filled(client, link, do="send", meeting=meeting.slug, country="CH", first_time="no"))
    assert done["Location"] == f"/requests/{draft.receipt}/"
    assert client.get(link)["Location"] == done["Location"] and client.post(link)["Location"] == done["Location"]
    assert not requests.fill(draft, {"name": "later"})


def test_a_link_dies_with_its_time_and_a_mail_that_fails_leaves_the_link_on_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, told = requests.begin("status", "en")
    past = timezone.now() - DRAFT_KEPT - datetime.timedelta(minutes=1)
    Request.objects.filter(pk=draft.pk).update(begun_at=past)
    assert client.get(f"/requests/continue/{told}/").status_code == 404
    monkeypatch.setattr(mailing, "send", lambda *_said, **_more: False)
    response = client.post(f"{NEW}?kind=status", filled(client, f"{NEW}?kind=status", do="save"))
    assert response.status_code == 200 and "could not be sent" in response.content.decode()
    found = re.search(r'href="(/requests/continue/[^"]+)"', response.content.decode())
    assert found and client.get(found[1]).status_code == 200


# -- Papers ----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_refused_is_named_and_the_others_stay(client: Client) -> None:
    at = f"{NEW}?kind=status"
    said = filled(client, at, do="send")
    papers = {
        "paper-statutes": sent_file("statutes.pdf"),
        "paper-members": [sent_file("members.pdf", b"MZ" + PDF), sent_file("<b>x.exe")],
        "paper-officers": sent_file("large.pdf", PDF + bytes(6 * 1024 * 1024)),
        "paper-activity-report": sent_file("empty.pdf", b""),
        "paper-none-of-these": sent_file("ignored.pdf"),
    }
    response = client.post(at, {**said, **papers})
    html = response.content.decode()
    assert response.status_code == 400
    for name in ("members.pdf", "&lt;b&gt;x.exe", "large.pdf", "empty.pdf"):
        assert name in html.split("</form>")[0]
    assert "<b>x" not in html and "larger than 5 MB" in html and "ignored.pdf" not in html
    assert [each.file_name for each in RequestPaper.objects.all()] == ["statutes.pdf"]
    assert client.post(at, {**said, "token": field(html, "token")}).status_code == 302
    made = Request.objects.sent().get()
    assert made.papers.count() == 1
    assert requests.missing(made) == ["members", "officers", "activity-report"]


def test_papers_that_staff_ask_for_are_sent_by_a_fresh_link_and_it_takes_nothing_else(client: Client) -> None:
    made, told = requests.begin("status", "en")
    requests.fill(made, {"name": NAME, "email": "person@invented.example", "contact_name": "Invented person"})
    requests.send(made)
    Request.objects.filter(pk=made.pk).update(missing=["members", "financial-report"])
    made.refresh_from_db()
    requests.advance(made, Stage.INCOMPLETE, note="The list is of 1999.")
    assert tell_stage(made, HOME)
    body = str(mail.outbox[-1].body)
    link = link_in(body)
    assert told not in link and "The list is of 1999." in body and "List of members" in body
    assert client.get(f"/requests/continue/{told}/").status_code == 404
    html = client.get(link).content.decode()
    assert NAME not in html and "Invented person" not in html and 'name="email"' not in html
    said = {"shown_at": field(html, "shown_at"), "website_2": "", "name": "Changed"}
    assert "No file was chosen." in client.post(link, said).content.decode()
    refused = client.post(link, {**said, "paper-members": sent_file("members.pdf", b"no")})
    assert refused.status_code == 400 and "members.pdf" in refused.content.decode()
    part = client.post(link, {**said, "paper-members": sent_file("members.pdf")})
    assert part.status_code == 200 and "Some papers are still missing." in part.content.decode()
    assert client.post(link, {**said, "paper-financial-report": sent_file("report.pdf")}).status_code == 302
    made.refresh_from_db()
    assert (made.stage, made.missing, made.name) == (Stage.RECEIVED, [], NAME)
    assert "have come" in mail.outbox[-1].body
    assert client.get(link)["Location"] == f"/requests/{made.receipt}/"


# -- Receipts and numbers --------------------------------------------------------------------------------------------


def test_a_receipt_says_where_it_stands_and_names_nobody(client: Client) -> None:
    body = make_organization(name="Invented body of Kkqx")
    made = make_request(name=NAME, acronym="IAZZ", statement="A statement.", claimed=body)
    address = f"/requests/{made.receipt}/"
    response = client.get(address)
    html = response.content.decode()
    assert response["Cache-Control"] == "no-store" and response["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex"' in html and f"{PUBLISHER}. The request is checked" in html and "Statutes" in html
    requests.advance(made, Stage.COMPLETE)
    source = Source.objects.get(slug="profile")
    sitting = DecisionSet.objects.create(session="400th Session", date="2027-11-10", document="X", source=source)
    sitting.items.create(action="grant", organization=body, category=made.category, request=made)
    requests.advance(made, Stage.SCHEDULED, note="It is on the agenda.")
    html = client.get(address).content.decode()
    for text in ("Before the deciding body", "The Governing Body", "400th Session", "10 November 2027", "agenda"):
        assert text in html
    for secret in (NAME, "IAZZ", "A statement.", made.contact_name, made.email, body.name):
        assert secret not in html
    assert client.get(address.lower())["Location"] == address
    draft = make_request(sent=False)
    for wrong in (draft.receipt, "R-0000-0000", "new-one"):
        assert client.get(f"/requests/{wrong.upper()}/").status_code == 404


def test_receipts_are_asked_for_so_often_a_minute(client: Client) -> None:
    codes = [client.get("/requests/R-0000-0000/").status_code for _number in range(31)]
    assert codes == [404] * 30 + [429]
    assert client.get("/requests/?receipt=R-0000-0000").status_code == 429
    assert client.get("/requests/").status_code == 200


def test_the_numbers_name_nothing_personal_and_lead_to_ones_own_request(client: Client) -> None:
    made = make_request(name=NAME)
    html = client.get("/requests/").content.decode()
    assert html.count("Fewer than 5 were sent") == 3 and "<table" not in html
    for _number in range(4):
        make_request()
    html = client.get("/requests/").content.decode()
    assert html.count("Fewer than 5 were sent") == 2 and "fewer than 5" in html and ">5</td>" in html
    assert NAME not in html and made.receipt not in html
    assert client.get(f"/requests/?receipt=+{made.receipt.lower()}")["Location"] == f"/requests/{made.receipt}/"
    assert client.get("/requests/?receipt=R-0").status_code == 404
    assert client.get("/requests/?sort=name").status_code == 400


def test_lists_of_papers_never_load_the_files(client: Client, django_assert_max_num_queries: Any) -> None:
    draft, told = requests.begin("status", "en")
    for number in range(3):
        requests.add_paper(
            draft, RequestPaper(kind="other", file_name="a", content_type="b", sha256=str(number), size=1, body=b"x")
        )
    with django_assert_max_num_queries(30) as queries:
        assert client.get(f"/requests/continue/{told}/").status_code == 200
    assert not any('"body"' in each["sql"] for each in queries.captured_queries)
