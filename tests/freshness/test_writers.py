"""Whoever writes, and however: a row is noted if a column of it really differs, and only then."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from simple_history.utils import bulk_create_with_history

from engagement.freshness import changes, install, revision
from engagement.models import Country, Organization, OrganizationName, Project, Source, Theme
from tests.factories import make_country, make_organization, make_source
from tests.freshness.toys import LINK, NAMED_TOY, ON_POSTGRESQL, add, noting, number, own_noted, run

pytestmark = pytest.mark.django_db


def make_name(organization: Organization, name: str) -> OrganizationName:
    kind, source = OrganizationName._meta.get_field("kind").choices[0][0], make_source()
    return OrganizationName.objects.create(organization=organization, name=name, kind=kind, source=source)


def make_project() -> Project:
    return Project.objects.create(slug="test-project", title="A project", sort_name="a project", source=make_source())


def test_a_record_saved_changed_and_deleted_is_noted_each_time() -> None:
    with noting() as noted:
        theme = Theme.objects.create(name="Test theme")
        key = theme.pk
        theme.name = "Another theme"
        theme.save()
        theme.delete()
    assert noted == [("theme", key, action) for action in ("insert", "update", "delete")]


def test_saving_a_record_as_it_is_notes_nothing() -> None:
    theme = Theme.objects.create(name="Test theme")
    with noting() as noted:
        theme.save()
        Theme.objects.get(pk=theme.pk).save(force_update=True)
        Theme.objects.get_or_create(name="Test theme")
        Theme.objects.update_or_create(slug=theme.slug, defaults={"name": "Test theme"})
    assert noted == []


def test_an_update_of_many_notes_those_that_differ() -> None:
    one, two = make_organization(acronym="A"), make_organization(acronym="B")
    with noting() as noted:
        changed = Organization.objects.filter(pk__in=[one.pk, two.pk]).update(acronym="B")
    assert (changed, noted) == (2, [("organization", one.pk, "update")])


def test_an_update_of_no_row_notes_nothing() -> None:
    with noting() as noted:
        Organization.objects.filter(slug="not there").update(acronym="X")
        Organization.objects.filter(slug="not there").delete()
    assert noted == []


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ({"acronym": "Ab"}, {"acronym": "AB"}, 1),
        ({"acronym": "é"}, {"acronym": "e\N{COMBINING ACUTE ACCENT}"}, 1),
        ({"last_verified": None}, {"last_verified": "2026-01-01"}, 1),
        ({"last_verified": "2026-01-01"}, {"last_verified": None}, 1),
        ({"last_verified": None}, {"last_verified": None}, 0),
        ({"founded": "2006"}, {"founded": "2006~"}, 1),
        ({"published": True}, {"published": False}, 1),
        ({"name": "One"}, {"name": F("name")}, 0),
    ],
)
def test_case_marks_and_nulls_are_differences(before: Any, after: Any, count: int) -> None:
    organization = make_organization(**before)
    with noting() as noted:
        Organization.objects.filter(pk=organization.pk).update(**after)
    assert noted == [("organization", organization.pk, "update")] * count


def test_bulk_create_notes_every_row() -> None:
    with noting() as noted:
        made = Theme.objects.bulk_create([Theme(slug=f"t-{each}", name=f"T {each}") for each in range(5)])
    assert noted == [("theme", theme.pk, "insert") for theme in made]


def test_bulk_update_notes_the_rows_that_differ() -> None:
    themes = Theme.objects.bulk_create([Theme(slug=f"t-{each}", name=f"T {each}") for each in range(4)])
    themes[1].name, themes[3].name = "Changed", "Changed too"
    with noting() as noted:
        Theme.objects.bulk_update(themes, ["name"])
    assert sorted(noted) == [("theme", themes[1].pk, "update"), ("theme", themes[3].pk, "update")]


def test_an_upsert_notes_the_new_and_the_changed_and_not_the_equal() -> None:
    old = Theme.objects.bulk_create([Theme(slug="t-0", name="T 0"), Theme(slug="t-1", name="T 1")])
    rows = [Theme(slug="t-0", name="T 0"), Theme(slug="t-1", name="Changed"), Theme(slug="t-2", name="T 2")]
    with noting() as noted:
        Theme.objects.bulk_create(rows, update_conflicts=True, unique_fields=["slug"], update_fields=["name"])
    assert set(noted) == {("theme", old[1].pk, "update"), ("theme", Theme.objects.get(slug="t-2").pk, "insert")}
    assert len(noted) == 2


def test_rows_left_out_for_a_conflict_are_not_noted() -> None:
    theme = Theme.objects.create(slug="t-0", name="T 0")
    with noting() as noted:
        Theme.objects.bulk_create([Theme(slug="t-0", name="Other")], ignore_conflicts=True)
    theme.refresh_from_db()
    assert (theme.name, noted) == ("T 0", [])


def test_bulk_writes_with_history_are_noted_and_the_history_is_not() -> None:
    source = make_source()
    rows = [Organization(slug=f"o-{each}", name="O", sort_name="o", source=source) for each in range(3)]
    with noting() as noted:
        bulk_create_with_history(rows, Organization)
    assert Organization.history.filter(slug__startswith="o-").count() == 3
    assert [(table, action) for table, _, action in noted] == [("organization", "insert")] * 3


def test_a_fixture_is_noted_as_far_as_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "themes.json"
    old = Theme.objects.create(slug="t-0", name="T 0")
    same = Theme.objects.create(slug="t-1", name="T 1")
    rows = [{"slug": "t-0", "name": "Changed"}, {"slug": "t-1", "name": "T 1"}, {"slug": "t-2", "name": "T 2"}]
    path.write_text(json.dumps([{"model": "engagement.theme", "fields": fields} for fields in rows]))
    with noting() as noted:
        call_command("loaddata", str(path), verbosity=0)
    assert noted == [("theme", old.pk, "update"), ("theme", Theme.objects.get(slug="t-2").pk, "insert")]
    assert same.pk not in {key for _, key, _ in noted}


def test_sql_by_hand_is_noted() -> None:
    theme = Theme.objects.create(slug="t-0", name="By hand")
    with noting() as noted:
        run("UPDATE engagement_theme SET name = upper(name) WHERE id = %s", [theme.pk], using="default")
        run("UPDATE engagement_theme SET name = upper(name) WHERE id = %s", [theme.pk], using="default")
        run("UPDATE engagement_theme SET name = 'Back' WHERE id = %s", [theme.pk], using="default")
        run("DELETE FROM engagement_theme WHERE id = %s", [theme.pk], using="default")
    assert noted == [("theme", theme.pk, action) for action in ("update", "update", "delete")]


def test_a_row_that_gets_another_key_is_noted_under_both() -> None:
    theme = Theme.objects.create(slug="t-0", name="T 0")
    with noting() as noted:
        run("UPDATE engagement_theme SET id = 987654 WHERE id = %s", [theme.pk], using="default")
    assert sorted(noted) == sorted([("theme", theme.pk, "delete"), ("theme", 987654, "insert")])


def test_what_a_deletion_takes_along_is_noted() -> None:
    organization = make_organization()
    organization.themes.add(Theme.objects.create(name="Test theme"))
    names = [make_name(organization, name) for name in ("One", "Two")]
    keys, key = [name.pk for name in names], organization.pk
    with noting() as noted:
        organization.delete()
    assert {("organizationname", key, "delete") for key in keys} < set(noted)
    assert noted[-1] == ("organization", key, "delete")


def test_a_link_that_comes_or_goes_is_a_change_of_its_owner() -> None:
    project = make_project()
    first, second, third = (make_country(code) for code in ("XA", "XB", "XC"))
    owner = ("project", project.pk, "update")
    for act in (
        lambda: project.countries.add(first, second),
        lambda: project.countries.remove(first),
        lambda: project.countries.set([first, third]),
        lambda: Project.countries.through.objects.filter(country=third).delete(),
        lambda: project.countries.clear(),
    ):
        with noting() as noted:
            act()
        assert set(noted) == {owner}


def test_links_set_as_they_are_note_nothing() -> None:
    project, country = make_project(), make_country("XA")
    project.countries.set([country])
    with noting() as noted:
        project.countries.add(country)
        project.countries.set([country])
        project.countries.remove(make_country("XB"))
    assert [each for each in noted if each[0] == "project"] == []


def test_a_link_moved_to_another_owner_is_a_change_of_both(own: str) -> None:
    run("INSERT INTO toy_link (id, toy_id, other) VALUES (1, 10, 5)")
    after = revision(own)
    run("UPDATE toy_link SET toy_id = 20")
    run("UPDATE toy_link SET toy_id = 20")
    run("UPDATE toy_link SET other = 6")
    assert sorted(own_noted(after)) == [("toy", 10, "update"), ("toy", 20, "update"), ("toy", 20, "update")]


def test_a_savepoint_that_is_rolled_back_leaves_nothing() -> None:
    with noting() as noted:
        kept = Theme.objects.create(name="Kept")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Theme.objects.create(name="Lost")
            raise ZeroDivisionError
        late = Theme.objects.create(name="Kept, too")
    assert noted == [("theme", kept.pk, "insert"), ("theme", late.pk, "insert")]


def test_changes_after_constraints_were_checked_early_are_noted_too() -> None:
    with noting() as noted:
        first = Theme.objects.create(name="First")
        connection.check_constraints()
        second = Theme.objects.create(name="Second")
    assert noted == [("theme", first.pk, "insert"), ("theme", second.pk, "insert")]


def test_an_emptied_register_is_noted_row_by_row_and_goes_on_being_noted() -> None:
    rows = {("country", key, "delete") for key in Country.objects.values_list("pk", flat=True)}
    assert rows
    with noting() as noted:
        call_command("flush", interactive=False, verbosity=0)
    assert rows <= set(noted)
    with noting() as noted:
        Source.objects.create(slug="first", title="First")
    assert [(table, action) for table, _, action in noted] == [("source", "insert")]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no other roles")
def test_a_role_that_may_write_a_table_and_nothing_else_is_noted_and_not_refused() -> None:
    if not run("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", using="default")[0][0]:
        pytest.skip("only a superuser makes roles and takes them on")
    theme = Theme.objects.create(name="Test theme")
    with noting() as noted:
        run("CREATE ROLE freshness_test_role", using="default")
        run("GRANT SELECT, UPDATE ON engagement_theme TO freshness_test_role", using="default")
        run("SET LOCAL ROLE freshness_test_role", using="default")
        run("UPDATE engagement_theme SET name = 'By another' WHERE id = %s", [theme.pk], using="default")
        connection.check_constraints()
        run("RESET ROLE", using="default")
    assert noted == [("theme", theme.pk, "update")]


def test_any_series_of_statements_notes_exactly_the_rows_that_differ(own: str) -> None:
    chance = random.Random(20061115)
    for _ in range(300):
        low = chance.randrange(30)
        rows = f"id BETWEEN {low} AND {low + chance.randrange(12)}"
        name = chance.choice(["'a'", "'A'", "NULL", "name", "coalesce(name, 'b')", "'a' || id % 3"])
        upsert = f"ON CONFLICT (id) DO UPDATE SET name = {name.replace('name', 'toy.name').replace('id %', 'toy.id %')}"
        statement = chance.choice(
            [
                f"UPDATE toy SET name = {name} WHERE {rows}",
                f"DELETE FROM toy WHERE {rows}",
                f"INSERT INTO toy VALUES ({low}, 'x'), ({low + 1}, NULL) ON CONFLICT DO NOTHING",
                f"INSERT INTO toy VALUES ({low}, 'x'), ({low + 2}, NULL) {upsert}",
            ]
        )
        before, after = dict(run("SELECT id, name FROM toy")), revision(own)
        run(statement)
        now = dict(run("SELECT id, name FROM toy"))
        differing = {
            ("toy", key, "insert" if key not in before else "delete" if key not in now else "update")
            for key in before.keys() | now.keys()
            if key not in before or key not in now or before[key] != now[key]
        }
        noted = own_noted(after)
        assert len(noted) == len(differing) and set(noted) == differing, statement


def test_a_bulk_statement_after_a_single_one_and_the_other_way_round_note_each_row_once(own: str) -> None:
    add(0)
    run("UPDATE toy SET name = 'changed'")
    values = ", ".join(f"({key}, 'many')" for key in range(1, 5001))
    run(f"INSERT INTO toy VALUES {values}")
    after = revision(own)
    run("UPDATE toy SET name = 'changed'")
    assert sorted(own_noted(after)) == [("toy", key, "update") for key in range(1, 5001)]
    after = revision(own)
    run("UPDATE toy SET name = 'once more' WHERE id = 7")
    assert own_noted(after) == [("toy", 7, "update")]


def test_a_part_that_comes_changes_hands_or_goes_is_noted_for_its_owners_too() -> None:
    first, second = make_organization(), make_organization()
    with noting() as noted:
        name = make_name(first, "Once")
    noted[:] = [entry for entry in noted if entry[0] != "source"]
    assert sorted(noted) == [("organization", first.pk, "part"), ("organizationname", name.pk, "insert")]
    with noting() as noted:
        OrganizationName.objects.filter(pk=name.pk).update(organization=second)
    assert sorted(noted) == [
        *sorted([("organization", first.pk, "part"), ("organization", second.pk, "part")]),
        ("organizationname", name.pk, "update"),
    ]
    with noting() as noted:
        OrganizationName.objects.filter(pk=name.pk).update(organization=second, name="Once")
    assert noted == []
    with noting() as noted:
        run("DELETE FROM engagement_organizationname WHERE id = %s", [name.pk], using="default")
    assert sorted(noted) == [("organization", second.pk, "part"), ("organizationname", name.pk, "delete")]


# -- Names -----------------------------------------------------------------------------------------------------------


def names_since(after: int) -> list[tuple[str, str]]:
    """Action and name of what was noted of organizations, in order."""
    number()
    return [(each.action, each.name) for each in changes(after, tables=["engagement_organization"])]


def test_a_change_is_noted_with_the_name_of_its_row_and_a_part_or_a_link_without() -> None:
    number()
    after, body = revision(), make_organization(slug="quokka")
    body.slug = "wombat"
    body.save()
    make_name(body, "Once")
    body.themes.add(Theme.objects.all()[0])
    body.delete()
    found = names_since(after)
    assert found[:2] == [("insert", "quokka"), ("update", "wombat")] and found[-1] == ("delete", "wombat")
    assert {name for action, name in found if action == "part"} == {""} and ("update", "") in found


def test_what_the_public_sees_neither_before_nor_after_is_noted_without_a_name() -> None:
    number()
    after, body = revision(), make_organization(slug="quokka", published=False)
    for published in (False, True, True, False, False):
        body.published, body.acronym = published, f"{body.acronym}x"
        body.save()
    body.delete()
    shown = ["", "", "quokka", "quokka", "quokka", "", ""]
    assert [name for _, name in names_since(after)] == shown


def test_a_row_that_gets_another_key_and_name_leaves_its_former_name(own: str) -> None:
    install([NAMED_TOY, LINK], using=own)
    add(1, "first")
    after = revision(own)
    run("UPDATE toy SET id = 2, name = 'second'")
    found = {(each.key, each.action, each.name) for each in changes(after, using=own)}
    assert found == {(1, "delete", "first"), (2, "insert", "second")}


def test_any_statement_of_many_rows_notes_each_with_its_own_name(own: str) -> None:
    install([NAMED_TOY, LINK], using=own)
    after = revision(own)
    values = ", ".join(f"({key}, 'toy {key}')" for key in range(1, 2001))
    run(f"INSERT INTO toy VALUES {values}")
    run("UPDATE toy SET name = name || '!' WHERE id % 2 = 0")
    run("DELETE FROM toy WHERE id % 3 = 0")
    for each in changes(after, using=own):
        changed = each.action != "insert" and each.key % 2 == 0
        assert each.name == f"toy {each.key}{'!' if changed else ''}"
