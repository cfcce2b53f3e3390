"""The terms that the register uses, each explained in plain words: a declaration, asked by views and templates.

It stands beside the pictures: below the views, and of the rest of the portal it knows nothing but names of routes.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Term:
    """One entry.

    slug: its anchor on the page. route, argument, query, anchor: where the register shows it.
    source: the slug of a source that says so, linked where the register has it.
    """

    slug: str
    name: Any
    text: Any
    route: str = ""
    argument: str = ""
    query: str = ""
    anchor: str = ""
    source: str = ""


ORGANIZATION = (
    Term(
        "ilo",
        _("International Labour Organization (ILO)"),
        _("The specialized agency of the United Nations for labour. This register is not its site."),
        "about",
        source="profile",
    ),
    Term(
        "office",
        _("International Labour Office"),
        _("The permanent secretariat of the Organization, in Geneva and in offices around the world."),
        "offices",
        source="profile",
    ),
    Term(
        "director-general",
        _("Director-General"),
        _("The head of the International Labour Office."),
        "offices",
        source="profile",
    ),
    Term(
        "tripartite",
        _("Tripartite"),
        _("Of three parts: governments, employers and workers take part side by side, as equals."),
        "constituents",
        source="profile",
    ),
    Term(
        "constituents",
        _("Constituents"),
        _("The three sides that the ILO is made of: governments, and organizations of employers and of workers."),
        "constituents",
        source="profile",
    ),
    Term(
        "social-partners",
        _("Social partners"),
        _("Organizations of employers and of workers, taken together."),
        "constituents",
        source="profile",
    ),
    Term(
        "most-representative",
        _("Most representative"),
        _(
            "Delegates of employers and workers are chosen in agreement with the organizations most representative of "
            "them. That the register names a body does not say that it is one of these."
        ),
        "constituents",
    ),
    Term(
        "member-state",
        _("Member State"),
        _("A State that belongs to the ILO. Where it left and came back, each spell of membership stands by itself."),
        "countries",
    ),
    Term(
        "region",
        _("Region"),
        _("One of five parts of the world by which the ILO counts its member States and calls its regional meetings."),
        "coverage",
    ),
    Term(
        "national-tripartite-body",
        _("National tripartite body"),
        _(
            "A council or committee in which the government, employers and workers of a country consult each other. "
            "Convention No. 144, of 1976, is about such consultation."
        ),
        "instrument",
        "C144",
        source="profile",
    ),
)

MEETINGS = (
    Term(
        "conference",
        _("International Labour Conference"),
        _(
            "The meeting, once a year, of all member States, each with delegates of its government, its employers and "
            "its workers. It adopts Conventions and Recommendations."
        ),
        "meetings",
        query="body=ilc",
        source="ilo-ilc-page-es",
    ),
    Term(
        "governing-body",
        _("Governing Body"),
        _(
            "The body of governments, employers and workers that directs the ILO between two sessions of the "
            "Conference. It decides on the Special List and on invitations to meetings."
        ),
        "meetings",
        query="body=governing-body",
        source="profile",
    ),
    Term(
        "officers-of-the-governing-body",
        _("Officers of the Governing Body"),
        _("Its chairperson and its two vice-chairpersons, one of the employers and one of the workers."),
        "participation",
        anchor="provisions",
    ),
    Term(
        "session",
        _("Session"),
        _("One meeting of a body that meets again and again, known by its number."),
        "meetings",
    ),
    Term(
        "regional-meeting",
        _("Regional meeting"),
        _("A meeting of governments, employers and workers of one region."),
        "meetings",
    ),
    Term(
        "sectoral-meeting",
        _("Sectoral meeting"),
        _("A meeting on one branch of the economy."),
        "participation",
        anchor="matrix",
        source="sect-so-1995",
    ),
    Term(
        "technical-meeting",
        _("Technical meeting"),
        _("A tripartite meeting on one subject, called by the Governing Body."),
        "participation",
        anchor="provisions",
        source="gb335-so-note",
    ),
    Term(
        "meeting-of-experts",
        _("Meeting of experts"),
        _("A meeting of persons who are chosen for what they know of one subject."),
        "participation",
        anchor="provisions",
        source="gb335-so-note",
    ),
    Term(
        "observer",
        _("Observer"),
        _(
            "Who may be present at a meeting without being a member of it. What an observer may do, the rules of the "
            "meeting say. A source that words a link as “observer status” does not thereby name a category."
        ),
        "statuses",
        anchor="links",
    ),
)

CONSULTATION = (
    Term(
        "consultative-status",
        _("Consultative status"),
        _("A standing of an international non-governmental organization with the ILO, given by a decision."),
        "categories",
        source="profile",
    ),
    Term(
        "general-status",
        _("General consultative status"),
        _(
            "The category of organizations with a major stake in a wide range of the ILO’s activities. Their standing "
            "arrangements are for all of its meetings."
        ),
        "category",
        "general",
        source="profile",
    ),
    Term(
        "regional-status",
        _("Regional consultative status"),
        _("The same for one region: the standing arrangements are for regional meetings."),
        "category",
        "regional",
        source="profile",
    ),
    Term(
        "special-list",
        _("Special List"),
        _(
            "A list that the Governing Body set up in 1956, of international non-governmental organizations other than "
            "those of employers and workers. How far each takes part depends on the interest it has shown."
        ),
        "category",
        "special-list",
        source="profile",
    ),
    Term(
        "standing-arrangements",
        _("Standing arrangements"),
        _("What an organization may do in the meetings they are for without being invited each time."),
        "participation",
        anchor="matrix",
        source="profile",
    ),
    Term(
        "invitation",
        _("Invitation"),
        _("A decision that lets one organization take part in one meeting. It is no standing of its own."),
        "invitations",
        source="profile",
    ),
)

INSTRUMENTS = (
    Term(
        "convention",
        _("Convention"),
        _("A treaty that the Conference adopts. It binds the States that ratify it."),
        "instruments",
        query="kind=convention",
        source="profile",
    ),
    Term(
        "recommendation",
        _("Recommendation"),
        _("A guideline that the Conference adopts. It is not ratified and binds no State."),
        "instruments",
        source="profile",
    ),
    Term(
        "ratification",
        _("Ratification"),
        _("The act by which a State binds itself to a Convention."),
        "ratifications",
        source="nlx_guide",
    ),
    Term(
        "denunciation",
        _("Denunciation"),
        _(
            "The act by which a State ends that it is bound by a Convention. One that only follows from another act is "
            "marked as derived."
        ),
        "ratifications",
    ),
    Term(
        "decent-work",
        _("Decent work"),
        _("The goal of the ILO, the point at which its four strategic objectives come together."),
        "engagement",
        source="profile",
    ),
    Term(
        "programme",
        _("Programme"),
        _("A frame for several projects. Its sums and figures are not those of one project."),
        "projects",
    ),
    Term(
        "ipec",
        _("IPEC"),
        _("The International Programme on the Elimination of Child Labour."),
        "projects",
        source="unt_ipec",
    ),
)

REGISTER = (
    Term(
        "as-of",
        _("As of"),
        _("The day for which something is said: of a fact, the date for which its source speaks; of a page, the day "
          "on which it shows the register."),
        "about",
        anchor="as-of",
    ),
    Term(
        "current",
        _("Current"),
        _("Of a status: granted, and no end is recorded."),
        "statuses",
        query="status=current",
    ),
    Term(
        "former",
        _("Former"),
        _("Of a status: it has ended. Of a name: the body was called so before."),
        "statuses",
        query="status=former",
    ),
    Term(
        "stated",
        _("Stated"),
        _(
            "Of a status: a source says that it is held, and not since when. It counts on the days of the source’s own "
            "date and not for today."
        ),
        "statuses",
        query="status=stated",
    ),
    Term(
        "undated",
        _("Undated"),
        _("Neither the fact nor its source has a date. It counts for no day and is shown apart."),
        "statuses",
        query="status=undated",
    ),
    Term(
        "not-recorded",
        _("Not recorded"),
        _("No source read so far says so. It never means none."),
        "coverage",
    ),
    Term(
        "source-kinds",
        _("Kinds of source"),
        _(
            "Who speaks: the UN-NGLS profile, an official document or page, the press, a database, a body about itself "
            "(own statement), or others about it (secondary account)."
        ),
        "sources",
    ),
    Term(
        "discrepancy",
        _("Discrepancy"),
        _("Two sources that say different things of one fact. Both readings are kept."),
        "discrepancies",
    ),
)  # fmt: skip

TERMS = (*ORGANIZATION, *MEETINGS, *CONSULTATION, *INSTRUMENTS, *REGISTER)
BY_SLUG = {term.slug: term for term in TERMS}
