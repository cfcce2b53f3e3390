"""The staff's side, on Django's own admin: one module a concept. Importing them registers their models."""

from engagement.admin import (
    constituents,
    consultation,
    engagement,
    geography,
    instruments,
    invitations,
    meetings,
    offices,
    organizations,
    projects,
    sources,
)

__all__ = [
    "constituents",
    "consultation",
    "engagement",
    "geography",
    "instruments",
    "invitations",
    "meetings",
    "offices",
    "organizations",
    "projects",
    "sources",
]
