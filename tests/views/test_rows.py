"""Rows are rendered once, for as long as they say the same, and what others wrote stays text."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import conditional_escape

from engagement.models import Organization, Region
from tests.factories import make_organization, make_status


def queries_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def test_a_list_asked_again_reads_none_of_its_rows_again(committed_register: None, client: Client) -> None:
    assert any("engagement_organizationname" in sql for sql in queries_of(client, "/organizations/"))
    again = queries_of(client, "/organizations/")
    assert not any("engagement_organization" in sql for sql in again), again
    assert len(again) <= 12


def test_a_row_that_changed_is_rendered_anew_and_the_others_are_not(committed_register: None, client: Client) -> None:
    client.get("/organizations/")
    shown = client.get("/organizations/").context["page"][3]
    Organization.objects.filter(slug=shown.key).update(acronym="QUOKKA")
    page = client.get("/organizations/")
    assert "(QUOKKA)" in conditional_escape(page.context["page"][3])
    with CaptureQueriesContext(connection) as queries:
        client.get("/organizations/")
    assert not any("engagement_organizationname" in query["sql"] for query in queries)


@pytest.mark.django_db
def test_names_are_escaped_once(client: Client) -> None:
    make_organization(name="0 <b>Bold</b> & Sons", slug="zero-bold")
    html = client.get("/organizations/").content.decode()
    assert "0 &lt;b&gt;Bold&lt;/b&gt; &amp; Sons</a>" in html
    assert "&lt;h3&gt;" not in html


def test_a_row_says_at_once_how_the_region_of_a_status_is_called_now(committed_register: None, client: Client) -> None:
    region = Region.objects.all()[0]
    make_status(region=region, organization=make_organization(name="0 Quokka"))
    assert f"({region.name})" in client.get("/organizations/").content.decode()
    Region.objects.filter(pk=region.pk).update(name="Renamed")
    assert "(Renamed)" in client.get("/organizations/").content.decode()
