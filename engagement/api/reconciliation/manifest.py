"""The service's manifest: what it offers, and where."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from engagement.api.reconciliation.asked import BATCH
from engagement.api.reconciliation.entities import TYPES

VERSIONS = ("0.2",)
SCHEMA_SPACE = "https://schema.org/Thing"
WIDTH, HEIGHT = 430, 320  # of a preview, in pixels
LIMIT = {
    "name": "limit",
    "label": "Limit",
    "type": "number",
    "default": 0,
    "help_text": "The most values of a record, as of the seats of an organization; 0 for all",
}


def manifest(site: str) -> dict[str, Any]:
    """`site`: `https://register.example`."""

    def by_id(route: str) -> str:
        return f"{site}{reverse(f'api:{route}')}?id={{{{id}}}}"

    def service(route: str) -> dict[str, str]:
        return {"service_url": site, "service_path": reverse(f"api:{route}")}

    return {
        "versions": list(VERSIONS),
        "name": str(settings.SITE_NAME),
        "identifierSpace": f"{site}/",
        "schemaSpace": SCHEMA_SPACE,
        "documentation": f"{site}{reverse('api:documentation')}",
        "defaultTypes": [each.said for each in TYPES.values()],
        "view": {"url": by_id("reconcile-view")},
        "preview": {"url": by_id("reconcile-preview"), "width": WIDTH, "height": HEIGHT},
        "suggest": {each: service(f"reconcile-suggest-{each}") for each in ("entity", "type", "property")},
        "extend": {"propose_properties": service("reconcile-properties"), "property_settings": [LIMIT]},
        "batchSize": BATCH,
    }
