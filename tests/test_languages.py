"""The whole site in each of its languages: addresses, links between them, what is translated, how one is added."""

import re
import shutil
from collections.abc import Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, override_settings

from engagement.management import extracting
from engagement.management.catalogs import catalogs, faults, parsed
from engagement.models import (
    ConsultativeCategory,
    Contact,
    Country,
    Official,
    Organization,
    Region,
    Theme,
)
from tests import environment
from tests.browser.kinds import KINDS, REFUSED, status_of
from tests.factories import make_organization
from tests.speaking import MADE_UP, bracketed, site_that_speaks

pytestmark = pytest.mark.django_db

LOCALE = Path(settings.BASE_DIR, "locale")
DOCUMENT = Path(settings.BASE_DIR, "docs", "translating.md").read_text(encoding="utf-8")
OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
HOST = "http://testserver"

each_kind = pytest.mark.parametrize("kind", KINDS)
each_other = pytest.mark.parametrize("language", OTHERS)


def in_language(language: str, address: str) -> str:
    return address if language == settings.LANGUAGE_CODE else f"/{language}{address}"


def switch_of(page: str) -> dict[str, str]:
    """Where the switch leads, by language."""
    (switch,) = re.findall(r'<ul class="languages" id="languages">(.*?)</ul>', page, re.S)
    links = re.findall(r'<a href="([^"]*)" lang="(\w+)" hreflang="(\w+)"', switch)
    assert all(lang == hreflang for _url, lang, hreflang in links)
    return {lang: unescape(url) for url, lang, _hreflang in links}


def alternates_of(page: str) -> dict[str, str]:
    return {
        lang: unescape(url) for lang, url in re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', page)
    }


# -- Every kind of page ----------------------------------------------------------------------------------------------


@each_kind
@each_other
def test_every_kind_of_page_is_there_in_every_language(client: Client, language: str, kind: str) -> None:
    answer = client.get(in_language(language, KINDS[kind]), follow=True)
    assert answer.status_code == status_of(kind)
    page = answer.content.decode()
    assert len(answer.content) <= 60 * 1024
    assert f'<html lang="{language}"' in page and answer.headers["Content-Language"] == language
    assert "Vary" not in answer.headers or "Accept-Language" not in answer.headers["Vary"]


@pytest.mark.once
@each_kind
def test_the_switch_leads_to_the_same_page_asked_the_same_and_back(client: Client, kind: str) -> None:
    answer = client.get(KINDS[kind], follow=True)
    here = answer.redirect_chain[-1][0] if answer.redirect_chain else KINDS[kind]
    here = "/" if status_of(kind) == 404 else here
    assert switch_of(answer.content.decode()) == {code: in_language(code, here) for code, _name in settings.LANGUAGES}
    for language in OTHERS:
        there = client.get(in_language(language, here))
        assert there.status_code == (200 if status_of(kind) == 404 else status_of(kind))
        assert switch_of(there.content.decode())["en"] == here


@pytest.mark.once
@each_kind
@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_a_page_names_its_own_address_and_those_in_the_other_languages(
    client: Client, language: str, kind: str
) -> None:
    answer = client.get(in_language(language, KINDS[kind]), follow=True)
    page = answer.content.decode()
    canonical = [unescape(url) for url in re.findall(r'<link rel="canonical" href="(.*?)">', page)]
    if kind in REFUSED:
        assert canonical == [] and alternates_of(page) == {}
        return
    here = answer.redirect_chain[-1][0] if answer.redirect_chain else in_language(language, KINDS[kind])
    bare = here if language == "en" else here.removeprefix(f"/{language}")
    assert canonical == [HOST + here]
    assert alternates_of(page) == {
        **{code: HOST + in_language(code, bare) for code, _name in settings.LANGUAGES},
        "x-default": HOST + bare,
    }


def test_what_a_mailing_adds_to_an_address_is_not_part_of_the_canonical_one(client: Client) -> None:
    page = client.get("/fr/about/?utm_source=letter").content.decode()
    assert f'<link rel="canonical" href="{HOST}/fr/about/">' in page


@pytest.mark.once
@each_other
@pytest.mark.parametrize(
    "kind", ["home", "organizations, filtered", "organization", "country", "changes", "participation"]
)
def test_no_link_to_a_page_leaves_the_language(client: Client, language: str, kind: str) -> None:
    page = client.get(in_language(language, KINDS[kind]), follow=True).content.decode()
    outside_the_switch = re.sub(r'<ul class="languages".*?</ul>', "", page, flags=re.S)
    links = re.findall(r'<(?:a|form)\b[^>]*\b(?:href|action)="(/[^"]*)"', outside_the_switch)
    # Files have no language.
    lost = [link for link in links if not link.startswith(f"/{language}/") and not re.search(r"\.\w{3,4}(\?|$)", link)]
    assert len(links) > 20 and lost == []


def test_the_present_language_is_marked_in_the_switch(client: Client) -> None:
    page = client.get("/fr/about/").content.decode()
    assert re.search(r'lang="fr" hreflang="fr" aria-current="true">Français</a>', page)
    assert page.split('id="languages"')[1].split("</ul>")[0].count("aria-current") == 1


# -- What the pages say ----------------------------------------------------------------------------------------------


class Outside(HTMLParser):
    """Texts and attributes of a page that stand in no brackets, in elements of the page's own language."""

    BLOCKS = frozenset(
        {"p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "label", "option", "summary", "text"}
    )
    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "line", "rect", "circle", "path", "wbr", "col"})
    READ_OUT = ("aria-label", "title", "alt", "placeholder")

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.open, self.depth = language, [("", language)], 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang", self.open[-1][1])
        if tag not in self.VOID:
            self.open.append((tag, lang))
        if lang == self.language:
            self.found += [given[name] for name in self.READ_OUT if name in given and "⟦" not in given[name]]
            if given.get("name") == "description" and "⟦" not in given["content"]:
                self.found.append(given["content"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass
        if tag in self.BLOCKS:
            self.depth = 0  # a text that was cut short has lost its bracket

    def handle_data(self, data: str) -> None:
        outside = ""
        for sign in data:
            self.depth += (sign == "⟦") - (sign == "⟧" and self.depth > 0)
            outside += " " if sign in "⟦⟧" or self.depth else sign
        tag, lang = self.open[-1]
        if lang == self.language and tag not in ("script", "title"):
            self.found.append(outside)


# Addresses, parameters, days and acronyms are the same in every language.
ALIKE = re.compile(r"https?://\S+|\b\w+_\w+\b|\b[A-Z][a-z]+\b\.?( \d+,)? \d{4}|\b[A-Z]{2,}\b")


def untranslated(page: str, language: str, names: Iterable[str]) -> list[str]:
    """What the page says in two words or more that is neither translated nor marked, but for `names`."""
    parser = Outside(language)
    parser.feed(page)
    found = []
    for text in parser.found:
        rest = ALIKE.sub("", text)
        for name in names:
            rest = rest.replace(name, "")
        if len(re.findall(r"[^\W\d_]{2,}", rest)) >= 2:
            found.append(re.sub(r"\s+", " ", text).strip())
    return found


def names() -> list[str]:
    """Of persons, and those that have a column a language, which the made-up one has not; the longest first."""
    of_models: list[Any] = [Country, Region, Theme, ConsultativeCategory, Official, Contact]
    found = {name for model in of_models for name in model.objects.values_list("name", flat=True)}
    return sorted(found, key=len, reverse=True)


@pytest.fixture
def in_brackets(tmp_path: Path) -> Iterator[str]:
    """The site in a language that says every text of the interface in brackets."""
    with site_that_speaks(tmp_path, bracketed()) as prefix:
        yield prefix


@pytest.mark.once
@each_kind
def test_no_text_of_the_interface_stands_outside_the_catalogs(client: Client, in_brackets: str, kind: str) -> None:
    page = client.get(f"{in_brackets}{KINDS[kind]}", follow=True).content.decode()
    assert page.count("⟦") > 20
    assert untranslated(page, MADE_UP[0], names()) == []


def test_a_text_outside_the_catalogs_would_be_found() -> None:
    page = '<p>⟦Said⟧ not said <b lang="en">in English</b> <i title="read out loud">⟦cut sh…</i></p>'
    page += "<p>and so on</p><p>Rio Grande, May 1, 2020</p>"
    assert untranslated(page, "vo", ["Rio Grande"]) == ["not said", "read out loud", "and so on"]


def test_the_catalogs_are_complete_and_their_texts_have_the_variables_of_the_english_ones() -> None:
    assert set(catalogs(LOCALE)) == set(OTHERS)
    assert list(faults(LOCALE)) == []


@each_other
def test_the_pages_say_in_the_language_what_the_catalog_says(client: Client, language: str) -> None:
    said = {"fr": ("Organisations", "21 mai 1981"), "es": ("Organizaciones", "21 de mayo de 1981")}[language]
    body = Organization.objects.create(name="Invented body", founded="1981-05-21", source_id=1)
    page = client.get(f"/{language}{body.get_absolute_url()}").content.decode()
    assert all(text in page for text in said)


def test_what_is_in_english_alone_is_marked_where_the_page_is_not(client: Client) -> None:
    body = Organization.objects.exclude(note="").filter(note__regex="^[A-Za-z ]{12}").first()
    assert body is not None
    note = body.note[:12]
    french = client.get(f"/fr{body.get_absolute_url()}").content.decode()
    assert f'<span lang="en">{note}' in unescape(french)
    assert f'<span lang="en">{note}' not in unescape(client.get(body.get_absolute_url()).content.decode())


# -- Order and search ------------------------------------------------------------------------------------------------


def names_in(page: str, pattern: str) -> list[str]:
    return [unescape(name) for name in re.findall(pattern, page, re.S)]


@each_other
def test_countries_stand_in_the_order_of_their_names_in_the_language_of_the_page(client: Client, language: str) -> None:
    order = dict(Country.objects.values_list(f"name_{language}", f"sort_name_{language}"))
    english = dict(Country.objects.values_list("name", "sort_name"))
    rows = r'<h3><a href="/[^"]*countries/\w\w/">(.*?)</a>'
    listed = [order[name] for name in names_in(client.get(f"/{language}/countries/").content.decode(), rows)]
    assert len(listed) == 25 and all(one < other for one, other in pairwise(listed))
    in_english = names_in(client.get("/countries/").content.decode(), rows)
    assert [english[name] for name in in_english] == sorted(english[name] for name in in_english)
    germany = client.get(f"/{language}/countries/DE/").content.decode()
    neighbours = [order[name] for name in names_in(germany, r'<li><a href="/\w\w/countries/\w\w/">(.*?)</a></li>')]
    assert len(neighbours) > 20 and neighbours == sorted(neighbours)


def test_a_country_is_found_by_its_name_in_the_language_of_the_page(client: Client) -> None:
    page = client.get("/fr/countries/?q=Allemagne").content.decode()
    assert re.search(r'<h3><a href="/fr/countries/DE/">Allemagne</a>', page)
    assert 'href="/fr/countries/DE/">Allemagne</a>' in client.get("/fr/search/?q=Allemagne").content.decode()


def test_a_source_lists_its_facts_by_the_names_that_the_page_has(client: Client) -> None:
    germany = Country.objects.select_related("source").get(iso2="DE")
    address = germany.source.get_absolute_url()
    pages = [client.get(f"/fr{address}?page={number}") for number in range(1, 40)]
    labels = "".join(page.content.decode() for page in pages if page.status_code == 200)
    assert ">Allemagne</a>" in labels and ">Germany</a>" not in labels


# -- The admin -------------------------------------------------------------------------------------------------------


@each_other
def test_the_admin_speaks_the_language_and_leads_to_the_public_page_in_it(client: Client, language: str) -> None:
    client.force_login(User.objects.create_superuser("vera"))
    body = Organization.objects.published()[0]
    page = client.get(f"/{language}/admin/engagement/organization/{body.pk}/change/")
    assert page.status_code == 200 and f'<html lang="{language}"' in page.content.decode()
    assert f'href="/{language}{body.get_absolute_url()}" class="viewsitelink"' in page.content.decode()
    assert switch_of(page.content.decode())["en"] == f"/admin/engagement/organization/{body.pk}/change/"
    home = client.get(f"/{language}/admin/").content.decode()
    assert {"fr": "Déconnexion", "es": "Cerrar sesión"}[language] in home
    assert f'href="/{language}/"' in home


@each_other
def test_the_versions_of_a_record_are_told_in_the_language(client: Client, language: str) -> None:
    client.force_login(User.objects.create_superuser("vera"))
    body = make_organization()
    history = f"/{language}/admin/engagement/organization/{body.pk}/history/"
    listed = client.get(history).content.decode()
    version = client.get(f"{history}{body.history.latest().pk}/").content.decode()
    assert {"fr": "Création", "es": "Creación"}[language] in listed
    for english in ("Created", "Choose a date", "Revert", "Press the", "Change History"):
        assert english not in listed and english not in version


@each_other
def test_a_key_that_is_made_in_another_language_is_the_one_that_english_gives(client: Client, language: str) -> None:
    client.force_login(User.objects.create_superuser("vera"))
    given = {"name": "Marchland", "name_fr": "Pays des Marches", "name_es": "Tierra de Marcas", "published": "on"}
    answer = client.post(f"/{language}/admin/engagement/theme/add/", {**given, "slug": ""})
    assert answer.status_code == 302
    assert client.get("/organizations/?theme=marchland").status_code == 200


# -- Adding a language -----------------------------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, flags=re.S)


def test_the_steps_of_the_document_add_a_language(client: Client, tmp_path: Path) -> None:
    (setting,), (catalog,) = blocks("python"), blocks("po")
    stated: dict[str, list[tuple[str, str]]] = {}
    exec(setting, stated)
    message = parsed(catalog)
    assert message and stated["LANGUAGES"] == [*settings.LANGUAGES, MADE_UP]
    with site_that_speaks(tmp_path, {message.msgid: message.texts[0]}) as prefix:
        page = client.get(f"{prefix}/organizations/?sort=country").content.decode()
        assert f'<html lang="{MADE_UP[0]}"' in page and f"<h1>{message.texts[0]}</h1>" in page
        assert switch_of(client.get("/fr/about/").content.decode())[MADE_UP[0]] == f"{prefix}/about/"
        for kind, address in KINDS.items():
            assert client.get(f"{prefix}{address}", follow=True).status_code == status_of(kind)
    assert client.get(f"{prefix}/organizations/").status_code == 404


@pytest.mark.once
def test_the_catalog_of_a_new_language_is_made_empty_of_the_sources(tmp_path: Path) -> None:
    if shutil.which("msgfmt") is None:
        (pytest.fail if environment.IN_CI else pytest.skip)("GNU gettext was not found")
    for name in extracting.SOURCES:
        shutil.copytree(Path(settings.BASE_DIR, name), tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    with override_settings(LANGUAGES=[("en", "English"), MADE_UP]):
        extracting.bring_up(tmp_path)
    made = catalogs(tmp_path / "locale")
    assert list(made) == [MADE_UP[0]]
    texts = {message.msgid: message for message in map(parsed, made["vo"].read_text().split("\n\n")) if message}
    assert len(texts) > 900 and not any(texts["Organizations"].texts)
    assert not texts[""].is_fuzzy and "Language: vo" in texts[""].texts[0]
