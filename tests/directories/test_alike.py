"""Which organizations a text that somebody brought may mean."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.alike import Entry, alike
from engagement.models import NameKind, OrganizationName, Seat
from tests.admin.rows import make
from tests.factories import make_country, make_organization

pytestmark = pytest.mark.django_db


def test_an_organization_is_found_whether_it_is_public_or_not() -> None:
    public = make_organization(name="Invented Public Lamplighters")
    withheld = make_organization(name="Invented Withheld Lamplighters", published=False)
    [[one], [other], nothing] = alike(
        [Entry("invented public lamplighters"), Entry("Invented Witheld Lamplighters"), Entry("Nothing of the kind")]
    )
    assert (one.organization_id, one.slug, one.name, one.score) == (public.pk, public.slug, public.name, 100)
    assert one.why == "Same name"
    assert other.organization_id == withheld.pk and other.score < 100 and other.why == "Near names"
    assert nothing == []


def test_the_best_comes_first_and_what_else_was_given_confirms_it() -> None:
    make(Seat, organization=(here := make_organization(name="Invented Lamp Guild")), country=make_country("XA"))
    make(Seat, organization=make_organization(name="Invented Lamp Guild"), country=make_country("XB"))
    [found] = alike([Entry("Invented Lampp Guild", country="Invented land XA")])
    assert found[0].organization_id == here.pk and len(found) == 2
    assert found[0].why == "Near names; Seat in the same country" and found[0].score > found[1].score
    [by_code] = alike([Entry("Invented Lampp Guild", country="xax")])
    assert by_code == found


def test_an_acronym_alone_names_an_organization() -> None:
    body = make_organization(name="Invented Guild of Lamps", acronym="XIGL")
    make(OrganizationName, organization=body, name="XGIL", kind=NameKind.ACRONYM)
    for text in ("XIGL", "XGIL", "X.I.G.L."):
        [[found]] = alike([Entry(text)])
        assert (found.organization_id, found.why) == (body.pk, "The acronym of one is the name of the other")


def test_a_website_without_a_like_name_is_a_weak_reason() -> None:
    body = make_organization(name="Invented Guild of Lamps", website="https://www.lamps.example")
    [[found]] = alike([Entry("Contrived Other", website="lamps.example/contact")])
    assert (found.organization_id, found.why) == (body.pk, "Same website") and found.score < 75


@pytest.mark.parametrize("text", ["", " ", "()", "…", "of the", "a" * 5000, "\x00"])
def test_a_text_that_names_nothing_finds_nothing(text: str) -> None:
    assert alike([Entry(text, text, text, text)]) == [[]]


def test_the_queries_do_not_grow_with_the_entries() -> None:
    def queries(entries: list[Entry]) -> int:
        with CaptureQueriesContext(connection) as asked:
            alike(entries)
        return len(asked)

    assert alike([]) == []
    assert queries([Entry("Invented")]) == queries([Entry(f"Invented {number}") for number in range(100)]) <= 6
