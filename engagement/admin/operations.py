"""What staff did in bulk: each operation with all it changed, and the way to undo it."""

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.admin.deskpages import WithItsPage, page_of, require, turning
from engagement.admin.rights import RECORDS, hidden_from, hidden_kinds, may
from engagement.admin.wording import worded
from engagement.desk import decisions
from engagement.desk.journal import Overtaken
from engagement.desk.models import Action, DecisionSet, Operation, OperationKind, Proposal, RecordChange, Stage
from engagement.desk.proposals import FOUR_EYES
from engagement.desk.undoing import TooLate, undo
from engagement.web.mailing import home_of
from engagement.web.requestmail import tell_stage

APPROVING = "desk.approve_proposal"


class Undoing(admin.SimpleListFilter):
    """Whether it can be undone, was, or no longer can be."""

    title = gettext_lazy("undoing")
    parameter_name = "undoing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("can", _("can be undone")), ("undone", _("undone")), ("past", _("its time is over"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        standing = queryset.filter(undone_at=None)
        past = standing.past()
        found = {
            "can": standing.exclude(pk__in=past.values("pk")),
            "undone": queryset.exclude(undone_at=None),
            "past": past,
        }
        return found.get(str(self.value()), queryset)


@admin.register(Operation)
class OperationAdmin(WithItsPage):
    """What an account may not see of the records it may not see in an operation either."""

    list_display = ("title", "kind", "by", "done_at", "until", "undone_at", "undone_by_name")
    list_filter = ("kind", Undoing)
    search_fields = ("title", "actor_name")
    date_hierarchy = "done_at"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without those that are about nothing but records that the account may not see."""
        hidden = hidden_from(request.user)
        operations = super().get_queryset(request).select_related("run")
        if not hidden:
            return operations
        changes = RecordChange.objects.filter(operation=OuterRef("pk"))
        all_hidden = Exists(changes.filter(model__in=hidden)) & ~Exists(changes.exclude(model__in=hidden))
        return operations.exclude(all_hidden | Q(run__kind__in=hidden_kinds(request.user)))

    def get_urls(self) -> list[Any]:
        undoing = self.admin_site.admin_view(self.undo_view)
        return [path("<path:object_id>/undo/", undoing, name="desk_operation_undo"), *super().get_urls()]

    @admin.display(description=gettext_lazy("can be undone until"), ordering="done_at")
    def until(self, operation: Operation) -> Any:
        return operation.until if operation.can_be_undone else None

    def may_undo(self, request: HttpRequest, operation: Operation) -> bool:
        """Whoever may undo, and may change the records that it changes back; what was approved, or is about statuses
        and rights, takes somebody who may approve."""
        names = set(operation.changes.order_by().values_list("model", flat=True).distinct())
        models = [RECORDS[name] for name in names if name in RECORDS]
        if not (request.user.has_perm("desk.undo_operation") and may(request.user, "change", models)):
            return False
        takes_approval = names & set(FOUR_EYES) and operation.kind != OperationKind.MERGE
        takes_approval = takes_approval or Proposal.objects.filter(operation=operation).exists()
        return not takes_approval or request.user.has_perm(APPROVING)

    def shown(self, request: HttpRequest, operation: Operation) -> HttpResponse:
        hidden = hidden_from(request.user)
        visible = operation.changes.exclude(model__in=hidden)
        page = page_of(request, visible)
        return self.page(
            request,
            "operation",
            title=str(operation),
            operation=operation,
            run=getattr(operation, "run", None),
            proposal=Proposal.objects.filter(operation=operation).first(),
            changes=worded(list(page)),
            **turning(page),
            counts=counted(operation),
            hidden=operation.changes.filter(model__in=hidden).count() if hidden else 0,
            may_undo=operation.can_be_undone and self.may_undo(request, operation),
        )

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET says what would be restored, POST restores it: all of it or, where something stands in the way, none."""
        operation = self.found(request, object_id)
        require(self.may_undo(request, operation))
        if request.method != "POST":
            return self.undo_page(request, operation)
        try:
            undo(operation, request.user)
        except TooLate:
            self.message_user(request, too_late(operation), messages.ERROR)
            return HttpResponseRedirect(address(operation))
        except Overtaken as overtaken:
            return self.undo_page(request, operation, obstacles(request, overtaken), status=409)
        except IntegrityError:
            said = _("Another record now has a name or key that one of these would get back.")
            return self.undo_page(request, operation, [{"says": said}], status=409)
        tell_requests(operation, home_of(request))
        self.log_change(request, operation, _("Undone"))
        said = _("Undone: “%(title)s”. The register says again what it said before.")
        self.message_user(request, said % {"title": operation.title}, messages.SUCCESS)
        return HttpResponseRedirect(address(operation))

    def undo_page(
        self, request: HttpRequest, operation: Operation, in_the_way: list[Any] | None = None, status: int = 200
    ) -> HttpResponse:
        operation.refresh_from_db(fields=["undone_at", "undone_by_name"])
        return self.page(
            request,
            "undo",
            status,
            title=_("Undo “%(title)s”") % {"title": operation.title},
            operation=operation,
            counts=counted(operation),
            too_late="" if operation.can_be_undone else too_late(operation),
            in_the_way=in_the_way,
        )


def tell_requests(operation: Operation, home: str) -> None:
    """Mail those whose decision was taken back that it is before the deciding body again."""
    decided = DecisionSet.objects.filter(proposal__operation=operation).first()
    for request in decisions.requests_of(decided) if decided else ():
        if request.stage == Stage.SCHEDULED:
            tell_stage(request, home)


def address(operation: Operation) -> str:
    return reverse("admin:desk_operation_change", args=[operation.pk])


def linked(operation: Operation) -> str:
    """The operation's name as a link, for a message."""
    return format_html('<a href="{}">{}</a>', address(operation), operation)


def counted(operation: Operation) -> list[dict[str, Any]]:
    """How many records of which kind were created, changed and deleted."""
    rows = operation.changes.order_by().values("model", "action").annotate(count=Count("pk"))
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        model = RECORDS.get(row["model"])
        name = str(capfirst(model._meta.verbose_name_plural)) if model else row["model"]
        entry = found.setdefault(row["model"], {"name": name, **dict.fromkeys(Action.values, 0)})
        entry[row["action"]] = row["count"]
    return sorted(found.values(), key=lambda entry: entry["name"])


def too_late(operation: Operation) -> str:
    if operation.undone_at:
        return _("This was undone before, by %(name)s. Nothing was changed now.") % {"name": operation.undone_by_name}
    return _("The time to undo this is over. Nothing was changed.")


def obstacles(request: HttpRequest, overtaken: Overtaken) -> list[dict[str, str]]:
    """What stands in the way, record by record, with links; without a name where the account may not see it."""
    hidden = hidden_from(request.user)
    told = [record for record in overtaken.records if record[0] not in hidden]
    urls = {name: urls_of(name, [key for model, key, _why in told if model == name]) for name, _key, _why in told}
    listed = [
        {
            "model": str(capfirst(RECORDS[name]._meta.verbose_name)),
            "key": key,
            "url": urls[name].get(key, ""),
            "says": str(why) or _("it was edited since"),
        }
        for name, key, why in told
    ]
    if len(told) < len(overtaken.records):
        listed.append({"says": _("There are also records that your account may not see.")})
    return listed


def urls_of(name: str, keys: list[str]) -> dict[str, str]:
    """The admin pages of the records of a model with these keys."""
    field = RECORDS[name].key_field
    found = RECORDS[name]._base_manager.filter(**{f"{field}__in": keys}).values_list(field, "pk")
    return {key: reverse(f"admin:engagement_{name}_change", args=[pk]) for key, pk in found}
