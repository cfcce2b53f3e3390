"""robots.txt, the sitemap and the description of the search."""

import datetime
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from lxml import etree

from engagement.models import Organization, Source
from engagement.views import site_files
from tests.factories import make_organization

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
# The protocol's own rules (sitemaps.org, 0.9), as a schema: only what this site uses of it.
SCHEMA = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.sitemaps.org/schemas/sitemap/0.9"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><choice>
    <element name="sitemapindex"><oneOrMore><element name="sitemap"><ref name="loc"/></element></oneOrMore></element>
    <element name="urlset"><oneOrMore><element name="url"><ref name="loc"/>
      <zeroOrMore><element name="link" ns="http://www.w3.org/1999/xhtml">
        <attribute name="rel" ns=""><value>alternate</value></attribute>
        <attribute name="hreflang" ns=""/><attribute name="href" ns=""><data type="anyURI"/></attribute>
      </element></zeroOrMore></element></oneOrMore></element>
  </choice></start>
  <define name="loc"><element name="loc"><data type="anyURI">
    <param name="minLength">12</param><param name="maxLength">2048</param></data></element></define>
</grammar>"""


def read(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/xml"
    document = etree.fromstring(response.content)
    etree.RelaxNG(etree.fromstring(SCHEMA)).assertValid(document)
    return document


def locations(document: Any) -> list[str]:
    return [element.text for element in document.iter(f"{SITEMAP}loc")]


def path_of(url: str) -> str:
    assert url.startswith("http://testserver/")
    return url.removeprefix("http://testserver")


def test_the_sitemap_names_every_record_in_every_language_and_each_page_of_it_answers(client: Client) -> None:
    files = locations(read(client, "/sitemap.xml"))
    paths = [path_of(url) for file in files for url in locations(read(client, path_of(file)))]
    assert len(paths) == len(set(paths))
    for organization in Organization.objects.published():
        for prefix in ("", "/fr", "/es"):
            assert f"{prefix}/organizations/{organization.slug}/" in paths
    assert len(paths) > 3 * Source.objects.published().count()
    for path in [*paths[:90], *paths[90::97]]:
        assert client.get(path).status_code == 200, path


def test_pages_in_the_sitemap_name_each_other_in_all_languages(client: Client) -> None:
    by_url = {
        url.find(f"{SITEMAP}loc").text: [(link.get("hreflang"), link.get("href")) for link in url.iter(LINK)]
        for url in read(client, "/sitemap-countries-1.xml")
    }
    for url, alternates in by_url.items():
        assert [code for code, _ in alternates] == [*dict(settings.LANGUAGES), "x-default"]
        assert url in dict(alternates).values()
        for _code, other in alternates:
            assert by_url[other] == alternates


def test_what_is_not_published_and_the_contacts_are_in_no_sitemap(client: Client) -> None:
    hidden = make_organization(name="Hidden body", published=False)
    files = locations(read(client, "/sitemap.xml"))
    text = "".join(client.get(path_of(file)).content.decode() for file in files)
    assert hidden.slug not in text
    assert "/contacts/" not in text and "/admin/" not in text


def test_a_long_section_is_cut_into_files_that_the_index_names(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_files, "RECORDS_A_FILE", 20)
    files = [file for file in locations(read(client, "/sitemap.xml")) if "sitemap-organizations-" in file]
    records = Organization.objects.published().count()
    assert len(files) == -(-records // 20)
    found = [url for file in files for url in locations(read(client, path_of(file)))]
    assert len(set(found)) == 3 * records
    assert client.get(f"/sitemap-organizations-{len(files) + 1}.xml").status_code == 404
    assert client.get("/sitemap-nothing-1.xml").status_code == 404
    assert client.get("/sitemap-pages-2.xml").status_code == 404


def test_whoever_has_the_sitemap_of_this_revision_need_not_load_it_again(client: Client) -> None:
    first = client.get("/sitemap-organizations-1.xml")
    again = client.get("/sitemap-organizations-1.xml", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_robots_are_told_of_the_sitemap_and_kept_from_what_has_no_end(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /fr/admin/", "Disallow: /*?", "Allow: /*?page="} <= set(lines)
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_the_description_of_the_search_leads_to_it_and_keeps_to_the_lengths_of_the_format(client: Client) -> None:
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    document = etree.fromstring(response.content)
    assert len(document.findtext(f"{space}ShortName")) <= 16
    assert len(document.findtext(f"{space}LongName")) <= 48
    assert "Not a site of the ILO" in document.findtext(f"{space}Description")
    template = document.find(f"{space}Url").get("template")
    page = client.get(path_of(template.replace("{searchTerms}", "soroptimist")))
    assert page.status_code == 200 and "Soroptimist International" in page.content.decode()
    home = client.get("/").content.decode()
    assert re.search(
        r'<link rel="search" type="application/opensearchdescription\+xml"[^>]*href="/opensearch.xml"', home
    )


@override_settings(SITE_NAME="Registre <des> relations & autres")
def test_a_name_of_the_site_with_marks_of_xml_leaves_the_files_well_formed(client: Client) -> None:
    document = etree.fromstring(client.get("/opensearch.xml").content)
    assert "<des> relations & autres" in document.findtext("{http://a9.com/-/spec/opensearch/1.1/}LongName")


def test_where_nobody_is_named_there_is_no_security_txt(client: Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


@override_settings(SECURITY_CONTACT=["mailto:security@register.example", "https://register.example/report?a=1&b=2"])
def test_whoever_finds_a_weakness_is_told_where_to_report_it_and_until_when_that_holds(client: Client) -> None:
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.partition(": ")[::2] for line in response.content.decode().splitlines() if line]
    assert [said for name, said in fields if name == "Contact"] == [
        "mailto:security@register.example", "https://register.example/report?a=1&b=2",
    ]  # fmt: skip
    (expires,) = [datetime.datetime.fromisoformat(said) for name, said in fields if name == "Expires"]
    left = expires - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=170) < left < datetime.timedelta(days=365)
    assert dict(fields)["Preferred-Languages"] == "en, fr, es"
    assert dict(fields)["Canonical"] == "http://testserver/.well-known/security.txt"
    assert {name for name, _said in fields} == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
