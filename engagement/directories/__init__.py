"""The public collections. A new one is one module here, two templates and two routes (docs/architecture.md)."""

from engagement.directories.base import Directory
from engagement.directories.constituents import constituents, countries
from engagement.directories.instruments import instruments, ratifications
from engagement.directories.invitations import invitations
from engagement.directories.meetings import meetings
from engagement.directories.offices import contacts, offices
from engagement.directories.organizations import organizations, statuses
from engagement.directories.projects import projects
from engagement.directories.sources import sources

DIRECTORIES: tuple[Directory, ...] = (
    organizations,
    statuses,
    invitations,
    constituents,
    countries,
    projects,
    instruments,
    ratifications,
    meetings,
    contacts,
    offices,
    sources,
)

__all__ = ["DIRECTORIES", "Directory"]
