"""The register's app, and Django's admin with the register's front page (INSTALLED_APPS names both)."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = _("Register")

    def ready(self) -> None:
        from engagement import checks, freshness  # noqa: F401  (importing the checks registers them)
        from engagement.accounts import sessions  # noqa: F401  (importing it connects its receiver)
        from engagement.directories import searching
        from engagement.freshness import installing  # registers a check, too
        from engagement.roles import sync_roles

        pre_migrate.connect(installing.before_migrating, sender=self)
        post_migrate.connect(installing.after_migrating, sender=self)
        post_migrate.connect(searching.install_after_migrate, sender=self)
        post_migrate.connect(sync_roles, sender=self)
        freshness.register(searching.projection)


class RegisterAdminConfig(admin_apps.AdminConfig):
    """In place of "django.contrib.admin"."""

    default = False  # The config of "engagement" is the other one.
    default_site = "engagement.admin_site.RegisterSite"
