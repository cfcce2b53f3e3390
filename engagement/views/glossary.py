"""The glossary."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engagement.directories.letters import LATIN, letter_of
from engagement.glossary import TERMS, Term
from engagement.models import Source
from engagement.search import normalise
from engagement.views.letters import Letter


@dataclass(frozen=True)
class Entry:
    """A term, where the register shows it, and the source that says so, where the register has it."""

    term: Term
    url: str
    source: Source | None


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms under their letters, in the order of the language of the page."""
    sources = {each.slug: each for each in Source.objects.published().filter(slug__in={term.source for term in TERMS})}
    entries = [Entry(term, shown_at(term), sources.get(term.source)) for term in in_order()]
    sections = [(Letter(sign), list(group)) for sign, group in groupby(entries, key=lambda entry: sign_of(entry.term))]
    found = [letter.sign for letter, _group in sections]
    signs = [*LATIN, *(sign for sign in found if sign not in LATIN)]
    context = {
        "sections": sections,
        "letters": [Letter(sign, f"#{Letter(sign).anchor}" if sign in found else "") for sign in signs],
    }
    return render(request, "engagement/glossary.html", context)


def in_order() -> list[Term]:
    return sorted(TERMS, key=lambda term: normalise(str(term.name)))


def sign_of(term: Term) -> str:
    return letter_of(normalise(str(term.name))[:1])


def shown_at(term: Term) -> str:
    page = reverse(f"engagement:{term.route}", args=[term.argument] if term.argument else [])
    query = f"?{term.query}" if term.query else ""
    return f"{page}{query}#{term.anchor}" if term.anchor else f"{page}{query}"
