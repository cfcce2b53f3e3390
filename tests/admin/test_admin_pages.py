"""Every model has its list and forms, and none of them asks the database once a row."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.admin_site import SECTIONS
from engagement.models import Contact, Country, Instrument, Organization, Snapshot, Theme
from tests.admin.rows import MODELS, address, admin_of, make

pytestmark = pytest.mark.django_db

OF_EDITORS = [model for model in MODELS if model is not Contact]
PARENTS = [(model, rows) for model in OF_EDITORS for rows in admin_of(model).inlines if rows.model is not Contact]

each_model = pytest.mark.parametrize("model", OF_EDITORS, ids=lambda model: model._meta.model_name)


def queries(client: Client, url: str) -> int:
    client.get(url)  # content types and the like are cached from here on
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_every_model_of_the_register_is_in_the_admin() -> None:
    assert [model for model in MODELS if model not in site._registry] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_every_field_that_people_fill_in_is_on_the_form_once(model: Any, admin_client: Client) -> None:
    shown = admin_client.get(address(model, "add")).context["adminform"]
    names = flatten_fieldsets([(fieldset.name, {"fields": fieldset.fields}) for fieldset in shown])
    besides = ["reason"] if admin_of(model).proposes else []  # of a proposal
    assert sorted(names) == sorted(shown.form.fields) == sorted([*admin_of(model).editable(), *besides])


@each_model
def test_the_list_and_both_forms_open_for_an_editor(model: Any, editor: Client) -> None:
    record = make(model)
    pages = [address(model, "changelist"), address(model, "add")]
    pages += [address(record, page) for page in ("change", "history")]
    assert {url: editor.get(url).status_code for url in pages} == dict.fromkeys(pages, 200)


@each_model
def test_a_list_can_be_searched_and_each_filter_opens(model: Any, editor: Client) -> None:
    make(model)
    url = address(model, "changelist")
    answer = editor.get(url, {"q": "invented"})
    assert answer.status_code == 200
    choices = [
        choice["query_string"]
        for spec in answer.context["cl"].filter_specs
        for choice in spec.choices(answer.context["cl"])
    ]
    assert [query for query in choices if editor.get(url + query).status_code != 200] == []


@each_model
def test_a_list_of_30_asks_no_more_of_the_database_than_a_list_of_3(
    model: Any, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(30):
        make(model)
    counts = []
    for size in (3, 30):
        monkeypatch.setattr(admin_of(model), "list_per_page", size)
        counts.append(queries(editor, address(model, "changelist")))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("model", "rows"), PARENTS, ids=[f"{model._meta.model_name}-{rows.__name__}" for model, rows in PARENTS]
)
def test_a_form_with_10_rows_inside_asks_no_more_than_one_with_2(model: Any, rows: Any, editor: Client) -> None:
    record = make(model)
    link = rows.fk_name or next(field.name for field in rows.model._meta.fields if field.related_model is model)
    counts = []
    for wanted in (2, 10):
        while rows.model.objects.filter(**{link: record}).count() < wanted:
            make(rows.model, **{**without_other_parent(rows.model, link), link: record})
        counts.append(queries(editor, address(record)))
    assert counts[0] == counts[1]


def without_other_parent(model: Any, link: str) -> dict[str, Any]:
    """A result is of a programme or of a project, never of both."""
    return {"project": None} if link == "programme" else {}


def test_pickers_answer_for_every_relation(editor: Client) -> None:
    relations = [
        (model, name) for model in OF_EDITORS for name in admin_of(model).get_autocomplete_fields(request=None)
    ]
    url = reverse("admin:autocomplete")
    asked = {"app_label": "engagement", "term": "a"}
    wrong = [
        (model, name)
        for model, name in relations
        if editor.get(url, {**asked, "model_name": model._meta.model_name, "field_name": name}).status_code != 200
    ]
    assert relations and wrong == []


def test_a_list_finds_the_decade_of_a_partial_date_and_those_without_one(editor: Client) -> None:
    for founded in ("1943~", "194X", "", "../2022"):
        make(Organization, name=f"Founded in {founded or 'an unknown year'}", founded=founded)
    url = address(Organization, "changelist")

    def found(decade: str) -> set[str]:
        rows = editor.get(url, {"founded_decade": decade, "q": "Founded in"}).context["cl"].result_list
        return {row.founded for row in rows}

    assert found("194") == {"1943~", "194X"}
    assert found("unknown") == {""}
    assert found("000") == {"../2022"}


def test_the_front_page_lists_the_models_by_concept_in_the_order_of_the_work(admin_client: Client) -> None:
    apps = admin_client.get(reverse("admin:index")).context["app_list"]
    sections = [app for app in apps if app["app_label"] == "engagement"]
    assert apps[: len(sections)] == sections
    assert [section["name"] for section in sections] == list(SECTIONS.values())
    assert [str(section["name"]) for section in (sections[0], sections[-1])] == ["Consultation", "Snapshots"]
    listed = [entry["model"] for section in sections for entry in section["models"]]
    assert sorted(listed, key=str) == sorted([*MODELS, Snapshot], key=str)


def test_a_form_leads_to_the_public_page_only_where_there_is_one(editor: Client) -> None:
    shown, withdrawn, theme = make(Organization), make(Organization, published=False), make(Theme)
    links = [editor.get(address(record)).context.get("absolute_url") for record in (shown, withdrawn, theme)]
    assert links == [shown.get_absolute_url(), None, None]


def test_the_key_is_asked_for_once_and_then_only_shown(editor: Client) -> None:
    land = make(Country)
    assert "iso2" in editor.get(address(Country, "add")).context["adminform"].form.fields
    assert "iso2" not in editor.get(address(land)).context["adminform"].form.fields


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_pages_have_nothing_inline_that_the_policy_would_refuse(page: str, staff: Callable[[str], Client]) -> None:
    organization = make(Organization)
    organization.name = "Another name"
    organization.save()
    answer = staff("approver").get(address(organization, page))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+)\s*=|<style|<script(?![^>]*\bsrc=)[^>]*>", text) == []


def test_every_page_leads_to_the_public_site_and_names_the_register(client: Client, editor: Client) -> None:
    for answer in (client.get(reverse("admin:login")), editor.get(address(Instrument, "changelist"))):
        text = answer.content.decode()
        assert f'href="{reverse("engagement:home")}"' in text and "css/admin.css" in text
        assert "Register of civil-society engagement with the ILO" in text
