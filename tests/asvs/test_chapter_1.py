"""V1 Encoding and sanitization: what people write is text to every interpreter that it comes to."""

import csv
import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from lxml import etree
from openpyxl import load_workbook

from engagement.exchange.importing.base import Refused
from engagement.exchange.importing.reading import read
from engagement.models import Organization
from engagement.web.paperfiles import NotTaken, paper_of
from tests.asking import archive
from tests.exchange.importing.files import MAIN, workbook
from tests.factories import make_organization, make_source, make_status
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db

MARKUP = """"'></title></script><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}&amp;"""
# What a page would hold where the text was taken for markup.
TAKEN_FOR_MARKUP = ("<script>alert", "<img src=x", "49&amp;")
HOSTILE = (
    "' OR '1'='1",
    "'; DROP TABLE engagement_organization; --",
    "') UNION SELECT 1,2,3 --",
    '" OR ""="',
    "\\'",
    "%' --",
)


@pytest.fixture
def marked() -> Organization:
    """An organization whose every text is markup, with a status and a source like it."""
    source = make_source(title=f"S {MARKUP}", note=MARKUP)
    body = make_organization(name=f"Zq {MARKUP}", note=MARKUP, source=source)
    make_status(organization=body, source=source, note=MARKUP)
    catch_up()
    return body


def test_asvs_1_2_1_texts_are_encoded_for_html_json_and_xml(marked: Organization, admin_client: Client) -> None:
    record, source = marked.get_absolute_url(), marked.source.get_absolute_url()
    pages = [record, source, "/organizations/?q=Zq", "/search/?q=Zq", "/statuses/?q=Zq"]
    pages += [f"/admin/engagement/organization/{marked.pk}/{page}/" for page in ("change", "history", "delete")]
    pages += ["/admin/engagement/organization/?q=Zq", f"/corrections/new/?record=organization:{marked.slug}"]
    pages += [f"{path}?{urlencode({'q': MARKUP})}" for path in ("/organizations/", "/search/")]
    for page in pages:
        said = admin_client.get(page)
        assert said.status_code == 200, page
        assert [sign for sign in TAKEN_FOR_MARKUP if sign in said.content.decode()] == [], page
    page = admin_client.get(record).content.decode()
    (linked,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert MARKUP.split("{{")[0] in json.dumps(json.loads(linked), ensure_ascii=False).replace('\\"', '"')
    feed = etree.fromstring(admin_client.get("/organizations.atom").content)
    assert any(MARKUP in "".join(text.itertext()) for text in feed.iter("{http://www.w3.org/2005/Atom}title"))
    assert admin_client.get(f"/api/v1/organizations/{marked.slug}/").json()["name"] == marked.name


def test_asvs_1_2_4_what_readers_write_is_a_parameter_and_never_part_of_the_sql(client: Client) -> None:
    statements: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    before = Organization.objects.count()
    with connection.execute_wrapper(look):
        for number, hostile in enumerate(HOSTILE):
            words = f"zqx{number} {hostile} qzx{number}"
            for path in ("/search/", "/organizations/", "/api/v1/organizations/", "/organizations.csv", "/projects/"):
                answer = client.get(path, {"q": words})
                assert answer.status_code in (200, 400), (path, words)
                b"".join(answer) if answer.streaming else answer.content
            client.post("/meeting-check/", {"names": words, "meeting": "ilc-106"})
            client.get("/organizations/", {"sort": words, "category": words})
    assert len(statements) > 50 and not [sql for sql in statements if "zqx" in sql or "qzx" in sql]
    assert Organization.objects.count() == before


def test_asvs_1_2_9_signs_of_regular_expressions_are_searched_for_as_they_are(client: Client) -> None:
    make_organization(name="Invented body Zxqwertyky")
    catch_up()
    assert client.get("/organizations/", {"q": "Zxqwertyky"}).context["page"].paginator.count == 1
    for words in ("Zxq.{5}ky", "Zxq[a-z]+ky", "zxq(w|x).*ky$"):
        assert client.get("/organizations/", {"q": words}).context["page"].paginator.count == 0, words
    began = time.monotonic()
    for words in ("(((((", "[", "a{99999}", "(a+)+$ " + "a" * 90, "\\", "?*+"):
        assert client.get("/search/", {"q": words}).status_code == 200, words
    assert time.monotonic() - began < 10
    sources = [path for path in Path(settings.BASE_DIR, "engagement").rglob("*.py") if "migrations" not in path.parts]
    lookups = [found for path in sources for found in re.findall(r"__i?regex\b(.*)", path.read_text(encoding="utf-8"))]
    assert len(sources) > 200 and len(lookups) > 2
    assert [each for each in lookups if not re.match(r"=(r\"|[A-Z_]+\b)", each)] == [], "made of something that came in"


def test_asvs_1_2_10_a_cell_that_begins_like_a_formula_is_text_in_a_spreadsheet(client: Client) -> None:
    source = make_source()
    begins = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=HYPERLINK(0)"]
    for number, begin in enumerate(begins):
        make_organization(name=f"{begin} Zqformula {number}", source=source)
    catch_up()
    rows = [*csv.DictReader(io.StringIO(body_of(client.get("/organizations.csv?q=Zqformula")).decode("utf-8-sig")))]
    assert len(rows) == len(begins) and all(row["name"].startswith("'") for row in rows)
    sheet: Any = load_workbook(io.BytesIO(body_of(client.get("/organizations.xlsx?q=Zqformula")))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if "Zqformula" in str(cell.value)]
    assert len(cells) >= len(begins) and {cell.data_type for cell in cells} == {"s"}


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200
    whole: bytes = b"".join(answer) if answer.streaming else answer.content
    return whole


OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def test_asvs_1_5_1_no_xml_that_comes_in_has_entities_of_its_own() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>name</t></si><si><t>&x;</t></si></sst>'
    with pytest.raises(Refused):
        [*read("x.xlsx", workbook(strings=OUTSIDE + strings)).rows]
    types = archive(**{"[Content_Types].xml": OUTSIDE + "<Types>&x;</Types>"})
    with pytest.raises(NotTaken):
        paper_of("other", "x.docx", types)
