"""From rows to sets of records."""

import pytest
from pyroaring import BitMap

from engagement.keysets import ALL, Coding, size_of
from engagement.keysets.codings import Sets
from engagement.models import Organization, Seat, Theme
from tests.factories import make_organization, make_source

pytestmark = pytest.mark.django_db


def sets(*codings: Coding) -> Sets:
    return Sets(lambda: codings)


def test_a_record_is_in_the_set_of_each_of_its_codes_once() -> None:
    one, other = make_organization(), make_organization()
    themes = list(Theme.objects.all()[:2])
    one.themes.set(themes)
    codes = sets(Coding(Organization.objects.filter(pk__in=[one.pk, other.pk]), "themes__slug")).make()
    assert codes == {theme.slug: BitMap([one.pk]) for theme in themes}


def test_rows_of_another_model_lead_to_their_record() -> None:
    one = make_organization()
    for country in (1, 2):
        Seat.objects.create(organization=one, country_id=Seat.objects.all()[country].country_id, source=make_source())
    assert sets(Coding(Seat.objects.filter(organization=one), "", "organization")).make() == {ALL: BitMap([one.pk])}


def test_several_codings_are_put_together() -> None:
    one, other = make_organization(kind="workers"), make_organization(kind="employers")
    rows = Organization.objects.filter(pk__in=[one.pk, other.pk])
    together = sets(Coding(rows.filter(kind="workers")), Coding(rows.filter(kind="employers"))).make()
    assert together == {ALL: BitMap([one.pk, other.pk])}


def test_the_former_sets_stay_as_they_are_when_they_are_brought_up_to_date() -> None:
    one, other = make_organization(kind="workers"), make_organization(kind="workers")
    coding = sets(Coding(Organization.objects.filter(pk__in=[one.pk, other.pk]), "kind"))
    former = coding.make()
    Organization.objects.filter(pk=one.pk).update(kind="employers")
    other.delete()
    later = coding.again(former, [one.pk, other.pk or 0, *former["workers"]])
    assert later == {"workers": BitMap(), "employers": BitMap([one.pk])}
    assert len(former["workers"]) == 2


def test_a_set_of_a_million_in_a_row_takes_little() -> None:
    packed = sets(Coding(Organization.objects.none())).make()
    assert packed == {}
    many = BitMap(range(1, 1_000_001))
    many.run_optimize()
    assert size_of(many) < 2_000 < size_of(BitMap(range(1, 1_000_001, 2)))
