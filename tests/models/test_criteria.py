"""Which criteria the public sees and which apply, and that a fixture cannot bring an answer that there is not."""

import datetime
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, transaction

from engagement.models import ConsultativeCategory, EligibilityCriterion
from engagement.models.answers import CODES
from tests.guide.rows import make_criterion

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("since", "until", "applies"),
    [
        ("", "", True),
        ("2026-11-24", "", True),
        ("2026-11-25", "", False),
        ("2026", "", True),
        ("", "2026-11-24", False),
        ("", "2026-11-25", True),
        ("2020", "2025", False),
        ("2020", "2026", True),
    ],
)
def test_a_criterion_applies_from_its_beginning_until_its_end(since: str, until: str, applies: bool) -> None:
    made = make_criterion(since=since, until=until)
    assert EligibilityCriterion.objects.applying(DAY).filter(pk=made.pk).exists() is applies


def test_a_criterion_of_a_withdrawn_category_is_withdrawn_with_it() -> None:
    assert EligibilityCriterion.objects.published().filter(category__slug="general").exists()
    ConsultativeCategory.objects.filter(slug="general").update(published=False)
    assert not EligibilityCriterion.objects.published().filter(category__slug="general").exists()
    assert EligibilityCriterion.objects.published().filter(category__isnull=True).exists()


def test_the_end_of_a_criterion_does_not_lie_before_its_beginning() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_criterion(since="2020", until="2019")


def test_a_fixture_with_an_answer_that_there_is_not_is_refused(tmp_path: Path) -> None:
    fields = {"key": "bad", "scope": "operational", "text": "x", "source": ["profile"], "met_by": "reach:everywhere"}
    fixture = tmp_path / "bad.json"
    fixture.write_text(json.dumps([{"model": "engagement.eligibilitycriterion", "fields": fields}]))
    with pytest.raises((CommandError, DeserializationError), match="everywhere"):
        call_command("loaddata", str(fixture), verbosity=0)


def test_every_criterion_of_the_fixtures_names_only_answers_that_there_are() -> None:
    for criterion in EligibilityCriterion.objects.all():
        assert set(f"{criterion.asked_of} {criterion.met_by}".split()) <= set(CODES), criterion.key


def test_what_the_guidance_for_the_111th_session_asks_is_published_for_that_session() -> None:
    guidance = EligibilityCriterion.objects.filter(source__slug="ilo-ilc111-guidance")
    assert guidance.count() == 8
    assert {criterion.meeting.slug for criterion in guidance} == {"ilc-111"}
    assert not EligibilityCriterion.objects.exclude(pk__in=guidance).filter(meeting__isnull=False).exists()
