"""Rows for tests: plain functions, every field may be overridden."""

from itertools import count
from typing import Any

from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    Country,
    Invitation,
    Meeting,
    MeetingBody,
    Organization,
    Source,
)

_numbers = count(1)


def make_source(**fields: Any) -> Source:
    number = next(_numbers)
    return Source.objects.create(**{"slug": f"test-source-{number}", "title": f"Test source {number}", **fields})


def make_organization(**fields: Any) -> Organization:
    defaults = {"name": f"Invented body {next(_numbers)}", "source": fields.get("source") or make_source()}
    return Organization.objects.create(**{**defaults, **fields})


def make_status(**fields: Any) -> ConsultativeStatus:
    """A status of a new organization in the category `special-list`, undated unless fields say otherwise."""
    defaults = {
        "organization": fields.get("organization") or make_organization(),
        "category": ConsultativeCategory.objects.get(slug="special-list"),
        "source": fields.get("source") or make_source(),
    }
    return ConsultativeStatus.objects.create(**{**defaults, **fields})


def make_meeting(**fields: Any) -> Meeting:
    defaults = {
        "name": f"Invented meeting {next(_numbers)}",
        "body": MeetingBody.objects.get(slug="ilc"),
        "source": fields.get("source") or make_source(),
    }
    return Meeting.objects.create(**{**defaults, **fields})


def make_invitation(**fields: Any) -> Invitation:
    defaults = {
        "organization": fields.get("organization") or make_organization(),
        "meeting": fields.get("meeting") or make_meeting(),
        "source": fields.get("source") or make_source(),
    }
    return Invitation.objects.create(**{**defaults, **fields})


def make_country(iso2: str, **fields: Any) -> Country:
    """A country with a code that ISO 3166-1 leaves to users (XA to XZ)."""
    defaults = {"iso2": iso2, "iso3": f"{iso2}X", "name": f"Invented land {iso2}", "source": make_source()}
    return Country.objects.create(**{**defaults, **fields})
