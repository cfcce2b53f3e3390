"""What programs ask of a site: robots.txt, security.txt, the sitemap, the description of its search."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from engagement.models import (
    ActorGroup,
    ConsultativeCategory,
    Country,
    Instrument,
    Meeting,
    Organization,
    Programme,
    Project,
    Source,
)
from engagement.web.addresses import site_of
from engagement.web.conditional import by_revision

# Records of one file of the sitemap. Each is there in every language, with links to all of them: some 4 KB.
RECORDS_A_FILE = 2_000
# RFC 9116 recommends less than a year.
SECURITY_HOLDS = datetime.timedelta(days=180)

# Pages that say something without being asked; the contacts are not for search engines.
PAGES = (
    "home", "categories", "organizations", "statuses", "invitations", "constituents", "countries", "countries-map",
    "projects", "instruments", "ratifications", "meetings", "offices", "sources", "participation", "which-status",
    "request-new",
    "meeting-check", "engagement", "discrepancies", "coverage", "compare", "changes", "corrections", "glossary", "data",
    "about", "privacy", "accessibility",
)  # fmt: skip


def paths_of_pages() -> list[str]:
    return [reverse(f"engagement:{name}") for name in PAGES]


def records_of(model: Any) -> Callable[[], Any]:
    """The keys of the published records, in a fixed order."""
    return lambda: model.objects.published().order_by("pk").values_list(model.key_field, flat=True)


# By section the records that have a page of their own, and the route of these pages.
SECTIONS = {
    "organizations": ("organization", records_of(Organization)),
    "countries": ("country", records_of(Country)),
    "projects": ("project", records_of(Project)),
    "programmes": ("programme", records_of(Programme)),
    "instruments": ("instrument", records_of(Instrument)),
    "meetings": ("meeting", records_of(Meeting)),
    "sources": ("source", records_of(Source)),
    "categories": ("category", records_of(ConsultativeCategory)),
    "engagement": ("actor-group", records_of(ActorGroup)),
}
OF_PAGES = "pages"


@dataclass(frozen=True)
class Entry:
    """One page in one language, and the same in each of them."""

    url: str
    alternates: list[tuple[str, str]]


@require_safe
@by_revision
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: a file for the pages, and as many as it takes for each kind of record."""
    files = [reverse("files:sitemap-section", args=[OF_PAGES, 1])]
    for section, (_route, keys) in SECTIONS.items():
        for number in Paginator(keys(), RECORDS_A_FILE).page_range:
            files.append(reverse("files:sitemap-section", args=[section, number]))
    context = {"files": [request.build_absolute_uri(path) for path in files]}
    return render(request, "engagement/sitemap_index.xml", context, content_type="application/xml")


@require_safe
@by_revision
def sitemap_section(request: HttpRequest, section: str, number: int) -> HttpResponse:
    paths = paths_of_pages() if (section, number) == (OF_PAGES, 1) else paths_of_records(section, number)
    context = {"entries": entries(paths, site_of(request))}
    return render(request, "engagement/sitemap.xml", context, content_type="application/xml")


def paths_of_records(section: str, number: int) -> list[str]:
    """404 for a section or a number that the index does not name."""
    if section not in SECTIONS:
        raise Http404(f"The sitemap has no section {section}.")
    route, keys = SECTIONS[section]
    try:
        page = Paginator(keys(), RECORDS_A_FILE).page(number)
    except EmptyPage as error:
        raise Http404(f"The section {section} of the sitemap has no file {number}.") from error
    return [reverse(f"engagement:{route}", args=[key]) for key in page]


def entries(paths: list[str], site: str) -> Iterator[Entry]:
    prefixes = [(code, prefix_of(code)) for code, _name in settings.LANGUAGES]
    for path in paths:
        urls = [(code, f"{site}{prefix}{path}") for code, prefix in prefixes]
        alternates = [*urls, ("x-default", urls[0][1])]
        for _code, url in urls:
            yield Entry(url, alternates)


def prefix_of(language: str) -> str:
    """What the addresses of pages in the language begin with: '' for English, `/fr`."""
    with override(language):
        return reverse("engagement:home").removesuffix("/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Lists may be walked page by page; what filters combine to has no end, and forms are for people."""
    closed = [
        f"{prefix_of(code)}{path}" for path in ("/admin/", "/corrections/new/") for code, _name in settings.LANGUAGES
    ]
    context = {"closed": [*closed, "/api/"], "sitemap": request.build_absolute_uri(reverse("files:sitemap"))}
    return render(request, "engagement/robots.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where weaknesses are reported (RFC 9116); 404 where the operator has named nobody.

    It says until when it holds, and is written anew each day: a copy that somebody kept runs out.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404("SECURITY_CONTACT is not set.")
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_HOLDS
    context = {
        "contacts": settings.SECURITY_CONTACT,
        "expires": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        "languages": ", ".join(code for code, _name in settings.LANGUAGES),
        "canonical": request.build_absolute_uri(reverse("files:security")),
    }
    return render(request, "engagement/security.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The search as browsers take it into their address bar."""
    search = request.build_absolute_uri(reverse("engagement:search"))
    context = {"search": search, "site": site_of(request)}
    kind = "application/opensearchdescription+xml"
    return render(request, "engagement/opensearch.xml", context, content_type=kind)
