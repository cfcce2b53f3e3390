"""What the pages of the desk share: models that nobody edits by hand, long lists, pages in the admin's look."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.admin.pickers import OfRows

ON_A_PAGE = 50


class MadeByTheSite(OfRows):
    """Rows that only the site writes: staff read them, and do what the pages below offer."""

    list_per_page = ON_A_PAGE
    show_full_result_count = False
    actions = None

    @admin.display(description=gettext_lazy("by"), ordering="actor_name")
    def by(self, row: Any) -> str:
        return str(row.actor_name)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The row, if the account may see it. What it may not see is not there for it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404(_("There is nothing here, or your account may not see it."))
        return row

    def page(self, request: HttpRequest, name: str, status: int = 200, **context: Any) -> TemplateResponse:
        """A page of the desk: a template in templates/admin/desk/, with what every page of the admin has."""
        request.current_app = self.admin_site.name
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/desk/{name}.html", whole, status=status)


class WithItsPage(MadeByTheSite):
    """Rows that have a page of their own in place of Django's form: nothing on it is edited as a form is."""

    shown: Callable[..., HttpResponse]  # of the request and the row

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self.shown(request, self.found(request, object_id))


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page that the address asks for; the last one where it asks for too many."""
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))


def turning(page: Page[Any]) -> dict[str, Any]:
    """What templates/admin/desk/_pages.html shows: the way to the other pages."""
    return {"page": page, "page_range": list(page.paginator.get_elided_page_range(page.number))}
