"""Corrections in public: the form of a record, what is wrong beside its fields, the mails, and what came of them."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from engagement.desk.models import Correction, CorrectionState
from engagement.directories.correctable import name_of
from engagement.directories.editing import kinds
from engagement.models import Contact
from engagement.web import correctionmail, trapping
from tests.admin.rows import make
from tests.factories import make_organization, make_status

pytestmark = pytest.mark.django_db

NEW, LIST = "/corrections/new/", "/corrections/"
SAID = {"field": "acronym", "proposed": "IB", "evidence": "https://invented.example/about", "email": ""}


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(trapping, "QUICKEST", -1)
    settings.LIMITS = {**settings.LIMITS, "forms": 1000}
    cache.clear()


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))).strip()


def form_of(record: Any) -> str:
    return f"{NEW}?record={name_of(record)}"


def send(client: Client, record: Any, prefix: str = "", **said: str) -> Any:
    return client.post(prefix + form_of(record), {**SAID, "shown_at": trapping.now_signed(), **said})


def decided(record: Any, state: str = CorrectionState.DECLINED, **fields: Any) -> Correction:
    number = Correction.objects.count()
    defaults = {
        "reference": f"C-TEST-{number:04}",
        "kind": record._meta.model_name,
        "record_key": record.natural_key()[0],
        "label": str(record),
        "decided_at": timezone.now(),
        "field": "acronym",
        "proposed": "IB",
        "evidence": "told by Q",
        "reason": "No source",
    }
    return Correction.objects.create(state=state, **{**defaults, **fields})


# -- Sending --------------------------------------------------------------------------------------------------------


def test_the_form_says_whom_it_reaches_and_offers_the_fields_with_what_they_say(client: Client, settings: Any) -> None:
    body = make_organization(acronym="XQZ")
    response = client.get(form_of(body))
    said = words(response)
    assert "It does not reach the ILO" in said and "the operator of this site" in said
    assert "Acronym: XQZ" in said and "Website: nothing recorded" in said and "Another thing on this page" in said
    assert 'content="noindex"' in response.content.decode() and "no-store" in response["Cache-Control"]
    assert set(response.cookies) == {"csrftoken"}
    settings.SITE_PUBLISHER = "The Invented Institute"
    assert "goes to The Invented Institute" in words(client.get(form_of(body)))


def test_without_a_record_it_says_where_the_link_stands_and_sets_no_cookie(client: Client) -> None:
    response = client.get(NEW)
    assert response.status_code == 200 and not response.cookies and "“Correct this” stands" in words(response)
    assert 'role="search"' in response.content.decode() and 'method="post"' not in response.content.decode()


def test_a_record_that_the_public_does_not_see_is_a_400_as_is_one_that_is_not_there(client: Client) -> None:
    hidden = make_organization(name="A hidden body", published=False)
    pages = []
    for name in (name_of(hidden), "organization:nobody-at-all"):
        for response in (client.get(NEW, {"record": name}), client.post(f"{NEW}?record={name}", SAID)):
            assert response.status_code == 400 and "record" in words(response)
            pages.append(response.content.decode().replace(name, "…").replace(name.replace(":", "%3A"), "…"))
    assert len(set(pages)) == 1 and "hidden" not in pages[0]
    assert client.post(NEW, SAID).status_code == 400
    assert client.get(NEW, {"colour": "red"}).status_code == 400
    assert not Correction.objects.exists()


def test_what_is_sent_is_kept_with_a_number_told_on_a_page_and_by_mail_and_nowhere_shown(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    body = make_organization(acronym="OLD")
    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, body, "/fr", email="sender@invented.example", proposed="  Une\r\nligne ")
    kept = Correction.objects.get()
    assert response["Location"] == f"/fr/corrections/{kept.reference}/" and response.status_code == 302
    assert (kept.kind, kept.record_key, kept.field, kept.current) == ("organization", body.slug, "acronym", "OLD")
    assert (kept.proposed, kept.language, kept.email) == ("Une\nligne", "fr", "sender@invented.example")
    page = client.get(f"/corrections/{kept.reference}/")
    assert "Received; not decided yet" in words(page) and body.name in words(page)
    assert not any(each in words(page) for each in ("Une ligne", SAID["evidence"], "sender@", "OLD"))
    assert 'content="noindex"' in page.content.decode() and not page.cookies
    (told,) = mail.outbox
    assert told.to == ["sender@invented.example"] and kept.reference in told.subject
    assert f"/fr/corrections/{kept.reference}/" in told.body
    assert "Une" not in told.body and SAID["evidence"] not in told.body  # it may be the address of somebody else
    assert client.get(f"/corrections/{kept.reference.lower()}/").status_code == 301


def test_sent_twice_it_is_one_and_told_once(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    body = make_organization()
    with django_capture_on_commit_callbacks(execute=True):
        places = {send(client, body, email="sender@invented.example")["Location"] for _time in range(2)}
    assert len(places) == 1 and Correction.objects.count() == 1 and len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"field": ""}, "Choose what is wrong."),
        ({"field": "published"}, "Select a valid choice"),
        ({"proposed": " "}, "This field is required."),
        ({"evidence": ""}, "This field is required."),
        ({"proposed": "x" * 2001}, "at most 2000 characters"),
        ({"evidence": "a\x00b"}, "Null characters are not allowed."),
        ({"email": "nobody"}, "valid email address"),
        ({"website_2": "https://spam.example"}, "do not see"),
        ({"shown_at": "forged"}, "not one of this site"),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_nothing_is_lost(client: Client, wrong: dict[str, str], says: str) -> None:
    body = make_organization()
    response = send(client, body, **{"proposed": "My <b> words", "email": "sender@invented.example", **wrong})
    html = response.content.decode()
    assert response.status_code == 400 and says in words(response)
    assert says in unescape(html[html.index('role="alert"') : html.index("</div>", html.index('role="alert"'))])
    written = {**SAID, "proposed": "My <b> words", "email": "sender@invented.example", **wrong}
    texts = dict(re.findall(r'<textarea name="(\w+)".*?>\n?(.*?)</textarea>', html, re.S))
    assert {name: unescape(text).lstrip() for name, text in texts.items()} == {
        name: written[name].lstrip() for name in ("proposed", "evidence")
    }
    assert f'name="email" value="{written["email"]}"' in html
    chosen = re.findall(r'name="field" value="([^"]+)" id="\w+" checked', html)
    assert chosen == ([written["field"]] if written["field"] == "acronym" else [])
    assert not Correction.objects.exists() and not mail.outbox


def test_two_thousand_characters_are_taken_with_the_ends_of_lines_that_browsers_send(client: Client) -> None:
    text = "\r\n".join(["x" * 99] * 20)
    assert send(client, make_organization(), proposed=text).status_code == 302
    assert len(Correction.objects.get().proposed) == 1999


def test_who_sends_too_many_gets_the_form_back_with_all_that_was_written(client: Client, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "forms": 2}
    body = make_organization()
    answers = [send(client, body, proposed=f"Version {number}") for number in range(3)]
    assert [each.status_code for each in answers] == [302, 302, 429]
    assert "Version 2" in answers[2].content.decode() and int(answers[2]["Retry-After"]) <= 60
    assert client.get(form_of(body)).status_code == 200


def test_a_form_without_its_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, make_organization()).status_code == 403 and not Correction.objects.exists()


def test_a_record_of_every_kind_can_be_corrected_and_its_outcome_is_shown(client: Client) -> None:
    for model in kinds().values():
        record = model.objects.published().first() or make(model)
        assert client.get(form_of(record)).status_code == 200, model
        response = send(client, record, field="-", proposed=f"Of {model.__name__}")
        kept = Correction.objects.latest("pk")
        assert response.status_code == 302 and kept.proposed == f"Of {model.__name__}" and kept.field == ""
        assert client.get(response["Location"]).status_code == 200
    Correction.objects.update(state=CorrectionState.PUBLISHED, decided_at=timezone.now(), reason="Right")
    for number in (1, 2):
        assert client.get(LIST, {"page": number} if number > 1 else {}).status_code == 200


def test_of_a_contact_neither_the_number_s_page_nor_the_list_nor_the_mail_says_the_name(client: Client) -> None:
    contact = make(Contact, name="Invented Nobody", public=True, lawful_basis="public-role")
    send(client, contact, field="phone", proposed="555 0100")
    kept = Correction.objects.get()
    assert "Nobody" not in f"{kept} {kept.label}"
    Correction.objects.update(state=CorrectionState.PUBLISHED, decided_at=timezone.now(), reason="Right")
    for address in (LIST, f"/corrections/{kept.reference}/"):
        said = client.get(address).content.decode()
        assert "Nobody" not in said and "555 0100" not in said and contact.key not in said


# -- The links to it ------------------------------------------------------------------------------------------------


def test_the_page_of_a_record_and_each_status_on_it_lead_to_their_forms(client: Client) -> None:
    status = make_status()
    page = client.get(status.organization.get_absolute_url()).content.decode()
    for record in (status, status.organization):
        (link,) = re.findall(rf'<a class="correct" rel="nofollow" href="([^"]+{re.escape(name_of(record))})"', page)
        assert client.get(link).status_code == 200
    listed = client.get("/statuses/").content.decode()
    assert listed.count('class="correct"') == listed.count('<li class="row"')


def test_search_engines_are_kept_from_the_forms_and_led_to_the_outcomes(client: Client) -> None:
    robots = client.get("/robots.txt").content.decode().splitlines()
    for prefix in ("", "/fr", "/es"):
        assert f"Disallow: {prefix}/corrections/new/" in robots
    for page in ("/", "/changes/"):
        assert f'href="{LIST}"' in client.get(page).content.decode()


# -- What came of them ----------------------------------------------------------------------------------------------


def test_the_outcomes_stand_newest_first_twenty_five_a_page_with_their_reasons(client: Client) -> None:
    bodies = [make_organization() for _number in range(27)]
    for number, body in enumerate(bodies):
        decided(body, reason=f"Reason {number:02}", decided_at=timezone.now() + timedelta(minutes=number))
    decided(bodies[0], CorrectionState.WAITING, decided_at=None)
    first, second = client.get(LIST), client.get(f"{LIST}?page=2")
    assert re.findall(r"Reason (\d\d)", words(first)) == [f"{number:02}" for number in range(26, 1, -1)]
    assert re.findall(r"Reason (\d\d)", words(second)) == ["01", "00"]
    assert "27 corrections decided" in words(first) and "1 more is not decided yet." in words(first)
    assert bodies[26].get_absolute_url() in first.content.decode() and "told by Q" not in words(first)
    assert client.get(f"{LIST}?page=3").status_code == 404 and client.get(f"{LIST}?page=x").status_code == 400
    assert client.get(f"{LIST}?q=x").status_code == 400 and client.get(f"{LIST}?page=1").status_code == 302


def test_the_list_costs_few_queries_however_many_stand_on_it(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for _number in range(25):
        decided(make_status(), field="granted")
    with django_assert_max_num_queries(8):
        client.get(LIST)


def test_what_was_proposed_is_shown_once_it_is_published_and_of_a_record_that_is_withdrawn_nothing(
    client: Client,
) -> None:
    body = make_organization(name="Invented weavers")
    declined, published = decided(body, proposed="TOLD"), decided(body, CorrectionState.PUBLISHED, proposed="TOLD")
    pages = [f"/corrections/{each.reference}/" for each in (declined, published)]
    assert ["TOLD" in words(client.get(page)) for page in pages] == [False, True]
    assert all("told by Q" not in words(client.get(page)) for page in pages)
    body.published = False
    body.save()
    for page in (*pages, LIST):
        said = words(client.get(page))
        assert "Invented weavers" not in said and "TOLD" not in said and "no longer shown in this register" in said


def test_the_mail_with_the_outcome_says_it_with_the_reason_in_the_sender_s_language() -> None:
    body = make_organization()
    correction = decided(body, CorrectionState.WAITING, email="sender@invented.example", language="es")
    assert not correctionmail.tell_outcome(correction, "https://register.example")
    for state in (CorrectionState.PUBLISHED, CorrectionState.DECLINED):
        correction.state, correction.reason = state, "The minutes <say> so"
        assert correctionmail.tell_outcome(correction, "https://register.example")
        told = mail.outbox[-1]
        assert "The minutes <say> so" in told.body and correction.reference in told.subject
        assert f"https://register.example/es/corrections/{correction.reference}/" in told.body
        assert correction.proposed not in told.body.split() and "told by Q" not in told.body
    correction.email = ""
    assert not correctionmail.tell_outcome(correction, "https://register.example")
