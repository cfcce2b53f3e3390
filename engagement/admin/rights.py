"""What an account may see and do on the desk: it follows from its rights on the records that something is about."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import models

from engagement.exchange.importing.kinds import KINDS, Kind
from engagement.models.base import Record

RECORDS: dict[str, type[Record]] = {
    str(model._meta.model_name): model
    for model in apps.get_app_config("engagement").get_models()
    if issubclass(model, Record)
}


def may(user: Any, action: str, about: Iterable[type[models.Model]]) -> bool:
    """Whether the account has the right to do this (view, add, change, delete) to records of each of the models."""
    return all(
        user.has_perm(f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}") for model in about
    )


def hidden_from(user: Any) -> list[str]:
    """Names of the models whose records the account may not see."""
    return [name for name, model in RECORDS.items() if not may(user, "view", [model])]


def visible_kinds(user: Any) -> list[Kind]:
    """The kinds of file whose rows the account may see."""
    return [kind for kind in KINDS.values() if may(user, "view", kind.permissions)]


def hidden_kinds(user: Any) -> list[str]:
    seen = {kind.name for kind in visible_kinds(user)}
    return [name for name in KINDS if name not in seen]


def importable_kinds(user: Any) -> list[Kind]:
    """The kinds of file that the account may bring: it may import, and add and change what they hold."""
    return [kind for kind in KINDS.values() if may_import(user, kind)]


def may_import(user: Any, kind: Kind | None) -> bool:
    wanted = ("view", "add", "change")
    return bool(
        kind and user.has_perm("desk.add_importrun") and all(may(user, action, kind.permissions) for action in wanted)
    )
