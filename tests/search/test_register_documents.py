"""What search knows of the register's records: what is public, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.dependencies import MADE_OF
from engagement.directories.documents import BATCH, DOCUMENTS, all_documents
from engagement.models import Contact, Country, Organization
from engagement.search import Document
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


def of(collection: str, pk: int) -> Document:
    (document,) = DOCUMENTS[collection]([pk])
    return document


@pytest.mark.parametrize("collection", DOCUMENTS)
def test_each_public_record_has_one_document_with_a_name_and_an_order(collection: str) -> None:
    documents = list(DOCUMENTS[collection](None))
    public = MADE_OF[collection].record.objects.published()
    assert sorted(document.record_id for document in documents) == sorted(public.values_list("pk", flat=True))
    assert all(document.sort_name and any(document.names) for document in documents)


@pytest.mark.parametrize("collection", DOCUMENTS)
def test_the_documents_of_some_records_are_those_among_all(collection: str) -> None:
    documents = {document.record_id: document for document in DOCUMENTS[collection](None)}
    some = list(documents)[:3]
    assert {document.record_id: document for document in DOCUMENTS[collection](some)} == {
        key: documents[key] for key in some
    }
    assert not list(DOCUMENTS[collection]([]))


@pytest.mark.parametrize("collection", DOCUMENTS)
def test_more_records_take_no_more_queries(collection: str) -> None:
    keys = [document.record_id for document in DOCUMENTS[collection](None)][: BATCH // 2]
    with CaptureQueriesContext(connection) as statements:
        list(DOCUMENTS[collection](keys))
    assert len(statements) <= 14


def test_every_collection_is_among_all_documents() -> None:
    assert {collection for collection, _ in all_documents()} == set(DOCUMENTS) == set(MADE_OF)


def test_an_organization_is_known_by_all_its_names_and_where_it_has_no_acronym_by_its_initials() -> None:
    women = Organization.objects.get(slug="graduate-women-international")
    assert {"IFUW", "International Federation of University Women"} <= set(of("organizations", women.pk).names)
    churches = make_organization(name="World Council of Invented Churches")
    assert "wcic" in of("organizations", churches.pk).text
    churches.acronym = "WCX"
    churches.save()
    assert "wcic" not in of("organizations", churches.pk).text


def test_a_country_is_known_by_its_names_in_three_languages_and_its_codes() -> None:
    switzerland = Country.objects.get(iso2="CH")
    assert {"Switzerland", "Suisse", "Suiza", "CH", "CHE"} <= set(of("countries", switzerland.pk).names)


def test_a_contact_is_not_known_by_an_address() -> None:
    for document in DOCUMENTS["contacts"](None):
        contact = Contact.objects.get(pk=document.record_id)
        said = " ".join((*document.names, *document.text))
        assert "@" not in said and (not contact.email or contact.email not in said)
