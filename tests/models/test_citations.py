"""From a source to what stands on it, and from what speaks of a record to the record."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import (
    Contact,
    Discrepancy,
    FurtherSource,
    Initiative,
    Office,
    RelationKind,
    Source,
)
from engagement.models.citations import Facts, cited, records_of, remarks_about
from engagement.views.related import impersonally
from tests.factories import make_organization, make_source, make_status

pytestmark = pytest.mark.django_db


def test_a_source_lists_every_published_fact_that_names_it_in_one_query() -> None:
    source = make_source()
    status = make_status(source=source, organization=make_organization(source=source))
    relation = RelationKind.objects.create(name="A relation", source=source)
    make_organization(source=source, published=False)
    with CaptureQueriesContext(connection) as queries:
        facts = [cited(row) for row in Facts(source)]
    assert len(queries) == 1
    assert {fact.url for fact in facts} == {
        status.get_absolute_url(),
        status.organization.get_absolute_url(),
        relation.get_absolute_url(),
    }
    assert {fact.kind for fact in facts} == {"consultative status", "organization", "relation kind"}


def test_the_facts_of_all_sources_are_all_the_facts_with_a_place() -> None:
    source = Source.objects.get(slug="profile")
    listed = {(cited(row).model, cited(row).key) for row in Facts(source)}
    models: set[Any] = {model for model, _key in listed}
    assert len(models) >= 15
    for model in models:
        of_model = {key for each, key in listed if each is model}
        own = model._default_manager.filter(source=source, published=True)
        assert of_model == {record.natural_key()[0] for record in own}


def test_a_part_of_the_facts_of_a_source_is_that_part_of_them_all() -> None:
    source = Source.objects.get(slug="profile")
    every = list(Facts(source))
    facts = Facts(source)
    assert len(facts) == len(every) > 100
    for start in range(0, len(every) + 20, 17):
        with CaptureQueriesContext(connection) as queries:
            assert facts[start : start + 40] == every[start : start + 40]
        assert len(queries) <= 1
    assert Facts(source, facts.numbers)[5:200] == every[5:200]


def test_a_source_that_nothing_names_has_no_facts() -> None:
    assert (len(Facts(make_source())), Facts(make_source())[0:50]) == (0, [])


def test_a_record_with_two_possible_places_stands_at_the_first_that_it_has() -> None:
    for initiative in Initiative.objects.all():
        page = "/engagement/" + (f"{initiative.actor_group.slug}/" if initiative.actor_group else "")
        assert initiative.get_absolute_url() == f"{page}#initiatives-{initiative.key}"


def test_a_record_on_a_list_of_several_pages_is_addressed_so_that_the_list_shows_it() -> None:
    office = Office.objects.get(name="ILO Office in Lisbon")
    assert office.get_absolute_url() == f"/offices/?q=ILO+Office+in+Lisbon#offices-{office.slug}"


def test_records_are_found_by_kind_and_key_hidden_ones_are_not_and_contacts_stay_impersonal() -> None:
    status, hidden = make_status(), make_organization(published=False)
    contact = Contact.objects.create(
        name="Bea Public", public=True, source=make_source(), purpose="to test", lawful_basis="public-role"
    )
    keys = {"consultativestatus": status.key, "organization": hidden.slug, "contact": contact.key, "nonsense": "x"}
    spoken_of = [Discrepancy(kind=kind, record_key=key) for kind, key in keys.items()]
    found = impersonally(records_of(spoken_of))
    assert set(found) == {("consultativestatus", status.key), ("contact", contact.key)}
    assert "Bea" not in str(found["contact", contact.key].label) and found["contact", contact.key].url == "/contacts/"
    record = found["consultativestatus", status.key]
    assert record.url == status.get_absolute_url() and status.organization.name in record.label


def test_what_is_said_of_another_kind_of_record_with_the_same_key_is_not_said_of_it() -> None:
    body = make_organization(slug="one")
    status = make_status(organization=body, key="two")
    for kind, key in (("organization", "two"), ("consultativestatus", "one"), ("project", "one")):
        FurtherSource.objects.create(kind=kind, record_key=key, source=make_source())
    assert remarks_about([body, status]) == [] == remarks_about([])
    FurtherSource.objects.create(kind="consultativestatus", record_key="two", source=make_source(title="Said here"))
    assert [remark.title_a for remark in remarks_about([body, status])] == ["Said here"]


def test_further_sources_and_discrepancies_of_records_come_in_one_query() -> None:
    body, source = make_organization(), make_source(title="Another source")
    FurtherSource.objects.create(kind="organization", record_key=body.slug, source=source, reading="says so too")
    Discrepancy.objects.create(
        kind="organization", record_key=body.slug, field="founded", reading_a="1919", source_a=source, reading_b="1920"
    )
    with CaptureQueriesContext(connection) as queries:
        further, disagreeing = sorted(remarks_about([body]), key=lambda remark: remark.is_discrepancy)
    assert len(queries) == 1
    assert (further.title_a, further.reading_a) == ("Another source", "says so too")
    assert (disagreeing.field, disagreeing.reading_a, disagreeing.reading_b) == ("founded", "1919", "1920")
