"""The fixtures hold the profile whole, each item as a field of its concept, and the bodies without doubles."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from engagement.models import (
    ActorGroup,
    Attendance,
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Contact,
    CriterionScope,
    EligibilityCriterion,
    FurtherSource,
    InformationResource,
    Initiative,
    Instrument,
    Invitation,
    InvitationDecision,
    Meeting,
    MeetingBody,
    MeetingKind,
    Office,
    OfficeFigure,
    Official,
    Organization,
    OrganizationName,
    ParticipationRight,
    ProfileStatement,
    Project,
    ProjectResult,
    RelationKind,
    RightHolder,
    RightsArea,
    StatusState,
    StrategicObjective,
)
from engagement.search import normalise
from fixtures.build.profile_sections import SECTIONS
from tests import environment

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CORE, CIVIL, PRIVATE = SECTIONS["core"], SECTIONS["civil"], SECTIONS["private"]
INVITED_ONLY = ("zonta-international", "graduate-women-international", "european-trade-union-confederation")
REPLACED_BY_FULLER_ROWS = (
    ("instrument", "C144"),
    ("instrument", "C107"),
    ("instrument", "C169"),
    ("instrument", "PHIL"),
    ("instrument", "MNE"),
    ("instrument", "DFPRW"),
    ("instrument", "IPU"),
    ("instrument", "UNGC"),
    ("instrumentamendment", "mne-amended-2000-11"),
    ("project", "elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot"),
    ("programme", "international-programme-on-the-elimination-of-child-labour-ipec"),
    ("office", "international-labour-office-headquarters"),
    ("official", "juan-somavia"),
)


def stands_in(record: Any, section: str) -> bool:
    """Whether the record's evidence is that section of the profile."""
    return record.source.slug == "profile" and record.locator.startswith(section)


def all_stand_in(model: type[Model], section: str) -> bool:
    return all(stands_in(record, section) for record in model._default_manager.all())


# -- I. Core areas ---------------------------------------------------------------------------------------------


def test_there_are_four_strategic_objectives_and_six_areas_of_rights_from_the_core_areas() -> None:
    assert StrategicObjective.objects.count() == 4
    assert RightsArea.objects.count() == 6
    assert all_stand_in(StrategicObjective, CORE) and all_stand_in(RightsArea, CORE)


@pytest.mark.parametrize(
    "area", ["freedom-of-association", "right-to-organize", "collective-bargaining", "abolition-of-forced-labour"]
)
def test_each_area_of_basic_labour_rights_has_a_row_of_its_own(area: str) -> None:
    assert RightsArea.objects.get(key=area).name


def test_decent_work_and_the_national_tripartite_bodies_are_initiatives() -> None:
    assert stands_in(Initiative.objects.get(key="decent-work-agenda"), CORE)
    assert Initiative.objects.get(key="national-tripartite-bodies").instrument == Instrument.objects.get(code="C144")


def test_headquarters_is_in_geneva_with_about_1900_staff_and_600_experts() -> None:
    headquarters = Office.objects.get(slug="international-labour-office-headquarters")
    figures = OfficeFigure.objects.filter(office=headquarters, approximate=True)
    assert headquarters.city == "Geneva"
    assert sorted(figures.values_list("value", flat=True)) == [600, 1900]
    assert all(stands_in(figure, CORE) for figure in figures)


def test_juan_somavia_is_director_general_since_1999() -> None:
    official = Official.objects.get(key="juan-somavia")
    assert official.since == "1999" and official.position.startswith("Director-General")


# -- II. Relations, categories, criteria, bodies ---------------------------------------------------------------


def test_there_are_three_kinds_of_relation() -> None:
    assert RelationKind.objects.count() == 3
    assert all_stand_in(RelationKind, SECTIONS["actors"])


def test_the_four_categories_fall_into_the_three_groups_of_the_profile() -> None:
    groups = dict(ConsultativeCategory.objects.values_list("slug", "group"))
    assert groups == {"general": 1, "regional": 1, "special-list": 2, "invited": 3}
    assert all_stand_in(ConsultativeCategory, CIVIL)


def test_general_and_regional_status_have_their_standing_arrangements() -> None:
    arrangements = dict(ConsultativeCategory.objects.values_list("slug", "standing_arrangements"))
    assert "all ILO meetings" in arrangements["general"]
    assert "regional meetings" in arrangements["regional"]


def test_the_special_list_knows_its_year_its_size_and_its_six_fields() -> None:
    listed = ConsultativeCategory.objects.get(slug="special-list")
    assert (listed.established, listed.decided_by) == ("1956", "Governing Body")
    assert (listed.stated_number, listed.stated_number_approximate) == (160, True)
    assert listed.fields.count() == 6


@pytest.mark.parametrize(
    ("category", "kind"),
    [("general", MeetingKind.ANY), ("regional", MeetingKind.REGIONAL), ("special-list", MeetingKind.ANY)],
)
def test_each_category_has_the_right_that_the_profile_gives_it(category: str, kind: MeetingKind) -> None:
    right = ParticipationRight.objects.get(category__slug=category, source__slug="profile")
    assert right.meeting_kind == kind and right.locator.startswith(CIVIL)


def test_the_third_category_attends_by_invitation_and_the_social_partners_in_national_delegations() -> None:
    invited = ParticipationRight.objects.get(category__slug="invited", source__slug="profile")
    partners = ParticipationRight.objects.get(holder=RightHolder.SOCIAL_PARTNERS)
    assert "invitation" in invited.right and "delegations" in partners.right


def test_partnership_at_the_operational_level_has_its_criteria() -> None:
    criteria = EligibilityCriterion.objects.filter(scope=CriterionScope.OPERATIONAL)
    assert criteria.count() == 4
    assert all(stands_in(criterion, CIVIL) for criterion in criteria)


@pytest.mark.parametrize("body", ["ilc", "governing-body", "regional-conferences", "meetings", "symposia-and-seminars"])
def test_each_formal_body_says_who_takes_part(body: str) -> None:
    found = MeetingBody.objects.get(slug=body)
    assert found.composition and stands_in(found, CIVIL)


# -- II. Sialkot -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sialkot-students-educated", 10572),
        ("sialkot-education-centres", 255),
        ("sialkot-students-mainstreamed", 5838),
        ("sialkot-students-with-health-cover", 5408),
    ],
)
def test_the_sialkot_project_has_its_four_figures(key: str, value: int) -> None:
    result = ProjectResult.objects.get(key=key)
    assert result.value == Decimal(value) and result.project is not None
    assert stands_in(result, SECTIONS["extent"])


def test_what_changed_in_sialkot_stands_in_two_findings_in_words() -> None:
    findings = ProjectResult.objects.filter(source__slug="profile").exclude(finding="")
    assert findings.count() == 2
    assert all(stands_in(finding, SECTIONS["extent"]) for finding in findings)


def test_the_sialkot_project_belongs_to_the_programme_that_launched_it_and_to_pakistan() -> None:
    project = Project.objects.get(slug="elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot")
    assert project.programme is not None and project.programme.acronym == "IPEC"
    assert [country.iso2 for country in project.countries.all()] == ["PK"]


# -- II. Other actors ------------------------------------------------------------------------------------------


def test_there_are_four_groups_of_actors_in_the_order_of_the_profile() -> None:
    groups = ["civil-society", "private-sector", "parliamentarians", "indigenous-peoples"]
    assert list(ActorGroup.objects.values_list("slug", flat=True)) == groups


def test_indigenous_peoples_are_a_concern_since_the_1920s_with_two_conventions() -> None:
    group = ActorGroup.objects.get(slug="indigenous-peoples")
    assert group.engaged_since == "192X"
    assert {instrument.code for instrument in group.instruments.all()} == {"C107", "C169"}
    assert group.initiatives.count() == 2


def test_the_private_sector_has_the_compact_partnerships_the_database_and_the_mne_declaration() -> None:
    initiatives = Initiative.objects.filter(actor_group__slug="private-sector")
    assert initiatives.count() == 4
    assert {initiative.instrument.code for initiative in initiatives if initiative.instrument} == {"UNGC", "MNE"}
    assert all(stands_in(initiative, PRIVATE) for initiative in initiatives)


def test_the_agreement_with_the_parliamentarians_is_of_march_1999_and_its_heading_is_marked_as_lost() -> None:
    agreement = Initiative.objects.get(key="ipu-agreement")
    assert (agreement.date, agreement.instrument) == ("1999-03", Instrument.objects.get(code="IPU"))
    assert "heading lost" in agreement.locator


def test_the_mne_declaration_has_its_amendment_of_november_2000() -> None:
    amendments = Instrument.objects.get(code="MNE").amendments.values_list("date", flat=True)
    assert "2000-11" in amendments


@pytest.mark.parametrize(("kind", "key"), REPLACED_BY_FULLER_ROWS)
def test_what_the_profile_says_survives_where_a_fuller_row_takes_the_place_of_its_own(kind: str, key: str) -> None:
    further = FurtherSource.objects.get(kind=kind, record_key=key, source__slug="profile")
    assert further.reading and further.locator


def test_every_section_in_prose_has_statements_in_the_registers_own_words() -> None:
    sections = set(ProfileStatement.objects.values_list("locator", flat=True))
    prose = set(SECTIONS) - {"contact", "information"}
    assert {word for word in prose if any(found.startswith(SECTIONS[word]) for found in sections)} == prose


# -- III and IV. Organizational and information resources ------------------------------------------------------


def test_exrel_has_its_mandate() -> None:
    office = Office.objects.get(acronym="EXREL")
    assert office.mandate and stands_in(office, SECTIONS["resources"])


def test_the_contact_is_public_with_its_basis_and_without_an_email_address() -> None:
    contact = Contact.objects.get()
    assert contact.public and contact.lawful_basis == "published-source"
    assert contact.office == Office.objects.get(acronym="EXREL")
    assert contact.phone and contact.address and contact.email == ""
    assert "not verified since" in contact.note


def test_the_eight_information_resources_have_titles_and_no_links() -> None:
    assert InformationResource.objects.count() == 8
    assert not InformationResource.objects.exclude(url="").exists()
    assert all("lost" in resource.note for resource in InformationResource.objects.all())


# -- profile.json alone ----------------------------------------------------------------------------------------


@pytest.fixture
def profile_alone(tmp_path: Path) -> Iterator[Counter[str]]:
    """How many records of each model a new database has after `loaddata profile`."""
    with environment.own_database(tmp_path, "profile_alone", environment.TABLES) as url:
        settings = environment.portal(tmp_path, DATABASE_URL=url)
        done = environment.manage("loaddata", "profile", settings=settings)
        assert done.returncode == 0, done.stderr
        dumped = environment.manage("dumpdata", "engagement", "--natural-foreign", settings=settings)
        yield Counter(record["model"].removeprefix("engagement.") for record in json.loads(dumped.stdout))


@pytest.mark.slow
def test_the_profile_resolves_alone(profile_alone: Counter[str]) -> None:
    assert profile_alone["consultativecategory"] == 4
    assert profile_alone["instrument"] == 8
    assert profile_alone["projectresult"] == 6
    assert profile_alone["profilestatement"] == ProfileStatement.objects.count()


# -- Organizations ---------------------------------------------------------------------------------------------


def test_there_are_at_least_64_organizations() -> None:
    assert Organization.objects.count() >= 64


def test_no_body_stands_twice_under_one_name() -> None:
    names = {(organization.slug, normalise(organization.name)) for organization in Organization.objects.all()}
    names |= {
        (name.organization.slug, normalise(name.name))
        for name in OrganizationName.objects.exclude(kind="acronym").select_related("organization")
    }
    assert [name for name, times in Counter(name for _slug, name in names).items() if times > 1] == []


def test_no_acronym_stands_for_two_bodies() -> None:
    acronyms = Counter(Organization.objects.exclude(acronym="").values_list("acronym", flat=True))
    assert [acronym for acronym, times in acronyms.items() if times > 1] == []


def test_the_federation_of_university_women_is_graduate_women_international() -> None:
    former = OrganizationName.objects.get(name="International Federation of University Women")
    assert former.organization.name == "Graduate Women International"
    assert (former.kind, former.until) == ("former", "2015-04")
    assert former.organization.invitations.count() == 2


def test_the_leagues_of_human_rights_are_the_federation_for_human_rights() -> None:
    federation = Organization.objects.get(acronym="FIDH")
    assert federation.invitations.get().name_as_printed == "International Federation of Human Rights Leagues"
    assert federation.consultative_links.count() == 1


def test_the_trade_union_federation_moved_from_prague_to_athens_in_january_2006() -> None:
    seats = Organization.objects.get(acronym="WFTU").seats
    assert seats.get(city="Prague").until == seats.get(city="Athens").since == "2006-01"


# -- Standing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", INVITED_ONLY)
def test_an_invited_body_has_invitations_and_no_status(slug: str) -> None:
    organization = Organization.objects.get(slug=slug)
    assert organization.invitations.exists() and not organization.statuses.exists()


def test_no_status_is_in_the_category_of_the_invited() -> None:
    assert not ConsultativeStatus.objects.filter(category__slug="invited").exists()
    assert ConsultativeStatus.objects.count() == 16


def test_the_names_in_the_handbook_of_2002_are_stated_for_may_2002_and_not_current() -> None:
    named = ConsultativeStatus.objects.filter(source__slug="mrg-handbook-2002")
    assert named.count() == 11
    assert {(status.granted, status.as_of, status.state()) for status in named} == {("", "2002-05", StatusState.STATED)}


def test_a_status_without_any_date_is_undated() -> None:
    undated = ConsultativeStatus.objects.in_state(StatusState.UNDATED)
    assert {status.organization.acronym for status in undated} == {"SI", "WFUNA"}


def test_only_decided_or_dated_grants_are_current() -> None:
    granted = dict(ConsultativeStatus.objects.current().values_list("organization__name", "granted"))
    assert granted == {
        "International Trade Union Confederation": "2006-11-15",
        "International Co-operative Alliance": "194X",
        "Kolping International": "1993",
    }


def test_general_status_in_one_breath_with_other_bodies_is_no_general_status() -> None:
    movement = Organization.objects.get(name="International Movement ATD Fourth World")
    assert not movement.statuses.exists() and movement.consultative_links.count() == 1


def test_a_link_without_a_category_is_kept_for_each_of_the_33_rows() -> None:
    assert ConsultativeLink.objects.count() == 33


# -- Meetings, invitations, attendance -------------------------------------------------------------------------


def test_each_invitation_names_its_meeting_and_its_decision() -> None:
    assert Invitation.objects.count() == 26
    assert not Invitation.objects.filter(decision=None).exists()


def test_an_incomplete_list_of_names_says_so() -> None:
    decision = InvitationDecision.objects.get(source__slug="gb329-dec-fr")
    assert "not seen" in decision.list_status and decision.invitations.count() == 12


def test_the_109th_conference_stands_in_its_two_parts_and_covers_no_day_between() -> None:
    parts = Meeting.objects.filter(slug__startswith="ilc-109").order_by("start_earliest")
    assert [(part.start, part.end) for part in parts] == [("2021-06-03", "2021-06-19"), ("2021-11-25", "2021-12-11")]


def test_a_joint_delegation_is_one_attendance_for_each_body_named() -> None:
    joint = Attendance.objects.filter(source__slug="wiego-ilc112")
    assert joint.count() == 6
    assert all("joint delegation" in attendance.note for attendance in joint)


def test_a_body_that_no_source_identifies_attends_by_its_printed_name_only() -> None:
    unknown = Attendance.objects.get(organization=None)
    assert unknown.name_as_printed == "Global Alliance of Waste Pickers" and unknown.note


def test_further_sources_and_discrepancies_speak_of_meetings_that_exist() -> None:
    slugs = set(Meeting.objects.values_list("slug", flat=True))
    assert set(FurtherSource.objects.filter(kind="meeting").values_list("record_key", flat=True)) <= slugs
