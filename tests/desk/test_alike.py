"""Which organizations may be one: what finds them, what confirms and what contradicts it."""

import pytest

from engagement.desk.alike import LEAST_SCORE, Index, Likeness, Why, body_of, host_of, pairs
from engagement.desk.naming import TOLD_APART, coarse, taken_apart
from engagement.models import NameKind, OrganizationIdentifier, OrganizationName, Seat
from tests.admin.rows import make
from tests.factories import make_country, make_organization

NAME = "Invented International Federation of Lamplighters"


def likeness(one: str, other: str, **of_both: str) -> Likeness | None:
    """Of two bodies in a register that holds a hundred federations besides; what else is known as `acronym="A B"`."""
    index = Index(TOLD_APART | {"niger", "nigeria"})
    for number in range(100):
        index.add(body_of(100 + number, "", f"International Federation of Inventors {number}", "", ""))
    of_each = [{name: value.split()[place] for name, value in of_both.items()} for place in (0, 1)]
    two = [
        body_of(pk, "", name, said.get("acronym", ""), said.get("website", ""), (), said.get("country", "").split())
        for pk, (name, said) in enumerate(zip((one, other), of_each, strict=True), start=1)
    ]
    for body in two:
        index.add(body)
    assert (2 in index.partners(two[0])) == (1 in index.partners(two[1]))
    return index.compare(*two) if 2 in index.partners(two[0]) else None


def score(one: str, other: str, **of_both: str) -> int:
    found = likeness(one, other, **of_both)
    return found.score if found else 0


@pytest.mark.parametrize(
    ("other", "least"),
    [
        (NAME.upper(), 100),
        ("Invented International Fédération of Lamplighters", 100),
        (f"{NAME} (IIFL)", 100),
        (f"IIFL – {NAME}", 100),
        (f"The {NAME}, e.V.", 92),
        ("Lamplighters, Invented International Federation of", 92),
        ("Fédération internationale Invented des Lamplighters", 92),
        ("Invented International Fed. for Lamplighters", 92),
        ("Invented International Federation of Lamplihgters", 85),
        ("Invnted Internatoinal Federation of Lamplighter", 85),
        ("Invented International Federation of Lamp Lighters", 85),
        ("Инвентед International Federation of Lamplighters", 92),
        ("Invented Federation of Lamplighters", LEAST_SCORE),
    ],
)
def test_a_name_written_otherwise_is_found(other: str, least: int) -> None:
    assert score(NAME, other) >= least


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("International Federation of Bakers", "International Federation of Butchers"),
        ("Invented Association of Niger", "Invented Association of Nigeria"),
        ("Invented Union of Employers", "Invented Union of Employees"),
        ("Invented Council of Northern Weavers", "Invented Council of Southern Weavers"),
        ("Invented Section 12 of the International Federation", "Invented Section 13 of the International Federation"),
    ],
)
def test_words_that_many_share_or_that_tell_bodies_apart_make_no_pair(one: str, other: str) -> None:
    assert score(one, other) < LEAST_SCORE


def test_an_acronym_or_a_website_confirms_related_names_and_another_contradicts_near_ones() -> None:
    near = ("Invented Lamplighters Union of Streets", "Invented Lamplighters Union")
    alone = score(*near)
    assert score(*near, acronym="ILU ILU") > alone > score(*near, acronym="ILU XYZ")
    assert score(*near, country="XA XA") > alone > score(*near, country="XA XB")
    assert (
        score("Invented Alpha", "Invented Beta", website="https://www.one.example http://one.example/about")
        >= LEAST_SCORE
    )
    assert score("Invented Alpha", "Contrived Beta", acronym="IAB IAB") == 0


def test_a_website_that_many_share_says_whose_page_it_is_by_its_path() -> None:
    assert host_of("https://www.facebook.com/invented.one/about") == "facebook.com/invented.one"
    assert host_of("www.one.example/about") == host_of("HTTP://one.example:80") == "one.example"
    assert host_of("") == host_of("not an address") == host_of("http://[") == ""


def test_a_name_is_taken_apart_into_words_and_the_acronym_that_stands_with_it() -> None:
    parts = taken_apart("Confédération syndicale internationale (CSI)")
    assert (parts.words, parts.acronyms) == (("confederation", "union", "international"), ("csi",))
    assert taken_apart("Invented Union (Europe)").words == ("invented", "union", "europe")
    assert taken_apart("Invented Union (AISBL)").acronyms == ()
    assert [coarse(word) for word in ("travailleuses", "trade", "societies", "press")] == [
        "worker",
        "trade",
        "society",
        "press",
    ]


# -- Of the register ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_list_of_the_real_register_is_short_and_holds_no_sure_pair() -> None:
    found = pairs()
    assert len(found) <= 5
    assert all(pair.likeness.score < 80 for pair in found)


@pytest.mark.django_db
def test_the_likeliest_pair_comes_first_each_with_its_reasons() -> None:
    one, other = make_organization(name="Invented Alpha of Lamps"), make_organization(name="INVENTED ALPHA OF LAMPS")
    near = make_organization(name="Invented Alfpha of Lamps", published=False)
    found = [pair for pair in pairs() if pair.first >= one.pk]
    assert [(pair.first, pair.second) for pair in found] == [
        (one.pk, other.pk),
        (one.pk, near.pk),
        (other.pk, near.pk),
    ]
    assert found[0].likeness == Likeness(100, (Why.NAME,))
    assert found[1].likeness.reasons == (Why.NEAR,) and str(found[1].likeness) == "Near names"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "why"), [(NameKind.FORMER, Why.FORMER), (NameKind.LANGUAGE, Why.LANGUAGE), (NameKind.VARIANT, Why.OTHER)]
)
def test_a_further_name_that_is_anothers_name_makes_a_pair(kind: NameKind, why: Why) -> None:
    one, other = make_organization(name="Invented Alpha"), make_organization(name="Contrived Beta")
    make(OrganizationName, organization=one, name="Contrived Beta", kind=kind)
    [found] = [pair for pair in pairs() if pair.first >= one.pk]
    assert (found.first, found.second, found.likeness.reasons) == (one.pk, other.pk, (why,))


@pytest.mark.django_db
def test_identifiers_are_compared_without_the_address_and_seats_add_to_it() -> None:
    one, other = make_organization(name="Invented Alpha"), make_organization(name="Contrived Beta")
    country = make_country("XA")
    for body, scheme, value in ((one, "ROR", "https://ror.example/0xyz123"), (other, "ror", "0XYZ123")):
        make(OrganizationIdentifier, organization=body, scheme=scheme, value=value)
        make(Seat, organization=body, country=country)
    [found] = [pair for pair in pairs() if pair.first >= one.pk]
    assert found.likeness.reasons == (Why.IDENTIFIER, Why.COUNTRY) and found.likeness.score >= 95
