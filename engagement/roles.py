"""What staff may do: the groups that the register ships, and the role without a group, the administrator.

A contact is a person's data: only the contact officer and the administrator see contacts at all. The shipped groups
are set anew after each `migrate`; an installation that wants other rights makes groups of its own. docs/roles.md says
the same to people.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS, router, transaction

REGISTER, DESK = "engagement", "desk"
# Models of personal data, by name; every other model of the register is a record that all roles see.
PERSONAL = ("contact",)

VIEW = ("view",)
EDIT = ("view", "add", "change")
EVERYTHING = ("view", "add", "change", "delete")

IMPORT = ("view_importrun", "add_importrun", "view_operation", "undo_operation")
MERGE = ("merge_organizations",)
PROPOSE = ("view_proposal", "propose_change", "view_decisionset", "add_decisionset", "change_decisionset")
APPROVE = (*PROPOSE, "approve_proposal", "delete_decisionset")
CORRECT = ("view_correction", "change_correction")
INBOX = ("view_request", "change_request", *CORRECT)


@dataclass(frozen=True)
class Role:
    """`records` and `contacts` are what it may do with the two kinds of model, `desk` its permissions at the desk."""

    name: str
    records: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    desk: tuple[str, ...] = ()
    superuser: bool = False


ROLES = {
    role.name: role
    for role in (
        Role("viewer", records=VIEW),
        Role("editor", records=EDIT, desk=IMPORT + MERGE + PROPOSE + INBOX),
        Role("approver", records=EVERYTHING, desk=IMPORT + MERGE + APPROVE + INBOX),
        Role("contact-officer", records=VIEW, contacts=EVERYTHING, desk=(*IMPORT, *CORRECT, "view_erasure")),
        Role("administrator", superuser=True),
    )
}


def sync_roles(
    app_config: AppConfig, apps: Any = apps, using: str = DEFAULT_DB_ALIAS, verbosity: int = 1, **kwargs: Any
) -> None:
    """The receiver of post_migrate: makes each group if it is missing and gives it exactly its permissions.

    It runs once for each app of the table. Permissions of an app that is migrated later come with that app's turn.
    """
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
    there = permissions.filter(content_type__app_label__in=(REGISTER, DESK)).select_related("content_type")
    for role in ROLES.values():
        if not role.superuser:
            group, _made = groups.get_or_create(name=role.name)
            group.permissions.set([each for each in there if is_given(role, each)])


def is_given(role: Role, permission: Any) -> bool:
    """Histories have no permissions of their own: who sees a record sees its history."""
    kind = permission.content_type
    if kind.app_label == DESK:
        return permission.codename in role.desk
    actions = role.contacts if kind.model in PERSONAL else role.records
    return permission.codename in {f"{action}_{kind.model}" for action in actions} and not is_history(kind.model)


def is_history(model: str) -> bool:
    return model.startswith("historical")


@transaction.atomic
def give(user: Any, role: Role) -> None:
    """Save a new user as staff with this role."""
    user.is_staff, user.is_superuser = True, role.superuser
    user.save()
    if not role.superuser:
        user.groups.add(Group.objects.get(name=role.name))
