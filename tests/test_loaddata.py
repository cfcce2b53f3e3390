"""`loaddata`: its history, and what it says of a fixture that cannot be loaded."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from engagement.models import Organization, Source, Theme

pytestmark = pytest.mark.django_db

Thing = dict[str, Any]


def source(slug: str = "a-source") -> Thing:
    return {"model": "engagement.source", "fields": {"slug": slug, "title": "A source"}}


def theme(slug: str) -> Thing:
    return {"model": "engagement.theme", "fields": {"slug": slug, "name": slug.title()}}


def organization(slug: str, **fields: Any) -> Thing:
    given = {"slug": slug, "name": slug, "sort_name": slug, "source": ["a-source"], **fields}
    return {"model": "engagement.organization", "fields": given}


def write(path: Path, *things: Thing) -> str:
    path.write_text(json.dumps(things), encoding="utf-8")
    return str(path)


def load(path: Path, *things: Thing) -> None:
    call_command("loaddata", write(path, *things), verbosity=0)


@pytest.fixture
def fixture(tmp_path: Path) -> Path:
    return tmp_path / "bodies.json"


def kinds(slug: str) -> list[str]:
    rows = Organization.history.filter(slug=slug).order_by("history_id")
    return [row.history_type for row in rows]


def test_a_record_without_history_gets_one_row_that_holds_its_links(fixture: Path) -> None:
    bodies = organization("body-one", themes=[["x-work"], ["x-pay"]]), organization("body-two")
    load(fixture, source(), theme("x-work"), theme("x-pay"), *bodies)
    assert kinds("body-one") == kinds("body-two") == ["+"]
    noted = Organization.history.get(slug="body-one")
    assert {link.theme.slug for link in noted.themes.all()} == {"x-work", "x-pay"}
    assert not Organization.history.get(slug="body-two").themes.exists()


def test_links_to_records_further_down_the_file_are_noted_with_the_record(fixture: Path) -> None:
    load(fixture, source(), organization("body-one", themes=[["x-late"]]), theme("x-late"))
    assert kinds("body-one") == ["+"]
    assert [link.theme.slug for link in Organization.history.get(slug="body-one").themes.all()] == ["x-late"]


def test_loading_twice_leaves_the_same_history(fixture: Path) -> None:
    things = source(), theme("x-work"), organization("body-one", themes=[["x-work"]])
    load(fixture, *things)
    load(fixture, *things)
    assert kinds("body-one") == ["+"]


def test_a_load_that_overwrites_an_edit_stands_in_the_history(fixture: Path) -> None:
    load(fixture, source(), organization("body-one"))
    edited = Organization.objects.get(slug="body-one")
    edited.acronym = "BO"
    edited.save()
    load(fixture, source(), organization("body-one"))
    assert kinds("body-one") == ["+", "~", "~"]
    assert [row.acronym for row in Organization.history.filter(slug="body-one").order_by("history_id")] == [
        "",
        "BO",
        "",
    ]


def test_a_load_that_changes_links_alone_stands_in_the_history_once(fixture: Path) -> None:
    load(fixture, source(), theme("x-work"), organization("body-one", themes=[["x-work"]]))
    load(fixture, source(), theme("x-pay"), organization("body-one", themes=[["x-pay"]]))
    assert kinds("body-one") == ["+", "~"]
    newest = Organization.history.filter(slug="body-one").latest("history_id")
    assert [link.theme.slug for link in newest.themes.all()] == ["x-pay"]


def test_a_value_that_does_not_fit_is_one_line_with_file_and_object_and_nothing_is_loaded(fixture: Path) -> None:
    things = source(), organization("body-one"), organization("body-two", last_verified="some day")
    with pytest.raises(CommandError) as refused:
        load(fixture, *things)
    assert str(refused.value).startswith(f"{fixture}: object 3 (engagement.organization body-two): ")
    assert "some day" in str(refused.value) and "\n" not in str(refused.value)
    assert not Organization.objects.filter(slug="body-one").exists()
    assert not Source.objects.filter(slug="a-source").exists()


@pytest.mark.parametrize(
    ("things", "place"),
    [
        ((source(), organization("body-one"), organization("", name="b")), "object 3 (engagement.organization )"),
        ((organization("body-one", source=["nowhere"]),), "object 1 (engagement.organization body-one)"),
        ((source(), {"model": "engagement.nothing", "fields": {}}), "object 2 (engagement.nothing None)"),
        ((source(), organization("body-one", colour="red")), "object 2 (engagement.organization body-one)"),
    ],
    ids=["constraint", "missing source", "unknown model", "unknown field"],
)
def test_what_the_database_or_the_model_refuses_is_named_too(
    fixture: Path, things: tuple[Thing, ...], place: str
) -> None:
    with pytest.raises(CommandError) as refused:
        load(fixture, *things)
    assert str(refused.value).startswith(f"{fixture}: {place}: ")
    assert "\n" not in str(refused.value)
    assert not Organization.objects.filter(slug="body-one").exists()


def test_a_link_to_nothing_is_one_line_and_nothing_is_loaded(fixture: Path) -> None:
    with pytest.raises(CommandError, match=r"Theme matching query does not exist.*engagement\.organization"):
        load(fixture, source(), organization("body-one", themes=[["no-such-theme"]]))
    assert not Organization.objects.filter(slug="body-one").exists()


def test_a_file_that_is_not_json_is_one_line_that_names_it(fixture: Path) -> None:
    fixture.write_text('[{"model": "engagement.source",', encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("loaddata", str(fixture), verbosity=0)
    assert str(refused.value).startswith(f"{fixture}: ")
    assert "\n" not in str(refused.value)


def test_of_two_files_neither_is_loaded_when_the_second_is_broken(tmp_path: Path) -> None:
    first = write(tmp_path / "first.json", source(), theme("x-work"))
    second = write(tmp_path / "second.json", organization("body-one", themes=[["x-nothing"]], last_verified="?"))
    with pytest.raises(CommandError, match=r"second\.json: object 1"):
        call_command("loaddata", first, second, verbosity=0)
    assert not Theme.objects.filter(slug="x-work").exists()


def test_loading_the_fixtures_of_the_register_again_leaves_the_same_data_and_history() -> None:
    def everything() -> str:
        written = StringIO()
        natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
        call_command("dumpdata", "engagement", stdout=written, **natural)
        return written.getvalue()

    before = everything()
    call_command("loaddata", "profile", "register", verbosity=0)
    assert everything() == before
    assert before.count('"model": "engagement.constituent"') == 542
