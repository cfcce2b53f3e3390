"""The admin's front page: the register's models by concept, in the order in which staff need them. And its one door:
every page of the admin asks here whether the account may come in.

It stands outside engagement/admin/ because Django makes the site while it imports that package.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from engagement.accounts import second_factor, views

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
    "snapshots": _("Snapshots"),
}
# Modules whose models stand in the section of another.
WITHIN = {"criteria": "consultation"}
# What an account reaches before it has given a code. Changing the password is not among it: whoever stole one could.
BEFORE_THE_CODE = ("admin:logout",)
# Pages that hand on to the database whatever their address asks for: Django's own.
LISTS = ("_changelist", ":autocomplete")
# A number, or one of several with commas, that no column can hold.
TOO_LARGE = re.compile(r"(^|,)\s*[+-]?\d{19,}\s*(,|$)")
# What is searched for is text; each word of it asks every column that is searched.
SEARCHED, MOST_WORDS = frozenset({"q", "term"}), 60


class RegisterSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("The register")
    index_template = "admin/desk/index.html"
    site_url = None  # templates/admin/base_site.html links to the public site, on the login page too.

    def has_permission(self, request: HttpRequest) -> bool:
        """Django asks this for every page of the admin, whoever wrote it."""
        if not super().has_permission(request):
            return False
        return second_factor.is_passed(request) or name_of(request) in BEFORE_THE_CODE

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(within_bounds(view), cacheable)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Django's list of models below what waits for the account."""
        return super().index(request, {"waiting": self.waiting(request), **(extra_context or {})})

    @staticmethod
    def waiting(request: HttpRequest) -> list[Any]:
        """What waits, by section: engagement/admin/waiting.py puts its own in this place."""
        return []

    def get_urls(self) -> list[Any]:
        """Without Django's way from the number of any row to its public page: it tells everybody what there is."""
        return [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Whoever is sent here but has given the password goes on to the second factor."""
        owed = views.where_owed(request) if request.method == "GET" else ""
        return HttpResponseRedirect(owed) if owed else super().login(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list: the app "engagement", in place of one entry as one entry a section; the desk; others."""
        if request.user.is_authenticated and not second_factor.is_passed(request):
            return []
        listed: list[Any] = super().get_app_list(request, app_label)
        desk, register = ([app for app in listed if app["app_label"] == label] for label in ("desk", "engagement"))
        others = [app for app in listed if app["app_label"] not in ("desk", "engagement")]
        return [*(section for app in register for section in sections(app)), *desk, *others]


def within_bounds(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, not asked what the database would say only when it is put to it that it is too large."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        for name, values in request.GET.lists() if name_of(request).endswith(LISTS) else ():
            if any(is_too_large(name, value) for value in values):
                raise SuspiciousOperation("The address asks for a number or for words that are too many.")
        return view(request, *args, **kwargs)

    return asked


def is_too_large(name: str, value: str) -> bool:
    return len(value.split()) > MOST_WORDS if name in SEARCHED else TOO_LARGE.search(value) is not None


def name_of(request: HttpRequest) -> str:
    """The name of the address that was asked for."""
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else ""


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
