"""Which records a reader may say are wrong, and what the public sees in each of their fields."""

from typing import Any

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import override

from engagement.directories.correctable import RecordQuestion, find, label_in, name_of, still_public, value_now
from engagement.directories.editing import kinds
from engagement.models import Contact, Discrepancy
from engagement.models.citations import belongs_to
from tests.admin.rows import make
from tests.factories import make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

UNKNOWN = "names no record that this register shows"


def problem(name: str) -> str:
    return RecordQuestion(QueryDict(urlencode({"record": name}))).problems().get("record", "")


def shown(record: Any) -> dict[str, tuple[str, str]]:
    """By the name of a field its label and its value."""
    subject = find(name_of(record))
    assert subject is not None
    return {each.name: (each.label, each.value) for each in subject.fields()}


def test_a_record_of_every_kind_that_stands_on_a_page_can_be_spoken_of_and_names_its_place_and_fields() -> None:
    assert len(kinds()) > 30
    for kind, model in kinds().items():
        record = model.objects.published().first() or make(model)
        subject = find(name_of(record))
        assert subject is not None and subject.record == record and subject.kind == kind
        assert subject.cited.url and subject.cited.label
        fields = subject.fields()
        assert fields, kind
        for each in fields:
            assert each.label and each.label[0].isupper() and each.name not in (model.key_field, "published", "public")
            assert value_now(record, each.name, "en") == each.value


def test_whatever_the_public_does_not_see_gets_the_answer_of_what_is_not_there() -> None:
    withdrawn, parent = make_organization(published=False), make_organization()
    status = make_status(organization=parent)
    name = name_of(status)
    assert problem(name) == ""
    parent.published = False
    parent.save()
    remark = Discrepancy.objects.create(
        kind="organization", record_key=withdrawn.slug, label="Withdrawn", field="name", reading_a="x", reading_b="y"
    )
    private = make(Contact, public=False)
    names = ("organization:nobody", "nothing:x", "organization:", ":", "organization", "theme:employment", "x" * 240,
             "operation:1", "organization:\x00", "organization:'; --")  # fmt: skip
    for hidden in (name_of(withdrawn), name, name_of(remark), name_of(private), *names):
        assert problem(hidden) and find(hidden[:200].replace("\x00", "")) is None
    assert {problem(each) for each in (name_of(withdrawn), name, name_of(remark), name_of(private), names[0])} == {
        UNKNOWN
    }


def test_a_record_that_belongs_to_a_withheld_one_of_any_kind_is_withheld() -> None:
    for model in kinds().values():
        for parent in belongs_to(model):
            field = model._meta.get_field(parent)
            record = model.objects.published().filter(**{f"{parent}__isnull": False}).first() or make(model)
            if getattr(record, field.attname) is None:
                continue
            owner = field.related_model._base_manager.get(pk=getattr(record, field.attname))
            assert find(name_of(record)) is not None
            type(owner)._base_manager.filter(pk=owner.pk).update(published=False)
            assert find(name_of(record)) is None, (model, parent)
            type(owner)._base_manager.filter(pk=owner.pk).update(published=True)


def test_values_are_in_the_words_of_the_page_and_of_withheld_records_nothing_is_told() -> None:
    status = make_status(granted="2006-11", source=make_source(title="A secret source", published=False))
    told = shown(status)
    assert told["granted"] == ("Granted", "November 2006")
    assert told["source"] == ("Source", "a record that is not public")
    assert told["region"] == ("Region", "") and told["category"][1] == "Special List"
    with override("fr"):
        assert shown(status)["granted"] == ("Date d’octroi", "novembre 2006")
    assert list(told)[-4:] == ["source", "locator", "as_of", "note"]
    assert value_now(status, "granted", "fr") == "novembre 2006" and value_now(status, "gone", "en") == ""


def test_a_category_is_offered_in_english_and_the_language_of_the_page() -> None:
    category = make_status().category
    assert {"summary", "summary_fr", "summary_es"} & set(shown(category)) == {"summary"}
    with override("es"):
        assert {"summary", "summary_fr", "summary_es"} & set(shown(category)) == {"summary", "summary_es"}


def test_of_a_contact_only_what_its_page_shows_is_offered_and_never_the_e_mail() -> None:
    contact = make(Contact, public=True, lawful_basis="public-role", email="secret@invented.example")
    assert set(shown(contact)) == set(Contact.PUBLIC_FIELDS)
    assert "secret@invented.example" not in str(shown(contact))


def test_what_is_said_of_records_is_listed_with_those_that_are_public_by_now() -> None:
    one, other = make_organization(), make_organization()
    spoken = [Discrepancy(kind="organization", record_key=body.slug) for body in (one, other)]
    assert set(still_public(spoken)) == {("organization", one.slug), ("organization", other.slug)}
    other.published = False
    other.save()
    assert set(still_public(spoken)) == {("organization", one.slug)}
    assert still_public([]) == {}


def test_a_field_has_its_label_and_the_record_as_a_whole_one_of_its_own() -> None:
    assert label_in("organization", "acronym") == "Acronym"
    assert label_in("organization", "") == "Another thing on this page"
    assert label_in("organization", "gone") == "gone" and label_in("no-kind", "x") == "x"
