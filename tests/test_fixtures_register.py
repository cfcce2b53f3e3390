"""The program that builds the fixtures, and what the register holds of sources, countries, instruments and projects."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Q

from engagement.models import (
    Constituent,
    Country,
    FurtherSource,
    Instrument,
    Meeting,
    Membership,
    Office,
    Official,
    PartialDate,
    Programme,
    Project,
    ProjectPartner,
    ProjectResult,
    Ratification,
    Source,
    SourceKind,
)
from fixtures.build import __main__ as program
from fixtures.build import further, profile, sources
from fixtures.build.geography import spells
from fixtures.build.partial_dates import partial
from fixtures.build.reading import FIXTURES, curated, gathered
from fixtures.build.records import Record, write
from fixtures.build.translations import TRANSLATED

pytestmark = pytest.mark.once

# -- The program -------------------------------------------------------------------------------------------------


def test_the_committed_fixtures_are_what_the_program_writes(tmp_path: Path) -> None:
    program.build(tmp_path)
    for name in ("profile.json", "register.json"):
        assert (tmp_path / name).read_bytes() == (FIXTURES / name).read_bytes(), f"{name}: run python -m fixtures.build"


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for directory in (first, second):
        directory.mkdir()
        program.build(directory)
    assert (first / "register.json").read_bytes() == (second / "register.json").read_bytes()


def test_the_check_says_in_one_line_which_file_is_not_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program.build(tmp_path)
    (tmp_path / "register.json").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(program, "FIXTURES", tmp_path)
    monkeypatch.setattr("sys.argv", ["fixtures.build", "--check"])
    assert program.main() == 1
    assert capsys.readouterr().err == "not current: register.json; run python -m fixtures.build\n"


def test_two_different_records_under_one_key_are_an_error(tmp_path: Path) -> None:
    twice = [Record("theme", "work", {"name": "Work"}), Record("theme", "work", {"name": "Labour"})]
    with pytest.raises(ValueError, match="theme work stands twice"):
        write(tmp_path / "out.json", program.distinct(twice))


def test_one_record_that_two_modules_give_alike_is_written_once(tmp_path: Path) -> None:
    alike = [Record("theme", "work", {"name": "Work"}), Record("theme", "work", {"name": "Work"})]
    assert write(tmp_path / "out.json", program.distinct(alike)) == 1


def test_every_reference_leads_to_a_record_that_comes_first_or_with_the_profile() -> None:
    profile = {(record.model, record.key) for record in program.profile.records()}
    keys = {key for _model, key in profile} | {record.key for record in program.register()}
    for record in program.register():
        for field, value in record.fields.items():
            targets = value if isinstance(value, list) else []
            named = [target if isinstance(target, str) else target[0] for target in targets]
            assert set(named) <= keys, f"{record.model} {record.key}: {field}"


@pytest.mark.parametrize("text", ["1999-13", "1999-02-30", "99", "1999/2000/2001", "..", "../..", "circa 1999"])
def test_what_is_no_partial_date_stops_the_build(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day"):
        partial(text)


def test_every_wording_of_the_table_of_dates_becomes_a_partial_date_of_the_register() -> None:
    for row in curated("dates"):
        assert row["edtf"] == "" or PartialDate.parse(row["edtf"])
        assert partial(row["printed"]) == row["edtf"]


# -- Sources -----------------------------------------------------------------------------------------------------


def test_every_publisher_is_mapped_once_to_a_kind_of_source() -> None:
    mapped = [row["publisher"] for row in curated("publishers")]
    assert len(mapped) == len(set(mapped))
    assert {row["publisher"] for row in sources.rows()} == set(mapped)
    assert {row["kind"] for row in curated("publishers")} <= set(SourceKind.values)
    assert all(row["reason"] for row in curated("publishers"))


def test_a_note_names_sources_by_whole_words_only() -> None:
    assert further.named_in("date from wp_members, not from xwp_members or wp_members-2") == ["wp_members"]
    assert further.named_in("the profile says so; members declared: 1000; byp") == []


@pytest.mark.django_db
def test_a_source_named_in_a_note_is_a_further_source_of_the_fact() -> None:
    instrument = Instrument.objects.get(code="C138")
    assert "xxg138" in instrument.note
    assert FurtherSource.objects.filter(kind="instrument", record_key=instrument.code, source__slug="xxg138").exists()


@pytest.mark.django_db
def test_no_further_source_repeats_the_source_of_its_fact() -> None:
    for remark in FurtherSource.objects.filter(kind="constituent").select_related("source"):
        assert Constituent.objects.get(key=remark.record_key).source != remark.source


# -- Countries ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_organization_has_187_member_states_today() -> None:
    members = Country.objects.members()
    assert members.count() == 187
    assert {country.iso2 for country in members} == {row["iso2"] for row in gathered("member_states")}


@pytest.mark.django_db
def test_a_state_that_left_is_no_member_until_it_is_known_to_be_back() -> None:
    austria = Country.objects.filter(iso2="AT")
    assert austria.on(datetime.date(1937, 1, 1)).exists()
    assert not austria.on(datetime.date(1940, 1, 1)).exists()
    assert austria.on(datetime.date(1950, 1, 1)).exists()
    japan = Country.objects.filter(iso2="JP")
    assert not japan.on(datetime.date(1940, 1, 1)).exists()
    assert not japan.on(datetime.date(2000, 1, 1)).exists(), "the date of readmission is not in the sources read"


@pytest.mark.django_db
def test_the_current_spell_of_every_member_is_listed_by_a_source() -> None:
    current = Membership.objects.on(datetime.date.today())
    assert not current.filter(listed_in=None).exists()
    assert current.count() == 187


@pytest.mark.django_db
def test_every_member_state_has_a_region_names_in_three_languages_and_a_tile_of_its_own() -> None:
    members = Country.objects.members()
    incomplete = Q(region=None) | Q(name_fr="") | Q(name_es="") | Q(tile_column=None) | Q(tile_row=None)
    assert not members.filter(incomplete).exists()
    assert members.values("tile_column", "tile_row").distinct().count() == members.count()
    assert not Country.objects.exclude(pk__in=members).exclude(region=None).exists()


# -- How many, and of what kind ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "count"),
    [
        (Constituent, 542),
        (Ratification, 500),
        (Instrument, 22),
        (Official, 11),
        (Office, 31),
        (Project, 50),
        (Programme, 3),
        (Membership, len(spells())),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_row_became_one_record_of_its_kind(model: Any, count: int) -> None:
    assert model.objects.count() == count


@pytest.mark.django_db
def test_all_427_gathered_sources_and_the_added_ones_are_there() -> None:
    assert len(gathered("sources")) == 427
    slugs = {row["source_id"] for row in sources.rows()}
    assert set(Source.objects.values_list("slug", flat=True)) == slugs


@pytest.mark.django_db
def test_the_72_meetings_of_the_file_are_all_there() -> None:
    assert len(gathered("meetings")) == 72
    spoken_of = {("meeting", slug, source) for slug, source in Meeting.objects.values_list("slug", "source__slug")}
    spoken_of |= set(FurtherSource.objects.values_list("kind", "record_key", "source__slug"))
    for row in gathered("meetings"):
        assert any(kind == "meeting" and source == row["source_id"] for kind, _key, source in spoken_of)


@pytest.mark.django_db
def test_a_denunciation_that_only_follows_from_c169_is_marked_derived() -> None:
    derived = Ratification.objects.filter(derived=True)
    assert {(row.instrument.code, row.state) for row in derived} == {("C107", "denounced")}
    for row in derived:
        assert Ratification.objects.filter(instrument__code="C169", country=row.country).exists()


@pytest.mark.django_db
def test_no_target_and_no_money_counts_as_a_result() -> None:
    results = ProjectResult.objects.filter(nature="result")
    worded = Q(indicator__icontains="target") | Q(indicator__icontains="planned") | Q(note__icontains="target")
    assert not results.filter(worded | Q(unit__contains="USD") | Q(unit="DKK") | Q(unit="year")).exists()


@pytest.mark.django_db
def test_one_body_is_one_partner_under_however_many_names() -> None:
    chamber = ProjectPartner.objects.filter(slug="sialkot-chamber-of-commerce-and-industry")
    assert chamber.values("name").distinct().count() == 2
    assert {partner.role for partner in chamber} == {"donor", "partner"}
    assert ProjectPartner.objects.get(organization__slug="organisation-of-african-trade-union-unity")


@pytest.mark.django_db
def test_the_figures_of_the_profile_are_the_same_in_both_files() -> None:
    before = list(ProjectResult.objects.filter(source__slug="profile").order_by("key").values())
    call_command("loaddata", "profile", verbosity=0)
    assert list(ProjectResult.objects.filter(source__slug="profile").order_by("key").values()) == before
    figures = ProjectResult.objects.filter(source__slug="profile", value__isnull=False)
    assert sorted(int(figure.value or 0) for figure in figures) == [255, 5408, 5838, 10572]


# -- Languages ---------------------------------------------------------------------------------------------------


def test_every_text_of_the_registers_own_is_translated_and_no_translation_is_of_another_text() -> None:
    texts = {
        (record.model, field, record.fields[field])
        for record in [*program.register(), *profile.records()]
        for field in TRANSLATED.get(record.model, ())
        if record.fields.get(field)
    }
    translations = {(row["model"], row["field"], row["en"]): row for row in curated("translations")}
    assert translations.keys() == texts
    assert [key for key, row in translations.items() if not (row["fr"] and row["es"])] == []
