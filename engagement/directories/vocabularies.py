"""Vocabularies kept in tables that several directories ask by."""

from engagement.directories.filters import Codes
from engagement.models import Country
from engagement.models.languages import InLanguage

COUNTRIES = Codes(Country, "iso2", order=InLanguage("sort_name"))
