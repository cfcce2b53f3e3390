"""The form of a merge: whose word stands, field by field, and in words what would be done besides."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from engagement.admin.rights import may
from engagement.admin.wording import NOTHING, Names, key_in_state, said, with_relations
from engagement.desk.merging import GROUPS, NAME_KINDS, UNITED, Choices, Merge, Side, by_model
from engagement.desk.models import Signpost
from engagement.models import NameKind, Organization, Region, Source, Theme
from engagement.models.base import Record


class MergeForm(forms.Form):
    """A choice for every field in which the two differ. state: of what the page was made for (Merge.fingerprint)."""

    name_kind = forms.ChoiceField(
        label=gettext_lazy("Keep the name that does not stand as"),
        choices=[(kind.value, kind.label) for kind in NAME_KINDS],
    )
    reason = forms.CharField(label=gettext_lazy("Why they are one"), max_length=200, required=False)
    state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, planned: Merge, data: Any = None) -> None:
        presets = planned.presets
        initial = {"name_kind": presets.kind, "state": planned.fingerprint}
        super().__init__(data, initial=initial)
        self.planned = planned
        for group in planned.differing:
            sides = Side if group[0] == "note" and all_say(planned, "note") else (Side.SURVIVOR, Side.OTHER)
            self.fields[group[0]] = forms.ChoiceField(
                label=label_of(group),
                choices=[(side.value, side.label) for side in sides],
                initial=presets.sides[group[0]],
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for problem in self.planned.problems(self.choices()):
                self.add_error(None, problem)
        return cleaned

    def choices(self) -> Choices:
        sides = {group[0]: Side(self.cleaned_data[group[0]]) for group in self.planned.differing}
        return Choices(sides, NameKind(self.cleaned_data["name_kind"]), self.cleaned_data["reason"])

    def anew(self) -> "MergeForm":
        """The same choices for what the two say now, to be confirmed once more."""
        form = MergeForm(self.planned)
        for name, choice in form.fields.items():
            given = self.data.get(name)
            if name != "state" and given is not None and choice_is_open(choice, given):
                form.initial[name] = given
        return form


def choice_is_open(field: forms.Field, given: str) -> bool:
    return not isinstance(field, forms.ChoiceField) or field.valid_value(given)


def all_say(planned: Merge, name: str) -> bool:
    return all(planned.says(side)[name] for side in (Side.SURVIVOR, Side.OTHER))


# -- In words ---------------------------------------------------------------------------------------------------


def sides_of(planned: Merge, form: MergeForm) -> dict[str, Any]:
    """`choices`: what differs, with what each says. `agreed`: what both say. `united`: the fields of work of both."""
    names = names_of(planned)
    differing = set(planned.differing)
    return {
        "choices": [choice_of(planned, group, form, names) for group in planned.differing],
        "agreed": [
            (label_of(group), words)
            for group in GROUPS
            if group not in differing and (words := worded(planned, Side.SURVIVOR, group, names)) != NOTHING
        ],
        "united": said(Organization._meta.get_field(UNITED), planned.after(Choices()), names),
    }


def choice_of(planned: Merge, group: tuple[str, ...], form: MergeForm, names: Names) -> dict[str, Any]:
    bound = form[group[0]]
    options = [
        {
            "value": value,
            "label": label,
            "id": f"{bound.auto_id}_{value}",
            "words": worded(planned, value, group, names) if value != Side.BOTH else "",
            "checked": str(bound.value()) == value,
        }
        for value, label in form.fields[group[0]].choices  # type: ignore[attr-defined]  # a ChoiceField
    ]
    return {"name": group[0], "label": label_of(group), "options": options, "errors": bound.errors}


def label_of(group: tuple[str, ...]) -> str:
    return ", ".join(str(capfirst(field_of(name).verbose_name)) for name in group)


def worded(planned: Merge, side: str, group: tuple[str, ...], names: Names) -> str:
    """What a side says in fields that are chosen together."""
    state = planned.says(side)
    words = [said(field_of(name), state, names) for name in group]
    return ", ".join(word for word in words if word != NOTHING) or NOTHING


def field_of(column: str) -> Any:
    return next(field for field in Organization._meta.fields if key_in_state(field) == column)


def names_of(planned: Merge) -> Names:
    """The names of what the two point to."""
    states = planned.before.values()
    wanted = {
        Region: {state["region_id"] for state in states},
        Source: {state["source_id"] for state in states},
        Theme: {key for state in states for key in state[UNITED]},
    }
    return {
        model: {pk: str(record) for pk, record in with_relations(model, keys - {None}).items()}
        for model, keys in wanted.items()
    }


def consequences(planned: Merge, user: Any) -> dict[str, Any]:
    """What is done besides: what will lead to the survivor, what goes, what is added, and what to look at."""
    choices, moves = planned.presets, planned.moves
    sources = planned.sources(choices)
    cited = Source.objects.in_bulk({each.source_id for each in sources})
    return {
        "moved": [moved(model, found, user) for model, found in by_model(edit.record for edit in moves.kept).items()],
        "collisions": [
            {"model": title(type(each.kept)), "kept": each.kept, "dropped": each.dropped} for each in moves.collisions
        ],
        "between": [{"model": title(type(each)), "record": each} for each in moves.between],
        "added_names": planned.names(choices),
        "added_sources": [(cited[each.source_id], each.locator) for each in sources],
        "led": [
            planned.other.slug,
            *Signpost.objects.filter(organization=planned.other).values_list("slug", flat=True),
        ],
        "warnings": planned.warnings(),
    }


def moved(model: type[Record], found: list[Record], user: Any) -> dict[str, Any]:
    """How many rows of a model, and which, if the account may see them."""
    seen = found if may(user, "view", [model]) else []
    return {"model": capfirst(model._meta.verbose_name_plural), "count": len(found), "records": seen}


def title(model: type[Record]) -> str:
    return str(capfirst(model._meta.verbose_name))
