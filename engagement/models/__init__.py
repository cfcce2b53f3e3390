"""The register's models, one module a concept. QuerySets live beside their model."""

from engagement.models.constituents import (
    Affiliation,
    Constituent,
    ConstituentGroup,
    TripartiteBody,
)
from engagement.models.consultation import (
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    LinkWording,
    ParticipationRight,
    Provision,
    RightHolder,
    StatusState,
    TextSeen,
)
from engagement.models.criteria import CriterionScope, EligibilityCriterion
from engagement.models.dates import (
    PartialDate,
)
from engagement.models.engagement import (
    ActorGroup,
    InformationResource,
    Initiative,
    ProfileStatement,
    RelationKind,
    RightsArea,
    StatementTopic,
    StrategicObjective,
)
from engagement.models.geography import (
    Country,
    Membership,
    Region,
)
from engagement.models.instruments import (
    Instrument,
    InstrumentAmendment,
    InstrumentKind,
    Ratification,
    RatificationState,
)
from engagement.models.invitations import Attendance, Invitation, InvitationDecision
from engagement.models.meetings import (
    Meeting,
    MeetingBody,
    MeetingKind,
)
from engagement.models.offices import (
    Contact,
    LawfulBasis,
    Office,
    OfficeFigure,
    OfficeKind,
    Official,
)
from engagement.models.organizations import (
    LinkKind,
    NameKind,
    Organization,
    OrganizationIdentifier,
    OrganizationKind,
    OrganizationLink,
    OrganizationName,
    Seat,
    Theme,
)
from engagement.models.projects import (
    PartnerRole,
    Programme,
    Project,
    ProjectPartner,
    ProjectResult,
    ResultNature,
)
from engagement.models.snapshots import Keeper, Snapshot
from engagement.models.sources import (
    Discrepancy,
    FurtherSource,
    Source,
    SourceKind,
)

__all__ = [
    "ActorGroup",
    "Affiliation",
    "Attendance",
    "Constituent",
    "ConstituentGroup",
    "ConsultativeCategory",
    "ConsultativeLink",
    "ConsultativeStatus",
    "Contact",
    "Country",
    "CriterionScope",
    "Discrepancy",
    "EligibilityCriterion",
    "FurtherSource",
    "InformationResource",
    "Initiative",
    "Instrument",
    "InstrumentAmendment",
    "InstrumentKind",
    "Invitation",
    "InvitationDecision",
    "Keeper",
    "LawfulBasis",
    "LinkKind",
    "LinkWording",
    "Meeting",
    "MeetingBody",
    "MeetingKind",
    "Membership",
    "NameKind",
    "Office",
    "OfficeFigure",
    "OfficeKind",
    "Official",
    "Organization",
    "OrganizationIdentifier",
    "OrganizationKind",
    "OrganizationLink",
    "OrganizationName",
    "PartialDate",
    "ParticipationRight",
    "PartnerRole",
    "ProfileStatement",
    "Programme",
    "Project",
    "ProjectPartner",
    "ProjectResult",
    "Provision",
    "Ratification",
    "RatificationState",
    "Region",
    "RelationKind",
    "ResultNature",
    "RightHolder",
    "RightsArea",
    "Seat",
    "Snapshot",
    "Source",
    "SourceKind",
    "StatementTopic",
    "StatusState",
    "StrategicObjective",
    "TextSeen",
    "Theme",
    "TripartiteBody",
]
