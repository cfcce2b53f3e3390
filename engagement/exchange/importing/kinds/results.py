"""What stands on the pages of projects, a row each: results, and partners."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.desk.states import State
from engagement.exchange.importing import cells
from engagement.exchange.importing.base import Options, Raw, Wrong
from engagement.exchange.importing.columns import Column, Link, Number
from engagement.exchange.importing.derived import Label
from engagement.exchange.importing.kinds.base import (
    Identity,
    Kind,
    Rule,
    Said,
    evidence,
    key,
    of_source,
    organization,
)
from engagement.exchange.importing.resolving import Book
from engagement.models import (
    Organization,
    PartnerRole,
    Programme,
    Project,
    ProjectPartner,
    ProjectResult,
    ResultNature,
)
from engagement.models.base import KEY_LENGTH

# What a small number of the database holds on both engines.
LAST_PLACE = 32_767

OF_PROJECT = Link(
    name="project", says=_("Project: key or title; of a result either a project or a programme"),
    parse=cells.text(300), to="project_id", model=ProjectResult, target=Project, example="invented-lighthouses-project",
)  # fmt: skip
OF_PROGRAMME = Link(
    name="programme", says=_("Programme: key or title"), parse=cells.text(300), to="programme_id",
    model=ProjectResult, target=Programme,
)  # fmt: skip
NATURE = Column(
    name="nature", says=_("What the figure is, so that a target is never read as a result: code or label"),
    parse=cells.choice(ResultNature), to="nature", model=ProjectResult, required=True, example="result",
)  # fmt: skip


def place(raw: Raw, options: Options) -> int | None:
    """A whole number that the field has room for."""
    number = cells.integer(raw, options)
    if number is None or 0 <= number <= LAST_PLACE:
        return number
    raise Wrong("number-range", gettext("The number lies between 0 and %(last)d.") % {"last": LAST_PLACE})


def of_one(said: Said) -> Any:
    if not said["indicator"] or not (said["project_id"] or said["programme_id"]):
        return None
    return (said["project_id"], said["programme_id"], said["indicator"], said["as_of"])


def result_label(state: State, book: Book) -> str:
    parent = book.names(Project).of(state["project_id"], "title")
    return f"{parent or book.names(Programme).of(state['programme_id'], 'title')}: {state['indicator']}"


RESULTS = Kind(
    name="project-results",
    title=_("Results of projects"),
    model=ProjectResult,
    columns=(
        key(ProjectResult, "invented-lighthouses-project-lamps-lit-2024"),
        OF_PROJECT,
        OF_PROGRAMME,
        Column(
            name="order", says=_("Its place on the page: a whole number"), parse=place, to="order",
            model=ProjectResult, required=True, example="1",
        ),
        NATURE,
        Column(
            name="indicator", says=_("What is measured"), parse=cells.text(300), to="indicator", model=ProjectResult,
            required=True, example="Lamps lit",
        ),
        Number(
            name="value", says=_("Value, a number"), parse=cells.decimal(18, 4), to="value", model=ProjectResult,
            example="120",
        ),
        Column(
            name="unit", says=_("Unit"), parse=cells.text(50), to="unit", model=ProjectResult, example="lamps"
        ),
        Column(name="finding", says=_("Finding in words"), parse=cells.multiline, to="finding", model=ProjectResult),
        *evidence(ProjectResult),
    ),
    derived=(
        Label(name="project_label", instead="project", column=OF_PROJECT, lookup="title"),
        Label(name="programme_label", instead="programme", column=OF_PROGRAMME, lookup="title"),
        Label(name="nature_label", instead="nature", column=NATURE),
        *of_source(ProjectResult),
    ),
    identity=Identity(
        ("project", "programme", "indicator", "as_of"),
        ("project_id", "programme_id", "indicator", "as_of"),
        lambda said: (of_one(said),),
        of_one,
        of_one,
    ),
    label=result_label,
    rules=(
        Rule(
            "engagement_projectresult_of_project_or_programme", "project",
            lambda state: (state["project_id"] is None) != (state["programme_id"] is None),
        ),
        Rule(
            "engagement_projectresult_says_something", "value",
            lambda state: state["value"] is not None or bool(state["finding"]),
        ),
    ),
)  # fmt: skip

# -- Partners ------------------------------------------------------------------------------------------------

PARTNER_PROJECT = Link(
    name="project", says=_("Project: key or title"), parse=cells.text(300), to="project_id", model=ProjectPartner,
    target=Project, required=True, example="invented-lighthouses-project",
)  # fmt: skip
PARTNER_ORGANIZATION = organization(
    ProjectPartner, _("The organization that it is, where the register has it: key or name")
)
ROLE = Column(
    name="role", says=_("Role: code or label; blank: not stated"), parse=cells.choice(PartnerRole), to="role",
    model=ProjectPartner, required=True, example="implementing",
)  # fmt: skip


def code_of(said: Said) -> str:
    """The code given, or the one that the record will have (ProjectPartner.complete), where the name tells it."""
    return said["slug"] or ("" if said["organization_id"] else slugify(said["name"])[:KEY_LENGTH])


def in_role(said: Said) -> Any:
    """Without a code, the organization stands for it: its slug is the code."""
    code = code_of(said)
    if not said["project_id"] or not (code or said["organization_id"]):
        return None
    return (said["project_id"], code or said["organization_id"], said["role"])


def each_role(said: Said) -> Iterator[Any]:
    yield (said["project_id"], said["slug"], said["role"])
    if said["organization_id"]:
        yield (said["project_id"], said["organization_id"], said["role"])


def partner_label(state: State, book: Book) -> str:
    return f"{book.names(Project).of(state['project_id'], 'title')}: {state['name']}"


def organization_slug(state: State, book: Book) -> State:
    """The code of a new partner, as the record makes it."""
    slug = state["slug"] or book.names(Organization).key_of(state["organization_id"]) or code_of(state)
    return {"slug": slug}


PARTNERS = Kind(
    name="project-partners",
    title=_("Partners of projects"),
    model=ProjectPartner,
    columns=(
        key(ProjectPartner, "invented-lighthouses-project-implementing-invented-union"),
        PARTNER_PROJECT,
        Column(
            name="name", says=_("Name as the source prints it"), parse=cells.text(300), to="name",
            model=ProjectPartner, required=True, example="Invented Union",
        ),
        Column(
            name="code", says=_("Code in filters, the same for every naming of one body; blank: made of the name"),
            parse=cells.slug(KEY_LENGTH), to="slug", model=ProjectPartner, kept=True,
            example="invented-union",
        ),
        PARTNER_ORGANIZATION,
        ROLE,
        *evidence(ProjectPartner),
    ),
    derived=(
        Label(name="project_label", instead="project", column=PARTNER_PROJECT, lookup="title"),
        Label(name="organization_label", instead="organization", column=PARTNER_ORGANIZATION),
        Label(name="role_label", instead="role", column=ROLE),
        *of_source(ProjectPartner),
    ),
    identity=Identity(
        ("project", "name", "code", "organization", "role"),
        ("project_id", "name", "slug", "organization_id", "role"),
        each_role,
        in_role,
        lambda said: (said["project_id"], said["slug"], said["role"]),
    ),
    label=partner_label,
    follows=organization_slug,
)  # fmt: skip
