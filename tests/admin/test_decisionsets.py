"""The pages of a decision set: begun, gathered, previewed, put forward by one, approved by another, its papers."""

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.desk import decisions
from engagement.desk.models import DecisionAction, DecisionSet, Operation, Proposal, SetState, Stage
from engagement.models import ConsultativeCategory, ConsultativeStatus, Meeting, OrganizationName, Source
from tests.admin.rows import filled, make
from tests.desk.deciding import DAY, asked, begun, bodies
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]


def at(decision_set: DecisionSet, page: str = "change", *more: Any) -> str:
    return reverse(f"admin:desk_decisionset_{page}", args=[decision_set.pk, *more])


def html(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return str(answer.content.decode())


def rows(client: Client, url: str) -> list[dict[str, str]]:
    answer = client.get(url)
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def put_forward(client: Client, decision_set: DecisionSet) -> Any:
    seal = client.get(at(decision_set, "preview")).context["preview"].seal
    return client.post(at(decision_set, "forward"), {"seal": seal}, follow=True)


def decide(client: Client, proposal: Proposal, page: str = "approve", **sent: str) -> Any:
    shown = client.get(reverse("admin:desk_proposal_change", args=[proposal.pk]))
    known = {"shown": shown.context["approve_form"].initial["shown"], "answer": "Invented word"}
    return client.post(reverse(f"admin:desk_proposal_{page}", args=[proposal.pk]), {**known, **sent}, follow=True)


def test_forty_requests_go_from_the_desk_to_the_register_and_back_by_two_persons(
    staff: Staff, django_capture_on_commit_callbacks: Any
) -> None:
    editor, approver = staff("editor"), staff("approver")
    category, source = make(ConsultativeCategory, name="Invented category"), make(Source)
    wanted = [asked(body, category=category) for body in bodies(40)]
    heading = {"session": "Invented session", "date": DAY, "document": "INVENTED/17", "decided_by": "Invented body"}
    answer = editor.post(reverse("admin:desk_decisionset_add"), {**heading, "source": source.pk}, follow=True)
    decision_set = DecisionSet.objects.get()
    assert answer.redirect_chain[-1][0] == at(decision_set) and decision_set.actor_name == "editor"
    assert "40 wait" in answer.content.decode()
    assert all(each.receipt in html(editor, at(decision_set, "requests")) for each in wanted)
    assert "40 decisions added" in editor.post(at(decision_set, "requests"), {"all": "1"}, follow=True).content.decode()
    some = [item.pk for item in decision_set.items.all()[:2]]
    editor.post(at(decision_set, "items"), {"item": some, "do": "defer"})
    preview = editor.get(at(decision_set, "preview")).context["preview"]
    number = next(each for each in preview.numbers if each.category == category)
    assert (number.before, number.after, len(preview.effects), preview.problems) == (0, 38, 40, [])
    put_forward(editor, decision_set)
    proposal = Proposal.objects.get()
    assert f'href="{reverse("admin:desk_proposal_change", args=[proposal.pk])}"' in html(editor, at(decision_set))
    assert decide(editor, proposal).status_code == 403 and not ConsultativeStatus.objects.filter(category=category)
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(approver, proposal).status_code == 200
    held = ConsultativeStatus.objects.filter(category=category)
    assert [held.on(day).count() for day in (DAY - datetime.timedelta(days=1), DAY)] == [0, 38]
    assert len(mail.outbox) == 40 and {stage for each in wanted if (stage := again(each).stage)} == {
        Stage.GRANTED,
        Stage.DEFERRED,
    }
    operation = Operation.objects.get(kind="decision")
    assert f'href="{reverse("admin:desk_operation_change", args=[operation.pk])}"' in html(editor, at(decision_set))
    approver.post(reverse("admin:desk_operation_undo", args=[operation.pk]))
    assert again(decision_set).state == SetState.REVERSED and not held.exists()
    assert {again(each).stage for each in wanted} == {Stage.SCHEDULED}
    assert len(mail.outbox) == 80 and "taken back" in mail.outbox[-1].body
    editor.post(at(decision_set, "reopen"))
    assert again(decision_set).state == SetState.DRAFT
    said = " ".join(LogEntry.objects.filter(object_id=str(decision_set.pk)).values_list("change_message", flat=True))
    assert "40 decisions added" in said and "Put forward" in said and "invented.example" not in said


def again(row: Any) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


def test_pasted_names_are_added_and_what_is_not_sure_stays_with_whom_it_may_mean(editor: Client) -> None:
    decision_set, category = begun(), make(ConsultativeCategory)
    one, two, three = bodies(3)
    twins = [make(type(one), name="Invented twin", acronym=f"IT{n}") for n in range(2)]
    catch_up()
    pasted = f"1. {one.name}\n{two.slug}\nNobody of this name\nInvented twin\n{one.name}"
    sent = {"names": pasted, "action": "grant", "category": category.pk, "note": "Invented note"}
    answer = editor.post(at(decision_set, "organizations"), sent)
    page = answer.content.decode()
    assert {item.organization for item in decision_set.items.all()} == {one, two} and "2 decisions added" in page
    assert answer.context["form"]["names"].value() == "Nobody of this name\nInvented twin"
    assert answer.context["form"]["note"].value() == "Invented note" and "Not found" in page
    assert all(f'value="{each.slug}"' in page for each in twins)
    lines = {each.text: each.number for each in answer.context["lines"]}
    chosen: dict[str, str] = {}
    for text, choice in (("Nobody of this name", "-"), ("Invented twin", twins[1].slug)):
        chosen |= {f"line-{lines[text]}": text, f"choice-{lines[text]}": choice}
    again = {**sent, **chosen, "names": answer.context["form"]["names"].value()}
    assert editor.post(at(decision_set, "organizations"), again).status_code == 302
    assert twins[1] in {item.organization for item in decision_set.items.all()} and decision_set.items.count() == 3
    ending = {"names": f"{three.name}\n{one.name}", "action": "end", "category": category.pk}
    refused = editor.post(at(decision_set, "organizations"), ending)
    assert "It holds no status of this category" in refused.content.decode() and decision_set.items.count() == 3
    assert refused.context["form"]["names"].value() == ending["names"]
    for wrong in ({"names": ""}, {"category": ""}, {"action": "defer"}, {"names": "x\n" * 501}, {"category": "0"}):
        answer = editor.post(at(decision_set, "organizations"), {**sent, **wrong})
        assert answer.status_code == 400 and decision_set.items.count() == 3
    item = decision_set.items.get(organization=one)
    assert editor.post(at(decision_set, "item", item.pk), {"category": ""}).status_code == 400
    editor.post(at(decision_set, "item", item.pk), {"category": category.pk, "note": "Invented other note"})
    editor.post(at(decision_set, "items"), {"item": [item.pk + 1, "x"], "do": "remove"})
    assert decision_set.items.count() == 2 and decision_set.items.get(pk=item.pk).note == "Invented other note"


def test_only_what_the_preview_showed_is_put_forward_and_then_it_is_read(staff: Staff) -> None:
    editor, approver, viewer = staff("editor"), staff("approver"), staff("viewer")
    decision_set, category, (one, two) = begun(), make(ConsultativeCategory), bodies(2)
    decisions.add(decision_set, [one], "grant", category=category)
    seal = editor.get(at(decision_set, "preview")).context["preview"].seal
    decisions.add(decision_set, [two], "grant", category=category)
    stale = editor.post(at(decision_set, "forward"), {"seal": seal})
    assert stale.status_code == 409 and "Nothing was put forward" in stale.content.decode()
    make(ConsultativeStatus, organization=two, category=category, granted="2001")
    assert "It holds this category already" in html(editor, at(decision_set))
    assert "Put forward</" not in html(editor, at(decision_set, "preview"))
    assert put_forward(editor, decision_set).status_code == 409
    decisions.remove(decision_set, decision_set.items.filter(organization=two))
    assert put_forward(editor, decision_set).status_code == 200
    page = html(editor, at(decision_set))
    assert "another person has to approve it" in page and "Remove the chosen" not in page
    steps = {
        "organizations": {"names": two.name, "action": "grant", "category": category.pk},
        "items": {"item": [decision_set.items.get().pk], "do": "remove"},
        "requests": {"all": "1"},
        "forward": {"seal": seal},
    }
    for page, sent in steps.items():
        assert "not a draft any more" in editor.post(at(decision_set, page), sent, follow=True).content.decode()
    assert approver.post(at(decision_set, "delete"), {"post": "yes"}).status_code == 403
    assert viewer.get(at(decision_set)).status_code == 403
    decide(approver, Proposal.objects.get(), "decline")
    assert "Declined by approver" in html(editor, at(decision_set)) and decision_set.items.count() == 1
    assert editor.post(at(decision_set, "delete"), {"post": "yes"}).status_code == 403
    far = {"session": "S", "date": DAY.replace(year=2090), "decided_by": "B", "document": "D"}
    form = editor.get(at(decision_set, "details"))
    answer = editor.post(at(decision_set, "details"), filled(form, **far))
    assert "more than a year ahead" in answer.content.decode()
    editor.post(at(decision_set, "details"), filled(form, **{**far, "date": DAY}))
    assert again(decision_set).document == "D"
    assert "Edit the heading" in html(editor, at(decision_set)) and "D" in html(editor, at(decision_set, "history"))
    version = approver.get(at(decision_set, "delete")).context["version"]
    assert approver.post(at(decision_set, "delete"), {"post": "yes", "_version": version}).status_code == 302
    assert not DecisionSet.objects.filter(pk=decision_set.pk).exists()


def test_its_papers_are_in_groups_by_name_in_three_languages_and_hold_nothing_personal(editor: Client) -> None:
    decision_set, category = begun(), make(ConsultativeCategory, name="Invented", name_fr="Inventée")
    employers, workers = bodies(1, kind="employers") + bodies(1, kind="workers")
    zeta, alpha = (make(type(workers), name=f"Invented {name}", acronym=name[:2]) for name in ("Zeta", "Alpha"))
    make(OrganizationName, organization=zeta, kind="language", lang="fr", name="Aàà inventée")
    make(OrganizationName, organization=alpha, kind="language", lang="fr", name="Éé inventée", until="2001")
    decisions.add(decision_set, [employers, workers, alpha], "grant", category=category)
    request = asked(zeta, category=category, language="fr", contact_name="Invented Person")
    decisions.take_in(decision_set, [request])
    decisions.add(decision_set, [zeta], "invite", meeting=make(Meeting, name="Invented meeting"))
    names = {
        "en": [employers.name, workers.name, "Invented Alpha", "Invented Zeta", "Invented Zeta"],
        "fr": [employers.name, workers.name, "Aàà inventée", "Aàà inventée", "Invented Alpha"],
    }
    for language, expected in names.items():
        assert [row["name"] for row in rows(editor, at(decision_set, "table", "annex", language))] == expected
    first = rows(editor, at(decision_set, "table", "annex", "fr"))[0]
    assert (first["category_or_meeting"], first["since"], first["document"]) == (
        "Inventée",
        "2026-03-12",
        "INVENTED/17",
    )
    letters = rows(editor, at(decision_set, "table", "letters", "es"))
    of_zeta = next(row for row in letters if row["name"] == "Invented Zeta")
    assert len(letters) == 4 and (of_zeta["receipt"], of_zeta["language"]) == (request.receipt, "fr")
    assert of_zeta["category_or_meeting"] == "Invented; Invented meeting" and of_zeta["url"].startswith("http")
    page = editor.get(at(decision_set, "annex", "fr"))
    assert page["Content-Disposition"].startswith("inline") and '<html lang="fr">' in page.content.decode()
    saved = editor.get(at(decision_set, "annex_file", "es"))
    assert saved["Content-Disposition"] == f'attachment; filename="decision-set-{decision_set.pk}-annex-es.html"'
    for paper in (page, saved):
        assert "Invented Person" not in paper.content.decode() and "invented.example" not in paper.content.decode()
    assert editor.get(at(decision_set, "annex", "xx")).status_code == 404
    assert editor.get(at(decision_set, "table", "items", "en")).status_code == 404
    assert Client().get(at(decision_set, "annex", "en")).status_code == 302


def test_the_queries_of_page_and_preview_do_not_follow_the_number_of_items(editor: Client) -> None:
    category = make(ConsultativeCategory)

    def asked_of(number: int) -> list[int]:
        decision_set, gathered = begun(), bodies(number)
        for body in gathered:
            make(ConsultativeStatus, organization=body, category=category, granted="2001")
        decisions.add(decision_set, gathered, DecisionAction.END, category=category)
        decisions.add(decision_set, gathered, DecisionAction.GRANT, category=make(ConsultativeCategory))
        decisions.take_in(decision_set, [asked(body, meeting=make(Meeting)) for body in gathered])
        found = []
        for url in (at(decision_set), at(decision_set, "preview"), at(decision_set, "table", "letters", "fr")):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert editor.get(url).status_code == 200
            found.append(len(queries))
        return found

    asked_of(1)  # what is read once a process
    few, many = asked_of(3), asked_of(40)
    assert few == many and max(many) < 30
