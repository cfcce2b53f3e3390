"""What is suggested while one types, and what the preview of a record shows."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from engagement.api.reconciliation.suggesting import PAGE
from engagement.models import Country, Organization
from tests.api.reconciliation.asking import PATH
from tests.api.reconciliation.schemas import PROPOSED, SUGGESTED, SUGGESTED_ENTITIES, Schema, errors
from tests.factories import make_organization
from tests.projecting import catch_up

pytestmark = pytest.mark.usefixtures("documents")

# What OpenRefine sends along with each letter.
OF_THE_INPUT = {"spell": "always", "exact": "false", "prefixed": "true"}


def suggested(client: Client, of: str, prefix: str, **more: str | int) -> list[dict[str, Any]]:
    response = client.get(f"{PATH}/suggest/{of}", {"prefix": prefix, **more})
    assert response.status_code == 200, response.content
    result: list[dict[str, Any]] = response.json()["result"]
    return result


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in found]


@pytest.mark.parametrize(
    ("of", "schema"), [("entity", SUGGESTED_ENTITIES), ("type", SUGGESTED), ("property", SUGGESTED)]
)
def test_suggestions_are_as_the_specification_says(client: Client, of: str, schema: Schema) -> None:
    response = client.get(f"{PATH}/suggest/{of}", {"prefix": "co", **OF_THE_INPUT})
    assert response.json()["result"] and errors(response.json(), schema) == []


@pytest.mark.parametrize("prefix", ["Amn", "amnesty", "Amnesty Inter", "Amnesty International"])
def test_a_record_is_suggested_as_its_name_is_typed(client: Client, prefix: str) -> None:
    assert "organizations/amnesty-international" in ids(suggested(client, "entity", prefix, type="organization"))


def test_a_name_that_begins_so_comes_before_what_only_mentions_it(client: Client) -> None:
    found = suggested(client, "entity", "Pakis")
    assert found[0]["id"] == "countries/PK" and len(found) > 1
    assert (found[0]["name"], found[0]["description"]) == ("Pakistan", "Country")
    assert found[0]["notable"] == [{"id": "country", "name": "Country"}]


def test_an_identifier_that_is_typed_is_suggested_first(client: Client) -> None:
    assert ids(suggested(client, "entity", "countries/CH"))[0] == "countries/CH"
    assert "countries/CH" not in ids(suggested(client, "entity", "countries/CH", type="project"))


def test_suggestions_of_a_type_are_of_that_type_alone(client: Client) -> None:
    assert ids(suggested(client, "entity", "pak", type="country")) == ["countries/PK"]


def test_the_cursor_leads_through_all_suggestions_once(client: Client) -> None:
    pages = [ids(suggested(client, "entity", "inter", type="organization", cursor=at * PAGE)) for at in range(4)]
    everything = [each for page in pages for each in page]
    assert len(pages[0]) == PAGE and len(everything) == len(set(everything)) > PAGE
    assert suggested(client, "entity", "inter", cursor=10**6) == []


@pytest.mark.parametrize("prefix", ["", " ", "*", "%", "'"])
def test_what_is_no_word_suggests_no_record(client: Client, prefix: str) -> None:
    assert suggested(client, "entity", prefix) == []


def test_a_withdrawn_record_is_neither_suggested_nor_shown(client: Client) -> None:
    body = make_organization(name="Canary of the Invented Mines")
    catch_up()
    address = f"{PATH}/preview?id=organizations/{body.slug}"
    assert client.get(address).status_code == 200 and suggested(client, "entity", "Canary")
    Organization.objects.filter(pk=body.pk).update(published=False)
    for _before_and_after in range(2):
        assert f"organizations/{body.slug}" not in ids(suggested(client, "entity", "Canary of the Invented Mines"))
        assert client.get(address).status_code == 404
        catch_up()


def test_types_and_properties_are_suggested_by_name_and_by_what_they_hold(client: Client) -> None:
    assert ids(suggested(client, "type", "Org")) == ids(suggested(client, "type", "organizations")) == ["organization"]
    assert len(suggested(client, "type", "")) == 4
    assert ids(suggested(client, "property", "member", type="country")) == ["member_since", "member_until"]
    assert "country" in ids(suggested(client, "property", "seats"))
    assert "iso3" not in ids(suggested(client, "property", "iso3", type="project"))


def test_the_properties_of_a_type_are_the_columns_of_its_directory(client: Client) -> None:
    response = client.get(f"{PATH}/properties", {"type": "country"})
    assert errors(response.json(), PROPOSED) == []
    (row,) = client.get("/api/v1/countries/?limit=1").json()["results"]
    assert ids(response.json()["properties"]) == list(row)
    few = client.get(f"{PATH}/properties?type=country&limit=3").json()
    assert (few["type"], few["limit"], len(few["properties"])) == ("country", 3, 3)


def test_without_a_type_the_properties_of_all_are_proposed_once_each(client: Client) -> None:
    found = ids(client.get(f"{PATH}/properties?type=").json()["properties"])
    assert len(found) == len(set(found)) and {"country", "iso3", "adopted", "budget"} <= set(found)


# -- Preview --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        (
            "organizations/graduate-women-international",
            ["Graduate Women International", "International Federation of University Women"],
        ),
        ("countries/PK", ["Pakistan", "PAK", "Asia and the Pacific"]),
        ("projects/training-for-rural-economic-empowerment-tree", ["(TREE)", "Pakistan"]),
        ("instruments/C144", ["Tripartite Consultation", "1976"]),
    ],
)
def test_a_preview_says_what_tells_a_record_from_others(client: Client, identifier: str, words: list[str]) -> None:
    response = client.get(f"{PATH}/preview?id={quote(identifier, safe='')}")
    page = response.content.decode()
    assert response.status_code == 200 and response["Content-Type"] == "text/html; charset=utf-8"
    assert [word for word in words if word not in page] == []
    assert f'href="http://testserver/{identifier}/" target="_blank" rel="noopener"' in page
    assert "<dt>Source</dt>" in page


def test_the_preview_alone_may_stand_in_a_frame_and_runs_no_script(client: Client) -> None:
    preview = client.get(f"{PATH}/preview?id=countries/PK")
    assert "X-Frame-Options" not in preview
    assert "frame-ancestors *" in preview["Content-Security-Policy"]
    assert "script-src 'none'" in preview["Content-Security-Policy"]
    for address in (PATH, f"{PATH}/view?id=countries/PK", "/countries/PK/"):
        other = client.get(address)
        assert other["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_a_name_in_a_preview_is_text_and_no_markup(client: Client) -> None:
    name = "<script>alert(1)</script> \u202eInvented"
    Country.objects.filter(iso2="PK").update(name=name)
    page = client.get(f"{PATH}/preview?id=countries/PK").content.decode()
    assert "<script" not in page and "&lt;script&gt;" in page
