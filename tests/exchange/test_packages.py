"""The whole register as a Data Package: valid, relational, only what is public, the same bytes, kept safely."""

import csv
import hashlib
import io
import json
import random
import threading
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import frictionless
import pytest
from django.test.utils import override_settings
from django.utils.translation import override

from engagement.exchange import packages
from engagement.exchange.packages import DESCRIPTOR, described, keep, opened, place, write
from engagement.exchange.relations import models, tables
from engagement.exchange.tables import restored
from engagement.models import (
    Contact,
    Discrepancy,
    FurtherSource,
    Instrument,
    Organization,
    OrganizationName,
    Project,
    Ratification,
    Seat,
    Theme,
)
from tests.factories import make_country, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

SITE = "https://register.example"
HOSTILE = [
    '=HYPERLINK("x")',
    "'=1+1",
    "+49", "-1", "@SUM(A1)", "\tafter a tab", "\rafter a return",
    'she said "no", twice\r\nand left\n',
    "مُنظّمة\u202eتجريبية",
    "\x01\x1b[31m\x7f\u2028",
    "'", "''", ";,|\\",
]  # fmt: skip


def archive_of(site: str = SITE, revision: int = 7, without: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    write(file, site, revision, without)
    return file.getvalue()


def descriptor_of(archive: bytes) -> dict[str, Any]:
    return json.loads(zipfile.ZipFile(io.BytesIO(archive)).read(DESCRIPTOR))


def rows_of(archive: bytes) -> dict[str, list[dict[str, str]]]:
    """By table; text as it was before it was neutralised."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return {
            name.removesuffix(".csv"): [
                {column: restored(text) for column, text in row.items()}
                for row in csv.DictReader(io.StringIO(files.read(name).decode(), newline=""))
            ]
            for name in files.namelist()
            if name.endswith(".csv")
        }


def report(archive: bytes, folder: Path) -> Any:
    zipfile.ZipFile(io.BytesIO(archive)).extractall(folder)
    return frictionless.validate(str(folder / DESCRIPTOR))


def dangling(archive: bytes) -> list[str]:
    """References to rows that are not there, and keys that are there twice."""
    rows, found = rows_of(archive), []
    for resource in descriptor_of(archive)["resources"]:
        table, schema = resource["name"], resource["schema"]
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows[table]]
        found += [f"{table}: {key} twice" for key in set(keys) if keys.count(key) > 1]
        for reference in schema["foreignKeys"]:
            (column,) = reference["fields"]
            there = {row["key"] for row in rows[reference["reference"]["resource"] or table]} | {""}
            found += [f"{table}.{column}: {row[column]}" for row in rows[table] if row[column] not in there]
    return found


# -- Valid -----------------------------------------------------------------------------------------------------------


def test_the_package_of_the_fixtures_is_valid_for_frictionless(tmp_path: Path) -> None:
    found = report(archive_of(), tmp_path)
    assert found.valid, found.flatten(["title", "note"])[:5]
    assert len(found.tasks) == len(tables())


def test_hostile_text_leaves_the_package_valid_and_comes_back_as_it_was(tmp_path: Path) -> None:
    for number, text in enumerate(HOSTILE):
        source = make_source(title=f"{number}{text}", licence=text, note=text)
        make_organization(slug=f"hostile-{number}", note=text, source=source)
    archive = archive_of()
    found = report(archive, tmp_path)
    assert found.valid, found.flatten(["title", "note"])[:5]
    noted = {row["key"]: row["note"] for row in rows_of(archive)["organizations"]}
    assert [noted[f"hostile-{number}"] for number in range(len(HOSTILE))] == HOSTILE


def test_no_cell_of_a_file_begins_a_formula() -> None:
    for text in HOSTILE:
        make_organization(note=text)
    with zipfile.ZipFile(io.BytesIO(archive_of())) as files:
        text = files.read("organizations.csv").decode()
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_each_file_has_the_rows_the_length_and_the_digest_that_are_said_of_it() -> None:
    archive = archive_of()
    rows, files = rows_of(archive), zipfile.ZipFile(io.BytesIO(archive))
    resources = descriptor_of(archive)["resources"]
    for each in resources:
        held = files.read(each["path"])
        assert (len(held), f"sha256:{hashlib.sha256(held).hexdigest()}") == (each["bytes"], each["hash"])
        assert len(rows[each["name"]]) == each["rows"]
    assert sum(each["rows"] for each in resources) > 3_000


# -- What stands in it -----------------------------------------------------------------------------------------------


def test_every_model_and_every_link_of_many_to_many_has_a_table() -> None:
    names = {table.name for table in tables()}
    links = sum(len(model._meta.many_to_many) for model in models())
    assert len(names) == len(models()) + links
    assert {"consultative-statuses", "organization-themes", "project-countries", "sources"} <= names


def test_every_published_row_of_the_fixtures_stands_in_it_for_all_that_they_are_part_of_is_published() -> None:
    rows = rows_of(archive_of())
    for model in models():
        if model not in (Discrepancy, FurtherSource):
            keys = model.objects.published().values_list(model.key_field, flat=True)
            name = next(table.name for table in tables() if table.title.lower() == str(model._meta.verbose_name_plural))
            assert sorted(row["key"] for row in rows[name]) == sorted(keys), name


def test_no_column_is_internal_and_none_holds_the_number_of_a_row() -> None:
    columns = {f"{table.name}.{each.name}" for table in tables() for each in table.cells}
    internal = ("id", "published", "public", "email", "sort_name", "order", "tile_column", "purpose", "retain_until")
    assert [name for name in columns if name.partition(".")[2].startswith(internal)] == []
    assert [name for name in columns if name.endswith(("_earliest", "_latest", "_id"))] == []


def test_dates_and_numbers_are_as_fine_as_they_were_entered() -> None:
    for number, text in enumerate(("2006-11-15", "2006-11", "2006", "2014~", "194X", "2011/2013", "../2022")):
        make_status(key=f"dated-{number}", granted=text)
    project = Project.objects.order_by("pk").first()
    Project.objects.filter(pk=project.pk).update(budget="1000000.50", currency="USD")
    rows = rows_of(archive_of())
    granted = [row["granted"] for row in rows["consultative-statuses"] if row["key"].startswith("dated-")]
    assert granted == ["2006-11-15", "2006-11", "2006", "2014~", "194X", "2011/2013", "../2022"]
    assert [row["budget"] for row in rows["projects"] if row["key"] == project.slug] == ["1000000.5"]


def test_columns_say_what_they_hold_in_english_in_whatever_language_they_are_asked_for() -> None:
    with override("fr"):
        archive = archive_of()
    tables = {each["name"]: each for each in descriptor_of(archive)["resources"]}
    fields = {each["name"]: each for each in tables["organizations"]["schema"]["fields"]}
    assert fields["founded"]["type"] == "string" and "2014~ (about)" in fields["founded"]["description"]
    assert fields["kind"]["constraints"]["enum"][0] == "ngo"
    assert "ngo (Non-governmental organization)" in fields["kind"]["description"]
    assert fields["last_verified"]["type"] == "date" and tables["organizations"]["title"] == "Organizations"
    assert archive == archive_of()


def test_it_names_its_licence_and_the_terms_of_every_source() -> None:
    make_source(title="With terms", url="https://elsewhere.example/a", licence="Own terms")
    make_source(title="Without an address", slug="without-an-address", url="")
    said = descriptor_of(archive_of())
    assert said["licenses"][0]["name"] == "CC-BY-4.0" and said["version"] == "7"
    sources = {each["title"]: each for each in said["sources"]}
    assert sources["With terms"] == {
        "title": "With terms", "path": "https://elsewhere.example/a", "licence": "Own terms",
    }  # fmt: skip
    assert sources["Without an address"]["path"] == f"{SITE}/sources/without-an-address/"
    with override_settings(DATA_LICENCE="Own licence"):
        assert descriptor_of(archive_of())["licenses"] == [{"path": f"{SITE}/data/", "title": "Own licence"}]


def test_the_readme_says_that_the_register_is_independent_or_who_publishes_it() -> None:
    readme = zipfile.ZipFile(io.BytesIO(archive_of())).read("README.md").decode()
    assert "not affiliated with the International Labour Organization" in readme
    assert "Revision 7. https://register.example/data/register.zip" in readme and "CC BY 4.0" in readme
    with override_settings(SITE_PUBLISHER="An Institute"):
        readme = zipfile.ZipFile(io.BytesIO(archive_of())).read("README.md").decode()
    assert "Published by An Institute." in readme and "affiliated" not in readme


# -- Only what is public ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_withdrawn_no_reference_dangles_and_no_key_of_it_is_left(seed: int) -> None:
    chance = random.Random(seed)
    hidden: dict[str, set[str]] = {}
    for model in models():
        records = list(model.objects.order_by("pk").values_list("pk", model.key_field))
        drawn = chance.sample(records, int(len(records) * chance.choice((0, 0.1, 0.4))))
        for start in range(0, len(drawn), 500):
            pks = [pk for pk, _key in drawn[start : start + 500]]
            model.objects.filter(pk__in=pks).update(published=False)
        hidden[model._meta.model_name] = {key for _pk, key in drawn}
    archive = archive_of()
    assert dangling(archive) == []
    by_title = {table.title.lower(): table.name for table in tables()}
    rows = rows_of(archive)
    for model in models():
        table = by_title[str(model._meta.verbose_name_plural)]
        assert hidden[model._meta.model_name].isdisjoint(row["key"] for row in rows[table]), table
    for row in rows["discrepancies"] + rows["further-sources"]:
        assert row["record_key"] not in hidden[row["kind"]]


def test_a_row_goes_with_what_it_is_a_part_of_and_a_reference_to_anything_else_is_an_empty_cell() -> None:
    country, source = make_country("XA"), make_source()
    organization = make_organization(slug="with-a-seat", source=source)
    seat = Seat.objects.create(organization=organization, country=country, source=source)
    contact = Contact.objects.create(name="A desk", organization=organization, source=source, public=True, purpose="x")
    organization.themes.add(*Theme.objects.order_by("pk")[:1])
    source.published = False
    source.save()
    rows = {name: {row.get("key", ""): row for row in table} for name, table in rows_of(archive_of()).items()}
    assert rows["seats"][seat.key]["source"] == "" and rows["seats"][seat.key]["country"] == "XA"
    country.published = False
    country.save()
    assert seat.key not in {row["key"] for row in rows_of(archive_of())["seats"]}
    organization.published = False
    organization.save()
    left = rows_of(archive_of())
    assert [row["organization"] for row in left["contacts"] if row["key"] == contact.key] == [""]
    assert "with-a-seat" not in {row["organization"] for row in left["organization-themes"]}


def test_of_contacts_there_is_only_what_is_public_of_those_that_are_public() -> None:
    said = {"address": "A street", "phone": "+1", "email": "hidden@elsewhere.example", "purpose": "hidden purpose"}
    source = make_source()
    Contact.objects.create(name="A hidden person", source=source, public=False, **said)
    shown = Contact.objects.create(name="A public person", source=source, public=True, **said)
    subject = {"kind": "contact", "record_key": shown.key}
    Discrepancy.objects.create(**subject, label="A", field="email", reading_a="hidden reading")
    FurtherSource.objects.create(**subject, source=source, reading="hidden reading")
    archive = archive_of()
    contacts = {row["key"]: row for row in rows_of(archive)["contacts"]}
    assert list(contacts[shown.key]) == [
        "key", "name", "title", "office", "organization", "address", "phone", "source", "locator", "as_of", "note",
    ]  # fmt: skip
    assert contacts[shown.key]["phone"] == "+1"
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        held = "".join(files.read(name).decode() for name in files.namelist())
    assert "hidden" not in held.replace(str(Contact.__doc__), "")


def test_tables_can_be_left_out_and_nothing_refers_to_them(tmp_path: Path) -> None:
    archive = archive_of(without=("contacts", "themes"))
    names = [each["name"] for each in descriptor_of(archive)["resources"]]
    assert not {"contacts", "themes", "organization-themes"} & set(names) and "organizations" in names
    assert "Left out here: contacts." in descriptor_of(archive)["description"]
    assert report(archive, tmp_path).valid


# -- The same bytes --------------------------------------------------------------------------------------------------


def test_the_same_revision_gives_the_same_bytes_and_another_site_other_addresses() -> None:
    assert archive_of() == archive_of()
    assert archive_of() != archive_of("https://elsewhere.example") != archive_of(revision=8)


def test_memory_does_not_grow_with_the_number_of_rows() -> None:
    def peak() -> int:
        tracemalloc.start()
        archive_of()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak()  # what is loaded once
    few = peak()
    organization = make_organization()
    OrganizationName.objects.bulk_create(
        OrganizationName(key=f"many-{n}", name=f"{n} {'x' * 100}", kind="variant", organization=organization,
                         source=organization.source)
        for n in range(20_000)
    )  # fmt: skip
    assert peak() - few < 1024 * 1024


# -- Keeping ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "exports"


def test_the_archive_is_kept_for_its_revision_its_site_and_its_settings(folder: Path, settings: Any) -> None:
    with opened(SITE, 7) as file:
        first = file.read()
    assert [path.read_bytes() for path in folder.iterdir()] == [first]
    assert place(SITE, 7).is_file() and not place(SITE, 8).is_file()
    assert not place("https://elsewhere.example", 7).is_file()
    with override("fr"):
        assert place(SITE, 7).is_file()
    settings.DATA_LICENCE = "Own licence"
    assert not place(SITE, 7).is_file()


def test_the_two_newest_are_kept_and_what_they_say_of_themselves_is_read_back(folder: Path) -> None:
    for number in (5, 6, 7):
        opened(SITE, number).close()
    assert {path.name.split("-")[1] for path in folder.iterdir()} == {"6", "7"}
    assert described(place(SITE, 7)) == descriptor_of(archive_of())
    assert described(place(SITE, 5)) is None


def test_where_the_directory_cannot_be_written_the_archive_is_made_all_the_same(folder: Path) -> None:
    folder.write_text("a file where the directory would be")
    with opened(SITE, 7) as file:
        assert file.read() == archive_of()


def test_an_archive_that_cannot_be_made_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "readme", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        opened(SITE, 7)
    assert not folder.exists()


def test_whoever_reads_while_others_keep_the_same_archive_sees_all_of_it(folder: Path) -> None:
    path, body, seen = folder / "register-7-x.zip", b"x" * 3_000_000, []
    writers = [threading.Thread(target=keep, args=(io.BytesIO(body), path)) for _ in range(8)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        if path.is_file():
            seen.append(path.read_bytes() == body)
    assert all(seen) and path.read_bytes() == body
    assert list(folder.iterdir()) == [path]


def test_the_keys_of_the_tables_are_the_natural_keys_of_the_models() -> None:
    assert {model.key_field for model in models()} == {"key", "slug", "iso2", "code"}
    rows = rows_of(archive_of())
    ratification = Ratification.objects.select_related("country", "instrument").order_by("pk").first()
    row = next(row for row in rows["ratifications"] if row["key"] == ratification.key)
    assert (row["country"], row["instrument"]) == (ratification.country.iso2, ratification.instrument.code)
    assert {row["key"] for row in rows["instruments"]} == set(Instrument.objects.values_list("code", flat=True))
    assert {row["key"] for row in rows["organizations"]} == set(Organization.objects.values_list("slug", flat=True))
