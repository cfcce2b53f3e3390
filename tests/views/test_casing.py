"""Codes are upper case, slugs lower case; the other case redirects and keeps the query."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/countries/pk/", "/countries/PK/"),
        ("/instruments/c144/", "/instruments/C144/"),
        ("/categories/Special-List/", "/categories/special-list/"),
        ("/sources/Profile/?page=2", "/sources/profile/?page=2"),
    ],
)
def test_the_other_case_redirects_to_the_canonical_address(client: Client, asked: str, canonical: str) -> None:
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, canonical)
