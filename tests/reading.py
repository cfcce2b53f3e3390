"""What an answer costs a reader, for tests of pages whose register is committed."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

AROUND = ("BEGIN", "SET TRANSACTION", "COMMIT")


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Without those that begin and end a reading, of which there are none in a transaction of the test's own."""
    said = (query["sql"] for query in queries)
    return [sql for sql in said if not sql.lstrip().upper().startswith(AROUND)]


def statements_with_sets(client: Client, address: str) -> list[str]:
    """Those of a page that nobody has asked for yet, while the sets that it is made of are at hand: they are kept for
    all languages."""
    assert client.get(f"/fr{address}").status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return statements(queries)
