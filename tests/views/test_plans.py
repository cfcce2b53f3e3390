"""No statement of a page reads a whole table of records: what it costs does not grow with them."""

import re

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement import freshness
from engagement.directories import DIRECTORIES, Directory
from engagement.freshness.store import LOG
from engagement.models import ConsultativeStatus, Invitation, Organization, OrganizationName, Seat

ON_POSTGRESQL = connection.vendor == "postgresql"
# Tables that grow with the register. Vocabularies, which have some hundreds of rows at most, may be read whole.
LARGE = [
    LOG,
    *(model._meta.db_table for model in (Organization, ConsultativeStatus, OrganizationName, Seat)),
    Organization.themes.through._meta.db_table,
    *{directory.records().model._meta.db_table for directory in DIRECTORIES if directory.name != "countries"},
]

# Tables of which sets and rows are kept that follow each change, and how many rows of them a statement may give after
# one: the keys at which an order is cut.
FOLLOWED = {model._meta.db_table for model in (Organization, OrganizationName, Seat, ConsultativeStatus, Invitation)}
MOST_KEYS = 12

every_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)


def plan(sql: str) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        if ON_POSTGRESQL:
            cursor.execute("SET LOCAL enable_seqscan = off")  # tables of tests are so small that it would read them all
            cursor.execute("EXPLAIN " + sql)
        else:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def read_whole(sql: str) -> list[str]:
    """The large tables that the statement reads from the first row to the last."""
    words = r"Seq Scan on (\w+)" if ON_POSTGRESQL else r"^SCAN (\w+)(?! USING (?:COVERING )?INDEX)"
    return [table for table in re.findall(words, plan(sql), re.MULTILINE) if table in LARGE]


def rows_of(sql: str) -> int:
    """How many rows the statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return len(cursor.fetchall())


def statements_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(("SELECT", "("))]


@every_directory
def test_a_list_whose_sets_are_at_hand_reads_no_table_whole(
    committed_register: None, client: Client, directory: Directory
) -> None:
    first = directory.filterset.base_filters["sort"].extra["choices"][-2][0]
    address = f"/{directory.name}/"
    client.get(address)
    client.get(f"{address}?sort={first}", follow=True)
    for asked in (address, f"{address}?page=2" if len(directory.ask(QueryDict()).keys()) > 25 else address):
        for sql in statements_of(client, asked):
            assert read_whole(sql) == [], (asked, sql)


@pytest.mark.parametrize(
    ("model", "address", "most"),
    [(Organization, "/organizations/", 25), (ConsultativeStatus, "/statuses/", 22), (Invitation, "/invitations/", 15)],
)
def test_after_an_edit_of_an_organization_the_next_list_reads_the_rows_of_what_changed_alone(
    committed_register: None, client: Client, model: type[Model], address: str, most: int
) -> None:
    client.get(address)
    shown = client.get(address).content.decode()
    [slug, *_others] = re.findall(r'<h3><a href="/organizations/([^/"#]+)/', shown)
    Organization.objects.filter(slug=slug).update(acronym="QUOKKA")
    statements = statements_of(client, address)
    table = model._meta.db_table
    whole = [rows_of(sql) for sql in statements if f'"{table}"."id", "{table}"."published"' in sql]
    assert whole == [1], slug
    assert len(statements) <= most
    for sql in statements:
        assert read_whole(sql) == [], sql
        if re.findall(r'FROM "?(\w+)', sql)[0] in FOLLOWED:
            assert rows_of(sql) <= MOST_KEYS, sql


def test_the_page_of_an_organization_reads_no_table_whole(committed_register: None, client: Client) -> None:
    one = Organization.objects.published().filter(statuses__isnull=False, seats__isnull=False)[0]
    for sql in statements_of(client, one.get_absolute_url()):
        assert read_whole(sql) == [], sql


def test_a_plan_that_reads_a_table_whole_is_told(db: None) -> None:
    table = Organization._meta.db_table
    assert read_whole(f"SELECT * FROM {table} WHERE acronym || 'x' = 'y'") == [table]
    assert freshness.revision() >= 0
