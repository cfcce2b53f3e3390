"""The life of a request: once sent, stage by stage, its papers by the rules of the register, and forgotten."""

import datetime
import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from engagement.desk import requests
from engagement.desk.forgetting import forget_past
from engagement.desk.models import (
    CLOSED_KEPT,
    DRAFT_KEPT,
    UNTOLD_KEPT,
    Request,
    RequestKind,
    RequestPaper,
    Stage,
)
from engagement.desk.requests import MOST_PAPERS
from engagement.desk.secrets import digest
from engagement.models import EligibilityCriterion
from tests.asking import make_request
from tests.factories import make_meeting

pytestmark = pytest.mark.django_db


def paper(kind: str = "statutes", body: bytes = b"x") -> RequestPaper:
    return RequestPaper(kind=kind, file_name="a.pdf", content_type="a/b", sha256=digest(body.hex()), size=1, body=body)


def stages(request: Request) -> list[str]:
    return [*request.steps.order_by("at", "pk").values_list("stage", flat=True)]


def test_a_secret_begins_one_draft_and_stands_nowhere() -> None:
    first, told = requests.begin("status", "fr")
    again, _told = requests.begin("status", "fr", told)
    assert first == again and requests.continued(told) == first
    assert first.stage == Stage.DRAFT and first.receipt.startswith("R-")
    row = Request.objects.filter(pk=first.pk).values().get()
    assert told not in str(row)
    assert not Request.objects.sent().filter(pk=first.pk).exists()
    assert requests.continued(told + "x") is None


def test_it_is_sent_once_and_then_no_longer_written() -> None:
    draft = make_request(sent=False)
    stale = Request.objects.get(pk=draft.pk)
    assert requests.send(draft) and draft.sent_at
    assert not requests.send(stale) and stale.stage == Stage.RECEIVED
    assert not requests.fill(stale, {"name": "Another"})
    draft.refresh_from_db()
    assert draft.name != "Another" and stages(draft) == ["received"]


def test_each_stage_is_a_step_with_who_took_it_and_the_same_again_is_none() -> None:
    made, actor = make_request(), get_user_model().objects.create_user("vera")
    assert requests.advance(made, Stage.INCOMPLETE, actor, "The statutes, please.")
    assert not requests.advance(made, Stage.INCOMPLETE, actor)
    assert requests.advance(made, Stage.INCOMPLETE, actor, "Once more.")
    since = made.stage_since
    assert requests.advance(made, Stage.COMPLETE)
    assert made.stage_since > since
    assert stages(made) == ["received", "incomplete", "incomplete", "complete"]
    assert [*made.steps.order_by("pk").values_list("actor_name", flat=True)] == ["", "vera", "vera", ""]


def test_the_papers_are_those_that_the_criteria_of_the_register_ask_for() -> None:
    status = make_request()
    assert requests.required(status) == ["statutes", "members", "officers", "activity-report"]
    first = make_request(kind=RequestKind.INVITATION, category=None, meeting=make_meeting(), first_time=True)
    four = ["statutes", "members", "activity-report", "financial-report"]
    assert requests.required(first) == [*four, "letterhead", "agenda-items"]
    for first_time in (False, None):
        first.first_time = first_time
        assert requests.required(first) == ["letterhead", "agenda-items"]
    assert requests.required(make_request(kind=RequestKind.DETAILS)) == []
    EligibilityCriterion.objects.filter(met_by__contains="papers:agenda-items").update(until="2000")
    assert requests.required(first) == ["letterhead"]


def test_what_staff_ask_for_is_missing_until_it_comes_anew() -> None:
    made = make_request(sent=False)
    for kind in requests.required(made):
        assert requests.add_paper(made, paper(kind))
    requests.send(made)
    assert requests.missing(made) == []
    Request.objects.filter(pk=made.pk).update(missing=["members", "financial-report"])
    made.refresh_from_db()
    requests.advance(made, Stage.INCOMPLETE)
    assert requests.missing(made) == ["members", "financial-report"]
    assert requests.add_paper(made, paper("members", b"a better one"))
    assert requests.missing(made) == ["financial-report"]


def test_there_is_room_for_so_many_papers_and_the_same_one_counts_once() -> None:
    made = make_request(sent=False)
    for number in range(MOST_PAPERS):
        assert requests.add_paper(made, paper(body=bytes([number])))
    assert requests.add_paper(made, paper(body=bytes([3])))
    assert made.papers.count() == MOST_PAPERS
    assert not requests.add_paper(made, paper(body=b"one more"))
    requests.send(made)
    assert not requests.add_paper(made, paper(body=b"one more"))
    requests.advance(made, Stage.INCOMPLETE)
    assert requests.add_paper(made, paper(body=b"one more"))
    large = make_request(sent=False)
    whole = paper()
    whole.size = requests.MOST_TOGETHER
    assert requests.add_paper(large, whole) and not requests.add_paper(large, paper(body=b"y"))


def test_the_deadline_is_the_last_day_that_a_source_publishes() -> None:
    def of(until: str) -> datetime.date | None:
        meeting = make_meeting(requests_until=until)
        return requests.deadline(Request(kind=RequestKind.INVITATION, meeting=meeting))

    assert of("2027-02-13") == datetime.date(2027, 2, 13)
    assert of("2027") == datetime.date(2027, 12, 31)
    assert of("") is None and requests.deadline(Request()) is None
    assert of("2027-02") == datetime.date(2027, 2, 28)


def test_drafts_and_what_is_personal_are_forgotten_when_their_time_is_over() -> None:
    now = timezone.now()
    fresh, old, untold = (make_request(sent=False) for _number in range(3))
    Request.objects.filter(pk=old.pk).update(begun_at=now - DRAFT_KEPT - datetime.timedelta(hours=1))
    Request.objects.filter(pk=untold.pk).update(begun_at=now - UNTOLD_KEPT - datetime.timedelta(hours=1), email="")
    requests.add_paper(untold, paper())
    closed, recent, waiting = (make_request(statement="What we say.") for _number in range(3))
    for each in (closed, recent, waiting):
        requests.advance(each, Stage.INCOMPLETE)
        requests.add_paper(each, paper())
    for each in (closed, recent):
        requests.advance(each, Stage.DECLINED)
    past = now - CLOSED_KEPT - datetime.timedelta(days=1)
    Request.objects.filter(pk__in=[closed.pk, waiting.pk]).update(stage_since=past, begun_at=past)
    done = forget_past()
    assert (done["drafts"], done["requests"], done["papers"]) == (2, 1, 1)
    assert set(Request.objects.filter(stage=Stage.DRAFT)) == {fresh}
    closed.refresh_from_db()
    assert (closed.contact_name, closed.email, closed.statement) == ("", "", "")
    assert bytes(closed.papers.get().body) == b"" and closed.papers.get().file_name == ""
    for each in (recent, waiting):
        each.refresh_from_db()
        assert each.email and bytes(each.papers.get().body) == b"x"
    assert (forget_past()["drafts"], forget_past()["requests"]) == (0, 0)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, threads that write refuse each other")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committed_register")
def test_two_that_send_the_same_draft_at_one_moment_send_it_once() -> None:
    draft = make_request(sent=False)
    start, sent = threading.Barrier(4), []

    def again() -> None:
        mine = Request.objects.get(pk=draft.pk)
        start.wait()
        try:
            sent.append(requests.send(mine))
        finally:
            connection.close()

    threads = [threading.Thread(target=again) for _number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(sent) == [False, False, False, True]
    assert stages(draft) == ["received"]
