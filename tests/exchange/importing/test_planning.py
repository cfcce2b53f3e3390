"""What a plan says of each row: which record it is, what it changes, what is wrong with it and what may be meant."""

from typing import Any

import pytest

from engagement.exchange.importing import runs
from engagement.exchange.importing.base import Options
from engagement.models import (
    Constituent,
    ConsultativeCategory,
    ConsultativeStatus,
    Country,
    FurtherSource,
    Invitation,
    Meeting,
    Organization,
    OrganizationName,
    Project,
    ProjectPartner,
    ProjectResult,
    Seat,
    Source,
    Theme,
)
from tests.admin.rows import make
from tests.exchange.importing.bringing import bring, outcomes, row, rules
from tests.factories import make_invitation, make_meeting, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

SPECIAL = "special-list"


def changes(run: Any, number: int = 2) -> dict[str, tuple[str, str]]:
    return {name: (before, after) for name, before, after in row(run, number).differences}


# -- New rows ------------------------------------------------------------------------------------------------


def test_a_new_row_shows_all_that_it_says() -> None:
    theme = Theme.objects.all()[0]
    run = bring(
        "organizations", "name kind country city theme founded website",
        ("Invented Union Q", "workers", "Suisse; Kenya", "Geneva; ", theme.name, "15.11.1951", "https://inv.example/"),
    )  # fmt: skip
    assert outcomes(run) == ["new"]
    said = changes(run)
    assert said["kind"] == ("", "workers") and said["founded"] == ("", "1951-11-15")
    assert said["country"] == ("", "CH; KE") and said["city"] == ("", "Geneva; ")
    assert said["theme"] == ("", theme.slug) and said["source_key"] == ("", "profile")
    assert row(run).label == "Invented Union Q"


def test_a_new_row_needs_a_source_and_a_date() -> None:
    dated, bare = make_source(date="2011-05"), make_source()
    run = bring(
        "organizations", "name source_key as_of",
        ("Invented A1", "", ""), ("Invented B1", dated.slug, ""), ("Invented C1", bare.slug, ""),
        ("Invented D1", bare.title, "2010"), source="",
    )  # fmt: skip
    assert outcomes(run) == ["rejected", "new", "rejected", "new"]
    assert rules(run) == ["source"] and rules(run, 4) == ["as-of"]
    assert changes(run, 3)["as_of"] == ("", "2011-05") and changes(run, 5)["as_of"] == ("", "2010")


def test_a_row_without_a_source_takes_that_of_the_file() -> None:
    source = make_source()
    run = bring("organizations", "name", ("Invented E1",), source=source.slug, as_of="mai 2012")
    assert changes(run)["source_key"] == ("", source.slug) and changes(run)["as_of"] == ("", "2012-05")


def test_an_unknown_source_of_the_file_stops_it() -> None:
    run = bring("organizations", "name", ("Invented F1",), source="no-such-source", as_of="the day before")
    assert run.state == "stopped"
    assert [problem["rule"] for problem in run.stopped_by] == ["unknown-source", "date-form"]


def test_what_a_new_row_needs_is_named() -> None:
    run = bring("contacts", "name phone", ("Ada Invented", "+41 22 000 00 00"))
    assert [(problem["rule"], problem["column"]) for problem in row(run).problems] == [
        ("required", "purpose"),
        ("required", "lawful_basis"),
    ]


def test_a_name_without_letters_is_none() -> None:
    run = bring("organizations", "name", ("???",))
    assert rules(run) == ["name-empty"]


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    run = bring(
        "organizations", "name kind founded website country",
        ("Invented G1", "club", "31/02/2001", "inv.example", "Atlantis"),
    )  # fmt: skip
    told = {problem["column"]: problem for problem in row(run).problems}
    assert set(told) == {"kind", "founded", "website", "country"}
    assert told["website"]["suggestion"] == "https://inv.example" and told["website"]["value"] == "inv.example"
    assert row(run).outcome == "rejected" and row(run).differences == []


# -- Which record --------------------------------------------------------------------------------------------


def test_a_key_says_which_record_a_row_is_and_a_new_key_makes_a_new_one() -> None:
    body = make_organization(name="Invented Known", acronym="OLD")
    run = bring("organizations", "key name acronym", (body.slug, "Invented Known", "NEW"), ("invented-x9", "Other", ""))
    assert outcomes(run) == ["changed", "new"]
    assert row(run).differences == [["acronym", "OLD", "NEW"]] and row(run, 3).key == "invented-x9"


def test_a_key_that_is_none_is_refused_with_one_that_would_be() -> None:
    run = bring("organizations", "key name", ("Invented Café!", "Invented Café"))
    assert rules(run) == ["slug"] and row(run).problems[0]["suggestion"] == "invented-cafe"


def test_an_organization_without_a_key_is_known_by_any_of_its_names() -> None:
    body = make_organization(name="Invented Union H", acronym="IUH")
    make(OrganizationName, organization=body, name="Union inventée H", kind="language")
    run = bring("organizations", "name acronym", ("UNION INVENTEE H", ""), source="")
    assert row(run).key == body.slug and rules(run) == ["note-matched"]
    assert row(run).differences == [["name", "Invented Union H", "UNION INVENTEE H"]]


def test_a_row_that_may_be_several_records_is_rejected_with_their_keys() -> None:
    for slug in ("invented-t1", "invented-t2"):
        make_organization(name="Invented Twins", slug=slug)
    run = bring("organizations", "name", ("Invented twins",))
    assert rules(run) == ["several"] and row(run).problems[0]["suggestion"] == "invented-t1, invented-t2"


def test_a_status_is_known_by_organization_category_region_and_date() -> None:
    granted = make_status(granted="2001-03", decided_by="")
    stated = make_status(organization=granted.organization, as_of="2007")
    header = "organization category granted as_of decided_by"
    slug = granted.organization.slug
    run = bring(
        "statuses", header,
        (slug, SPECIAL, "mars 2001", "", "Invented board"),
        (granted.organization.name, "Special List", "", "2007", "X"),
        (slug, SPECIAL, "2002", "", ""),
    )  # fmt: skip
    assert outcomes(run) == ["changed", "changed", "new"]
    assert (row(run).key, row(run, 3).key) == (granted.key, stated.key)


def test_a_constituent_is_known_by_country_group_and_name() -> None:
    body = make(
        Constituent, country=Country.objects.get(iso2="CH"), group="workers", name="Invented Workers", acronym=""
    )
    run = bring(
        "constituents", "country group name acronym",
        ("Suisse", "Workers", "invented workers", "IW"), ("CH", "employers", "Invented Workers", ""),
    )  # fmt: skip
    assert row(run).key == body.key and outcomes(run) == ["changed", "new"]


def test_a_project_is_known_by_its_title() -> None:
    project = make(Project, title="Invented Project J", acronym="")
    run = bring("projects", "name acronym", ("invented project j", "IPJ"))
    assert row(run).key == project.slug and outcomes(run) == ["changed"]


def test_a_partner_is_known_by_project_code_and_role() -> None:
    body = make_organization(name="Invented Partner Body")
    project = make(Project, title="Invented Project K")
    known = make(ProjectPartner, project=project, name="Printed so", organization=body, role="donor")
    run = bring(
        "project-partners", "project name organization role note",
        (project.slug, "Printed otherwise", body.slug, "Donor", "n"), (project.slug, "New body", "", "", ""),
        (project.slug, "Printed so", body.name, "partner", ""),
    )  # fmt: skip
    assert outcomes(run) == ["changed", "new", "new"] and row(run).key == known.key


def test_a_result_is_known_by_what_it_belongs_to_indicator_and_date() -> None:
    project = make(Project, title="Invented Project L")
    known = make(ProjectResult, project=project, indicator="Lamps", value="1", finding="", as_of="2020")
    run = bring(
        "project-results", "project indicator as_of value",
        (project.slug, "Lamps", "2020", "2"), (project.slug, "Lamps", "2021", "2"), ("", "Lamps", "2021", "2"),
        (project.slug, "Wicks", "2021", ""),
    )  # fmt: skip
    assert outcomes(run) == ["changed", "new", "rejected", "rejected"] and row(run).key == known.key
    assert row(run).differences == [["value", "1", "2"]]
    assert (
        "not to both" in row(run, 4).problems[0]["says"] and "a value or a finding" in row(run, 5).problems[0]["says"]
    )


@pytest.mark.parametrize(("order", "rejected"), [("0", []), ("32767", []), ("-1", ["order"]), ("32768", ["order"])])
def test_the_place_of_a_result_is_one_that_both_engines_hold(order: str, rejected: list[str]) -> None:
    project = make(Project, title="Invented Project L2")
    run = bring("project-results", "project indicator value order", (project.slug, "Lamps", "1", order))
    assert [problem["column"] for problem in row(run).problems] == rejected


def test_a_meeting_is_known_by_body_and_number_or_else_by_name() -> None:
    numbered, named = make_meeting(number="991", name="Invented 991"), make_meeting(name="Invented Forum")
    run = bring(
        "meetings", "body number name place",
        ("ilc", "991", "Invented 991", "Here"), ("ilc", "", "invented forum", "There"), ("ilc", "", "Invented 992", ""),
    )  # fmt: skip
    assert (row(run).key, row(run, 3).key) == (numbered.slug, named.slug)
    assert outcomes(run) == ["changed", "changed", "new"]


def test_an_invitation_is_known_by_organization_and_meeting() -> None:
    known = make_invitation()
    run = bring(
        "invitations", "organization meeting agenda_items", (known.organization.name, known.meeting.name, "Item 1")
    )
    assert row(run).key == known.key and row(run).differences == [["agenda_items", "", "Item 1"]]


def test_what_is_unique_may_not_be_taken_by_another_key() -> None:
    known = make_invitation()
    other = make_invitation(organization=known.organization)
    run = bring("invitations", "key meeting", (other.key, known.meeting.slug))
    assert rules(run) == ["unique"] and row(run).problems[0]["suggestion"] == known.key


# -- Cells ---------------------------------------------------------------------------------------------------


def test_blank_cells_leave_what_there_is_or_empty_it_if_asked() -> None:
    body = make_organization(name="Invented M1", acronym="INV", founded="1990", note="A note")
    make(Seat, organization=body, city="Geneva", country=Country.objects.get(iso2="CH"))
    header, cells = "key name name_lang acronym founded country note published", (body.slug, *[""] * 7)
    assert outcomes(bring("organizations", header, cells)) == ["unchanged"]
    assert changes(bring("organizations", header, cells, clears=True)) == {
        "acronym": ("INV", ""), "founded": ("1990", ""), "note": ("A note", ""), "country": ("CH", ""),
        "city": ("Geneva", ""),
    }  # fmt: skip


def test_a_label_stands_in_for_a_code_and_must_not_contradict_it() -> None:
    body, other = make_organization(name="Invented N1"), make_organization(name="Invented N2")
    header = "organization organization_label category granted"
    run = bring(
        "statuses", header, ("", "Invented N1", SPECIAL, "2001"), (body.slug, other.name, SPECIAL, "2002"),
        (body.slug, "Invented N1", SPECIAL, "2003"),
    )  # fmt: skip
    assert outcomes(run) == ["new", "rejected", "new"] and rules(run, 3) == ["derived"]
    assert changes(run)["organization"] == ("", body.slug)


def test_a_column_that_is_not_read_may_say_only_what_the_register_says() -> None:
    status = make_status(granted="2001")
    header = "key organization status source url"
    right = (status.key, "", "current", status.source.title, f"https://any.example/fr{status.get_absolute_url()}")
    run = bring("statuses", header, right, source="")
    assert outcomes(run) == ["unchanged"]
    wrong = bring("statuses", header, (status.key, "", "former", "", ""), source="")
    assert rules(wrong) == ["derived"] and "“ended”" in row(wrong).problems[0]["says"]


def test_an_unknown_organization_gets_those_that_it_may_be_for_a_suggestion() -> None:
    body = make_organization(name="Invented Federation of Lamplighters")
    run = bring("statuses", "organization category", ("Invented Federation of Lamplighter", SPECIAL))
    assert rules(run) == ["unknown-organization"]
    assert row(run).problems[0]["suggestion"] == f"{body.slug} ({body.name})"


@pytest.mark.parametrize(
    ("kind", "header", "cells", "column", "says"),
    [
        ("organizations", "name founded dissolved", ("Inv P1", "2001", "1999"), "dissolved", "The end lies before"),
        ("meetings", "name body start end", ("Inv P2", "ilc", "2001-03", "2001-02-01"), "end", "The end lies before"),
        ("projects", "name budget", ("Inv P3", "10"), "currency", "A budget needs its currency"),
    ],
)
def test_constraints_speak_for_themselves(kind: str, header: str, cells: Any, column: str, says: str) -> None:
    (problem,) = row(bring(kind, header, cells)).problems
    assert (problem["rule"], problem["column"]) == ("constraint", column) and says in problem["says"]


# -- Seats and partners --------------------------------------------------------------------------------------


@pytest.fixture
def seated() -> Organization:
    body = make_organization(name="Invented Seated")
    for city, iso2 in (("Geneva", "CH"), ("Lyon", "FR")):
        make(Seat, organization=body, city=city, country=Country.objects.get(iso2=iso2), key=f"inv-seat-{iso2.lower()}")
    return body


@pytest.mark.parametrize(
    ("countries", "cities", "after"),
    [
        ("CH; FR", "", None),
        ("FR; CH", "Lyon; Geneva", None),
        ("Suisse; France", "Geneva; Paris", ("CH; FR", "Geneva; Paris")),
        ("CH", "", ("CH", "Geneva")),
        ("CH; KE", "", ("CH; KE", "Geneva; ")),
        ("", "Bern; Lyon", ("CH; FR", "Bern; Lyon")),
    ],
)
def test_the_list_of_seats_is_the_whole_list(
    seated: Organization, countries: str, cities: str, after: tuple[str, str] | None
) -> None:
    run = bring("organizations", "key country city", (seated.slug, countries, cities))
    assert outcomes(run) == ["changed" if after else "unchanged"]
    said = changes(run)
    shown = {"country": ("CH; FR", after[0]), "city": ("Geneva; Lyon", after[1])} if after else {}
    assert said == {name: pair for name, pair in shown.items() if pair[0] != pair[1]}


@pytest.mark.parametrize(
    ("countries", "cities", "rule"),
    [("CH; FR; KE", "Geneva", "list-count"), ("Atlantis", "", "unknown-country")],
)
def test_seats_that_do_not_fit_are_rejected(seated: Organization, countries: str, cities: str, rule: str) -> None:
    assert rules(bring("organizations", "key country city", (seated.slug, countries, cities))) == [rule]


def test_a_city_needs_a_country() -> None:
    assert rules(bring("organizations", "name city", ("Invented Q1", "Geneva"))) == ["seat-country"]


def test_a_seat_of_which_more_is_known_than_a_cell_shows_is_not_deleted(seated: Organization) -> None:
    Seat.objects.filter(key="inv-seat-fr").update(until="2001")
    assert rules(bring("organizations", "key country", (seated.slug, "CH"))) == ["seat-dated"]
    Seat.objects.filter(key="inv-seat-fr").update(until="")
    make(FurtherSource, kind="seat", record_key="inv-seat-fr")
    assert rules(bring("organizations", "key country", (seated.slug, "CH"))) == ["part-needed"]


def test_partners_and_donors_are_lists_with_names_and_roles() -> None:
    body = make_organization(name="Invented Helper")
    header = "name partner partner_label partner_role donor_label"
    run = bring(
        "projects", header,
        ("Inv Pr 1", f"{body.slug}; inv-ministry", "; Invented Ministry", "implementing; Government", "Invented Fund"),
        ("Inv Pr 2", "inv-nobody", "", "", ""), ("Inv Pr 3", "a; b", "A", "", ""),
    )  # fmt: skip
    said = changes(run)
    assert said["partner_label"] == ("", "Invented Helper; Invented Ministry")
    assert said["partner_role"] == ("", "implementing; government") and said["donor"] == ("", "invented-fund")
    assert rules(run, 3) == ["partner-name"] and rules(run, 4) == ["list-count"]


# -- Rows among one another ----------------------------------------------------------------------------------


def test_the_same_row_twice_is_taken_once() -> None:
    cells = ("Invented R1", "1990")
    run = bring("organizations", "name founded", cells, cells)
    assert outcomes(run) == ["new", "unchanged"] and rules(run, 3) == ["note-duplicate"]


def test_rows_that_contradict_one_another_are_rejected_with_their_copies() -> None:
    run = bring("organizations", "name founded", ("Inv S1", "1990"), ("Inv S1", "1990"), ("inv s1", "1991"))
    assert outcomes(run) == ["rejected"] * 3
    assert "duplicate" in rules(run) and "duplicate" in rules(run, 3) and "duplicate" in rules(run, 4)


def test_two_rows_for_one_record_by_key_and_by_name_are_a_contradiction() -> None:
    body = make_organization(name="Invented S2")
    run = bring("organizations", "key name acronym", (body.slug, "Invented S2", "A"), ("", "Invented S2", "B"))
    assert outcomes(run) == ["rejected", "rejected"]


def test_what_is_unique_is_claimed_once_in_a_file() -> None:
    run = bring("meetings", "key body number name", ("inv-1", "ilc", "995", "Inv A"), ("inv-2", "ilc", "995", "Inv B"))
    assert outcomes(run) == ["rejected", "rejected"]


def test_names_that_are_nearly_the_same_are_told_and_not_rejected() -> None:
    run = bring("organizations", "name", ("Invented Union of Painters",), ("Union of Invented Painter",))
    assert outcomes(run) == ["new", "new"] and rules(run) == rules(run, 3) == ["note-near"]


def test_a_new_organization_like_one_that_is_there_needs_a_decision() -> None:
    body = make_organization(name="Invented Federation of Glassblowers")
    run = bring("organizations", "name acronym", ("Invented Federation of Glass-blowers", "IFG"))
    assert outcomes(run) == ["alike"]
    assert row(run).candidates[0]["key"] == body.slug and row(run).candidates[0]["why"]
    assert outcomes(runs.replan(run, decisions={2: "new"})) == ["new"]
    decided = runs.replan(run, decisions={2: body.slug})
    assert outcomes(decided) == ["changed"] and row(decided).key == body.slug
    assert outcomes(runs.replan(run, decisions={2: ""})) == ["alike"]
    assert outcomes(runs.replan(run, decisions={"*": "new"})) == ["new"]


def test_a_decision_for_what_is_not_there_is_a_problem() -> None:
    run = bring("organizations", "name", ("Invented U1",), decisions={2: "invented-gone"})
    assert rules(run) == ["decision"]


# -- Cost ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [20, 200])
def test_planning_asks_the_same_however_many_rows(count: int, django_assert_max_num_queries: Any) -> None:
    rows = [(f"Invented body {n} of many {n * 7}", f"town {n}", "CH", f"W{n}") for n in range(count)]
    with django_assert_max_num_queries(32):
        run = bring("organizations", "name city country acronym", *rows)
    assert run.counts["new"] == count


def test_planning_what_is_there_asks_the_same_however_many_rows(django_assert_max_num_queries: Any) -> None:
    body, category = make_organization(), ConsultativeCategory.objects.get(slug=SPECIAL)
    source = Source.objects.get(slug="profile")
    for number in range(60):
        ConsultativeStatus.objects.create(
            organization=body, category=category, source=source, granted=str(1900 + number), as_of="2000"
        )
    data = b"".join(runs.own_file("statuses", "csv"))
    with django_assert_max_num_queries(20):
        run = runs.bring("statuses", "own.csv", data, Options())
    assert run.counts["unchanged"] >= 60
    assert Invitation.objects.exists() and Meeting.objects.exists()
