"""What invented organizations share with real ones: regions, countries, fields of work, categories, bodies that meet.

These are facts, so they are not invented: where the database has none of a kind, they come from the fixtures, with the
sources in which they stand.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.db import DEFAULT_DB_ALIAS, models

from engagement.desk import histories
from engagement.models import ConsultativeCategory, Country, MeetingBody, Region, Source, Theme

VOCABULARIES: tuple[type[models.Model], ...] = (Region, Theme, Country, ConsultativeCategory, MeetingBody)
FIXTURES = ("profile.json", "register.json")


def bring() -> None:
    """Load those of the vocabularies of which there is nothing yet."""
    missing = {model._meta.label_lower: model for model in VOCABULARIES if not model._base_manager.exists()}
    if not missing:
        return
    things = [thing for thing in fixtures() if thing["model"] in missing]
    cited = sources_of(things)
    sources = [
        thing for thing in fixtures() if thing["model"] == Source._meta.label_lower and thing["fields"]["slug"] in cited
    ]
    for found in serializers.deserialize("python", [*sources, *things]):
        vars(found.object)["skip_history_when_saving"] = True
        found.save()
    histories.catch_up([Source, *missing.values()], DEFAULT_DB_ALIAS)


def fixtures() -> Iterator[dict[str, Any]]:
    """Every serialised object, in the order in which they are loaded."""
    for name in FIXTURES:
        [path] = [Path(place) / name for place in settings.FIXTURE_DIRS if (Path(place) / name).is_file()]
        yield from json.loads(path.read_text(encoding="utf-8"))


def vocabulary_sources() -> set[str]:
    """Slugs of the sources in which the vocabularies stand."""
    kinds = {model._meta.label_lower for model in VOCABULARIES}
    return sources_of([thing for thing in fixtures() if thing["model"] in kinds])


def sources_of(things: list[dict[str, Any]]) -> set[str]:
    return {thing["fields"]["source"][0] for thing in things if thing["fields"].get("source")}
