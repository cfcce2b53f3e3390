"""What was read, sealed; what a record says in some of its fields; and who the history says wrote it."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.desk.versions import Unreadable, deletions_of, locked, notes_on, said_by, seal, unseal
from engagement.models import Organization, Project, Source, Theme
from tests.admin.rows import make

pytestmark = pytest.mark.django_db


def test_a_seal_gives_back_what_was_sealed() -> None:
    said = {"name": "Ünïon ‹1›", "themes": [1, 2], "region_id": None, "published": True}
    assert unseal("engagement.organization:1:", seal("engagement.organization:1:", said)) == said


def test_a_seal_is_good_for_no_other_form_and_not_when_a_letter_was_changed() -> None:
    token = seal("engagement.organization:1:", {"name": "x"})
    forged = [
        "",
        "x",
        "é\x00",
        token[:-1],
        token.swapcase(),
        f"{token[:5]}{'A' if token[5] != 'A' else 'B'}{token[6:]}",
    ]
    for wrong in forged:
        with pytest.raises(Unreadable):
            unseal("engagement.organization:1:", wrong)
    with pytest.raises(Unreadable):
        unseal("engagement.organization:2:", token)


def test_a_long_text_is_sealed_smaller_than_it_is() -> None:
    assert len(seal("x", {"note": "Invented words. " * 500})) < 1000


def test_a_record_says_what_it_says_in_the_fields_named_and_no_generated_ones() -> None:
    organization = make(Organization, name="Invented", founded="1943~")
    organization.themes.add(*Theme.objects.order_by("-pk")[:2])
    said = said_by([organization], ["name", "founded", "founded_earliest", "region", "themes", "sort_name_not_there"])
    themes = sorted(organization.themes.values_list("pk", flat=True))
    assert said == {organization.pk: {"name": "Invented", "founded": "1943~", "region_id": None, "themes": themes}}


def test_decimals_and_ends_of_lines_compare_as_they_are_meant() -> None:
    project = make(Project, budget="1200.50", currency="EUR", note="one\r\ntwo")
    project.refresh_from_db()
    read = said_by([project], ["budget", "note"])
    Project.objects.filter(pk=project.pk).update(budget="1200.5", note="one\ntwo")
    project.refresh_from_db()
    assert said_by([project], ["budget", "note"]) == read


def test_many_records_are_read_with_a_query_a_many_to_many_field() -> None:
    organizations = [make(Organization) for _number in range(10)]
    with CaptureQueriesContext(connection) as with_links:
        said_by(organizations, ["name", "themes"])
    with CaptureQueriesContext(connection) as without:
        said_by(organizations, ["name", "region"])
    assert (len(with_links), len(without)) == (1, 0)
    assert said_by([], ["name"]) == {}


def test_records_are_locked_in_the_order_of_their_keys() -> None:
    pks = [make(Source).pk for _number in range(3)]
    with CaptureQueriesContext(connection) as captured:
        assert list(locked(Source, pk__in=list(reversed(pks)))) == pks
    if connection.vendor == "postgresql":
        assert "FOR UPDATE" in captured[0]["sql"]


def written(organization: Any, user: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(organization, name, value)
    organization._history_user = user
    organization.save()


def test_the_history_says_who_wrote_which_field_last() -> None:
    first, second = (get_user_model().objects.create_user(f"invented-{name}") for name in ("first", "second"))
    organization = make(Organization, name="Invented", acronym="INV")
    written(organization, first, name="Invented Renamed")
    written(organization, second, acronym="IR")
    organization.themes.add(Theme.objects.all()[0])
    now = said_by([organization], ["name", "acronym", "themes"])
    notes = notes_on(Organization, now)
    by = {name: note.history_user for (_pk, name), note in notes.items()}
    assert by["name"] == first and by["acronym"] == second and "themes" in by


def test_of_what_was_written_past_the_history_nothing_is_known() -> None:
    organization = make(Organization, acronym="INV")
    Organization.objects.filter(pk=organization.pk).update(acronym="OTHER")
    organization.refresh_from_db()
    notes = notes_on(Organization, said_by([organization], ["name", "acronym"]))
    assert [name for _pk, name in notes] == ["name"]


def test_the_history_says_who_deleted_a_record() -> None:
    there, gone = make(Organization), make(Organization)
    pk = gone.pk
    gone.delete()
    assert list(deletions_of(Organization, [there.pk, pk])) == [pk]
