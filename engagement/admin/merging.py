"""Look-alikes, and merging two organizations: pages of the organizations' admin. What it does: desk.merging."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.admin.deskpages import ON_A_PAGE, require, turning
from engagement.admin.mergeforms import MergeForm, consequences, sides_of
from engagement.admin.operations import linked
from engagement.desk.alike import Pair, pairs
from engagement.desk.journal import Overtaken
from engagement.desk.merging import Merge, merge
from engagement.desk.models import Distinct
from engagement.freshness import revision
from engagement.models import Organization

PERMISSION = "desk.merge_organizations"
LOOKED_FOR_AT_ONCE = 1000  # organizations
KEPT_FOR = 3600  # seconds; pairs are looked for anew whenever the data changes


class NotTheSame(forms.Form):
    """A pair, as the two buttons of the list send it."""

    first = forms.IntegerField(min_value=1)
    second = forms.IntegerField(min_value=1)
    distinct = forms.BooleanField(required=False)


class MergingAdmin(admin.ModelAdmin):
    """What the organizations' admin has besides the pages of every record."""

    change_list_template = "admin/engagement/alike_change_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("look-alikes/", view(self.alike_view), name="engagement_organization_alike"),
            path("merge/<int:survivor>/<int:other>/", view(self.merge_view), name="engagement_organization_merge"),
            *super().get_urls(),
        ]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION) and self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_merge = {"may_merge": self.has_merge_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **may_merge})

    @admin.action(description=gettext_lazy("Merge the two selected organizations…"), permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """The public one stays unless staff swap them, of two the one that is longer there."""
        chosen = list(queryset.order_by("-published", "pk")[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Select two organizations that are one."), messages.ERROR)
            return None
        return HttpResponseRedirect(merge_address(*(each.pk for each in chosen)))

    def answer(self, request: HttpRequest, name: str, status: int = 200, **context: Any) -> TemplateResponse:
        request.current_app = self.admin_site.name
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/engagement/{name}.html", whole, status=status)

    # -- Look-alikes --------------------------------------------------------------------------------------------

    def alike_view(self, request: HttpRequest) -> HttpResponse:
        require(self.has_merge_permission(request))
        if request.method == "POST":
            return self.settle(request)
        shows_distinct = "distinct" in request.GET
        distinct = Distinct.objects.select_related("first", "second")
        open_pairs = pairs_open()
        page: Page[Any] = Paginator(distinct if shows_distinct else open_pairs, ON_A_PAGE).get_page(
            request.GET.get("page")
        )
        shown = {"distinct": list(page)} if shows_distinct else {"pairs": side_by_side(list(page))}
        counts = {"open_count": len(open_pairs), "distinct_count": distinct.count()}
        title = _("Look-alikes")
        return self.answer(
            request, "alike", title=title, shows_distinct=shows_distinct, **shown, **counts, **turning(page)
        )

    def settle(self, request: HttpRequest) -> HttpResponse:
        """Note that two are not the same, or take that back."""
        form = NotTheSame(request.POST)
        back = HttpResponseRedirect(request.get_full_path())
        asked = [form.cleaned_data[name] for name in ("first", "second")] if form.is_valid() else []
        found = Organization.objects.in_bulk(asked)
        two = sorted(found)
        if len(two) != 2:
            self.message_user(request, _("One of the two is no longer there."), messages.ERROR)
            return back
        names = {"first": found[two[0]], "second": found[two[1]]}
        if form.cleaned_data["distinct"]:
            who = {"actor": request.user, "actor_name": request.user.get_username()}
            Distinct.objects.get_or_create(first=found[two[0]], second=found[two[1]], defaults=who)
            said = _("Noted: “%(first)s” and “%(second)s” are not the same.")
        else:
            Distinct.objects.filter(first=two[0], second=two[1]).delete()
            said = _("Taken back: “%(first)s” and “%(second)s” may be the same.")
        self.message_user(request, said % names, messages.SUCCESS)
        return back

    # -- Merging ------------------------------------------------------------------------------------------------

    def merge_view(self, request: HttpRequest, survivor: int, other: int) -> HttpResponse:
        """GET shows what would be done, POST does it, if nothing of what was shown has changed."""
        require(self.has_merge_permission(request))
        two = Organization.objects.exclude(pk=other) if survivor == other else Organization.objects.all()
        planned = Merge(get_object_or_404(two, pk=survivor), get_object_or_404(two, pk=other))
        if request.method != "POST":
            return self.merge_page(request, planned, MergeForm(planned))
        form = MergeForm(planned, request.POST)
        if not form.is_valid():
            return self.merge_page(request, planned, form)
        if form.cleaned_data["state"] != planned.fingerprint:
            return self.merge_page(request, planned, form.anew(), changed=True)
        try:
            made = merge(planned, form.choices(), request.user)
        except Overtaken:
            again = Merge(get_object_or_404(two, pk=survivor), get_object_or_404(two, pk=other))
            return self.merge_page(request, again, MergeForm(again, request.POST).anew(), changed=True)
        said = _("Merged: {operation}. It can be undone within 30 days, there.")
        self.message_user(request, format_html(said, operation=linked(made)), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:engagement_organization_change", args=[survivor]))

    def merge_page(self, request: HttpRequest, planned: Merge, form: MergeForm, changed: bool = False) -> HttpResponse:
        swapped = merge_address(planned.other.pk, planned.survivor.pk)
        return self.answer(
            request,
            "merge",
            409 if changed else 200,
            title=_("Merge two organizations"),
            planned=planned,
            form=form,
            changed=changed,
            swapped=swapped,
            **sides_of(planned, form),
            **consequences(planned, request.user),
        )


def merge_address(survivor: int, other: int) -> str:
    return reverse("admin:engagement_organization_merge", args=[survivor, other])


def pairs_open() -> list[Pair]:
    """Those that may be one, without those of which staff know better."""
    found: list[Pair] | None = cache.get(key := f"look-alikes-{revision()}")
    if found is None:
        cache.set(key, found := pairs(), KEPT_FOR)
    settled = set(Distinct.objects.values_list("first", "second"))
    return [pair for pair in found if (pair.first, pair.second) not in settled]


def number_of_pairs() -> int | None:
    """How many there are; None where nobody has looked for them yet and looking would keep the page waiting."""
    if cache.get(f"look-alikes-{revision()}") is None and Organization.objects.count() > LOOKED_FOR_AT_ONCE:
        return None
    return len(pairs_open())


def side_by_side(found: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    """Each pair with its two organizations, their seats and standing; a fixed number of queries."""
    keys = {key for pair in found for key in (pair.first, pair.second)}
    bodies = Organization.objects.select_related("source").prefetch_related(
        "seats__country", "statuses__category", "names"
    )
    bodies_by_key = bodies.in_bulk(keys)
    for pair in found:
        if pair.first in bodies_by_key and pair.second in bodies_by_key:
            two = [summary(bodies_by_key[key]) for key in (pair.first, pair.second)]
            yield {"pair": pair, "two": two, "url": merge_address(*staying_first(two))}


def staying_first(two: Sequence[dict[str, Any]]) -> list[int]:
    """The public one before the withheld, then the one that is longer there."""
    bodies = sorted((each["organization"] for each in two), key=lambda body: (not body.published, body.pk))
    return [body.pk for body in bodies]


def summary(body: Organization) -> dict[str, Any]:
    """What tells it from others, line by line; what is not known is left out."""
    lines = [
        (_("Kind"), body.get_kind_display()),
        (_("Seat"), "; ".join(map(str, body.seats.all()))),
        (_("Website"), body.website),
        (_("Other names"), "; ".join(each.name for each in body.names.all())),
        (_("Status"), "; ".join(dict.fromkeys(str(each.category) for each in body.statuses.all()))),
        (_("Source"), str(body.source)),
    ]
    return {"organization": body, "lines": [(capfirst(name), said) for name, said in lines if said]}
