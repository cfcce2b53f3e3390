"""How organizations stand on a day, and what follows for a meeting."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.standing_at import Answer, Held, Occasion, Standing, held_on, standings
from engagement.models import (
    ConsultativeCategory,
    ConsultativeLink,
    Meeting,
    MeetingBody,
    MeetingKind,
    Organization,
    ParticipationRight,
    Region,
)
from tests.factories import make_invitation, make_meeting, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

CONFERENCE, REGIONAL = MeetingKind.CONFERENCE, MeetingKind.REGIONAL
DAY = datetime.date(2006, 6, 1)


def category(slug: str) -> ConsultativeCategory:
    return ConsultativeCategory.objects.get(slug=slug)


def at(body: Organization, kind: MeetingKind = CONFERENCE, day: Any = DAY, meeting: Meeting | None = None) -> Standing:
    return standings([body], Occasion(kind, day, meeting))[body.pk]


def rights(standing: Standing) -> set[str]:
    return {right.key for right in standing.rights}


def holder(slug: str, **fields: Any) -> Organization:
    return make_status(category=category(slug), **fields).organization


# -- How a status stands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "held"),
    [
        ({"granted": "1990"}, Held.CURRENT),
        ({"granted": "2006-06-01"}, Held.CURRENT),
        ({"granted": "2006-06-02"}, Held.LATER),
        ({"granted": "1990", "ended": "2006-06-01"}, Held.FORMER),
        ({"granted": "1990", "ended": "2006-06-02"}, Held.CURRENT),
        ({"granted": "", "ended": "2000"}, Held.FORMER),
        ({"granted": "", "as_of": "2006"}, Held.STATED),
        ({"granted": "", "as_of": "2006-06-01"}, Held.STATED),
        ({"granted": "", "as_of": "2002-05"}, Held.ELSEWHEN),
        ({"granted": "", "as_of": "2007"}, Held.ELSEWHEN),
        ({"granted": "", "as_of": "2006", "ended": "2006-03"}, Held.FORMER),
        ({"granted": ""}, Held.UNDATED),
    ],
)
def test_a_status_stands_on_a_day_as_its_dates_say_and_no_better(fields: dict[str, str], held: Held) -> None:
    assert held_on(make_status(**fields), DAY) is held


@pytest.mark.parametrize(
    ("fields", "loose"),
    [
        ({"granted": "2006"}, True),
        ({"granted": "2006-06-01"}, False),
        ({"granted": "2005"}, False),
        ({"granted": "1990", "ended": "2006"}, True),
        ({"granted": "1990", "ended": "2007"}, False),
    ],
)
def test_a_day_inside_the_date_of_a_grant_or_an_end_is_said_to_be_unsure(fields: dict[str, str], loose: bool) -> None:
    (holding,) = at(holder("general", **fields)).holdings
    assert holding.is_loose is loose
    assert ("not sure" in holding.sentence) is loose


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"granted": "1990"}, "held that day: granted 1990, no end recorded"),
        ({"granted": "1990", "ended": "2010-01"}, "held that day: granted 1990, ended January 2010"),
        ({"granted": "1990", "ended": "2001"}, "former: ended 2001"),
        ({"granted": "2006-11-15"}, "not yet held that day: granted 15 November 2006"),
        ({"as_of": "2002-05"}, "stated for May 2002; whether it holds that day is not known"),
        ({}, "stated without a date; whether it holds that day is not known"),
    ],
)
def test_a_status_tells_its_dates_as_the_source_gives_them(fields: dict[str, str], sentence: str) -> None:
    assert at(holder("general", **fields)).holdings[0].sentence == sentence


def test_what_counts_comes_before_what_is_open_before_what_is_over() -> None:
    body = holder("special-list", granted="1980", ended="1990")
    ConsultativeLink.objects.create(organization=body, wording="observer", source=make_source())
    make_status(organization=body, as_of="2002")
    make_status(organization=body, category=category("regional"), granted="2000")
    assert [each.held for each in at(body).holdings] == [Held.CURRENT, Held.ELSEWHEN, Held.FORMER, Held.LINK]


def test_a_link_that_began_later_and_what_is_withdrawn_are_left_out() -> None:
    body = holder("special-list", granted="1990", published=False)
    ConsultativeLink.objects.create(organization=body, wording="observer", since="2007", source=make_source())
    assert at(body).holdings == ()


# -- General, regional ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in MeetingKind if kind is not MeetingKind.ANY])
def test_general_status_is_a_standing_arrangement_for_every_kind_of_meeting(kind: MeetingKind) -> None:
    standing = at(holder("general", granted="1990"), kind)
    assert standing.answer is Answer.STANDING
    assert "profile-general-all-meetings" in rights(standing)
    assert {right.meeting_kind for right in standing.rights} <= {kind, MeetingKind.ANY}


def test_ituc_needs_an_invitation_on_the_14_and_has_a_standing_arrangement_on_the_15_november_2006() -> None:
    ituc = Organization.objects.get(slug="international-trade-union-confederation")
    before, after = (at(ituc, day=datetime.date(2006, 11, day)) for day in (14, 15))
    assert (before.holdings[0].held, before.answer) == (Held.LATER, Answer.NEEDS)
    assert "profile-invited-invitation" in rights(before)
    assert (after.holdings[0].held, after.answer) == (Held.CURRENT, Answer.STANDING)
    assert rights(after) == {"profile-general-all-meetings"}


def test_regional_status_is_a_standing_arrangement_for_regional_meetings_and_for_no_other() -> None:
    body = holder("regional", granted="1990")
    regional, conference = at(body, REGIONAL), at(body, CONFERENCE)
    assert regional.answer is Answer.STANDING
    assert {"profile-regional-regional-meetings", "regional-regional-meeting-attend-as-observer"} == rights(regional)
    assert conference.answer is Answer.NEEDS
    assert {"profile-regional-regional-meetings", "profile-invited-invitation"} <= rights(conference)


@pytest.mark.parametrize(
    ("region", "answer"), [("africa", Answer.STANDING), ("americas", Answer.UNKNOWN), ("", Answer.STANDING)]
)
def test_status_for_one_region_says_nothing_of_the_meetings_of_another(region: str, answer: Answer) -> None:
    body = holder("regional", granted="1990", region=Region.objects.filter(slug=region).first())
    meeting = make_meeting(body=MeetingBody.objects.get(slug="african-regional-meeting"), start="2006-06-01")
    assert at(body, REGIONAL, meeting=meeting).answer is answer


def test_status_for_one_region_is_no_obstacle_at_a_kind_of_meeting_whose_region_is_open() -> None:
    body = holder("regional", granted="1990", region=Region.objects.get(slug="africa"))
    assert at(body, REGIONAL).answer is Answer.STANDING


# -- Special List, invitations --------------------------------------------------------------------------------------


def test_the_special_list_may_ask_to_be_invited() -> None:
    standing = at(holder("special-list", granted="1990"))
    assert standing.answer is Answer.MAY_ASK
    assert {"special-list-conference-ask-to-be-invited", "profile-special-list-demonstrated-interest"} <= rights(
        standing
    )
    assert standing.rights[0].meeting_kind == CONFERENCE and standing.rights[-1].meeting_kind == MeetingKind.ANY


def test_what_is_stated_for_a_date_with_the_day_in_it_counts_as_held() -> None:
    assert at(holder("special-list", as_of="2006")).answer is Answer.MAY_ASK


@pytest.mark.parametrize("fields", [{"as_of": "2002-05"}, {}])
@pytest.mark.parametrize("slug", ["general", "special-list"])
def test_what_is_stated_for_another_date_or_none_is_not_upgraded(slug: str, fields: dict[str, str]) -> None:
    standing = at(holder(slug, **fields))
    assert standing.answer is Answer.UNKNOWN
    assert standing.rests_on is standing.holdings[0]
    assert {right.category.slug for right in standing.rights} == {slug}


def test_who_is_invited_to_the_meeting_is_told_so_and_to_another_is_not() -> None:
    invitation = make_invitation(meeting=make_meeting(start="2006-06-01"))
    body = invitation.organization
    invited, other = at(body, meeting=invitation.meeting), at(body, meeting=make_meeting(start="2006-06-01"))
    assert (invited.answer, invited.invitation) == (Answer.INVITED, invitation)
    assert "profile-invited-invitation" in rights(invited)
    assert (other.answer, other.invitation) == (Answer.UNKNOWN, None)


@pytest.mark.parametrize(
    ("slug", "fields", "answer"),
    [
        ("general", {"granted": "1990"}, Answer.STANDING),
        ("general", {"as_of": "2002"}, Answer.INVITED),
        ("special-list", {"granted": "1990"}, Answer.INVITED),
        ("regional", {"granted": "1990"}, Answer.INVITED),
    ],
)
def test_an_invitation_says_more_than_a_list_and_less_than_a_standing_arrangement(
    slug: str, fields: dict[str, str], answer: Answer
) -> None:
    invitation = make_invitation(organization=holder(slug, **fields), meeting=make_meeting(start="2006-06-01"))
    standing = at(invitation.organization, meeting=invitation.meeting)
    assert (standing.answer, standing.invitation) == (answer, invitation)


def test_a_withdrawn_invitation_is_none() -> None:
    invitation = make_invitation(published=False)
    assert at(invitation.organization, meeting=invitation.meeting).invitation is None


# -- Silence --------------------------------------------------------------------------------------------------------


def test_of_whom_nothing_is_recorded_nothing_is_told() -> None:
    standing = at(make_organization())
    assert standing == Standing()
    assert standing.answer is Answer.UNKNOWN


def test_a_link_without_a_category_leaves_the_question_open() -> None:
    body = make_organization()
    ConsultativeLink.objects.create(organization=body, wording="consultative", source=make_source())
    standing = at(body)
    assert (standing.answer, standing.rights) == (Answer.UNKNOWN, ())
    assert standing.holdings[0].sentence == (
        "a link with the ILO is stated (consultative status or relation); its category is not"
    )


def test_who_held_a_status_until_then_needs_an_invitation() -> None:
    standing = at(holder("general", granted="1950", ended="2001"))
    assert standing.answer is Answer.NEEDS
    assert {right.category.slug for right in standing.rights} == {"invited"}


def test_a_former_status_beside_an_open_one_leaves_the_question_open() -> None:
    body = holder("general", granted="1950", ended="2001")
    make_status(organization=body, as_of="2002")
    assert at(body).answer is Answer.UNKNOWN


def test_an_organization_that_was_dissolved_by_then_is_told_nothing_of() -> None:
    body = holder("general", granted="1950")
    Organization.objects.filter(pk=body.pk).update(dissolved="2006-05")
    body.refresh_from_db()
    assert (at(body).answer, at(body).dissolved) == (Answer.UNKNOWN, True)
    earlier = at(body, day=datetime.date(2006, 5, 30))
    assert (earlier.answer, earlier.dissolved) == (Answer.STANDING, False)


# -- Rules ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "in_force"),
    [
        ({"since": "2006-06-02"}, False),
        ({"since": "2006-06-01"}, True),
        ({"until": "2006-06-01"}, False),
        ({"until": "2006-06-02"}, True),
        ({"since": "1990", "until": "2000"}, False),
        ({"published": False}, False),
    ],
)
def test_without_a_rule_in_force_a_status_gives_nothing(dates: dict[str, Any], in_force: bool) -> None:
    ParticipationRight.objects.filter(category__slug="general").exclude(key="profile-general-all-meetings").delete()
    ParticipationRight.objects.filter(key="profile-general-all-meetings").update(**dates)
    standing = at(holder("general", granted="1990"))
    assert standing.answer is (Answer.STANDING if in_force else Answer.UNKNOWN)
    assert bool(standing.rights) is in_force


def test_without_a_rule_on_invitations_none_is_said_to_be_needed() -> None:
    ParticipationRight.objects.filter(category__slug="invited").delete()
    assert at(holder("general", granted="1950", ended="2001")).answer is Answer.UNKNOWN


def test_without_a_rule_on_regional_status_it_is_not_said_to_be_for_regional_meetings_alone() -> None:
    ParticipationRight.objects.filter(category__slug="regional").delete()
    assert at(holder("regional", granted="1990")).answer is Answer.UNKNOWN


def test_what_holds_for_the_conference_holds_for_its_committees_and_not_the_other_way_round() -> None:
    body = holder("special-list", granted="1990")
    plenary, conference = at(body, MeetingKind.PLENARY), at(body, CONFERENCE)
    assert "special-list-conference-ask-to-be-invited" in rights(plenary)
    assert "special-list-conference-plenary-speak" in rights(plenary) - rights(conference)


def test_a_right_of_no_category_answers_for_nobody() -> None:
    ParticipationRight.objects.filter(category__isnull=False).delete()
    assert ParticipationRight.objects.published().exists()
    assert at(holder("general", granted="1990")).answer is Answer.UNKNOWN


# -- Many -----------------------------------------------------------------------------------------------------------


def test_each_organization_gets_its_own_answer_and_the_queries_are_four() -> None:
    source, meeting = make_source(), make_meeting(start="2006-06-01")
    bodies = [make_organization(source=source) for _each in range(60)]
    for number, body in enumerate(bodies):
        if number % 3 == 0:
            make_status(organization=body, category=category("general"), granted="1990", source=source)
        elif number % 3 == 1:
            make_invitation(organization=body, meeting=meeting, source=source)
    for some in (bodies[:3], bodies):
        with CaptureQueriesContext(connection) as queries:
            told = standings(some, Occasion(CONFERENCE, DAY, meeting))
            sentences = [(each.fact.source.title, each.sentence) for one in told.values() for each in one.holdings]
        assert len(queries) == 4 and sentences
        assert [told[body.pk].answer for body in some] == [Answer.STANDING, Answer.INVITED, Answer.UNKNOWN] * (
            len(some) // 3
        )
