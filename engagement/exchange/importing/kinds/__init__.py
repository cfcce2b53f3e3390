"""The kinds of table that can be brought. A new one is one module here and its line in KINDS."""

from engagement.exchange.importing.kinds.base import Kind
from engagement.exchange.importing.kinds.constituents import CONSTITUENTS
from engagement.exchange.importing.kinds.contacts import CONTACTS
from engagement.exchange.importing.kinds.meetings import INVITATIONS, MEETINGS
from engagement.exchange.importing.kinds.organizations import ORGANIZATIONS, STATUSES
from engagement.exchange.importing.kinds.projects import PROJECTS
from engagement.exchange.importing.kinds.results import PARTNERS, RESULTS

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ORGANIZATIONS, STATUSES, INVITATIONS, CONSTITUENTS, PROJECTS, RESULTS, PARTNERS, MEETINGS, CONTACTS,
    )
}  # fmt: skip

__all__ = ["KINDS", "Kind"]
