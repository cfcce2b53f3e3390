"""The admin's front page: the register's models by concept, in the order in which staff need them.

It stands outside engagement/admin/ because Django makes the site while it imports that package.
"""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# By the module of engagement/models/ that holds the model.
SECTIONS = {
    "consultation": _("Consultation"),
    "invitations": _("Invitations"),
    "organizations": _("Organizations"),
    "constituents": _("Constituents"),
    "projects": _("Projects"),
    "meetings": _("Meetings"),
    "instruments": _("Instruments"),
    "offices": _("Offices and contacts"),
    "engagement": _("Engagement"),
    "geography": _("Geography"),
    "sources": _("Sources"),
}
# Modules whose models stand in the section of another.
WITHIN = {"criteria": "consultation"}


class RegisterSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("The register")
    site_url = None  # templates/admin/base_site.html links to the public site, on the login page too.

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list, with the app "engagement" in place of one entry as one entry a section; others follow."""
        listed: list[Any] = super().get_app_list(request, app_label)
        register = [app for app in listed if app["app_label"] == "engagement"]
        others = [app for app in listed if app["app_label"] != "engagement"]
        return [section for app in register for section in sections(app)] + others


def sections(app: dict[str, Any]) -> list[dict[str, Any]]:
    """The app's entry once for each section that has models (those the account may see), with these models."""
    parted = [{**app, "name": title, "models": models_of(app, module)} for module, title in SECTIONS.items()]
    return [section for section in parted if section["models"]]


def models_of(app: dict[str, Any], module: str) -> list[dict[str, Any]]:
    return [entry for entry in app["models"] if section_of(entry["model"]) == module]


def section_of(model: Any) -> str:
    """The key in SECTIONS of the section that the model stands in."""
    module: str = model.__module__.rpartition(".")[2]
    return WITHIN.get(module, module)
