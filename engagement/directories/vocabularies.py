"""Vocabularies kept in tables that several directories ask by."""

from engagement.directories.filters import Codes
from engagement.models import Country, Region, Theme

COUNTRIES = Codes(Country, "iso2", by_label=True)
REGIONS = Codes(Region, "slug")
THEMES = Codes(Theme, "slug", by_label=True)
