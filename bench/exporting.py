"""The register's organizations as plain tables of a SQLite file. Run within the portal, on either engine.

They are what Datasette and bare SQL are given, and say which answers are right.
"""

import datetime
import sqlite3
from collections.abc import Iterable
from typing import Any

from engagement.models import ConsultativeStatus, Organization, OrganizationName, Seat

TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE body(
  id INTEGER PRIMARY KEY, slug TEXT, name TEXT, sort_name TEXT, acronym TEXT, kind TEXT, region TEXT, website TEXT
);
CREATE TABLE other_name(organization INTEGER, name TEXT);
CREATE TABLE seat(organization INTEGER, country TEXT, region TEXT, city TEXT);
CREATE TABLE field(organization INTEGER, theme TEXT);
CREATE TABLE status(organization INTEGER, category TEXT, granted TEXT, ended TEXT);
"""

# `standing` and `country_theme` are made for the very questions that are measured: bare SQL at its best.
DERIVED = """
CREATE INDEX other_name_of ON other_name(organization);
CREATE INDEX seat_of ON seat(organization);
CREATE INDEX field_of ON field(organization, theme);
CREATE INDEX status_of ON status(organization);
CREATE TABLE organizations(
  id INTEGER PRIMARY KEY, slug TEXT, name TEXT, sort_name TEXT, acronym TEXT, other_names TEXT, kind TEXT, region TEXT,
  country TEXT, city TEXT, themes TEXT, category TEXT, granted TEXT, ended TEXT, website TEXT
);
INSERT INTO organizations
SELECT o.id, o.slug, o.name, o.sort_name, o.acronym,
  coalesce((SELECT group_concat(name, '; ') FROM other_name WHERE organization = o.id), ''), o.kind,
  coalesce(o.region, (SELECT region FROM seat WHERE organization = o.id ORDER BY rowid LIMIT 1), ''),
  coalesce((SELECT country FROM seat WHERE organization = o.id ORDER BY rowid LIMIT 1), ''),
  coalesce((SELECT city FROM seat WHERE organization = o.id ORDER BY rowid LIMIT 1), ''),
  (SELECT json_group_array(theme) FROM (SELECT theme FROM field WHERE organization = o.id ORDER BY theme)),
  coalesce((SELECT category FROM status WHERE organization = o.id ORDER BY rowid LIMIT 1), ''),
  coalesce((SELECT granted FROM status WHERE organization = o.id ORDER BY rowid LIMIT 1), ''),
  coalesce((SELECT ended FROM status WHERE organization = o.id ORDER BY rowid LIMIT 1), ''), o.website
FROM body AS o ORDER BY o.id;
CREATE TABLE of_region AS
  SELECT organization, region FROM seat WHERE region IS NOT NULL
  UNION SELECT id, region FROM body WHERE region IS NOT NULL;
CREATE TABLE standing(
  category TEXT, region TEXT, sort_name TEXT, organization INTEGER,
  PRIMARY KEY(category, region, sort_name, organization)
) WITHOUT ROWID;
INSERT INTO standing SELECT DISTINCT s.category, r.region, o.sort_name, o.id
  FROM of_region AS r JOIN status AS s USING (organization) JOIN body AS o ON o.id = r.organization ORDER BY 1, 2, 3, 4;
CREATE TABLE country_theme(
  country TEXT, theme TEXT, sort_name TEXT, organization INTEGER, kind TEXT, region TEXT, category TEXT,
  PRIMARY KEY(country, theme, sort_name, organization)
) WITHOUT ROWID;
INSERT INTO country_theme
  SELECT DISTINCT s.country, f.theme, o.sort_name, o.id, o.kind, o.region, o.category
  FROM seat AS s JOIN field AS f USING (organization) JOIN organizations AS o ON o.id = s.organization
  ORDER BY 1, 2, 3, 4;
"""


def write(path: str) -> None:
    """Write the tables into a new file."""
    target = sqlite3.connect(path)
    target.executescript(TABLES)
    for table, columns, rows in tables():
        places = ", ".join("?" * columns)
        target.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
    target.commit()
    target.executescript(DERIVED)
    target.commit()
    target.close()


def tables() -> list[tuple[str, int, Iterable[Any]]]:
    """Each table with the number of its columns and its rows, as the public sees them today."""
    today = datetime.date.today()
    organizations = Organization.objects.published().order_by("pk")
    body = ("pk", "slug", "name", "sort_name", "acronym", "kind", "region__slug", "website")
    seats = Seat.objects.published().on(today).order_by("pk")
    seat = ("organization_id", "country__iso2", "country__region__slug", "city")
    themes = organizations.filter(themes__isnull=False)
    statuses = ConsultativeStatus.objects.published().order_by("pk")
    status = ("organization_id", "category__slug", "granted", "ended")
    names = OrganizationName.objects.published().order_by("pk")
    return [
        ("body", len(body), organizations.values_list(*body).iterator()),
        ("other_name", 2, names.values_list("organization_id", "name").iterator()),
        ("seat", len(seat), seats.values_list(*seat).iterator()),
        ("field", 2, themes.values_list("pk", "themes__slug").iterator()),
        ("status", len(status), statuses.values_list(*status).iterator()),
    ]
