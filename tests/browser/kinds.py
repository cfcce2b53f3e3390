"""Every kind of page that the public sees, with one address each, for the tests that look at all of them.

A new kind of page is one line here. Where many records have a page of a kind, a long one stands for them.
"""

from urllib.parse import urlencode

KINDS = {
    "home": "/",
    "categories": "/categories/",
    "category": "/categories/special-list/",
    "category as of a day": "/categories/general/?on=2002-05-15",
    "invited": "/categories/invited/",
    "organizations": "/organizations/",
    "organizations, filtered": "/organizations/?on=2006-11-15&category=special-list&kind=ngo&kind=workers",
    "organizations, none found": "/organizations/?category=general&kind=cooperative&region=africa",
    "organizations, misspelt": "/organizations/?q=soroptimst",
    "organizations, page 2": "/organizations/?page=2",
    "organization": "/organizations/european-centre-for-workers-questions/",
    "organization, renamed": "/organizations/international-trade-union-confederation/",
    "organization as of a day": "/organizations/world-federation-of-trade-unions/?on=2002-05-15",
    "statuses": "/statuses/",
    "invitations": "/invitations/",
    "constituents": "/constituents/",
    "countries": "/countries/",
    "country": "/countries/PK/",
    "map": "/countries/map/",
    "projects": "/projects/",
    "project": "/projects/elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot/",
    "programme": "/programmes/international-programme-on-the-elimination-of-child-labour-ipec/",
    "instruments": "/instruments/",
    "instrument": "/instruments/C182/",
    "ratifications": "/ratifications/",
    "meetings": "/meetings/",
    "meeting": "/meetings/ilc-106/",
    "contacts": "/contacts/",
    "check of an address": "/contacts/check/?organization=international-trade-union-confederation",
    "offices": "/offices/",
    "sources": "/sources/",
    "source": "/sources/profile/",
    "engagement": "/engagement/",
    "actor group": "/engagement/private-sector/",
    "participation": "/participation/",
    "discrepancies": "/discrepancies/",
    "search": "/search/?q=labour",
    "search, misspelt": "/search/?q=cooperatve+aliance",
    "search, nothing": "/search/",
    "coverage": "/coverage/",
    "coverage of a region": "/coverage/?region=asia-and-the-pacific",
    "compare, not asked": "/compare/",
    "compare": "/compare/?from=2002-05-15&to=2026-01-01",
    "changes": "/changes/",
    "corrections": "/corrections/",
    "correction of a record": "/corrections/new/?record=organization%3Ainternational-trade-union-confederation",
    "snapshots": "/snapshots/",
    "meeting check": "/meeting-check/?meeting=ilc-106",
    "guide": "/which-status/",
    "guide, answered": "/which-status/?organization=ngo&reach=several-regions&aims=fields&want=one-meeting"
    "&meeting=ilc-111&first=yes",
    "requests, closed": "/requests/new/",
    "glossary": "/glossary/",
    "data": "/data/",
    "about": "/about/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "a question with a mistake": "/organizations/?" + urlencode({"colour": "red", "since_from": "06"}),
    "a page that is not there": "/organizations/no-such-organization/",
}
# What these answer; everything else answers 200.
REFUSED = {"a question with a mistake": 400, "a page that is not there": 404}


def status_of(kind: str) -> int:
    return REFUSED.get(kind, 200)
