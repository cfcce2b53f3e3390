"""The page that says how much the register knows, and how much of each region's countries."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engagement.directories.coverage import (
    KINDS,
    OFFICIAL,
    Cell,
    CountryRow,
    CoverageQuestion,
    RegionColumn,
    categories,
    collections,
    countries_of,
    published_regions,
    totals,
)
from engagement.directories.silences import CountedGap, counted_gaps
from engagement.models import Country, InvitationDecision, Region
from engagement.web.addresses import address, pairs_of, tidied

Listed = tuple[Cell, str]


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """The whole register, one region, a 400 that names what is wrong, or a redirect to the canonical address."""
    question = CoverageQuestion(tidied(request.GET))
    if problems := question.problems():
        return render(request, "engagement/refusal.html", {"problems": problems}, status=400)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    region: Region | None = question.form.cleaned_data["region"]
    if region:
        context = {"region": region, "regions": published_regions(), **table_of(countries_of(region))}
        return render(request, "engagement/coverage/region.html", context)
    return render(request, "engagement/coverage/whole.html", whole())


def whole() -> dict[str, Any]:
    known = totals()
    return {
        "totals": known,
        "by_kind": by_kind(known.regions),
        "categories": categories(),
        "collections": [(row, official_url(row.directory.name)) for row in collections()],
        "gaps": [(gap, url_of(gap)) for gap in counted_gaps()],
        "decisions": InvitationDecision.objects.published(),
        **table_of(countries_of(None)),
    }


def table_of(rows: list[CountryRow]) -> dict[str, Any]:
    """What the table of countries shows: a column a kind, a row a country."""
    return {
        "kinds": KINDS,
        "rows": [(row.country, [(cell, listed(cell, country=row.country)) for cell in row.cells]) for row in rows],
    }


def by_kind(regions: list[RegionColumn]) -> list[tuple[Any, list[tuple[Cell, str, int]]]]:
    """A row a kind: its cell in each region, where its records are listed, in how many countries there is none."""
    return [
        (
            kind,
            [
                (column.cells[place], listed(column.cells[place], region=column.region), column.countries)
                for column in regions
            ],
        )
        for place, kind in enumerate(KINDS)
    ]


def listed(cell: Cell, *, region: Region | None = None, country: Country | None = None) -> str:
    """Where the records that a cell counts are listed and no others; '' where that is nowhere."""
    kind = cell.kind
    if not cell.number:
        return ""
    if country:
        if kind.anchor:
            return f"{country.get_absolute_url()}#{kind.anchor}"
        return address(reverse(f"engagement:{kind.route}"), [*kind.query, ("country", country.iso2)])
    if region and kind.by_region:
        return address(reverse(f"engagement:{kind.route}"), [*kind.query, ("region", region.slug)])
    return ""


def official_url(name: str) -> str:
    """The records of a directory that have an official source."""
    return address(reverse(f"engagement:{name}"), [("source_kind", kind.value) for kind in OFFICIAL])


def url_of(counted: CountedGap) -> str:
    gap = counted.gap
    url = address(reverse(f"engagement:{gap.route}"), list(gap.query))
    return f"{url}#{gap.anchor}" if gap.anchor else url
