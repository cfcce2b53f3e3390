"""The form of a criterion: answers are ticked, and others than those of the guide are refused."""

from typing import Any

import pytest
from django.test import Client

from engagement.models import EligibilityCriterion
from tests.admin.rows import address, filled

pytestmark = pytest.mark.django_db


def send(client: Client, criterion: EligibilityCriterion, **changes: Any) -> Any:
    url = address(criterion)
    return client.post(url, filled(client.get(url), **changes))


def test_saving_the_form_unchanged_keeps_the_answers(editor: Client) -> None:
    criterion = EligibilityCriterion.objects.get(key="special-list-4")
    assert send(editor, criterion).status_code == 302
    criterion.refresh_from_db()
    assert criterion.met_by == "papers:statutes papers:members papers:officers papers:activity-report"


def test_the_answers_that_are_ticked_are_kept(editor: Client) -> None:
    criterion = EligibilityCriterion.objects.get(key="special-list-3")
    assert send(editor, criterion, met_by=["reach:several-regions"], asked_of=["organization:ngo"]).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.asked_of, criterion.met_by) == ("organization:ngo", "reach:several-regions")
    assert criterion.history.first().met_by == "reach:several-regions"


def test_an_answer_that_there_is_not_is_an_error_on_the_form_and_saves_nothing(editor: Client) -> None:
    criterion = EligibilityCriterion.objects.get(key="special-list-3")
    before = criterion.met_by
    for wrong in ("reach:everywhere", "colour:blue", "one-region"):
        answer = send(editor, criterion, met_by=[wrong])
        assert answer.status_code == 200
        assert wrong in str(answer.context["adminform"].form.errors["met_by"])
    criterion.refresh_from_db()
    assert criterion.met_by == before


def test_a_criterion_may_name_no_answer_at_all(editor: Client) -> None:
    criterion = EligibilityCriterion.objects.get(key="special-list-3")
    assert send(editor, criterion, met_by=[]).status_code == 302
    criterion.refresh_from_db()
    assert criterion.met_by == ""


def test_the_list_tells_in_words_by_what_a_criterion_is_met(editor: Client) -> None:
    page = editor.get(address(EligibilityCriterion, "changelist"), {"q": "special-list-3"}).content.decode()
    assert "In several countries of one region; In several" in page
