"""The hostile texts of values.py put into every place of an address: parameters and their names, keys, formats, the
query as a whole; of the public pages, files, feeds, the API, and the admin. The same each time."""

import random
from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import quote

from django.contrib.admin import site

from engagement.directories import DIRECTORIES
from tests.hostile.values import CLASSES, ELSEWHERE, mixed

SOME_ORGANIZATION, SOME_COUNTRY = "amnesty-international", "FR"
FILES = ("csv", "json", "xlsx", "atom")
# Pages that are no list, with what they may be asked.
ASKED = {
    "/search/": ("q",),
    "/compare/": ("from", "to", "category"),
    "/changes/": ("from", "to", "page", "collection"),
    "/coverage/": ("region", "show"),
    "/countries/map/": ("on", "show"),
    "/countries/map.csv": ("on",),
    "/which-status/": ("organization", "meeting", "country", "aims", "papers"),
    "/which-status/dates.ics": ("meeting", "country"),
    "/corrections/": ("page", "kind"),
    "/corrections/new/": ("record",),
    "/snapshots/": ("collection", "page"),
    "/snapshots/2006-11-15/organizations/": ("q", "page"),
    "/snapshots/1/organizations.csv": ("q",),
    "/meeting-check/": ("meeting",),
    "/contacts/check/": ("organization",),
    "/requests/": ("receipt",),
    "/requests/new/": ("kind", "organization", "meeting"),
    "/data/": ("page",),
    "/about/": ("q",),
    "/": ("q", "page"),
    "/categories/general/": ("on",),
    "/categories/by-year.csv": ("on",),
    f"/organizations/{SOME_ORGANIZATION}/": ("on", "q"),
    f"/organizations/{SOME_ORGANIZATION}/timeline.csv": ("on",),
    f"/organizations/{SOME_ORGANIZATION}.atom": ("on",),
    f"/countries/{SOME_COUNTRY}/": ("on",),
    "/sources/profile/": ("page",),
    "/cite.bib": ("page",),
    "/cite.ris": ("page",),
    "/cite.json": ("page",),
    "/sitemap.xml": ("page",),
    "/data/register.zip": ("q",),
    "/healthz": ("q",),
    "/fr/organizations/": ("q", "on", "category", "page"),
    "/es/search/": ("q",),
    "/FR/countries/": ("q",),
}
IN_THE_API = {
    "/api/v1/": ("format",),
    "/api/v1/schema/": ("format",),
    "/api/v1/docs/organizations/": ("q",),
    f"/api/v1/organizations/{SOME_ORGANIZATION}/": ("on", "format"),
    "/api/v1/organizations/since/0/": ("limit", "row"),
    "/api/v1/reconcile": ("queries", "extend", "callback"),
    "/api/v1/reconcile/view": ("id",),
    "/api/v1/reconcile/preview": ("id",),
    "/api/v1/reconcile/properties": ("type", "limit"),
    "/api/v1/reconcile/suggest/entity": ("prefix", "cursor", "type"),
    "/api/v1/reconcile/suggest/type": ("prefix", "cursor"),
    "/api/v1/reconcile/suggest/property": ("prefix", "cursor", "type"),
}
# Addresses with a place for a key.
KEYED = (
    "/{}/", "/{}", "/fr/{}/", "/organizations/{}/", "/organizations/{}.atom", "/organizations/{}/timeline.csv",
    "/organizations.{}", "/countries/{}/", "/categories/{}/", "/projects/{}/", "/instruments/{}/",
    "/meetings/{}/dates.ics",
    "/sources/{}/", "/corrections/{}/", "/requests/{}/", "/requests/continue/{}/", "/contacts/confirm/{}/",
    "/snapshots/{}/organizations/", "/snapshots/1/{}.csv", "/snapshots/2006-11-15/{}/", "/sitemap-pages-{}.xml",
    "/sitemap-{}-1.xml", "/static/{}", "/api/v1/{}/", "/api/v1/organizations/{}/", "/api/v1/offices/since/{}/",
    "/admin/{}/", "/admin/reset/{}/x/", "/admin/reset/MQ/{}/", "/.well-known/{}",
)  # fmt: skip
KEYED_ADMIN = (
    "/admin/engagement/organization/{}/change/", "/admin/engagement/organization/{}/history/",
    "/admin/engagement/organization/{}/delete/", "/admin/engagement/organization/deleted/{}/",
    "/admin/engagement/organization/merge/{}/1/", "/admin/engagement/contact/{}/erase/",
    "/admin/engagement/contact/answers/{}/close/", "/admin/desk/importrun/{}/change/",
    "/admin/desk/importrun/{}/undo/",
    "/admin/desk/importrun/files/{}/example.csv", "/admin/desk/decisionset/{}/change/",
    "/admin/desk/request/{}/change/",
    "/admin/desk/request/1/papers/{}/", "/admin/desk/correction/{}/change/", "/admin/desk/proposal/{}/change/",
    "/admin/desk/operation/{}/undo/", "/admin/auth/user/{}/change/", "/admin/auth/user/{}/password/",
    "/admin/engagement/{}/", "/admin/{}/organization/", "/admin/r/{}/1/",
)  # fmt: skip
OF_CHANGELISTS = ("q", "o", "p", "all", "e", "_to_field", "_popup", "pk__in", "id__exact", "source__kind__exact")
OF_DESK_PAGES = {
    "/admin/": ("page",),
    "/admin/login/": ("next",),
    "/admin/autocomplete/": ("term", "app_label", "model_name", "field_name", "page"),
    "/admin/jsi18n/": ("language",),
    "/admin/engagement/organization/look-alikes/": ("page", "distinct"),
    "/admin/engagement/organization/deleted/": ("page",),
    "/admin/engagement/organization/add/": ("name", "source", "_changelist_filters", "_to_field", "_popup"),
    "/admin/engagement/contact/ask/": ("contact",),
    "/admin/desk/importrun/add/": ("kind", "again"),
    "/admin/desk/request/put/": ("request",),
    "/admin/second-factor/code/": ("next",),
    "/admin/second-factor/set-up/": ("next",),
}
AUTOCOMPLETE = "/admin/autocomplete/?app_label=engagement&model_name=organization&field_name=source"


def drawn(chance: random.Random, count: int) -> list[str]:
    """One text each of so many kinds."""
    return [chance.choice(CLASSES[kind]) for kind in chance.sample(sorted(CLASSES), min(count, len(CLASSES)))]


def asked(address: str, name: str, values: list[str]) -> Iterator[str]:
    """Each value in this parameter; the parameter twice; the value as the name of a parameter."""
    for value in values:
        yield f"{address}{'&' if '?' in address else '?'}{name}={value}"
    yield f"{address}?{name}={values[0]}&{name}={values[-1]}"
    yield f"{address}?{values[0]}={name}"


def pages() -> Iterator[str]:
    chance = random.Random(1)
    for directory in DIRECTORIES:
        for name in (*directory.filterset.base_filters, "page", "contacts__email"):
            yield from asked(f"/{directory.name}/", name, drawn(chance, 6))


def others() -> Iterator[str]:
    chance = random.Random(2)
    for address, names in ASKED.items():
        for name in names:
            yield from asked(address, name, drawn(chance, len(CLASSES)))


def files() -> Iterator[str]:
    chance = random.Random(3)
    for directory, suffix in product(DIRECTORIES, FILES):
        for name in (*directory.filterset.base_filters, "page"):
            yield from asked(f"/{directory.name}.{suffix}", name, drawn(chance, 2))


def api() -> Iterator[str]:
    chance = random.Random(4)
    for directory in DIRECTORIES:
        for name in (*directory.filterset.base_filters, "limit", "offset", "since", "format"):
            yield from asked(f"/api/v1/{directory.name}/", name, drawn(chance, 12))
    for address, names in IN_THE_API.items():
        for name in names:
            yield from asked(address, name, drawn(chance, len(CLASSES)))


def keys() -> Iterator[str]:
    """Texts in the path; that of an address may hold %2F, which divides it."""
    chance = random.Random(5)
    for address in KEYED:
        for values in CLASSES.values():
            yield address.format(chance.choice(values))
    yield from (f"//{ELSEWHERE}/", f"/fr//{ELSEWHERE}", f"/%5C{ELSEWHERE}", "/" + "a/" * 900, "/" + "%2e%2e/" * 300)


def noise() -> Iterator[str]:
    """What nobody has thought of: random bytes, as queries and as paths."""
    places = ("/organizations/?q={}", "/search/?q={}", "/organizations.csv?{}", "/api/v1/offices/?{}", "/{}",
              "/cite.bib?page=/{}",
              "/api/v1/reconcile?queries={}", "/countries/?{}&{}", "/fr/{}?{}",
              "/compare/?from={}&to={}")  # fmt: skip
    for number, text in enumerate(mixed(6, 4000)):
        place = places[number % len(places)]
        yield place.format(*[text] * place.count("{}"))


def admin_lists() -> Iterator[str]:
    chance = random.Random(7)
    for model in site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        relations = [field.name for field in model._meta.fields if field.is_relation]
        names = [*chance.sample(OF_CHANGELISTS, 2), *chance.sample(relations, min(1, len(relations)))]
        for name in names:
            yield from asked(address, name, drawn(chance, 2))
        for name in relations:  # what a form for a new record is filled with
            yield from (f"{address}add/?{name}={value}" for value in drawn(chance, 1))


def admin_pages() -> Iterator[str]:
    chance = random.Random(8)
    for address, names in OF_DESK_PAGES.items():
        for name in names:
            yield from asked(address, name, drawn(chance, 5))
    yield from asked(AUTOCOMPLETE, "term", drawn(chance, len(CLASSES)))
    for address in KEYED_ADMIN:
        yield from (address.format(value) for value in drawn(chance, 7))
    yield from (f"/admin/login/?next={quote(text, safe='')}" for text in ("/admin/", "1000", "admin:index"))


# By whom they are asked: by anybody, or by staff with all rights.
OF_ANYBODY: dict[str, Callable[[], Iterator[str]]] = {
    "pages": pages, "others": others, "files": files, "api": api, "keys": keys, "noise": noise,
}  # fmt: skip
OF_STAFF: dict[str, Callable[[], Iterator[str]]] = {"admin lists": admin_lists, "admin pages": admin_pages}
