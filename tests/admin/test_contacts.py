"""Contacts in the admin: what is said of consent, how long they are kept, asking them, and their answers."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.desk import confirming
from engagement.desk.models import Confirmed, ContactConfirmation
from engagement.models import Contact, Office
from engagement.models.offices import kept_until
from tests.admin.rows import address, filled, make
from tests.exchange.importing.bringing import bring
from tests.factories import make_source

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
ASK = "/admin/engagement/contact/ask/"


@pytest.fixture
def officer(staff: Staff) -> Client:
    return staff("contact-officer")


def contacts(*names: str, **fields: Any) -> list[Contact]:
    return [make(Contact, name=name, email=f"{name.split()[0].lower()}@invented.example", **fields) for name in names]


def days_ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def select(client: Client, *chosen: Contact) -> Any:
    told = {"action": "ask_selected", "_selected_action": [each.pk for each in chosen]}
    return client.post(address(Contact, "changelist"), told)


def confirm(client: Client, page: Any, language: str = "en") -> Any:
    return client.post(ASK, {"selection": page.context["selection"], "language": language}, follow=True)


def said(response: Any) -> list[str]:
    return [str(each) for each in response.context["messages"]]


# -- What is kept, why, and until when -----------------------------------------------------------------------


def test_a_new_contact_is_kept_for_24_months_by_form_and_by_row_unless_somebody_says_otherwise(officer: Client) -> None:
    until = kept_until(timezone.localdate())
    page = officer.get(address(Contact, "add"))
    assert "for 24 months from today" in page.content.decode()
    told = {"name": "Ada Invented", "purpose": "x", "lawful_basis": "public-role", "source": make_source().pk}
    assert officer.post(address(Contact, "add"), filled(page, **told)).status_code == 302
    told |= {"name": "Bob Invented", "retain_until": "2030-01-02"}
    officer.post(address(Contact, "add"), filled(page, **told))
    kept = dict(Contact.objects.filter(name__endswith=" Invented").values_list("name", "retain_until"))
    assert kept == {"Ada Invented": until, "Bob Invented": datetime.date(2030, 1, 2)}
    ada = Contact.objects.get(name="Ada Invented")
    assert ada.key.startswith("contact-") and ada.history.count() == 1
    form = officer.get(address(ada))
    officer.post(address(ada), filled(form, retain_until=""))
    ada.refresh_from_db()
    assert ada.retain_until is None  # of one that is there, blank is what was said


def test_public_by_consent_without_its_day_is_refused_beside_what_was_typed(officer: Client) -> None:
    (ada,) = contacts("Ada Invented")
    told = {"public": "on", "lawful_basis": "consent", "consent_source": "by mail"}
    page = officer.post(address(ada), filled(officer.get(address(ada)), **told))
    assert page.status_code == 200 and "says when consent was given" in page.content.decode()
    assert 'value="by mail"' in page.content.decode()
    answer = officer.post(address(ada), filled(officer.get(address(ada)), **told, consented_on="2026-01-02"))
    ada.refresh_from_db()
    assert answer.status_code == 302 and ada.public and ada.consented_on == datetime.date(2026, 1, 2)


def test_a_file_brings_consent_keeps_new_contacts_for_24_months_and_is_refused_without_the_day() -> None:
    header = "name public purpose lawful_basis consented_on consent_source retain_until"
    rows = (
        ("Ada Invented", "true", "Invitations", "consent", "2026-01-02", "by mail", ""),
        ("Bob Invented", "true", "Invitations", "consent", "", "by mail", ""),
        ("Cleo Invented", "false", "Invitations", "consent", "", "", "2030-01-02"),
    )
    run = bring("contacts", header, *rows)
    new, wrong, kept = run.rows.all()
    assert [each.outcome for each in (new, wrong, kept)] == ["new", "rejected", "new"]
    assert ["retain_until", "", kept_until(timezone.localdate()).isoformat()] in new.differences
    assert ["consent_source", "", "by mail"] in new.differences
    assert wrong.problems[0]["column"] == "consented_on"
    assert ["retain_until", "", "2030-01-02"] in kept.differences


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verified=stale", ["Cleo", "Dora"]), ("verified=never", ["Dora"]), ("verified=lately", ["Ada", "Bob"]),
        ("keeping=past", ["Bob"]), ("keeping=open", ["Cleo", "Dora"]), ("confirmation=answered", ["Ada"]),
        ("confirmation=unanswered", ["Cleo"]), ("confirmation=open", ["Bob", "Cleo"]), ("verified=nonsense", None),
        ("lawful_basis__exact=consent", ["Dora"]),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_to_what_has_to_be_looked_after(
    officer: Client, query: str, found: list[str] | None
) -> None:
    user = officer.get("/admin/").context["user"]
    dates = {"Ada": (0, 1), "Bob": (365, -1), "Cleo": (366, None), "Dora": (None, None)}
    made = {}
    for name, (verified, kept) in dates.items():
        made[name] = make(
            Contact, name=name, email="x@invented.example", lawful_basis="consent" if name == "Dora" else "public-role",
            last_verified=None if verified is None else days_ago(verified),
            retain_until=None if kept is None else days_ago(-kept),
        )  # fmt: skip
    for name in ("Ada", "Bob", "Cleo"):
        confirming.ask(made[name], user)
    confirming.answer(ContactConfirmation.objects.get(contact=made["Ada"]), Confirmed.REMOVE)
    ContactConfirmation.objects.filter(contact=made["Cleo"]).update(
        sent_at=timezone.now() - datetime.timedelta(days=31)
    )
    page = officer.get(f"{address(Contact, 'changelist')}?{query}")
    ours = [each.name for each in page.context["cl"].queryset.order_by("name") if each.name in dates]
    assert ours == (sorted(dates) if found is None else found)


def test_the_list_says_how_long_ago_a_contact_was_verified_in_as_many_queries_for_forty(officer: Client) -> None:
    made = contacts("Ada Invented", last_verified=days_ago(400), office=make(Office))
    page = officer.get(address(Contact, "changelist"))
    assert f"{days_ago(400).isoformat()} (13 months ago)" in page.content.decode()
    with CaptureQueriesContext(connection) as few:
        officer.get(address(Contact, "changelist"))
    for _number in range(40):
        made += contacts("Bob Invented", office=make(Office))
    with CaptureQueriesContext(connection) as many:
        assert "never" in officer.get(address(Contact, "changelist")).content.decode()
    assert len(many) == len(few)


# -- Asking --------------------------------------------------------------------------------------------------


def test_the_page_says_who_is_asked_who_is_not_and_why_and_the_mail_brings_the_contact_to_its_entry(
    officer: Client, client: Client
) -> None:
    ada, bob = contacts("Ada Invented", "Bob Invented")
    silent = make(Contact, name="Cleo Invented")
    page = select(officer, ada, bob, silent)
    assert page.status_code == 200 and not mail.outbox and not ContactConfirmation.objects.exists()
    assert [each.name for each in page.context["askable"]] == ["Ada Invented", "Bob Invented"]
    assert [(each.name, str(why)) for each, why in page.context["skipped"]] == [
        ("Cleo Invented", "No e-mail address is held")
    ]
    done = confirm(officer, page)
    assert said(done) == ["2 contacts were asked."]
    first, second = sorted(mail.outbox, key=lambda each: each.to)
    assert (first.to, second.to) == ([ada.email], [bob.email])
    assert "Ada" not in f"{first.subject} {first.body}" and "ILO" in first.body
    link = re.search(r"http://testserver(/contacts/confirm/\S+/)", str(first.body))
    assert link is not None
    assert "Ada Invented" in client.get(link[1]).content.decode()
    assert client.post(link[1], {"answer": "remove", "message": "Please <b>do</b>."}).status_code == 200
    again = select(officer, ada, bob)
    assert [str(why) for _each, why in again.context["skipped"]] == [
        "Its last answer waits to be dealt with", "It was asked within the last seven days",
    ]  # fmt: skip
    assert "Nobody can be asked now." in again.content.decode()


def test_the_mail_and_its_page_are_in_the_language_that_staff_choose(officer: Client, client: Client) -> None:
    (ada,) = contacts("Ada Invented")
    page = officer.get(f"{ASK}?contact={ada.pk}")
    assert f'href="{ASK}?contact={ada.pk}"' in officer.get(address(ada)).content.decode()
    assert confirm(officer, page, "xx").status_code == 400 and not mail.outbox
    confirm(officer, page, "fr")
    (sent,) = mail.outbox
    link = re.search(r"http://testserver(/fr/contacts/confirm/\S+/)", str(sent.body))
    assert link is not None and 'lang="fr"' in client.get(link[1]).content.decode()


def test_a_mail_that_is_not_taken_is_told_and_asked_nobody(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = contacts("Ada Invented", "Bob Invented")
    page = select(officer, ada, bob)
    send = EmailBackend.send_messages

    def refuse_one(self: EmailBackend, messages: Any) -> Any:
        if messages[0].to == [ada.email]:
            raise OSError(ada.email)
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_one)
    assert said(confirm(officer, page)) == ["1 contact was asked.", "1 was not asked: The mail could not be sent."]
    assert [each.contact for each in ContactConfirmation.objects.all()] == [bob]
    assert said(confirm(officer, page)) == [  # the same page, sent twice
        "0 contacts were asked.", "1 was not asked: The mail could not be sent.",
        "1 was not asked: It was asked within the last seven days.",
    ]  # fmt: skip


def test_what_was_selected_cannot_be_made_up_nor_sent_from_another_account(officer: Client, staff: Staff) -> None:
    (ada,) = contacts("Ada Invented")
    page, other = select(officer, ada), staff("administrator")
    assert confirm(other, page).status_code == 400
    assert officer.post(ASK, {"selection": "nonsense", "language": "en"}).status_code == 400
    for odd in ("", "nonsense", "9" * 30, "-1"):
        assert "Nobody can be asked now." in officer.get(f"{ASK}?contact={odd}").content.decode()
    ada.delete()
    assert said(confirm(officer, page)) == ["0 contacts were asked."] and not mail.outbox


# -- The answers ---------------------------------------------------------------------------------------------


def test_an_answer_stands_on_the_page_of_the_contact_until_staff_have_dealt_with_it(officer: Client) -> None:
    ada, bob = contacts("Ada Invented", "Bob Invented")
    user = officer.get("/admin/").context["user"]
    confirming.ask(ada, user)
    row = ContactConfirmation.objects.get()
    confirming.answer(row, Confirmed.REMOVE, "Please <b>do</b>.")
    html = officer.get(address(ada)).content.decode()
    assert "Is to be removed" in html and "Please &lt;b&gt;do&lt;/b&gt;." in html
    assert reverse("admin:engagement_contact_erase", args=[ada.pk]) in html
    assert "Please" not in officer.get(address(bob)).content.decode()
    close = reverse("admin:engagement_contact_close", args=[row.pk])
    assert officer.get(close).status_code == 302 and ContactConfirmation.objects.waiting().exists()
    assert said(officer.post(close, follow=True)) == ["Noted: the answer was dealt with."]
    assert said(officer.post(close, follow=True)) == ["The answer was dealt with before."]
    html = officer.get(address(ada)).content.decode()
    assert "Please" not in html and "dealt with by contact-officer" in html


@pytest.mark.parametrize("role", ["viewer", "editor", "approver"])
def test_other_roles_reach_none_of_it(staff: Staff, role: str) -> None:
    client = staff(role)
    (ada,) = contacts("Ada Invented")
    confirming.ask(ada, client.get("/admin/").context["user"])
    row = ContactConfirmation.objects.get()
    confirming.answer(row, Confirmed.WRONG, "My words")
    close = reverse("admin:engagement_contact_close", args=[row.pk])
    pages = [ASK, f"{ASK}?contact={ada.pk}", address(ada), address(Contact, "changelist"), f"{ASK}x/"]
    for response in (*(client.get(page) for page in pages), client.post(close), client.post(ASK)):
        assert response.status_code in (302, 403, 404)
        assert "Ada" not in response.content.decode() and "My words" not in response.content.decode()
    assert ContactConfirmation.objects.waiting().exists() and not mail.outbox


@override_settings(SITE_PUBLISHER="The Invented Institute")
def test_the_mail_says_who_publishes_the_register(officer: Client) -> None:
    (ada,) = contacts("Ada Invented")
    confirm(officer, select(officer, ada))
    (sent,) = mail.outbox
    assert "The Invented Institute" in sent.body and "independent" not in sent.body
