"""The register's own names, as a client brings them: how many lead to their record, and that no match is wrong.

Figures are lower bounds of what was measured.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from engagement.models import Country, Instrument, Organization, OrganizationName, Project
from tests.api.reconciliation.asking import reconciled

pytestmark = pytest.mark.usefixtures("documents")

SEED = 7
MISSPELT = "misspelt"


@dataclass(frozen=True)
class Asked:
    """A text that names a record, and of what kind the name is."""

    kind: str
    text: str
    type: str
    identifier: str


def misspelt(text: str, dice: random.Random) -> str:
    """With a letter left out, doubled, or changed with the next; never the first."""
    inner = range(1, len(text) - 1)
    at = dice.choice([at for at in inner if text[at : at + 2].isalpha() and text[at] != text[at + 1]])
    before, letter, following, after = text[:at], text[at], text[at + 1], text[at + 2 :]
    return before + dice.choice((following, letter + letter + following, following + letter)) + after


def organizations(dice: random.Random) -> Iterator[Asked]:
    for each in Organization.objects.published():
        texts = {"name": each.name, MISSPELT: misspelt(each.name, dice)}
        if each.acronym:
            texts |= {"acronym": each.acronym, "name with acronym": f"{each.name} ({each.acronym})"}
        yield from (Asked(kind, text, "organization", f"organizations/{each.slug}") for kind, text in texts.items())
    for other in OrganizationName.objects.published().select_related("organization"):
        yield Asked(str(other.kind), other.name, "organization", f"organizations/{other.organization.slug}")


def countries(dice: random.Random) -> Iterator[Asked]:
    for each in Country.objects.published():
        texts = {name: getattr(each, name) for name in ("name", "name_fr", "name_es", "iso2", "iso3")}
        texts |= {MISSPELT: misspelt(each.name, dice)}
        yield from (Asked(kind, text, "country", f"countries/{each.iso2}") for kind, text in texts.items())


def instruments(dice: random.Random) -> Iterator[Asked]:
    for each in Instrument.objects.published():
        texts = {"code": each.code, "title": each.title, MISSPELT: misspelt(each.title, dice)}
        if number := each.number:
            texts |= {
                "C87": f"C{number}",
                "C.87": f"C.{number}",
                "c 87": f"c {number}",
                "Convention No. 87": f"Convention No. {number}",
                "ILO Convention 87": f"ILO Convention {number}",
                "in French": f"Convention n° {number}",
                "in Spanish": f"Convenio núm. {number}",
                "as cited": f"{each.title} (No. {number})",
            }
        yield from (Asked(kind, text, "instrument", f"instruments/{each.code}") for kind, text in texts.items())


def projects(dice: random.Random) -> Iterator[Asked]:
    for each in Project.objects.published():
        texts = {"title": each.title, MISSPELT: misspelt(each.title, dice)}
        if each.acronym:
            alone = each.title.removesuffix(f" ({each.acronym})")
            texts |= {"acronym": each.acronym, "title without its acronym": alone}
        yield from (Asked(kind, text, "project", f"projects/{each.slug}") for kind, text in texts.items())


NAMES = {"organization": organizations, "country": countries, "instrument": instruments, "project": projects}
# Of misspelt names, how many percent lead to their record first. In a name of four letters one in error is too much.
FIRST_OF_MISSPELT = {"organization": 95, "country": 88, "instrument": 100, "project": 100}
LEAST = {"organization": 280, "country": 1100, "instrument": 150, "project": 120}


def asked_of(kind: str) -> list[Asked]:
    return list(NAMES[kind](random.Random(SEED)))


@pytest.mark.parametrize("kind", NAMES)
def test_each_name_of_the_register_is_the_match_of_its_record_and_most_misspelt_ones_lead_there(
    client: Client, kind: str
) -> None:
    asked = asked_of(kind)
    assert len(asked) >= LEAST[kind]
    first: Counter[str] = Counter()
    missed, wrong = [], []
    for each, result in zip(asked, reconciled(client, ({"query": a.text, "type": a.type} for a in asked)), strict=True):
        first[each.kind] += bool(result) and result[0]["id"] == each.identifier
        matches = [candidate["id"] for candidate in result if candidate["match"]]
        wrong += [each] if matches not in ([], [each.identifier]) else []
        missed += [each] if not matches and each.kind != MISSPELT else []
    number = Counter(each.kind for each in asked)
    assert wrong == [] and missed == []
    assert 100 * first[MISSPELT] >= FIRST_OF_MISSPELT[kind] * number[MISSPELT]


def test_without_a_type_each_name_leads_to_its_record_and_no_match_is_wrong(client: Client) -> None:
    asked = [each for kind in NAMES for each in asked_of(kind) if each.kind != MISSPELT]
    missed = []
    for each, result in zip(asked, reconciled(client, ({"query": each.text} for each in asked)), strict=True):
        assert [c["id"] for c in result if c["match"]] in ([], [each.identifier]), each
        missed += [each] if each.identifier not in [candidate["id"] for candidate in result] else []
    assert missed == []


def test_the_misspelt_names_are_the_same_in_every_run() -> None:
    assert asked_of("organization") == asked_of("organization")
    assert all(misspelt(each.name, random.Random(3)) != each.name for each in Country.objects.published())
