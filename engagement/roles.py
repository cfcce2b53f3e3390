"""What staff may do: the groups that the register ships, and the role without a group, the administrator.

A contact is a person's data: only the contact officer and the administrator see contacts at all. The shipped groups
are set anew after each `migrate`; an installation that wants other rights makes groups of its own.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS, router

APP = "engagement"
# Models of personal data, by name; every other model of the app is a record that all roles see.
PERSONAL = ("contact",)

VIEW = ("view",)
EVERYTHING = ("view", "add", "change", "delete")


@dataclass(frozen=True)
class Role:
    """`records` and `personal` are what it may do with the two kinds of model."""

    name: str
    records: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    superuser: bool = False


ROLES = {
    role.name: role
    for role in (
        Role("viewer", records=VIEW),
        Role("editor", records=EVERYTHING),
        Role("contact-officer", records=VIEW, personal=EVERYTHING),
        Role("administrator", superuser=True),
    )
}


def sync_roles(
    app_config: AppConfig, apps: Any = apps, using: str = DEFAULT_DB_ALIAS, verbosity: int = 1, **kwargs: Any
) -> None:
    """The receiver of post_migrate: makes each group if it is missing and gives it exactly its permissions."""
    try:
        groups, permissions = (
            apps.get_model("auth", name)._default_manager.using(using) for name in ("Group", "Permission")
        )
    except LookupError:  # Only some apps were migrated; the groups come with the next `migrate`.
        return
    if not router.allow_migrate_model(using, groups.model):
        return
    # Django makes the permissions of this app in a receiver that may come later than this one.
    create_permissions(app_config, verbosity=verbosity, using=using, apps=apps)
    of_app = permissions.filter(content_type__app_label=APP)
    for role in ROLES.values():
        if not role.superuser:
            group, _made = groups.get_or_create(name=role.name)
            group.permissions.set(of_app.filter(codename__in=codenames(app_config, role)))


def codenames(app_config: AppConfig, role: Role) -> list[str]:
    """The role's permissions. Histories have none of their own: who sees a record sees its history."""
    names = [model._meta.model_name for model in app_config.get_models() if not model.__name__.startswith("Historical")]
    return [f"{action}_{name}" for name in names for action in (role.personal if name in PERSONAL else role.records)]


def give(user: Any, role: Role) -> None:
    """Save a new user as staff with this role."""
    user.is_staff, user.is_superuser = True, role.superuser
    user.save()
    if not role.superuser:
        user.groups.add(Group.objects.get(name=role.name))
