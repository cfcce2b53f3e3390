"""Two editors, one record: no form, row, list or deletion silently undoes what another wrote in between."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from engagement.admin import versions
from engagement.admin.conflict import KEEP, SEEN, VERSION, Conflict
from engagement.admin.versions import GuardedAdmin
from engagement.models import (
    Contact,
    Country,
    EligibilityCriterion,
    Office,
    Organization,
    OrganizationName,
    Project,
    Region,
    Seat,
    Theme,
)
from engagement.models.dates import PartialDateField
from engagement.models.sources import AboutRecord
from tests import environment
from tests.admin.conftest import Staff
from tests.admin.rows import MODELS, address, admin_of, filled, make

pytestmark = pytest.mark.django_db

REGISTERED = [
    model
    for model, of_model in site._registry.items()
    if model._meta.app_label in ("engagement", "desk") and model in MODELS
]
INLINES = [(model, rows) for model in REGISTERED for rows in admin_of(model).inlines]


@pytest.fixture
def editor(admin_client: Client) -> Client:
    """One who may do all that editors may, and delete besides."""
    return admin_client


def opened(client: Client, record: Any, **changes: Any) -> dict[str, Any]:
    """What a form that is open in a window will send."""
    return filled(client.get(address(record)), **changes)


def sent(client: Client, record: Any, data: dict[str, Any], page: str = "change") -> Any:
    return client.post(address(record, page), data)


def answered(page: Any, **choices: str) -> dict[str, Any]:
    """What the page of a conflict sends back. In names a double underscore stands for the hyphen of a row."""
    data: dict[str, Any] = {}
    for name, value in page.context["carried"]:
        data.setdefault(name, []).append(value)
    for section in page.context["sections"]:
        for question in section.questions:
            for choice in question.choices:
                if choice.is_kept:
                    data[question.name] = choice.value
    chosen = {KEEP + name.replace("__", "-"): value for name, value in choices.items()}
    return {**data, SEEN: page.context["seen"], **chosen}


def presets(page: Any) -> dict[str, str]:
    """By field what goes without saying, '' where one is to be chosen."""
    questions = [question for section in page.context["sections"] for question in section.questions]
    return {
        question.name.removeprefix(KEEP): next((one.value for one in question.choices if one.is_kept), "")
        for question in questions
    }


def texts(page: Any) -> dict[str, list[str]]:
    """By field what the page shows: as it was opened, theirs, mine."""
    questions = [question for section in page.context["sections"] for question in section.questions]
    return {
        question.name.removeprefix(KEEP): [
            "; ".join(line.text for line in lines)
            for lines in (question.read, *(one.lines for one in question.choices))
        ]
        for question in questions
    }


# -- Every form ----------------------------------------------------------------------------------------------


def other_value(field: Any, value: Any) -> Any:
    """Another value that the field could have, past all checks but the database's."""
    if isinstance(field, PartialDateField):
        return "1901" if value != "1901" else "1902"
    if isinstance(field, models.BooleanField):
        return not value
    if field.choices:
        return next(code for code, _label in field.choices if code != value)
    return f"https://invented.example/{value}" if isinstance(field, models.URLField) else f"{value} (theirs)"


def whole(model: Any) -> dict[str, Any]:
    """What a form of the model asks for besides what the database does."""
    return {"kind": "organization", "record_key": make(Organization).slug} if issubclass(model, AboutRecord) else {}


def changed_behind(model: Any, form: Any, pk: Any) -> tuple[str, Any]:
    """Change one field that the form shows, past the form; its name and what it says now."""
    for field in model._meta.fields:
        if field.name in form.base_fields and (isinstance(field, models.TextField) or field.name == "published"):
            value = other_value(field, getattr(form.instance, field.attname))
            model._base_manager.filter(pk=pk).update(**{field.name: value})
            return field.name, value
    raise AssertionError(f"{model} has no field that could be changed")


def test_every_admin_that_changes_records_is_guarded() -> None:
    """Whoever registers a model of the register or the desk that can be changed starts from RecordAdmin."""
    unguarded = [
        model
        for model, of_model in site._registry.items()
        if model._meta.app_label in ("engagement", "desk")
        and GuardedAdmin not in type(of_model).__mro__
        and of_model.has_change_permission(with_all_rights())
    ]
    assert unguarded == []
    assert set(MODELS) <= set(REGISTERED)


def with_all_rights() -> Any:
    class Everything:
        is_active = is_staff = is_authenticated = True

        def has_perm(self, *_names: Any) -> bool:
            return True

    request: Any = RequestFactory().get("/admin/")
    request.user = Everything()
    return request


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.model_name)
def test_a_stale_form_of_any_model_is_refused_and_a_fresh_one_saved(model: Any, admin_client: Client) -> None:
    record = make(model, **whole(model))
    page = admin_client.get(address(record))
    stale = filled(page)
    name, theirs = changed_behind(model, page.context["adminform"].form, record.pk)
    answer = sent(admin_client, record, stale)
    assert answer.status_code == 409
    assert getattr(model._base_manager.get(pk=record.pk), name) == theirs
    assert sent(admin_client, record, opened(admin_client, record)).status_code == 302
    assert getattr(model._base_manager.get(pk=record.pk), name) == theirs


@pytest.mark.parametrize(
    ("model", "rows"), INLINES, ids=[f"{model._meta.model_name}-{rows.__name__}" for model, rows in INLINES]
)
def test_a_stale_row_of_any_inline_is_refused_and_a_fresh_one_saved(
    model: Any, rows: Any, admin_client: Client
) -> None:
    record = make(model)
    link = rows.fk_name or next(field.name for field in rows.model._meta.fields if field.related_model is model)
    row = make(rows.model, **{"project": None} if link == "programme" else {}, **{link: record})
    page = admin_client.get(address(record))
    (shown,) = (each for each in page.context["inline_admin_formsets"] if isinstance(each.opts, rows))
    if not shown.has_change_permission:
        assert VERSION not in shown.formset.management_form.fields
        return
    stale = filled(page)
    name, theirs = changed_behind(rows.model, shown.formset.forms[0], row.pk)
    assert sent(admin_client, record, stale).status_code == 409
    assert getattr(rows.model._base_manager.get(pk=row.pk), name) == theirs
    assert sent(admin_client, record, opened(admin_client, record)).status_code == 302
    assert getattr(rows.model._base_manager.get(pk=row.pk), name) == theirs


# -- Field by field ------------------------------------------------------------------------------------------


@pytest.fixture
def organization(db: None) -> Organization:
    return make(Organization, name="Invented Union", acronym="IU", website="", note="First line.\nSecond line.")


def test_what_only_they_changed_is_preset_to_theirs_and_what_only_i_changed_to_mine(
    editor: Client, staff: Staff, organization: Organization
) -> None:
    mine = opened(editor, organization, name="Invented Union of Workers", acronym="IUW")
    theirs = opened(editor, organization, name="Invented Union of All Workers", note="First line.\nAnother line.")
    assert sent(editor, organization, theirs).status_code == 302
    page = sent(editor, organization, mine)
    assert page.status_code == 409
    assert presets(page) == {"name": "", "acronym": "mine", "note": "theirs"}
    assert texts(page)["name"] == ["Invented Union", "Invented Union of All Workers", "Invented Union of Workers"]
    assert texts(page)["note"] == [
        "First line.\nSecond line.",
        "First line.\nAnother line.",
        "First line.\nSecond line.",
    ]
    assert "Written by admin on" in page.content.decode()
    assert sent(editor, organization, answered(page, name="mine")).status_code == 302
    organization.refresh_from_db()
    assert (organization.name, organization.acronym) == ("Invented Union of Workers", "IUW")
    assert organization.note.splitlines() == ["First line.", "Another line."]


def test_where_both_changed_a_field_nothing_is_saved_until_one_is_chosen(
    editor: Client, organization: Organization
) -> None:
    mine = opened(editor, organization, name="Mine")
    Organization.objects.filter(pk=organization.pk).update(name="Theirs")
    page = sent(editor, organization, mine)
    for wrong in ({}, {"name": ""}, {"name": "neither"}):
        page = sent(editor, organization, answered(page, **wrong))
        assert page.status_code == 409 and page.context["is_asked_again"]
        organization.refresh_from_db()
        assert organization.name == "Theirs"
    assert sent(editor, organization, answered(page, name="theirs")).status_code == 302
    organization.refresh_from_db()
    assert organization.name == "Theirs"


def test_a_third_editor_in_between_is_asked_about_too(editor: Client, organization: Organization) -> None:
    mine = opened(editor, organization, name="Mine")
    behind = Organization.objects.filter(pk=organization.pk)
    behind.update(name="Theirs")
    page = sent(editor, organization, mine)
    behind.update(name="A third one's", acronym="THIRD")
    page = sent(editor, organization, answered(page, name="mine"))
    assert page.status_code == 409
    assert presets(page) == {"name": "", "acronym": "theirs"}
    assert texts(page)["name"] == ["Invented Union", "A third one's", "Mine"]
    assert sent(editor, organization, answered(page, name="theirs", acronym="mine")).status_code == 302
    assert behind.values_list("name", "acronym").get() == ("A third one's", "IU")


def test_a_choice_over_what_has_gone_back_since_is_asked_again(editor: Client, organization: Organization) -> None:
    mine = opened(editor, organization, name="Mine")
    behind = Organization.objects.filter(pk=organization.pk)
    behind.update(name="Theirs")
    page = sent(editor, organization, mine)
    behind.update(name="Invented Union")
    assert sent(editor, organization, answered(page, name="theirs")).status_code == 409
    assert behind.get().name == "Invented Union"


def test_choices_without_the_page_that_asked_are_worth_nothing(editor: Client, organization: Organization) -> None:
    mine = opened(editor, organization, name="Mine")
    Organization.objects.filter(pk=organization.pk).update(name="Theirs")
    assert sent(editor, organization, {**mine, f"{KEEP}name": "mine"}).status_code == 409
    assert sent(editor, organization, {**mine, f"{KEEP}name": "mine", SEEN: "forged"}).status_code == 400
    assert Organization.objects.get(pk=organization.pk).name == "Theirs"


def test_links_count_and_are_shown_by_their_names(editor: Client, organization: Organization) -> None:
    first, second, third = Theme.objects.order_by("pk")[:3]
    organization.themes.set([first])
    mine = opened(editor, organization, themes=[first.pk, second.pk])
    organization.themes.set([third])
    page = sent(editor, organization, mine)
    assert page.status_code == 409
    assert texts(page)["themes"] == [first.name, third.name, ", ".join(sorted([first.name, second.name]))]
    assert sent(editor, organization, answered(page, themes="theirs")).status_code == 302
    assert list(organization.themes.all()) == [third]


def test_relations_and_choices_are_shown_by_their_names(editor: Client, organization: Organization) -> None:
    region, other = Region.objects.order_by("pk")[:2]
    mine = opened(editor, organization, region=region.pk, kind="ngo")
    Organization.objects.filter(pk=organization.pk).update(region=other, kind="workers", published=False)
    page = sent(editor, organization, mine)
    assert texts(page)["region"] == ["", str(other), str(region)]
    assert texts(page)["kind"][1:] == [
        str(dict(Organization._meta.get_field("kind").flatchoices)[kind]) for kind in ("workers", "ngo")
    ]
    assert texts(page)["published"] == ["yes", "no", "yes"]
    chosen = answered(page, region="theirs", kind="theirs", published="theirs")
    assert sent(editor, organization, chosen).status_code == 302
    organization.refresh_from_db()
    assert (organization.region, organization.kind, organization.published) == (other, "workers", False)


def test_every_kind_of_field_takes_over_what_they_wrote(editor: Client) -> None:
    """Boxes, partial dates, days, decimals and the answers of the guide, each as its widget sends it."""
    project = make(Project, budget="1200.50", currency="EUR", start="1999", published=False)
    mine = opened(editor, project, budget="1.5", start="2000~", published="on")
    theirs = {"budget": "99.25", "start": "2001-05", "published": True}
    Project.objects.filter(pk=project.pk).update(budget="7", start="1998")
    page = sent(editor, project, mine)
    assert presets(page) == {"budget": "", "start": "", "published": "mine"}
    Project.objects.filter(pk=project.pk).update(**theirs)
    page = sent(editor, project, mine)
    assert sent(editor, project, answered(page, budget="theirs", start="theirs")).status_code == 302
    project.refresh_from_db()
    assert (str(project.budget), project.start, project.published) == ("99.25", "2001-05", True)


def test_the_answers_of_the_guide_are_taken_over(editor: Client) -> None:
    criterion = EligibilityCriterion.objects.get(key="special-list-3")
    mine = opened(editor, criterion, met_by=["reach:one-region"])
    EligibilityCriterion.objects.filter(pk=criterion.pk).update(met_by="reach:one-country papers:members")
    page = sent(editor, criterion, mine)
    assert texts(page)["met_by"][2] == "In several countries of one region"
    assert sent(editor, criterion, answered(page, met_by="theirs")).status_code == 302
    criterion.refresh_from_db()
    assert criterion.met_by == "reach:one-country papers:members"


def test_who_wrote_the_same_as_they_did_is_asked_nothing(editor: Client, organization: Organization) -> None:
    mine = opened(editor, organization, name="The same")
    Organization.objects.filter(pk=organization.pk).update(name="The same")
    assert sent(editor, organization, mine).status_code == 302
    assert sent(editor, organization, mine).status_code == 302  # the button pressed twice


def test_saving_a_text_of_several_lines_unchanged_is_no_edit_for_others(
    editor: Client, organization: Organization
) -> None:
    mine = opened(editor, organization, acronym="MINE")
    browser = {**opened(editor, organization), "note": "First line.\r\nSecond line."}
    assert sent(editor, organization, browser).status_code == 302
    assert sent(editor, organization, mine).status_code == 302


def test_fields_that_are_not_on_the_form_do_not_count(editor: Client, organization: Organization) -> None:
    mine = opened(editor, organization, acronym="MINE")
    Organization.objects.filter(pk=organization.pk).update(sort_name="another", slug="another-invented-slug")
    assert sent(editor, organization, mine).status_code == 302


def test_what_is_no_value_is_shown_as_it_was_typed_and_goes_on_to_be_an_error(
    editor: Client, organization: Organization
) -> None:
    mine = opened(editor, organization, founded="2006-13", region="999999")
    Organization.objects.filter(pk=organization.pk).update(founded="1943")
    page = sent(editor, organization, mine)
    assert (page.status_code, texts(page)["founded"]) == (409, ["", "1943", "2006-13"])
    answer = sent(editor, organization, answered(page, founded="mine"))
    assert answer.status_code == 200 and "2006-13" in str(answer.context["errors"])
    mended = filled(answer, founded="2006", region="")
    assert sent(editor, organization, mended).status_code == 302
    organization.refresh_from_db()
    assert organization.founded == "2006"


def test_a_form_with_an_error_still_knows_what_it_was_filled_in_for(editor: Client, organization: Organization) -> None:
    answer = sent(editor, organization, opened(editor, organization, founded="2006-13"))
    Organization.objects.filter(pk=organization.pk).update(name="Theirs")
    assert sent(editor, organization, filled(answer, founded="2006")).status_code == 409


@pytest.mark.parametrize("button", ["_continue", "_addanother", "_save"])
def test_the_button_that_was_pressed_keeps_its_meaning(button: str, editor: Client, organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(acronym="BEFORE")
    mine = opened(editor, organization, name="Mine", **{button: "Save"})
    Organization.objects.filter(pk=organization.pk).update(acronym="THEIRS")
    answer = sent(editor, organization, answered(sent(editor, organization, mine)))
    leads = {"_continue": address(organization), "_addanother": address(Organization, "add")}
    assert answer.url == leads.get(button, address(Organization, "changelist"))


def test_a_popup_is_asked_in_its_window_and_then_closes(editor: Client, organization: Organization) -> None:
    url = f"{address(organization)}?_popup=1&_to_field=id"
    mine = {**filled(editor.get(url), name="Mine"), "_popup": "1", "_to_field": "id"}
    Organization.objects.filter(pk=organization.pk).update(acronym="THEIRS")
    page = editor.post(url, mine)
    assert page.status_code == 409 and "breadcrumbs" not in page.content.decode()
    assert "data-popup-response" in editor.post(url, answered(page)).content.decode()


# -- Rows ----------------------------------------------------------------------------------------------------


@pytest.fixture
def seat(organization: Organization) -> Seat:
    return make(Seat, organization=organization, city="Inventedtown", locator="p. 1")


def test_a_row_is_asked_about_field_by_field(editor: Client, organization: Organization, seat: Seat) -> None:
    mine = opened(editor, organization, **{"seats-0-city": "Mine", "seats-0-since": "1999"})
    Seat.objects.filter(pk=seat.pk).update(city="Theirs", locator="p. 2")
    page = sent(editor, organization, mine)
    assert presets(page) == {"seats-0-city": "", "seats-0-since": "mine", "seats-0-locator": "theirs"}
    assert sent(editor, organization, answered(page, seats__0__city="theirs")).status_code == 302
    seat.refresh_from_db()
    assert (seat.city, seat.since, seat.locator) == ("Theirs", "1999", "p. 2")


def test_a_row_that_they_deleted_stays_deleted_or_is_added_again(
    editor: Client, organization: Organization, seat: Seat
) -> None:
    other = make(Seat, organization=organization, city="Otherville")
    for choice, cities in (("theirs", {"Otherville, mine"}), ("mine", {"Otherville, mine", "Mine"})):
        seat = Seat.objects.filter(pk=seat.pk).first() or make(Seat, organization=organization, city="Inventedtown")
        shown = filled(editor.get(address(organization)))
        of = {shown[f"seats-{place}-id"]: place for place in range(2)}
        number = of[seat.pk]
        entered = {f"seats-{number}-city": "Mine", f"seats-{1 - number}-city": "Otherville, mine"}
        new = {"seats-TOTAL_FORMS": 3, "seats-2-city": "", "seats-2-published": "on"}
        mine = {**shown, **entered, **new}
        Seat.objects.filter(pk=seat.pk).delete()
        page = sent(editor, organization, mine)
        assert page.status_code == 409 and presets(page) == {f"seats-{number}": ""}
        answer = sent(editor, organization, answered(page, **{f"seats__{number}": choice}))
        assert answer.status_code == 302
        assert set(organization.seats.values_list("city", flat=True)) == cities
    assert Seat.objects.get(pk=other.pk).city == "Otherville, mine"


def test_a_row_that_they_deleted_and_i_left_alone_stays_deleted_unless_chosen(
    editor: Client, organization: Organization, seat: Seat
) -> None:
    mine = opened(editor, organization, acronym="MINE")
    seat.delete()
    page = sent(editor, organization, mine)
    assert presets(page) == {"seats-0": "theirs"}
    assert "Deleted" in page.content.decode()
    assert sent(editor, organization, answered(page)).status_code == 302
    organization.refresh_from_db()
    assert organization.acronym == "MINE" and not organization.seats.exists()


def test_a_row_that_both_deleted_is_no_question(editor: Client, organization: Organization, seat: Seat) -> None:
    mine = opened(editor, organization, **{"acronym": "MINE", "seats-0-DELETE": "on"})
    seat.delete()
    assert sent(editor, organization, mine).status_code == 302
    organization.refresh_from_db()
    assert organization.acronym == "MINE"


@pytest.mark.parametrize(("choice", "left"), [("theirs", ["Theirs"]), ("mine", [])])
def test_a_row_that_i_delete_and_they_changed_is_asked_about(
    choice: str, left: list[str], editor: Client, organization: Organization, seat: Seat
) -> None:
    mine = opened(editor, organization, **{"seats-0-DELETE": "on", "seats-0-locator": "p. 9"})
    Seat.objects.filter(pk=seat.pk).update(city="Theirs")
    page = sent(editor, organization, mine)
    assert page.status_code == 409 and presets(page) == {"seats-0": ""}
    assert sent(editor, organization, answered(page, seats__0=choice)).status_code == 302
    assert list(organization.seats.values_list("city", flat=True)) == left
    assert not organization.seats.exclude(locator="p. 1").exists()


def test_a_row_that_nobody_else_touched_is_deleted(editor: Client, organization: Organization, seat: Seat) -> None:
    assert sent(editor, organization, opened(editor, organization, **{"seats-0-DELETE": "on"})).status_code == 302
    assert not organization.seats.exists()


def test_rows_that_they_added_stay_and_are_no_question(editor: Client, organization: Organization) -> None:
    mine = opened(editor, organization, acronym="MINE")
    added = make(Seat, organization=organization)
    assert sent(editor, organization, mine).status_code == 302
    assert list(organization.seats.all()) == [added]


def test_rows_that_are_only_read_are_no_question(editor: Client) -> None:
    country = make(Country, name="Invented Land")
    mine = opened(editor, country, name="Mine")
    from_behind = country.constituents.create(group="workers", name="Invented", source=country.source)
    assert sent(editor, country, mine).status_code == 302
    mine = opened(editor, country, name="Mine again")
    country.constituents.filter(pk=from_behind.pk).update(name="Theirs")
    assert sent(editor, country, mine).status_code == 302
    assert country.constituents.get().name == "Theirs"


def test_a_row_that_was_not_on_the_form_is_not_written(editor: Client, organization: Organization, seat: Seat) -> None:
    other = make(Seat, city="Elsewhere")
    mine = opened(editor, organization, **{"seats-0-id": other.pk, "seats-0-city": "Mine"})
    assert sent(editor, organization, mine).status_code == 400
    other.refresh_from_db()
    assert other.city == "Elsewhere"


# -- Forms that do not say for what --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [VERSION, f"seats-{VERSION}"])
@pytest.mark.parametrize("token", [None, "", "forged", "of another"])
def test_a_form_that_does_not_say_its_version_is_not_saved_and_what_was_typed_is_shown(
    name: str, token: str | None, editor: Client, organization: Organization, seat: Seat
) -> None:
    mine = opened(editor, organization, **{"name": "What I typed", "seats-0-city": "And in the row"})
    mine[name] = opened(editor, make(Organization))[name] if token == "of another" else token
    answer = sent(editor, organization, {key: value for key, value in mine.items() if value is not None})
    page = answer.content.decode()
    assert answer.status_code == 400 and "What I typed" in page and "And in the row" in page
    organization.refresh_from_db()
    assert organization.name == "Invented Union"


def test_a_record_that_was_deleted_meanwhile_is_said_to_be_and_what_was_typed_is_shown(
    editor: Client, organization: Organization, seat: Seat
) -> None:
    region = Region.objects.all()[0]
    mine = opened(editor, organization, **{"name": "What I typed", "region": region.pk, "seats-0-city": "In the row"})
    organization.delete()
    answer = sent(editor, Organization(pk=mine["seats-0-organization"]), mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "was deleted while you had it open" in page
    assert "What I typed" in page and str(region) in page and "In the row" in page
    assert not Organization.objects.filter(name="What I typed").exists()


def test_a_record_that_never_was_is_answered_as_django_does(editor: Client) -> None:
    assert sent(editor, Organization(pk=987654), {"name": "x"}).status_code == 302


def test_whoever_may_not_change_a_record_learns_nothing_of_it(staff: Staff, organization: Organization) -> None:
    assert sent(staff("viewer"), organization, {}).status_code == 403


# -- Deleting ------------------------------------------------------------------------------------------------


def confirmed(client: Client, record: Any) -> dict[str, Any]:
    page = client.get(address(record, "delete"))
    return {"post": "yes", VERSION: page.context["version"]}


def test_a_record_is_deleted_as_it_was_shown(editor: Client, organization: Organization) -> None:
    assert sent(editor, organization, confirmed(editor, organization), "delete").status_code == 302
    assert not Organization.objects.filter(pk=organization.pk).exists()


def test_a_record_that_changed_since_is_asked_about_again(editor: Client, organization: Organization) -> None:
    yes = confirmed(editor, organization)
    Organization.objects.filter(pk=organization.pk).update(acronym="THEIRS")
    organization.themes.add(Theme.objects.order_by("pk")[0])
    page = sent(editor, organization, yes, "delete")
    text = page.content.decode()
    assert page.status_code == 409 and "IU → THEIRS" in text and Theme.objects.order_by("pk")[0].name in text
    again = {"post": "yes", VERSION: page.context["version"]}
    assert sent(editor, organization, again, "delete").status_code == 302


def test_a_row_that_came_since_is_not_deleted_unseen(editor: Client, organization: Organization) -> None:
    yes = confirmed(editor, organization)
    make(OrganizationName, organization=organization)
    assert sent(editor, organization, yes, "delete").status_code == 409
    assert Organization.objects.filter(pk=organization.pk).exists()


def test_without_saying_what_was_shown_nothing_is_deleted(editor: Client, organization: Organization) -> None:
    for token in ({}, {VERSION: "forged"}, {VERSION: opened(editor, organization)[VERSION]}):
        assert sent(editor, organization, {"post": "yes", **token}, "delete").status_code == 400
    assert Organization.objects.filter(pk=organization.pk).exists()


def test_whoever_may_not_delete_is_refused_as_before(staff: Staff, organization: Organization) -> None:
    assert sent(staff("viewer"), organization, {"post": "yes"}, "delete").status_code == 403


# -- Lists that are edited -----------------------------------------------------------------------------------


LIST = "/admin/engagement/theme/"


@pytest.fixture
def themes(monkeypatch: pytest.MonkeyPatch) -> list[Theme]:
    """Three, in a list with fields to fill in."""
    monkeypatch.setattr(admin_of(Theme), "list_display", ("slug", "name", "published"))
    monkeypatch.setattr(admin_of(Theme), "list_editable", ("name", "published"))
    return [make(Theme, name=f"Invented theme {number}") for number in range(3)]


def listed(client: Client, **changes: str) -> dict[str, Any]:
    """What the list of the invented themes sends, with changes by the theme's name."""
    formset = client.get(f"{LIST}?q=Invented").context["cl"].formset
    data = {bound.html_name: bound.value() for form in (formset.management_form, *formset) for bound in form}
    names = {form.instance.name: form["name"].html_name for form in formset}
    data |= {names[f"Invented theme {key.removeprefix('of_')}"]: value for key, value in changes.items()}
    return {name: value for name, value in data.items() if value is not False} | {"_save": "Save"}


def shown_themes() -> set[str]:
    return set(Theme.objects.filter(pk__gt=0, name__contains="nvented").values_list("name", flat=True))


def test_a_list_is_saved_where_nobody_else_wrote(editor: Client, themes: list[Theme]) -> None:
    assert editor.post(f"{LIST}?q=Invented", listed(editor, of_0="Invented, mine")).status_code == 302
    assert "Invented, mine" in shown_themes()


def test_a_stale_list_is_asked_about_row_by_row(editor: Client, themes: list[Theme]) -> None:
    mine = listed(editor, of_0="Invented, mine", of_1="Invented too, mine")
    Theme.objects.filter(pk=themes[0].pk).update(name="Invented, theirs")
    page = editor.post(f"{LIST}?q=Invented", mine)
    assert page.status_code == 409 and list(presets(page).values()) == [""]
    (name,) = presets(page)
    chosen = answered(page, **{name.replace("-", "__"): "theirs"})
    assert editor.post(f"{LIST}?q=Invented", chosen).status_code == 302
    assert {"Invented, theirs", "Invented too, mine", "Invented theme 2"} == shown_themes()


def test_a_row_of_a_list_that_is_gone_stays_so(editor: Client, themes: list[Theme]) -> None:
    mine = listed(editor, of_0="Invented, mine", of_1="Invented too, mine")
    themes[0].delete()
    page = editor.post(f"{LIST}?q=Invented", mine)
    assert page.status_code == 409
    (name,) = presets(page)
    assert all(not choice.label for choice in page.context["sections"][0].questions[0].choices[1:])
    chosen = answered(page, **{name.replace("-", "__"): "theirs"})
    assert editor.post(f"{LIST}?q=Invented", chosen).status_code == 302
    assert {"Invented too, mine", "Invented theme 2"} == shown_themes()


def test_a_list_that_does_not_say_its_version_is_not_saved(editor: Client, themes: list[Theme]) -> None:
    mine = listed(editor, of_0="Invented, mine")
    del mine[f"form-{VERSION}"]
    answer = editor.post(f"{LIST}?q=Invented", mine)
    assert answer.status_code == 400 and "Invented, mine" in answer.content.decode()
    assert "Invented theme 0" in shown_themes()


# -- At the same moment --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_of_eight_editors_at_once_one_is_accepted_a_round_and_no_accepted_edit_is_lost(tmp_path: Path) -> None:
    with environment.own_database(tmp_path, "editors", environment.TABLES) as url:
        settings = environment.portal(tmp_path, DATABASE_URL=url)
        run = "from tests.admin.racing import race; race(8, 10)"
        done = environment.manage("shell", "--no-imports", "-c", run, settings=settings)
    assert done.stdout.split() == ["10", "70", "0"], done.stderr


# -- What it costs -------------------------------------------------------------------------------------------


def with_seats(number: int) -> Organization:
    organization = make(Organization)
    for _number in range(number):
        make(Seat, organization=organization)
    return organization


def test_opening_a_form_asks_nothing_for_its_version(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    organization, counts = with_seats(10), []
    editor.get(address(organization))
    for _guarded in (True, False):
        with CaptureQueriesContext(connection) as captured:
            editor.get(address(organization))
        counts.append(len(captured))
        for name in ("render_change_form", "get_formsets_with_inlines"):
            monkeypatch.delattr(GuardedAdmin, name, raising=False)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("number", [2, 10])
def test_comparing_takes_eight_queries_whatever_the_number_of_rows(
    number: int, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record, once more and locked, its one many-to-many field, and the rows of each of five inlines."""
    counts, overtaken = [], GuardedAdmin.overtaken

    def counted(*arguments: Any) -> Any:
        with CaptureQueriesContext(connection) as captured:
            answer = overtaken(*arguments)
        counts.append(len(captured))
        return answer

    monkeypatch.setattr(GuardedAdmin, "overtaken", counted)
    organization = with_seats(number)
    assert sent(editor, organization, opened(editor, organization)).status_code == 302
    assert counts == [8]


def test_opening_a_form_locks_nothing_and_writes_nothing(editor: Client, organization: Organization) -> None:
    for page in ("change", "delete"):
        with CaptureQueriesContext(connection) as captured:
            editor.get(address(organization, page))
        said = [query["sql"] for query in captured]
        assert [sql for sql in said if re.match(r"SAVEPOINT|BEGIN|INSERT|UPDATE|DELETE|.*FOR UPDATE", sql)] == []


def test_the_page_looks_up_nothing_for_each_row(
    editor: Client, monkeypatch: pytest.MonkeyPatch, organization: Organization
) -> None:
    """Django itself looks up each row that is sent back; what is counted is the page that is made of them."""
    counts, shown = [], versions.conflict_page

    def counted(admin: Any, request: Any, found: Conflict, *rest: Any) -> Any:
        assert found.is_open  # the forms are checked by now
        with CaptureQueriesContext(connection) as captured:
            answer = shown(admin, request, found, *rest)
        counts.append(len(captured))
        return answer

    monkeypatch.setattr(versions, "conflict_page", counted)
    for number in (2, 10):
        organization = with_seats(number)
        mine = opened(editor, organization)
        organization.seats.update(city="Theirs", as_of="1901")
        assert sent(editor, organization, mine).status_code == 409
    assert counts[0] == counts[1], counts


def test_the_page_has_nothing_inline_that_the_policy_would_refuse(editor: Client, organization: Organization) -> None:
    mine = opened(editor, organization, name="<script>alert(1)</script>")
    Organization.objects.filter(pk=organization.pk).update(name="<b onclick=x>Theirs</b>")
    for page in (sent(editor, organization, mine), sent(editor, organization, {"name": "<script>"})):
        text = page.content.decode()
        assert re.findall(r"<[^>]*\s(?:style|on[a-z]+)\s*=|<style|<script(?![^>]*\bsrc=)[^>]*>", text) == []


def test_personal_data_in_rows_stays_with_those_who_see_it(staff: Staff) -> None:
    office = make(Office)
    contact = make(Contact, office=office, name="Invented Person")
    editor = staff("editor")
    mine = opened(editor, office, name="Mine")
    Contact.objects.filter(pk=contact.pk).update(title="Changed")
    assert sent(editor, office, mine).status_code == 302
    mine = opened(editor, office, name="Mine again")
    Office.objects.filter(pk=office.pk).update(name="Theirs")
    assert "Invented Person" not in sent(editor, office, mine).content.decode()
